"""Correcting a standing notice, through the door."""

from tests.desk import Desk, V

TITLE = {"particular": "post_title", "says": "Head Clerk of Records", "reason": "The title was cut off."}


async def test_a_corrected_name_is_sealed_and_begins_the_days_anew(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    body = {"particular": "full_name", "says": "Amina Okafor-Bell", "candidate_id": candidates[0]}
    answer = await desk.post(f"/cases/{case_id}/notice-corrections", body | {"reason": "Half the name was left out."})
    assert answer.status_code == 201 and "Okafor" not in answer.text
    event = answer.json()["events"][0]
    assert (event["number"], event["essential"], event["particular"]) == (2, True, "full_name")
    await desk.project()
    trail = await desk.get(f"/api/v1/cases/{case_id}/timeline")
    assert "Half the name was left out." in trail.text and "Okafor" not in trail.text


async def test_a_corrected_post_stands_corrected_wherever_the_case_does(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    assert (await desk.post(f"/cases/{case_id}/notice-corrections", TITLE)).status_code == 201
    await desk.project()
    board = (await desk.get("/api/v1/cases")).json()
    assert board["cases"][0]["post_title"] == "Head Clerk of Records"


async def test_a_particular_that_the_notice_does_not_show_is_refused_with_its_field(desk: Desk) -> None:
    case_id, candidates, _ = await desk.noticed()
    body = TITLE | {"particular": "birth_year_month", "candidate_id": candidates[0]}
    answer = await desk.post(f"/cases/{case_id}/notice-corrections", body)
    assert answer.status_code == 422 and answer.json()["field"] == "particular"
    assert answer.json()["rule"]["path"] == "notice.fields"


async def test_whoever_reviews_corrects_nothing(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    assert (await desk.post(f"/cases/{case_id}/notice-corrections", TITLE, V)).status_code == 403
