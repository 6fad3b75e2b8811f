"""Checks of people over HTTP: requested once, used by both departments, and read with what they found."""

from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.person_named import PersonNamed
from api.problem import NotFound
from api.visitor import Reads
from api.writing import API, writes
from domain.event import Event, Recorded
from domain.identity import CaseId, PersonId
from domain.reusable_check import (
    CheckKind,
    CheckRead,
    CheckReused,
    RecordCheck,
    RequestCheck,
    check_id_of,
    check_stream,
    fold_check,
)
from domain.supervision_problem import NamedOrgan
from eventstore.keys import key_of
from eventstore.opening import opened
from eventstore.reusable_check_recording import record_of_check

router = APIRouter(prefix=API, tags=["checks of people"])


class CheckOf(PersonNamed):
    """Whose check of which kind."""

    kind: CheckKind


class CheckWanted(CheckOf):
    """A check that is wanted. The newest adopted version of the pack says how long it is valid."""

    asked: NamedOrgan = Field(description="the organ that checks, when there is no check to use")
    case_id: Annotated[CaseId | None, Field(pattern=f"^{CASE_ID}$", description="the case that it is for")] = None
    pack: str = Field("standard", max_length=60, description="id of a policy pack")


class CheckFound(CheckOf):
    """What a check found; it is sealed with the person's own key."""

    outcome: str = Field(min_length=2, max_length=8000)
    valid_until_on: date | None = Field(None, description="an earlier day than the pack's")
    pack: str = Field("standard", max_length=60, description="id of a policy pack")


class CheckAnswer(KeptAnswer):
    """What was recorded. `reused`: there was a check already, and nobody is asked again."""

    check_id: str
    person_id: PersonId
    reused: bool


class CheckStep(BaseModel):
    type: str
    organ: str
    recorded_at: datetime
    what: dict[str, Any]


class ChecksShown(BaseModel):
    """The checks of a kind of somebody, what they found, and who used them."""

    check_id: str
    person_id: PersonId
    kind: CheckKind
    number: int = Field(description="of the latest")
    asked: str
    due_on: date
    recorded_on: date | None = Field(description="null while it waits for its result")
    valid_until_on: date | None
    reused: int = Field(description="how often the latest was used instead of asking again")
    steps: list[CheckStep]


@writes(
    router,
    "/checks",
    status_code=201,
    summary="Have somebody checked",
    example={"person": "staff-4711", "kind": "discipline_opinion", "asked": "supervision-organ"},
    answers=writes_of(CheckAnswer),
)
async def request_check(door: Writes, body: CheckWanted) -> Response:
    """By either department. While a check of that kind is valid, or asked for already, it is used: `reused` is true."""
    person = await body.to_write_of(door)
    command = RequestCheck(person_id=person, kind=body.kind, asked=body.asked, case_id=body.case_id)
    return await _record(door, command, body.pack)


@writes(
    router,
    "/check-results",
    status_code=201,
    summary="Record what a check found",
    example={"person": "staff-4711", "kind": "discipline_opinion", "outcome": "No objection."},
    answers=writes_of(CheckAnswer),
)
async def record_check(door: Writes, body: CheckFound) -> Response:
    """By the organ that was asked. Both departments use it until its day; then it is asked anew."""
    person = await body.to_write_of(door)
    said = {"outcome": body.outcome, "valid_until_on": body.valid_until_on}
    return await _record(door, RecordCheck(person_id=person, kind=body.kind, **said), body.pack)


async def _record(door: Door, command: RequestCheck | RecordCheck, pack: str) -> Response:
    stream = check_stream(command.person_id, command.kind)
    asked = await door.asked(stream, command, pack)
    async with door.deciding(command.name(), "checks"):
        kept = await record_of_check(door.services.recorder, asked)
    reused = any(isinstance(event, CheckReused) for event in kept.events)
    named = {"check_id": check_id_of(command.person_id, command.kind), "person_id": command.person_id}
    return door.kept(kept, {**named, "reused": reused}, 201)


@router.post(
    "/check-readings",
    operation_id="read_check",
    summary="What a check found",
    responses=reads(ChecksShown, "The checks of that kind, with what they found"),
    openapi_extra={
        "requestBody": {"content": {"application/json": {"example": {"person": "staff-4711", "kind": "petitions"}}}}
    },
)
async def read_check(visitor: Reads, body: CheckOf) -> Response:
    """For both departments and whoever audits; the reading is logged first. Of the forgotten, no outcome is left."""
    await visitor.may("read_check", "checks")
    person = await body.to_read_of(visitor)
    stored = await visitor.services.store.read_stream(check_stream(person, body.kind))
    rows = await opened(visitor.services.store, visitor.services.keys, stored, key_of(person).__eq__)
    found = fold_check(row.event for row in rows)
    if found is None:
        raise NotFound(f"No check of that kind was requested of {person}. Request one at {API}/checks.")
    noted = CheckRead(officer=visitor.actor.officer, person_id=person, kind=body.kind)
    await visitor.note_access(noted, person, body.kind)
    latest = {name: getattr(found, name) for name in ("kind", "number", "asked", "due_on", "reused")}
    when = {"recorded_on": found.recorded_on, "valid_until_on": found.valid_until_on}
    whose = {"check_id": check_id_of(person, body.kind), "person_id": person}
    steps = [_step(row) for row in rows]
    return Response(orjson.dumps({**whose, **latest, **when, "steps": steps}), media_type=JSON)


def _step(row: Recorded[Event]) -> dict[str, Any]:
    what = row.event.model_dump(mode="json", exclude={"person_id", "kind"})
    return {"type": row.type, "organ": row.actor.organ, "recorded_at": row.recorded_at, "what": what}
