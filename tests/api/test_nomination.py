"""Nominating, withdrawing candidates and closing nominations, through the door."""

from tests.desk import NOMINEE, Desk


async def test_a_nominee_becomes_a_candidate_whose_particulars_are_not_in_the_answer(desk: Desk) -> None:
    case_id = await desk.opened()
    answer = await desk.post(f"/cases/{case_id}/candidates", NOMINEE)
    assert answer.status_code == 201
    assert answer.json()["events"][0]["type"] == "candidate_nominated"
    assert "Okafor" not in answer.text and "staff-4711" not in answer.text


async def test_one_person_is_one_candidate_whatever_is_written_about_them(desk: Desk) -> None:
    case_id = await desk.opened()
    await desk.done(f"/cases/{case_id}/candidates", NOMINEE)
    again = await desk.post(f"/cases/{case_id}/candidates", {**NOMINEE, "particulars": {"full_name": "A. Okafor"}})
    assert again.status_code == 409
    assert again.json()["rule"]["path"] == "house.one_nomination_a_person"


async def test_officers_cannot_nominate_themselves_under_the_identifier_of_their_token(desk: Desk) -> None:
    case_id = await desk.opened()
    answer = await desk.post(f"/cases/{case_id}/candidates", NOMINEE, subject="staff-4711")
    assert answer.status_code == 409
    assert answer.json()["rule"]["path"] == "house.nobody_acts_in_their_own_case"


async def test_a_candidate_may_leave_the_list(desk: Desk) -> None:
    case_id, candidates = await desk.nominated(NOMINEE, {"person": "staff-2", "particulars": {"full_name": "Li Wei"}})
    left = await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": candidates[0]})
    assert left["events"][0]["type"] == "candidate_withdrawn"
    standing = (await desk.get(f"/api/v1/cases/{case_id}")).json()["candidates"]
    assert [found["out_because"] for found in standing] == ["withdrawn", None]


async def test_an_empty_list_does_not_close_and_the_refusal_cites_the_rule(desk: Desk) -> None:
    case_id = await desk.opened()
    answer = await desk.post(f"/cases/{case_id}/nomination-closings", {})
    said = answer.json()
    assert answer.status_code == 409 and said["refused"] is True
    assert said["rule"]["path"] == "nomination.minimum_candidates"
    assert said["rule"]["says"]["zh"] and said["rule"]["instrument"]["en"] and "verified" in said["rule"]
    assert said["facts"] == {"candidates": 0, "minimum": 1}


async def test_trying_makes_no_pseudonym_and_knows_those_that_there_are(desk: Desk) -> None:
    case_id = await desk.opened()
    path, keys = f"/cases/{case_id}/candidates", desk.house.keys
    tried = await desk.post(path, NOMINEE, query="?dry_run=true")
    assert tried.status_code == 200 and await keys.find_subject("staff-4711") is None
    await desk.done(path, NOMINEE)
    again = await desk.post(path, NOMINEE, query="?dry_run=true")
    assert again.json()["rule"]["path"] == "house.one_nomination_a_person"
