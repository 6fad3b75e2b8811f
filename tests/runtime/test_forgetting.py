"""Whoever is forgotten stays forgotten, whichever process died when; the log stays whole, and a tombstone stands."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from domain.appointment import ClosedCase, case_stream
from domain.forgetting import ForgettingState, PersonForgotten, forgetting_stream
from domain.identity import CaseId, PersonId
from eventstore.codec import decode
from eventstore.forgetting import read_forgetting
from eventstore.keys import OwnerForgotten, key_of
from eventstore.store import NotApproved
from eventstore.verifying import verify_log
from projections.every import every_projection, projections_of_people
from runtime.connections import open_house
from runtime.forgetting import Forgetter
from runtime.settings import Settings
from tests.conftest import FreshDatabase, connected
from tests.desk import A, D, Desk, S, V, open_desk
from tests.eventstore.whole_database import everything_in

NAME = "Zephyrine Vantongerloo"
TITLE = "Palaeography of Vantongerloo charters"
GROUNDS = "Zephyrine V. never delivered the parchment"
WHO = {"person": "staff-zv-881"}
NOMINEE = WHO | {"particulars": {"full_name": NAME, "education": "LL.B. of Vantongeren"}}
OTHER = {"person": "staff-2", "particulars": {"full_name": "Li Wei"}}
WISH = WHO | {"ground": "request", "reason": f"{NAME} asked for it in writing."}
RECORD = {
    "number": "ZV/1",
    "title": TITLE,
    "kind": "in_service",
    "method": "off_job",
    "began_on": "2026-01-12",
    "ended_on": "2026-01-23",
    "hours": 70,
    "attended_hours": 70,
    "passed": True,
}


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    async with open_desk(settings) as opened:
        yield opened


class Died(Exception):
    """The process is gone."""


class Dying:
    """A part of the house that dies at one of its calls: before it does anything, or once it has done it."""

    def __init__(self, whole: Any, at: str, done: bool):
        self._whole, self._at, self._done = whole, at, done

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._whole, name)
        if name != self._at:
            return found

        async def dies(*given: Any, **named: Any) -> None:
            if self._done:
                await found(*given, **named)
            raise Died

        return dies


async def lived(desk: Desk, *others: dict[str, Any]) -> tuple[str, PersonId]:
    """A case that has ended, with the person in it, and its notice, objections and training."""
    await desk.done("/training-records", WHO | {"record": RECORD}, S)
    case_id, candidates, _ = await desk.noticed(NOMINEE, *others)
    objection = await desk.objected(case_id, grounds=GROUNDS, candidate_id=candidates[0])
    await desk.disposed(case_id, objection, "dismissed")
    await desk.run_out(case_id, "public_notice")
    await desk.reviewed(case_id)
    meeting = desk.meeting(candidates)
    for ballot in meeting["ballots"][1:]:
        ballot["statements"] = [said | {"says": "disagree"} for said in ballot["statements"]]
    await desk.done(f"/cases/{case_id}/decision-meetings", meeting, D)
    await desk.done(f"/cases/{case_id}/appointments", {})
    await desk.run_out(case_id, "probation")
    await desk.done(f"/cases/{case_id}/probation-confirmations", {})
    await desk.project()
    person = await desk.house.keys.find_subject(WHO["person"])
    assert person is not None
    return case_id, person


async def approved(desk: Desk) -> None:
    desk.clock.at += timedelta(days=3 * 365)  # past the floor of the pack
    await desk.done("/forgettings", WISH)
    await desk.done("/forgetting-approvals", WHO, V)
    await desk.project()


async def tombstones(desk: Desk, person: PersonId) -> list[PersonForgotten]:
    events = [decode(row).event for row in await desk.house.store.read_stream(forgetting_stream(person))]
    return [event for event in events if isinstance(event, PersonForgotten)]


async def sealed_for(desk: Desk, pattern: str) -> int:
    return int(await desk.house.pool.fetchval("SELECT count(*) FROM log.sealed WHERE owner LIKE $1", pattern))


async def test_the_forgotten_are_gone_from_log_keys_and_read_models_and_the_log_is_whole(
    desk: Desk, database: FreshDatabase
) -> None:
    case_id, person = await lived(desk)
    await approved(desk)
    before = await everything_in(database.superuser_url)
    assert all(said.encode() in before for said in (TITLE, "ZV/1"))
    sealed = await sealed_for(desk, "%")
    assert await Forgetter(desk.house, desk.clock).sweep() == 1
    await desk.project()
    (tombstone,) = await tombstones(desk, person)
    assert tombstone.sealed_parts == sealed - await sealed_for(desk, "%") > 5
    assert await sealed_for(desk, f"person/{person}") == await sealed_for(desk, f"appointment/{case_id}#%") == 0
    for url in (database.superuser_url, database.keys_superuser_url):
        after = await everything_in(url)
        assert [said for said in (NAME, "Vantongerloo", TITLE, GROUNDS, WHO["person"]) if said.encode() in after] == []
    assert (await verify_log(desk.house.store)).events == await desk.house.store.size()
    assert await Forgetter(desk.house, desk.clock).sweep() == 0


async def test_pages_answers_and_folds_show_the_forgotten_and_fail_nowhere(desk: Desk) -> None:
    case_id, person = await lived(desk)
    await approved(desk)
    await Forgetter(desk.house, desk.clock).sweep()
    await desk.project()
    async with open_house(desk.house.settings, desk.clock) as another:
        assert isinstance((await another.recorder.load(case_stream(CaseId(case_id)))).case, ClosedCase)
    asked = {"person_id": person}
    found = (await desk.post("/forgetting-readings", asked, A)).json()
    assert (found["state"], found["ground"], found["reason"], found["kept_by"]) == ("forgotten", "request", None, None)
    for path in ("", "/timeline", "/sealed", "/explanation"):
        answer = await desk.get(f"/api/v1/cases/{case_id}{path}", A)
        assert answer.status_code == 200 and NAME not in answer.text and "Zephyrine" not in answer.text
    tombstone = {"on": desk.clock().date().isoformat(), "because": "request"}
    (candidate,) = (await desk.get(f"/api/v1/cases/{case_id}", A)).json()["candidates"]
    assert candidate["forgotten"] == tombstone
    dossier = await desk.get(f"/api/v1/cases/{case_id}/dossier", A)
    assert dossier.status_code == 200
    standing = await desk.post("/training-standings", asked, A)
    assert standing.status_code == 200 and all(line["record"] is None for line in standing.json()["lines"])
    assert standing.json()["forgotten"] == tombstone
    refused = await desk.post("/forgettings", asked | {"ground": "order", "reason": "A court orders it."})
    assert refused.json()["type"] == "/problems/already_forgotten"
    notice = (await desk.get("/api/v1/notices")).text
    assert NAME not in notice


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but persisted"])
@pytest.mark.parametrize(
    ("part", "step"),
    [
        ("keys", "destroy"),
        ("store", "destroy_sealed"),
        ("store", "read_log"),
        ("keys", "rewrite"),
        ("store", "append"),
    ],
)
async def test_a_crash_after_any_step_is_made_good_and_counted_once(
    desk: Desk, part: str, step: str, done: bool
) -> None:
    _, person = await lived(desk)
    await approved(desk)
    sealed = await sealed_for(desk, "%")
    dying = replace(desk.house, **{part: cast(Any, Dying(getattr(desk.house, part), step, done))})
    with pytest.raises(Died):
        await Forgetter(dying, desk.clock).sweep()
    assert len(await tombstones(desk, person)) == (step == "append" and done)
    await desk.project()
    assert await Forgetter(desk.house, desk.clock).sweep() == (0 if step == "append" and done else 1)
    (tombstone,) = await tombstones(desk, person)
    assert tombstone.sealed_parts == sealed - await sealed_for(desk, "%")
    assert await desk.house.keys.open_keys([key_of(person)]) == {}
    assert (await verify_log(desk.house.store)).events == await desk.house.store.size()


async def test_the_read_models_are_what_a_rebuild_would_make_of_them(desk: Desk) -> None:
    await lived(desk)
    await approved(desk)
    await Forgetter(desk.house, desk.clock).sweep()
    await desk.project()
    tables = [table for projection in every_projection(*_parts(desk)) for table in projection.tables]
    live = {table: await _rows(desk, table) for table in tables}
    for projection in desk.projector().projections:
        await desk.projector().rebuild(projection)
    assert {table: await _rows(desk, table) for table in tables} == live


def _parts(desk: Desk) -> Any:
    return desk.house.store, desk.house.keys, desk.house.packs


async def _rows(desk: Desk, table: str) -> list[str]:
    return [
        str(dict(row)) for row in await desk.house.pool.fetch(f"SELECT * FROM read_model.{table} t ORDER BY t::text")
    ]


async def test_whoever_comes_back_is_somebody_new_to_every_process(desk: Desk) -> None:
    _, person = await lived(desk)
    await approved(desk)
    async with open_house(desk.house.settings, desk.clock) as another:
        assert await another.keys.find_subject(WHO["person"]) == person
        await Forgetter(another, desk.clock).sweep()
        assert await another.keys.find_subject(WHO["person"]) is None
    with pytest.raises(OwnerForgotten):
        await desk.house.keys.keys_for([key_of(person)])
    assert await desk.house.keys.find_subject(WHO["person"]) is None, "dropped in this process, too"
    again = await desk.done("/training-records", WHO | {"record": RECORD}, S)
    assert again["person_id"] != person
    known = {projection.name for projection in projections_of_people(*_parts(desk))}
    assert known == {found.name for found in every_projection(*_parts(desk)) if hasattr(found, "_keys")}


async def test_what_is_said_of_several_stays_until_the_last_of_them_is_forgotten(desk: Desk) -> None:
    case_id, _ = await lived(desk, OTHER)
    await approved(desk)
    await Forgetter(desk.house, desk.clock).sweep()
    assert await sealed_for(desk, f"appointment/{case_id}#decision_body") == 1, "minutes of them both"
    said = (await desk.get(f"/api/v1/cases/{case_id}/sealed", A)).text
    assert GROUNDS not in said and "The delivery note was found." not in said
    await desk.project()
    other = {"person": OTHER["person"]}
    await desk.done("/forgettings", other | {"ground": "request", "reason": "Asked for in writing."})
    await desk.done("/forgetting-approvals", other, V)
    await desk.project()
    await Forgetter(desk.house, desk.clock).sweep()
    assert await sealed_for(desk, f"appointment/{case_id}#%") == 0


async def test_what_came_up_after_the_approval_makes_it_wait(desk: Desk) -> None:
    _, person = await lived(desk)
    await approved(desk)
    again, _ = await desk.nominated(NOMINEE, post_id="another")
    said: list[str] = []
    assert await Forgetter(desk.house, desk.clock).sweep(said.append) == 0
    assert again in said[0] and await desk.house.keys.open_keys([key_of(person)])
    await desk.done(f"/cases/{again}/withdrawals", {"reason": "The post was given up for good."})
    assert await Forgetter(desk.house, desk.clock).sweep() == 1
    wish = await read_forgetting(desk.house.recorder, person)
    assert wish is not None and wish.state is ForgettingState.FORGOTTEN


async def test_the_applications_role_deletes_nothing_without_an_approval_that_covers_it(
    desk: Desk, database: FreshDatabase
) -> None:
    case_id, person = await lived(desk, OTHER)
    desk.clock.at += timedelta(days=3 * 365)
    await desk.done("/forgettings", WISH)
    store = desk.house.store
    proposal = await store.read_last(forgetting_stream(person))
    other = await desk.house.keys.find_subject("staff-2")
    assert proposal is not None and other is not None
    with pytest.raises(NotApproved):
        await store.destroy_sealed(proposal.position, [key_of(person)], [])
    await desk.done("/forgetting-approvals", WHO, V)
    approval = await store.read_last(forgetting_stream(person))
    assert approval is not None
    elsewhere, _ = await desk.nominated(OTHER, post_id="elsewhere")
    for owners in ([key_of(other)], [f"appointment/{elsewhere}#supervision"], ["inquiry/x#supervision"]):
        with pytest.raises(NotApproved):
            await store.destroy_sealed(approval.position, owners, [])
    with pytest.raises(NotApproved):
        await store.destroy_sealed(approval.position, [], [0])
    async with connected(database.database_url) as connection:
        with pytest.raises(Exception, match="permission denied"):
            await connection.execute("DELETE FROM log.sealed")
    assert await store.destroy_sealed(approval.position, [f"appointment/{case_id}#supervision"], []) > 0
