"""Channels at the door: who reads what of an input, what a lead is worth, and what the report and the opinions show."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.identity import OrganId, Role
from domain.problem_mending import OpenProblem
from domain.supervision_input import LeadIsNoEvidence, supervision_input_stream
from domain.supervision_problem import ProblemType, Severity, Subject, SubjectKind, problem_stream
from eventstore.followed_recording import Asked
from eventstore.supervision_problem_recording import record_problem
from tests.desk import A, D, Desk, P, V
from tests.examples import SUPERVISION

SECRET = "Nachtrag-5528"
INPUT = {
    "labels": {"membership": "non_party", "voice": "mass", "source": "public_opinion"},
    "subject": {"kind": "unit", "id": "Registry-of-the-harbour"},
    "text": f"{SECRET}: letters were issued on the day of the decision.",
}
RESTRICTED = INPUT | {"secrecy": "restricted", "person": "staff-4711"}
VERIFY = {"verified_with": f"{SECRET}: the register of letters, pages 11 to 14."}
ASKED = {
    "subject": {"kind": "unit", "id": "Registry"},
    "asked": [{"direction": "superior", "number": 4}, {"direction": "peer", "number": 30}],
}
COUNTED = {
    "direction": "peer",
    "counts": [{"opinion": "supports", "number": 18}, {"opinion": "opposes", "number": 2}],
}
INPUTS = "/api/v1/supervision-inputs"


async def recorded(desk: Desk, body: dict[str, Any] = INPUT, **who: str) -> dict[str, Any]:
    return await desk.done("/supervision-inputs", body, V, **who)


async def listed(desk: Desk, role: Role, **who: str) -> list[dict[str, Any]]:
    await desk.project()
    answer = await desk.http.get(INPUTS, headers=desk.headers(role, **who))
    assert answer.status_code == 200 and SECRET not in answer.text and "Registry-of-the-harbour" not in answer.text
    found: list[dict[str, Any]] = answer.json()["inputs"]
    return found


async def test_supervision_reads_what_an_input_says_and_the_others_that_it_is_there(desk: Desk) -> None:
    made = await recorded(desk)
    assert SECRET in (await desk.get(f"{INPUTS}/{made['input_id']}", V)).text
    for role, labelled in ((V, True), (A, True), (P, False), (D, False)):
        (row,) = await listed(desk, role)
        assert (row["status"], row["is_open_to_you"]) == ("recorded", role is V)
        assert (row["voice"] == "mass") is labelled
        if role is not V:
            assert (await desk.get(f"{INPUTS}/{made['input_id']}", role)).status_code == 403


async def test_a_restricted_item_shows_its_status_to_everybody_and_itself_to_its_organ_alone(desk: Desk) -> None:
    made = await recorded(desk, RESTRICTED)
    path = f"/supervision-inputs/{made['input_id']}"
    assert SECRET in (await desk.get(f"{INPUTS}/{made['input_id']}", V)).text
    elsewhere = {"organ": "audit-office", "subject": "another-reviewer"}
    assert (await desk.http.get(f"/api/v1{path}", headers=desk.headers(V, **elsewhere))).status_code == 403
    assert (await desk.post(f"{path}/verifications", VERIFY, V, **elsewhere)).status_code == 403
    await desk.done(f"{path}/verifications", VERIFY, V, subject="a-colleague")
    for role in (V, A, P, D):
        (row,) = await listed(desk, role)
        assert (row["secrecy"], row["status"]) == ("restricted", "verified")
        assert (row["membership"], row["voice"], row["source"]) == (None, None, None)
    entries = b"".join(
        row.entry for row in await desk.house.store.read_stream(supervision_input_stream(made["input_id"]))
    )
    assert SECRET.encode() not in entries and b"mass" not in entries and b"harbour" not in entries


async def test_whom_an_input_is_about_does_not_read_it(desk: Desk) -> None:
    made = await recorded(desk, INPUT | {"person": "example-colleague"})
    headers = desk.headers(V, subject="example-colleague")
    assert (await desk.http.get(f"{INPUTS}/{made['input_id']}", headers=headers)).status_code == 403


async def test_an_unverified_lead_is_cited_for_no_problem_and_a_verified_one_is(desk: Desk) -> None:
    made = await recorded(desk)
    recorder = desk.house.recorder
    pack = await recorder.packs.latest("standard", desk.clock())
    command = OpenProblem(
        type=ProblemType.PROCEDURE,
        severity=Severity.MINOR,
        subject=Subject(kind=SubjectKind.UNIT, id="Registry"),
        finding="Three letters were issued on the day of the decision.",
        evidence=(made["position"],),
        owner=OrganId("personnel-department"),
        accepting=OrganId("supervision-organ"),
    )
    asked = Asked(problem_stream("problem00001"), command, SUPERVISION, uuid4(), desk.clock(), pack)
    with pytest.raises(LeadIsNoEvidence):
        await record_problem(recorder, "problem00001", asked)
    await desk.done(f"/supervision-inputs/{made['input_id']}/verifications", VERIFY, V, subject="a-colleague")
    assert (await record_problem(recorder, "problem00001", asked)).events


async def test_the_report_counts_a_quarter_that_is_over_by_channel_and_the_public_with_it(desk: Desk) -> None:
    await desk.noticed()
    for number in range(6):
        source = "system" if number else "public_opinion"
        await recorded(desk, INPUT | {"labels": INPUT["labels"] | {"source": source}})  # type: ignore[operator]
    await recorded(desk, RESTRICTED)
    desk.clock.at = datetime(2027, 1, 4, 9, tzinfo=UTC)
    await desk.project()
    report = (await desk.get(f"/api/v1/supervision-channels?quarter={await first_quarter(desk)}", P)).json()
    lines = {(line["axis"], line["channel"]): line["recorded"] for line in report["channels"]}
    assert lines["source", "public_opinion"] is lines["source", "system"] is None, "one alone hides its sibling"
    assert report["restricted"] is None
    copy = await desk.get(f"/api/v1/supervision-channels?format=csv&quarter={await first_quarter(desk)}", A)
    assert copy.headers["content-type"].startswith("text/csv") and copy.text.count("\r\n") == 1 + len(lines)
    assert (await desk.get("/api/v1/supervision-channels?quarter=2026-02-01")).status_code == 404


async def first_quarter(desk: Desk) -> str:
    row = (await desk.house.pool.fetch("SELECT min(recorded_on) AS day FROM read_model.supervision_input"))[0]
    return str(row["day"].replace(month=(row["day"].month - 1) // 3 * 3 + 1, day=1))


async def test_three_directions_are_asked_and_shown_each_for_itself(desk: Desk) -> None:
    made = await desk.done("/opinion-askings", ASKED, P)
    await desk.done(f"/opinion-askings/{made['asking_id']}/counts", COUNTED, P)
    for role in (P, V, D, A):
        shown = (await desk.get(f"/api/v1/opinion-askings/{made['asking_id']}", role)).json()["directions"]
        superior, peer = shown
        assert (superior["counted"], superior["answers"]) == (False, {})
        assert peer["answers"]["supports"] == 18 and peer["answers"]["opposes"] is None
    await desk.project()
    (row,) = (await desk.get("/api/v1/opinion-askings", D)).json()["askings"]
    assert (row["asked"], row["counted"]) == ({"superior": 4, "peer": 30}, ["peer"])
