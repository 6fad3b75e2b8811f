"""Opinions and the conclusion of the supervision review, through the door."""

from tests.desk import Desk, V


async def at_review(desk: Desk) -> str:
    case_id, _, _ = await desk.noticed()
    await desk.run_out(case_id, "public_notice")
    return case_id


async def test_an_opinion_that_was_asked_for_opens_a_clock(desk: Desk) -> None:
    case_id = await at_review(desk)
    answer = await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": "audit-office"}, V)
    assert "opinion:audit-office" in [clock["timer"] for clock in answer["clocks"]]


async def test_only_the_organ_that_was_asked_answers(desk: Desk) -> None:
    case_id = await at_review(desk)
    await desk.done(f"/cases/{case_id}/opinion-requests", {"organ": "audit-office"}, V)
    opinion = {"organ": "audit-office", "finding": "no_objection", "text": "The accounts are in order."}
    another = await desk.post(f"/cases/{case_id}/opinions", opinion, V, organ="supervision-organ")
    assert another.status_code in (403, 409)
    own = await desk.post(f"/cases/{case_id}/opinions", opinion, V, organ="audit-office")
    assert own.status_code == 200 and "accounts" not in own.text


async def test_silence_can_be_deemed_and_never_written(desk: Desk) -> None:
    case_id = await at_review(desk)
    opinion = {"organ": "audit-office", "finding": "deemed_consent", "text": "Nobody answered."}
    answer = await desk.post(f"/cases/{case_id}/opinions", opinion, V, organ="audit-office")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "finding"


async def test_a_review_cannot_be_cleared_before_every_opinion_is_there(desk: Desk) -> None:
    case_id = await at_review(desk)
    cleared = {"conclusion": "cleared", "remarks": "In order."}
    early = await desk.post(f"/cases/{case_id}/review-conclusions", cleared, V)
    assert early.status_code == 409 and early.json()["rule"]["path"].startswith("review.")
    await desk.reviewed(case_id)
    assert (await desk.get(f"/api/v1/cases/{case_id}")).json()["stage"] == "decision"


async def test_a_case_that_is_not_cleared_ends(desk: Desk) -> None:
    case_id = await at_review(desk)
    refused = {"conclusion": "not_cleared", "remarks": "The file was falsified."}
    answer = await desk.post(f"/cases/{case_id}/review-conclusions", refused, V)
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "closed" and "falsified" not in answer.text
