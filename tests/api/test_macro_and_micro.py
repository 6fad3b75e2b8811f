"""Roles x acts of macro and micro, at the real door: who is let through, who is refused and why, and what is logged.

The acts are those of the catalogue, so one that is added there is walked here without being told.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import orjson
import pytest

from api.authorisation import NO_PERMIT, policies
from domain.access import AccessRefused, access_stream
from domain.catalogue import MACRO, MICRO
from domain.command import Command
from domain.event import Event
from domain.identity import OfficerId, Role
from domain.training_act import (
    CoordinateTraining,
    IssueTrainingGuidance,
    IssueTrainingRule,
    TrainingCoordinated,
    TrainingGuidanceIssued,
    TrainingRuleIssued,
)
from domain.training_inspection import InspectTraining, TrainingInspected
from domain.training_plan import AdoptTrainingPlan, TrainingPlanAdopted
from eventstore.codec import decode
from tests.api.test_routes_and_roles import address, routes
from tests.desk import A, D, Desk, P, S, V
from tests.examples import at

PEOPLE = (P, S, V, D, A)
HANDS = tuple(frozenset(found) for count in (1, 2) for found in combinations(PEOPLE, count))
"""Every role, and every mixture of two."""

ACTS = {command.name(): "macro" for command in MACRO} | {command.name(): "micro" for command in MICRO}
WRITES_TRAINING_ALONE = "school-writes-nothing-but-training"
SCHOOL_ALONE = "training-is-written-by-the-school-alone"
WRITES_NOTHING = "auditors-write-nothing"


@dataclass(frozen=True)
class Route:
    """Where an act is wished, and its example from the description; of one that takes a file, an empty file."""

    address: str
    kind: str
    example: Any

    def body(self) -> bytes:
        return b"" if self.example is None else orjson.dumps(self.example)


def doors(desk: Desk) -> dict[str, Route]:
    """The route of each act by the name of its operation."""
    described = desk.app.openapi()["paths"]
    found = {}
    for method, path, route in routes(desk.app):
        if (name := getattr(route, "operation_id", None)) in ACTS:
            kinds = described[path][method.lower()]["requestBody"]["content"]
            kind = next(iter(kinds))
            found[name] = Route(address(path), kind, kinds[kind].get("example"))
    return found


def forbidden_by(kind: str, roles: frozenset[Role]) -> set[str]:
    """The policies that stand against somebody with these roles, as F23 has it; none when they are let through."""
    mine, against = (P, {S: WRITES_TRAINING_ALONE}) if kind == "macro" else (S, dict.fromkeys((P, V, D), SCHOOL_ALONE))
    forbidding = {policy for role, policy in {**against, A: WRITES_NOTHING}.items() if role in roles}
    return forbidding or (set() if mine in roles else {NO_PERMIT})


def test_every_act_of_macro_and_micro_has_a_door_and_none_is_both(desk: Desk) -> None:
    assert set(doors(desk)) == set(ACTS)
    assert not {command.name() for command in MACRO} & {command.name() for command in MICRO}


FIVE: dict[type[Command], type[Event]] = {
    IssueTrainingRule: TrainingRuleIssued,
    AdoptTrainingPlan: TrainingPlanAdopted,
    IssueTrainingGuidance: TrainingGuidanceIssued,
    CoordinateTraining: TrainingCoordinated,
    InspectTraining: TrainingInspected,
}


async def test_each_of_the_five_macro_acts_has_an_event_and_an_open_list_of_its_own(desk: Desk) -> None:
    """F24: rules, plan, guide, coordinate, inspect."""
    assert set(FIVE) <= set(MACRO)
    acts = doors(desk)
    lists = {acts[command.name()].address for command in FIVE}
    assert len(lists) == len(FIVE)
    desk.clock.at = at("2026-11-23")
    for command, event in FIVE.items():
        route = acts[command.name()]
        done = await desk.done(route.address.removeprefix("/api/v1"), route.example)
        assert [found["type"] for found in done["events"]] == [event.alias]
    await desk.project()
    for listed in lists:
        (found,) = (page for page in (await desk.http.get(listed)).json().values() if page)
        assert len(found) == 1


@pytest.mark.parametrize("roles", HANDS, ids=lambda roles: "+".join(sorted(roles)))
async def test_the_table_of_roles_and_acts(desk: Desk, roles: frozenset[Role]) -> None:
    subject, who = "walker", sorted(roles)
    refused: dict[str, set[str]] = {}
    for name, door in doors(desk).items():
        headers = desk.headers(*who, organ="an-organ", subject=subject) | {"Content-Type": door.kind}
        answer = await desk.http.post(door.address, content=door.body(), headers=headers)
        policies_against = forbidden_by(ACTS[name], roles)
        said = answer.json()
        if not policies_against:
            assert answer.status_code < 500 and said.get("type") != "/problems/not_allowed", (name, answer.text)
            continue
        assert answer.status_code == 403, (name, roles, answer.text)
        assert (said["action"], set(said["policies"])) == (name, policies_against)
        assert all(policies().reasons[policy] in said["detail"] for policy in policies_against - {NO_PERMIT})
        assert f"`{name}` is for {P if ACTS[name] == 'macro' else S};" in said["detail"]
        refused[name] = policies_against
    assert await attempts(desk, subject) == refused


async def attempts(desk: Desk, subject: str) -> dict[str, set[str]]:
    """What the log says somebody tried, and which policies refused it."""
    officer = OfficerId(await desk.house.keys.subject_for(subject))
    events = [decode(row).event for row in await desk.house.store.read_stream(access_stream(officer))]
    tried = [event for event in events if isinstance(event, AccessRefused) and not event.policy.startswith("house.")]
    return {event.attempted: set(event.policy.split(", ")) for event in tried}
