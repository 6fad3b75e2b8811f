"""What is sealed is read by those who judge and audit, and every reading is a fact."""

import pytest

from domain.access import AccessRefused, SealedPartsRead, access_stream
from domain.identity import OfficerId, Role
from domain.officer import OfficerIdentified, officer_stream
from eventstore.codec import decode
from eventstore.noting import latest
from tests.desk import NOMINEE, Desk

GROUNDS = "In March 2025 a delivery was signed for that never came."


async def objected(desk: Desk) -> str:
    case_id, _, _ = await desk.noticed(NOMINEE)
    await desk.objected(case_id, grounds=GROUNDS)
    return case_id


async def sealed(desk: Desk, case_id: str, role: Role) -> dict[str, dict[str, object]]:
    answer = await desk.get(f"/api/v1/cases/{case_id}/sealed", role)
    assert answer.status_code == 200, answer.text
    return {step["type"]: step["sealed"] for step in answer.json()["steps"]}


async def test_supervision_reads_grounds_and_particulars(desk: Desk) -> None:
    case_id = await objected(desk)
    read = await sealed(desk, case_id, Role.SUPERVISION)
    assert read["objection_lodged"]["grounds"] == GROUNDS
    assert read["candidate_nominated"]["particulars"] == NOMINEE["particulars"]


async def test_the_deciding_body_reads_no_grounds(desk: Desk) -> None:
    case_id = await objected(desk)
    read = await sealed(desk, case_id, Role.DECISION_BODY)
    assert "objection_lodged" not in read
    assert "candidate_nominated" in read


async def test_whoever_runs_the_case_reads_nothing_that_is_sealed(desk: Desk) -> None:
    case_id = await objected(desk)
    for role in (Role.PERSONNEL, Role.SCHOOL):
        answer = await desk.get(f"/api/v1/cases/{case_id}/sealed", role)
        assert answer.status_code == 403
        assert GROUNDS not in answer.text


async def test_a_reading_is_on_the_log_before_it_is_answered(desk: Desk) -> None:
    case_id = await objected(desk)
    await sealed(desk, case_id, Role.AUDITOR)
    officer = OfficerId(await desk.house.keys.subject_for("example-auditor"))
    stored = await desk.house.store.read_stream(access_stream(officer))
    (reading,) = [found for row in stored if isinstance(found := decode(row).event, SealedPartsRead)]
    assert (reading.case_id, reading.audiences) == (case_id, ("decision_body", "supervision"))


async def test_a_case_that_is_not_there_is_not_found(desk: Desk) -> None:
    answer = await desk.get("/api/v1/cases/0123456789ab/sealed", Role.SUPERVISION)
    assert answer.status_code == 404


async def test_supervision_opens_the_minutes_as_well(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed(NOMINEE)
    for role in (Role.SUPERVISION, Role.DECISION_BODY, Role.AUDITOR):
        assert "minutes" in (await sealed(desk, case_id, role))["decision_meeting_held"]


async def attempts(desk: Desk, subject: str) -> list[AccessRefused]:
    officer = OfficerId(await desk.house.keys.subject_for(subject))
    stored = await desk.house.store.read_stream(access_stream(officer))
    return [found for row in stored if isinstance(found := decode(row).event, AccessRefused)]


@pytest.mark.parametrize(
    ("role", "who", "rule"),
    [
        (Role.SUPERVISION, {"subject": "staff-4711"}, "house.nobody_reads_their_own_case"),
        (Role.AUDITOR, {"subject": "example-personnel"}, "house.nobody_reads_their_own_case"),
        (Role.SUPERVISION, {"subject": "s-2", "organ": "audit-office"}, "house.a_consulted_organ_reads_nothing_sealed"),
    ],
)
async def test_whoever_is_part_of_a_case_reads_nothing_sealed_in_it_and_the_attempt_is_noted(
    desk: Desk, role: Role, who: dict[str, str], rule: str
) -> None:
    case_id = await objected(desk)
    answer = await desk.http.get(f"/api/v1/cases/{case_id}/sealed", headers=desk.headers(role, **who))
    assert (answer.status_code, answer.json()["policies"]) == (403, [rule])
    assert GROUNDS not in answer.text
    (attempt,) = await attempts(desk, who["subject"])
    assert (attempt.attempted, attempt.target, attempt.policy) == ("read_confidential", f"case/{case_id}", rule)


async def test_whoever_reads_or_tries_to_has_a_name_on_the_log(desk: Desk) -> None:
    case_id = await objected(desk)
    await sealed(desk, case_id, Role.AUDITOR)
    await desk.get(f"/api/v1/cases/{case_id}/sealed", Role.SCHOOL)
    for subject in ("example-auditor", "example-school"):
        officer = OfficerId(await desk.house.keys.subject_for(subject))
        known = await latest(desk.house.store, desk.house.keys, officer_stream(officer))
        assert known is not None and isinstance(known.event, OfficerIdentified) and known.event.name
