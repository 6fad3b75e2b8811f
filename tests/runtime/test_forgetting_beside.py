"""What rests beside cases goes with whoever is forgotten, and whoever reads it afterwards is told so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from domain.event import StreamId
from domain.forgetting import forgetting_stream
from domain.identity import PersonId
from eventstore.store import NotApproved
from eventstore.verifying import verify_log
from runtime.forgetting import Forgetter
from tests.api.test_joint_meeting import FINDING, convened
from tests.conftest import FreshDatabase
from tests.desk import A, D, Desk, P, V
from tests.eventstore.whole_database import everything_in
from tests.runtime.test_forgetting import NOMINEE, OTHER, WHO, Died, Dying, approved, tombstones
from tests.said_beside import LABELS, SECRET, said_beside

KINDS = (
    "private_note",
    "supervision_input",
    "supervision_watch",
    "check",
    "opinion_asking",
    "problem",
    "organ_request",
)
AT_MEETING = "Zephyrine answered for it at the meeting"
ASK_TWO = {"subject": {"kind": "daily_management", "id": "Archive"}, "points": ["Where the seal is"], "grounds": SECRET}


async def lived(desk: Desk, *others: dict[str, Any]) -> tuple[str, PersonId]:
    """A case that was withdrawn, and what the departments keep about it and about who stood in it."""
    case_id, _ = await desk.nominated(NOMINEE, *others)
    steps = said_beside(case_id, WHO["person"])
    path, body, role, subject = next(steps)
    while True:
        answer = await desk.done(path, body, role, **({"subject": subject} if subject else {}))
        try:
            path, body, role, subject = steps.send(answer)
        except StopIteration:
            break
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was given up for good."})
    person = await desk.house.keys.find_subject(WHO["person"])
    assert person is not None
    await desk.project()
    return case_id, person


async def met(desk: Desk, case_id: str) -> None:
    """A joint meeting with the case on its agenda, at which something was said of it, and of something else."""
    path, other = await convened(desk)
    of_case = {"title": "A case", "asked": "Say how it came.", "subject": {"kind": "case", "id": case_id}}
    item = (await desk.done(f"{path}/agenda-items", of_case))["events"][0]["item_id"]
    desk.clock.at += timedelta(days=14)
    away = [{"officer": WHO["person"], "reason": AT_MEETING}]
    await desk.done(f"{path}/attendance-records", {"organ": "personnel-department", "myself": True, "absent": away})
    await desk.done(f"{path}/attendance-records", {"organ": "supervision-organ", "present": ["example-supervision"]})
    await desk.done(f"{path}/openings", {})
    for about, text in ((item, AT_MEETING), (other, "Letters wait now.")):
        await desk.done(f"{path}/statements", {"organ": "supervision-organ", "text": text, "item_id": about}, V)
    await desk.done(f"{path}/findings", FINDING | {"item_id": item}, V)


async def sealed_under(desk: Desk, kind: str, unless: str = "#labels") -> int:
    found = "SELECT count(*) FROM log.sealed s JOIN log.event e USING (position) WHERE e.stream LIKE $1"
    return int(await desk.house.pool.fetchval(f"{found} AND s.owner NOT LIKE $2", f"{kind}/%", f"%{unless}"))


async def keys_under(desk: Desk, kind: str) -> list[str]:
    owners = await desk.house.pool.fetch(
        "SELECT DISTINCT key AS owner FROM log.event, jsonb_each(convert_from(entry, 'UTF8')::jsonb -> 'sealed') "
        "WHERE stream LIKE $1 AND key NOT LIKE '%#labels'",
        f"{kind}/%",
    )
    return list(await desk.house.keys.open_keys([row["owner"] for row in owners]))


async def test_notes_inputs_watches_checks_askings_problems_and_requests_go_with_the_person(
    desk: Desk, database: FreshDatabase
) -> None:
    case_id, person = await lived(desk)
    await met(desk, case_id)
    before = {kind: await sealed_under(desk, kind) for kind in (*KINDS, "joint_meeting")}
    assert before == dict(zip(KINDS, (4, 2, 3, 1, 1, 1, 1), strict=True)) | {"joint_meeting": 3}
    await approved(desk)
    total = int(await desk.house.pool.fetchval("SELECT count(*) FROM log.sealed"))
    assert await Forgetter(desk.house, desk.clock).sweep() == 1
    await desk.project()
    (tombstone,) = await tombstones(desk, person)
    left = int(await desk.house.pool.fetchval("SELECT count(*) FROM log.sealed"))
    assert tombstone.sealed_parts == total - left > sum(before.values())
    assert {kind: await sealed_under(desk, kind) for kind in KINDS} == dict.fromkeys(KINDS, 0)
    assert {kind: await keys_under(desk, kind) for kind in KINDS} == {kind: [] for kind in KINDS}
    assert await sealed_under(desk, "joint_meeting") == 1, "what was said on another item"
    for url in (database.superuser_url, database.keys_superuser_url):
        assert b"Zephyrine" not in await everything_in(url)
    people = await desk.house.pool.fetch(
        "SELECT person FROM read_model.supervision_watch_person UNION ALL "
        "SELECT person FROM read_model.supervision_input WHERE person IS NOT NULL"
    )
    assert people == []
    assert (await verify_log(desk.house.store)).events == await desk.house.store.size()


async def test_whoever_reads_them_is_told_that_they_were_destroyed(desk: Desk) -> None:
    case_id, person = await lived(desk)
    before = await read_by_all(desk, case_id)
    assert all(SECRET in said for said in before.values())
    assert all('"destroyed":true' not in said for said in before.values())
    await approved(desk)
    quarter = (await desk.get("/api/v1/supervision-channels?quarter=2026-01-01", V)).json()
    await Forgetter(desk.house, desk.clock).sweep()
    await desk.project()
    after = await read_by_all(desk, case_id)
    assert all(SECRET not in said and '"destroyed":true' in said for said in after.values()), after
    asking = (await desk.get("/api/v1/opinion-askings", V)).json()["askings"][0]["asking_id"]
    (direction,) = (await desk.get(f"/api/v1/opinion-askings/{asking}", V)).json()["directions"]
    assert direction == {"direction": "peer", "asked": 9, "counted": True, "destroyed": True, "answers": {}}
    check = (await desk.post("/check-readings", {"person_id": person, "kind": "petitions"}, A)).json()
    assert check["steps"][1]["what"]["outcome"] is None
    assert (await desk.get("/api/v1/supervision-channels?quarter=2026-01-01", V)).json() == quarter, "labels stay"
    overview = (await desk.post("/person-overviews", {"person_id": person}, V)).json()
    assert (overview["watches"], overview["inputs"]) == ([], [])
    refused = await desk.post("/private-notes", {"about": {"kind": "case", "id": case_id}, "text": SECRET}, P)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/everybody_in_it_forgotten")


async def read_by_all(desk: Desk, case_id: str) -> dict[str, str]:
    """What each reader of what is sealed is answered."""
    found: dict[str, str] = {}
    for role in (P, V, D):
        found[f"notes of {role}"] = (await desk.get(f"/api/v1/private-notes?kind=case&about={case_id}", role)).text
    for path, key, list_of, more in (
        ("supervision-inputs", "input_id", "inputs", ""),
        ("supervision-watches", "watch_id", "watches", ""),
        ("problems", "problem_id", "problems", "/details"),
        ("organ-requests", "request_id", "requests", "/particulars"),
    ):
        (row,) = (await desk.get(f"/api/v1/{path}", V)).json()[list_of]
        found[path] = (await desk.get(f"/api/v1/{path}/{row[key]}{more}", V)).text
    problem = (await desk.get("/api/v1/problems", V)).json()["problems"][0]["problem_id"]
    found["notes of a problem"] = (await desk.get(f"/api/v1/private-notes?kind=problem&about={problem}", P)).text
    return found


async def test_a_watch_of_two_and_the_notes_of_their_case_stay_until_the_last_of_them_is_forgotten(desk: Desk) -> None:
    await lived(desk, OTHER)
    two = await desk.done("/supervision-watches", ASK_TWO | {"people": [WHO["person"], OTHER["person"]]}, V)
    path = f"/supervision-watches/{two['watch_id']}"
    await desk.done(f"{path}/points", {"point": 1, "observation": "remark", "text": SECRET}, V)
    await desk.done(f"{path}/conclusions", {"outcome": "shortcomings", "remarks": SECRET}, V)
    await approved(desk)
    await Forgetter(desk.house, desk.clock).sweep()
    kept = {kind: await sealed_under(desk, kind) for kind in KINDS}
    assert kept == dict(zip(KINDS, (4, 0, 3, 0, 1, 1, 1), strict=True))
    assert SECRET in (await desk.get(f"/api/v1{path}", V)).text
    other = {"person": OTHER["person"]}
    await desk.done("/forgettings", other | {"ground": "request", "reason": "Asked for in writing."})
    await desk.done("/forgetting-approvals", other, V)
    await desk.project()
    await Forgetter(desk.house, desk.clock).sweep()
    assert {kind: await sealed_under(desk, kind) for kind in KINDS} == dict.fromkeys(KINDS, 0)


async def test_what_supervision_has_open_keeps_a_person_and_is_said_to_supervision_alone(desk: Desk) -> None:
    received = await desk.done("/supervision-inputs", {"labels": LABELS, "text": SECRET, **WHO}, V)
    wish = WHO | {"ground": "request", "reason": "They asked for it in writing."}
    await desk.done("/forgettings", wish)
    for role, told in ((P, False), (A, False), (V, True)):
        kept_by = (await desk.post("/forgetting-readings", WHO, role)).json()["kept_by"]
        assert bool(kept_by) == told, kept_by
    refused = await desk.post("/forgetting-approvals", WHO, V)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/supervision_not_settled")
    person = await desk.house.keys.find_subject(WHO["person"])
    assert person is not None and person not in refused.json()["detail"]
    reason = {"reason": "It is of another archive, which was closed."}
    await desk.done(f"/supervision-inputs/{received['input_id']}/dismissals", reason, V, subject="a-colleague")
    await desk.done("/forgetting-approvals", WHO, V)
    await desk.project()
    watch = await desk.done("/supervision-watches", ASK_TWO | {"people": [WHO["person"]]}, V)
    said: list[str] = []
    assert await Forgetter(desk.house, desk.clock).sweep(said.append) == 0, "it came up after the approval"
    assert len(said) == 1 and person not in said[0]
    path = f"/supervision-watches/{watch['watch_id']}"
    await desk.done(f"{path}/points", {"point": 1, "observation": "remark", "text": SECRET}, V)
    await desk.done(f"{path}/conclusions", {"outcome": "nothing_found", "remarks": SECRET}, V)
    assert await Forgetter(desk.house, desk.clock).sweep() == 1
    assert await sealed_under(desk, "supervision_watch") == await sealed_under(desk, "supervision_input") == 0


@pytest.mark.parametrize("done", [False, True], ids=["failed", "failed but persisted"])
@pytest.mark.parametrize(("part", "step"), [("keys", "destroy"), ("store", "destroy_sealed")])
async def test_a_crash_leaves_neither_parts_nor_keys_of_what_can_no_longer_be_opened(
    desk: Desk, part: str, step: str, done: bool
) -> None:
    await lived(desk)
    await approved(desk)
    dying = replace(desk.house, **{part: cast(Any, Dying(getattr(desk.house, part), step, done))})
    with pytest.raises(Died):
        await Forgetter(dying, desk.clock).sweep()
    assert await Forgetter(desk.house, desk.clock).sweep() == 1
    assert {kind: await sealed_under(desk, kind) for kind in KINDS} == dict.fromkeys(KINDS, 0)
    assert {kind: await keys_under(desk, kind) for kind in KINDS} == {kind: [] for kind in KINDS}


async def test_an_approval_covers_no_problem_or_meeting_of_somebody_elses_case(desk: Desk) -> None:
    case_id, person = await lived(desk)
    elsewhere, _ = await desk.nominated(OTHER, post_id="elsewhere")
    problem = {"subject": {"kind": "case", "id": elsewhere}, "details": SECRET}
    other = await desk.done("/problems", FINDING | problem, V)
    await approved(desk)
    approval = await desk.house.store.read_last(forgetting_stream(person))
    assert approval is not None
    stream = StreamId(f"problem/{other['problem_id']}")
    whole = f"appointment/{case_id}#supervision"
    with pytest.raises(NotApproved):
        await desk.house.store.destroy_sealed(approval.position, [whole, f"{stream}#supervision"], [])
    last = await desk.house.store.read_last(stream)
    assert last is not None
    with pytest.raises(NotApproved):
        await desk.house.store.destroy_sealed(approval.position, [whole], [last.position])
