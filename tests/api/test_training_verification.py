"""Verifying training, and making it up, through the door: what is read is the training file, and nothing is stated."""

from datetime import timedelta

from domain.identity import PersonId, Role
from domain.training_file import training_file_stream
from tests.desk import NOMINEE, Desk, S


async def test_hours_on_file_that_meet_the_rank_complete_the_stage(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    answer = await desk.verified(case_id, candidates[0], 64)
    assert answer["events"][0]["result"] == "met" and answer["stage"] == "public_notice"


async def test_the_verification_names_the_place_of_the_file_that_it_was_read_from(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    await desk.studied(case_id, candidates[0], 30)
    verified = (await desk.verified(case_id, candidates[0], 34))["events"][0]
    person = PersonId(await desk.house.keys.subject_for(str(NOMINEE["person"])))
    stored = await desk.house.store.read_stream(training_file_stream(person))
    assert (verified["file_version"], verified["file_hash"]) == (2, stored[-1].hash.hex())
    assert (verified["hours"], verified["counted"]) == (64, [1, 2])


async def test_hours_that_somebody_states_are_malformed(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    for stated in ({"hours": 64}, {"basis": "register 2026/112"}):
        body = {"candidate_id": candidates[0], **stated}
        answer = await desk.post(f"/cases/{case_id}/training-verifications", body, S)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == next(iter(stated))


async def test_an_unknown_candidate_is_refused_with_those_who_stand(desk: Desk) -> None:
    case_id, candidates = await desk.nominated()
    answer = await desk.post(f"/cases/{case_id}/training-verifications", {"candidate_id": "nobody"}, S)
    assert answer.status_code == 422
    assert answer.json()["facts"]["known"] == candidates


async def test_training_owed_after_a_conditional_pass_is_made_up_in_office(desk: Desk) -> None:
    case_id, candidates = await desk.nominated(NOMINEE)
    assert (await desk.verified(case_id, candidates[0], 10, conditional=True))["stage"] == "public_notice"
    early = await desk.post(f"/cases/{case_id}/make-up-trainings", {}, S)
    assert early.status_code == 409 and early.json()["rule"]["path"] == "stages.order"
    await desk.through_to_office(case_id, candidates)
    short = await desk.post(f"/cases/{case_id}/make-up-trainings", {}, S)
    assert (short.status_code, short.json()["facts"]["hours_owed"]) == (409, 30)
    await desk.project()
    mine = desk.headers(Role.PERSON, subject=str(NOMINEE["person"]))
    own = (await desk.http.get("/api/v1/training-standings/mine?rank=officer", headers=mine)).json()
    assert (own["owed"]["case_id"], own["owed"]["hours_owed"]) == (case_id, 30)
    desk.clock.at += timedelta(days=3)
    await desk.studied(case_id, candidates[0], 30)
    made_up = await desk.done(f"/cases/{case_id}/make-up-trainings", {}, S)
    assert made_up["events"][0]["type"] == "make_up_training_recorded"
