"""Why a case stands where it stands, through the door."""

from tests.desk import Desk, S


async def test_an_explanation_names_steps_rules_and_why_each_clock_ends(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    found = (await desk.get(f"/api/v1/cases/{case_id}/explanation", S)).json()
    assert (found["stage"], found["status"]) == ("public_notice", "open")
    clock = next(clock for clock in found["clocks"] if clock["timer"] == "public_notice")
    assert clock["rule"]["path"] == "notice.minimum" and clock["rule"]["verified"] is False
    assert clock["why"]["en"] and clock["why"]["zh"]
    assert [step["by"] for step in found["steps"]] == ["engine"]


async def test_a_case_is_explained_as_it_stood_and_not_before_it_was_opened(desk: Desk) -> None:
    case_id, _, _ = await desk.noticed()
    path = f"/api/v1/cases/{case_id}/explanation"
    before = await desk.get(f"{path}?at=2020-01-01T00:00:00Z", S)
    assert before.status_code == 404 and "Name a later moment" in before.json()["detail"]
    wrong = await desk.get(f"{path}?at=yesterday", S)
    assert wrong.status_code == 422
