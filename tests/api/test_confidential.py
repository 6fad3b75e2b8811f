"""What is sealed is read by those who judge and audit, and every reading is a fact."""

from domain.access import SealedPartsRead, access_stream
from domain.identity import OfficerId, Role
from eventstore.codec import decode
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


async def test_supervision_reads_grounds_and_particulars_and_no_minutes(desk: Desk) -> None:
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
