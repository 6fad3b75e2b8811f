"""Verifying training, and making it up, through the door."""

from tests.desk import NOMINEE, Desk, S


async def test_hours_that_meet_the_rank_complete_the_stage(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    verified = {"candidate_id": candidates[0], "hours": 64, "basis": "register 2026/112"}
    answer = await desk.done(f"/cases/{case_id}/training-verifications", verified, S)
    assert answer["events"][0]["result"] == "met" and answer["stage"] == "public_notice"


async def test_an_unknown_candidate_is_refused_with_those_who_stand(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    verified = {"candidate_id": "nobody", "hours": 64, "basis": "register 2026/112"}
    answer = await desk.post(f"/cases/{case_id}/training-verifications", verified, S)
    assert answer.status_code == 422
    assert answer.json()["facts"]["known"] == candidates


async def test_hours_out_of_bounds_are_malformed(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    for hours in (-1, 100_001, 2**70, 1.5, "many", None):
        verified = {"candidate_id": candidates[0], "hours": hours, "basis": "register 2026/112"}
        answer = await desk.post(f"/cases/{case_id}/training-verifications", verified, S)
        assert answer.status_code == 422, hours
        assert answer.json()["errors"][0]["field"] == "hours"


async def test_training_owed_after_a_conditional_pass_is_made_up_in_office(desk: Desk) -> None:
    case_id, candidates = await desk.nominated(NOMINEE)
    short = {"candidate_id": candidates[0], "hours": 10, "basis": "register 12", "conditional": True}
    assert (await desk.done(f"/cases/{case_id}/training-verifications", short, S))["stage"] == "public_notice"
    early = await desk.post(f"/cases/{case_id}/make-up-trainings", {"hours": 40, "basis": "certificate 8"}, S)
    assert early.status_code == 409 and early.json()["rule"]["path"] == "stages.order"
    await desk.through_to_office(case_id, candidates)
    made_up = await desk.done(f"/cases/{case_id}/make-up-trainings", {"hours": 40, "basis": "certificate 8"}, S)
    assert made_up["events"][0]["type"] == "make_up_training_recorded"
