"""Watches beyond cases at the door, and what supervision has about one person, read by whom and with what trace."""

from typing import Any

from domain.access import PersonOverviewRead, access_stream
from domain.identity import OfficerId
from domain.supervision_watch import WatchOverdue, supervision_watch_stream
from eventstore.codec import decode
from tests.desk import NOMINEE, A, Desk, P, V
from tests.examples import at

SECRET = "Nebenakte-8841"
WATCH = {
    "subject": {"kind": "daily_management", "id": "Registry"},
    "points": ["Who signs for the seal", "Leave and its replacements"],
    "people": ["staff-4711"],
    "grounds": f"{SECRET}: letters were sealed on days of leave.",
}
SEEN = {"observation": "remark", "text": f"{SECRET}: signed for by whoever is there."}
CONCLUDED = {"outcome": "shortcomings", "remarks": "Two officers sign now."}
WATCHES = "/api/v1/supervision-watches"
INPUT = {
    "labels": {"membership": "inner_party", "voice": "discipline", "source": "system"},
    "text": "What an inspection told of a registrar.",
    "person": "staff-4711",
}
AMINA = {"person": "staff-4711"}


async def watched(desk: Desk, **more: Any) -> str:
    return str((await desk.done("/supervision-watches", WATCH | more, V))["watch_id"])


async def concluded(desk: Desk, watch_id: str) -> None:
    for point in (1, 2):
        await desk.done(f"/supervision-watches/{watch_id}/points", SEEN | {"point": point}, V)
    await desk.done(f"/supervision-watches/{watch_id}/conclusions", CONCLUDED, V)


async def test_a_watch_is_lived_from_its_opening_to_its_conclusion_and_may_open_a_problem(desk: Desk) -> None:
    watch_id = await watched(desk)
    early = await desk.post(f"/supervision-watches/{watch_id}/conclusions", CONCLUDED, V)
    assert early.status_code == 409 and early.json()["type"] == "/problems/watch_points_empty"
    await concluded(desk, watch_id)
    problem = {
        "type": "daily_management",
        "severity": "minor",
        "subject": WATCH["subject"],
        "finding": "The seal was signed for by whoever was there.",
        "owner": "personnel-department",
        "accepting": "supervision-organ",
        "origin": {"kind": "supervision_watch", "id": watch_id},
    }
    await desk.done("/problems", problem, V)
    await desk.project()
    (row,) = (await desk.get(WATCHES, V)).json()["watches"]
    assert (row["attended"], row["outcome"]) == ([1, 2], "shortcomings") and SECRET not in str(row)
    (found,) = (await desk.get(f"/api/v1/problems?origin_kind=supervision_watch&origin_id={watch_id}")).json()[
        "problems"
    ]
    assert found["finding"] == problem["finding"]


async def test_what_was_seen_is_read_by_supervision_and_auditors_and_not_by_whom_it_is_about(desk: Desk) -> None:
    watch_id = await watched(desk)
    for role in (V, A):
        assert SECRET in (await desk.get(f"{WATCHES}/{watch_id}", role)).text
    theirs = desk.headers(V, subject="staff-4711")
    assert (await desk.http.get(f"{WATCHES}/{watch_id}", headers=theirs)).status_code == 404
    await desk.project()
    assert (await desk.http.get(WATCHES, headers=theirs)).json()["watches"] == []
    seen = await desk.post(f"/supervision-watches/{watch_id}/points", SEEN | {"point": 1}, V, subject="staff-4711")
    assert seen.status_code == 403
    assert (await desk.get("/api/v1/audit-events?kind=supervision_watch", P)).json()["events"] == []


async def test_a_day_that_has_passed_counts_against_whoever_answers_for_the_watch(desk: Desk) -> None:
    watch_id = await watched(desk, due_on="2026-03-10", assigned_to="example-second-reviewer")
    desk.clock.at = at("2026-03-12")
    await desk.done(f"/supervision-watches/{watch_id}/points", SEEN | {"point": 1}, V)
    stored = await desk.house.store.read_stream(supervision_watch_stream(watch_id))
    late = decode(stored[1]).event
    assert isinstance(late, WatchOverdue)
    assert late.assigned_to == await desk.house.keys.subject_for("example-second-reviewer")


async def test_what_supervision_has_about_one_person_is_shown_at_one_glance_and_the_reading_is_on_the_log(
    desk: Desk,
) -> None:
    case_id, candidates = await desk.nominated(NOMINEE)
    hold = {"candidate_id": candidates[0], "code": "complaint", "reason": "Waiting for the register."}
    await desk.done(f"/cases/{case_id}/holds", hold, V, subject="a-third-officer")
    opened = {"cause": "own_initiative", "grounds": "The list was closed within the hour."}
    await desk.done(f"/cases/{case_id}/inquiries", opened, V, subject="another-officer")
    watch_id = await watched(desk)
    await desk.done("/supervision-inputs", INPUT, V)
    await desk.done("/supervision-inputs", INPUT | {"secrecy": "restricted"}, V)
    await desk.done("/checks", AMINA | {"kind": "petitions", "asked": "supervision-organ"})
    await desk.done("/check-results", AMINA | {"kind": "petitions", "outcome": f"{SECRET}: one, unfounded."}, V)
    await desk.project()
    answer = await desk.post("/person-overviews", AMINA, V)
    assert answer.status_code == 200 and SECRET not in answer.text
    found = answer.json()
    (case,) = found["cases"]
    assert case["case_id"] == case_id and case["holds"] == 1
    assert [it["case_id"] for it in found["inquiries"]] == [case_id] and found["inquiries"][0]["as_candidate"]
    assert [it["watch_id"] for it in found["watches"]] == [watch_id]
    assert [it["voice"] for it in found["inputs"]] == ["discipline"], "a restricted item is left out"
    assert [(it["kind"], it["recorded_on"], it["serves"]) for it in found["checks"]] == [
        ("petitions", "2026-03-02", True)
    ]
    reader = OfficerId(await desk.house.keys.subject_for("example-supervision"))
    events = [decode(row).event for row in await desk.house.store.read_stream(access_stream(reader))]
    assert [event.person_id for event in events if isinstance(event, PersonOverviewRead)] == [found["person_id"]]


async def test_nobody_reads_what_supervision_has_about_themselves(desk: Desk) -> None:
    await watched(desk)
    assert (await desk.post("/person-overviews", AMINA, V, subject="staff-4711")).status_code == 403
    assert (await desk.post("/person-overviews", AMINA, P)).status_code == 403
