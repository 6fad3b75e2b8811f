"""The letter of appointment and the end of probation, through the door."""

from tests.desk import Desk


async def test_letter_is_issued_once_decided_and_opens_probation(desk: Desk) -> None:
    case_id, candidates, _ = await desk.appointed()
    standing = (await desk.get(f"/api/v1/cases/{case_id}")).json()
    assert (standing["stage"], standing["chosen"]) == ("probation", candidates[0])
    assert [clock["timer"] for clock in standing["clocks"]] == ["probation"]


async def test_probation_is_confirmed_after_its_last_day_and_the_case_ends(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed()
    early = await desk.post(f"/cases/{case_id}/probation-confirmations", {})
    assert early.status_code == 409
    await desk.run_out(case_id, "probation")
    answer = await desk.done(f"/cases/{case_id}/probation-confirmations", {})
    assert next(event["type"] for event in answer["events"]) == "probation_confirmed"
    assert answer["status"] == "closed"


async def test_probation_fails_for_stated_reasons_that_stay_sealed(desk: Desk) -> None:
    case_id, _, _ = await desk.appointed()
    answer = await desk.post(f"/cases/{case_id}/probation-failures", {"reasons": "Two reports were never delivered."})
    assert answer.status_code == 200
    assert answer.json()["status"] == "closed" and "never delivered" not in answer.text
