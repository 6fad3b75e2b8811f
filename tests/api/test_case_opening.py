"""Opening, suspending, resuming and withdrawing a case, through the door."""

from dataclasses import replace

from runtime.connections import open_house
from tests.desk import POST, Desk, V
from tests.examples import pack


async def test_a_case_opens_at_its_first_stage_under_the_newest_pack(desk: Desk) -> None:
    answer = await desk.post("/cases", {"pack": "standard", "post": POST})
    said = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/cases/{said['case_id']}"
    assert (said["recorded"], said["version"], said["stage"]) == (True, 2, "nomination")
    assert said["next"] == {
        "duty_holder": "personnel",
        "watched_by": "supervision",
        "tells": ["personnel", "supervision"],
        "steps": [
            {
                "by": "personnel",
                "step": "nominate_candidate",
                "organ": None,
                "by_on": None,
                "what": None,
                "rule": None,
            }
        ],
    }
    assert (await desk.get(answer.headers["Location"])).json()["pack"].startswith("standard@")


async def test_a_pack_that_was_not_adopted_is_refused_by_name(desk: Desk) -> None:
    answer = await desk.post("/cases", {"pack": "mars.1", "post": POST})
    assert answer.status_code == 422
    assert "mars.1" in answer.json()["detail"] and answer.json()["field"] == "pack"


async def test_a_rank_that_the_pack_does_not_know_is_refused_with_those_it_knows(desk: Desk) -> None:
    answer = await desk.post("/cases", {"post": {**POST, "rank": "emperor"}})
    assert answer.status_code == 422
    assert answer.json()["field"] == "post.rank" and "officer" in answer.json()["facts"]["known"]


async def test_a_post_is_filled_by_one_open_case_at_a_time(desk: Desk) -> None:
    case_id = await desk.opened()
    second = await desk.post("/cases", {"post": POST})
    assert second.status_code == 409
    assert second.json()["rule"]["path"] == "house.one_open_case_a_post"
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    assert (await desk.post("/cases", {"post": POST})).status_code == 201


async def test_a_post_without_an_id_is_malformed(desk: Desk) -> None:
    answer = await desk.post("/cases", {"post": {**POST, "post_id": "  "}})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["post.post_id"]


async def test_a_suspended_case_takes_no_step_until_it_is_resumed(desk: Desk) -> None:
    case_id = await desk.opened()
    reason = "Waiting for the court's ruling in a related matter."
    rests = await desk.post(f"/cases/{case_id}/suspensions", {"reason": reason}, V)
    assert rests.json()["status"] == "suspended" and "court" not in rests.text
    held = await desk.post(f"/cases/{case_id}/nomination-closings", {})
    assert held.status_code == 409 and held.json()["facts"]["since"] == "2026-03-02"
    taken_up = await desk.done(f"/cases/{case_id}/resumptions", {}, V)
    assert taken_up["status"] == "open"


async def test_a_withdrawn_case_takes_no_further_step(desk: Desk) -> None:
    case_id = await desk.opened()
    ended = await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    assert (ended["status"], ended["outcome"]) == ("closed", "withdrawn")
    assert "next" not in ended
    again = await desk.post(f"/cases/{case_id}/nomination-closings", {})
    assert again.status_code == 409 and again.json()["rule"]["path"] == "house.closed_case_rests"


async def test_a_repetition_after_a_new_version_was_adopted_gives_the_first_answer(desk: Desk) -> None:
    body = {"post": POST, "jurisdiction": "GB-ENG"}
    first = await desk.done("/cases", body, key="wish-0001")
    old = pack("standard")
    newer = old.model_copy(update={"version": old.version + 1, "jurisdictions": old.jurisdictions[1:]})
    await desk.house.packs.adopt(newer, desk.clock())
    async with open_house(desk.house.settings, desk.clock) as other:  # a process that has neither case nor pack cached
        desk.app.state.services = replace(
            desk.app.state.services, recorder=other.recorder, packs=other.packs, store=other.store
        )
        again = await desk.done("/cases", body, key="wish-0001")
        newest = await desk.post("/cases", body, key="wish-0002")
    assert newest.status_code == 422 and newest.json()["field"] == "jurisdiction"
    assert again == first | {"repeated": True}
