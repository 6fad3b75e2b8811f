"""Allowing a deviation, through the door."""

from tests.desk import Desk, S, V

HOURS = "training.requirements.1.hours"


async def test_a_waived_rule_stands_in_the_case_for_ever(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    body = {"rule": HOURS, "code": "exceptional", "reason": "The academy was closed for the whole year."}
    answer = await desk.post(f"/cases/{case_id}/deviations", body, V)
    assert answer.status_code == 201
    short = {"candidate_id": candidates[0]}
    assert (await desk.done(f"/cases/{case_id}/training-verifications", short, S))["events"][0]["result"] == "met"
    assert (await desk.get(f"/api/v1/cases/{case_id}")).json()["deviations"] == [HOURS]


async def test_a_rule_that_the_pack_holds_to_is_not_waived(desk: Desk) -> None:
    case_id, _ = await desk.nominated()
    body = {"rule": "notice.minimum", "code": "exceptional", "reason": "We are in a great hurry."}
    answer = await desk.post(f"/cases/{case_id}/deviations", body, V)
    assert answer.status_code in (409, 422) and answer.json()["rule"]["path"]
