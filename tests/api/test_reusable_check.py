"""Checks of people, through the door: asked once, shared by both departments, and gone when somebody is forgotten."""

from datetime import timedelta
from typing import Any

from runtime.forgetting import Forgetter
from tests.desk import A, D, Desk, P, S, V

WHO = {"person": "staff-zv-881"}
WANTED = WHO | {"kind": "discipline_opinion", "asked": "supervision-organ"}
OUTCOME = "A reprimand of Vantongerloo in 2019, since lapsed."
RESULT = WHO | {"kind": "discipline_opinion", "outcome": OUTCOME}
READ = WHO | {"kind": "discipline_opinion"}


async def read(desk: Desk, role: Any = P) -> dict[str, Any]:
    answer = await desk.post("/check-readings", READ, role)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_second_request_returns_the_first_and_says_so(desk: Desk) -> None:
    case_id = await desk.opened()
    first = await desk.done("/checks", WANTED)
    waiting = await desk.done("/checks", WANTED, V)
    answer = await desk.post("/check-results", RESULT, V)
    again = await desk.done("/checks", WANTED | {"case_id": case_id})
    assert answer.status_code == 201 and "Vantongerloo" not in answer.text
    assert [first["reused"], waiting["reused"], again["reused"]] == [False, True, True]
    assert first["check_id"] == again["check_id"]
    for role in (P, V, A):
        found = await read(desk, role)
        assert (found["number"], found["reused"], found["valid_until_on"]) == (1, 2, "2026-09-02")
        assert found["steps"][2]["what"]["outcome"] == OUTCOME
        assert found["steps"][3]["what"]["case_id"] == case_id
    desk.clock.at += timedelta(days=200)
    assert not (await desk.done("/checks", WANTED, V))["reused"]
    assert (await read(desk))["number"] == 2
    for role in (S, D):
        assert (await desk.post("/check-readings", READ, role)).status_code == 403
    unknown = await desk.post("/check-readings", READ | {"kind": "file"}, P)
    assert unknown.status_code == 404
    assert (await desk.post("/checks", WANTED | {"case_id": "0123456789ab"})).status_code == 422


async def test_what_a_check_found_goes_with_the_person(desk: Desk) -> None:
    await desk.done("/checks", WANTED)
    await desk.done("/check-results", RESULT, V)
    person = (await read(desk))["person_id"]
    await desk.done("/forgettings", WHO | {"ground": "request", "reason": "They asked for it in writing."})
    await desk.done("/forgetting-approvals", WHO, V)
    await desk.project()
    assert await Forgetter(desk.house, desk.clock).sweep() == 1
    left = (await desk.post("/check-readings", {"person_id": person, "kind": "discipline_opinion"}, A)).json()
    assert (left["number"], left["steps"][1]["what"]["outcome"]) == (1, None)
    again = await desk.done("/checks", WANTED)
    assert not again["reused"] and again["person_id"] != person
