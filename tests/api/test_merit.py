"""Setting criteria, through the door."""

from tests.desk import Desk

BY_RESULTS = {"criteria": [{"criterion": "results", "weight": 70}, {"criterion": "integrity", "weight": 30}]}


async def test_criteria_stand_in_the_record_for_everybody(desk: Desk) -> None:
    case_id = await desk.opened()
    answer = await desk.post(f"/cases/{case_id}/criteria", BY_RESULTS)
    assert answer.status_code == 201
    assert answer.json()["events"][0]["criteria"] == BY_RESULTS["criteria"]


async def test_a_unit_of_origin_is_no_criterion_and_the_answer_says_which_rule_shuts_it_out(desk: Desk) -> None:
    case_id = await desk.opened()
    body = {"criteria": [{"criterion": "unit_of_origin", "weight": 100}]}
    answer = await desk.post(f"/cases/{case_id}/criteria", body)
    assert (answer.status_code, answer.json()["rule"]["path"]) == (409, "merit.refused")
    assert answer.json()["rule"]["says"]["zh"]


async def test_weights_that_are_no_whole_are_malformed(desk: Desk) -> None:
    case_id = await desk.opened()
    answer = await desk.post(f"/cases/{case_id}/criteria", {"criteria": [{"criterion": "results", "weight": 70}]})
    assert answer.status_code == 422 and "add up to 70" in answer.json()["detail"]
