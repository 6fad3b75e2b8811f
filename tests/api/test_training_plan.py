"""Plans over HTTP: refused by what they lack, adopted in versions, closed, and read by everybody without a token."""

from typing import Any

from api.training_plan import PLAN
from projections.training_act import WHOLE, NeedRow, training_needs, training_targets
from tests.desk import Desk

REASON = {"reason": "The computer room burnt down."}
CLOSED = {"outcome": "reached", "came_of_it": "83 of 90 passed the practical examination."}


async def listed(desk: Desk, address: str) -> dict[str, Any]:
    """What somebody without a token reads, once the read models are there."""
    await desk.project()
    answer = await desk.http.get(f"/api/v1{address}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def adopted(desk: Desk, **changed: Any) -> str:
    return str((await desk.done("/training-plans", PLAN | changed))["plan_id"])


async def test_a_plan_that_lacks_all_three_is_refused_by_their_names(desk: Desk) -> None:
    answer = await desk.post("/training-plans", {"title": "Registrars", "year": 2027})
    said = answer.json()
    assert (answer.status_code, said["type"], said["field"]) == (409, "/problems/plan_incomplete", "objective")
    assert said["rule"]["path"] == "house.a_plan_has_objective_posts_and_test"
    assert said["facts"]["missing"] == ["objective", "target_posts", "test"]


async def test_a_plan_is_read_in_its_present_version_and_in_all_of_them(desk: Desk) -> None:
    plan = await adopted(desk)
    await desk.done("/training-plans", PLAN | REASON | {"plan_id": plan, "needs": []})
    (shown,) = (await listed(desk, "/training-plans?year=2027"))["plans"]
    assert (shown["plan_id"], shown["plan_version"], shown["plan"]["needs"]) == (plan, 2, [])
    assert (shown["reason"], shown["organ"], shown["still_open"]) == (REASON["reason"], "personnel-department", True)
    whole = await listed(desk, f"/training-plans/{plan}")
    said = [(version["plan_version"], version["reason"]) for version in whole["versions"]]
    assert said == [(1, None), (2, REASON["reason"])] and whole["closed"] is None
    assert whole["versions"][0]["plan"]["needs"] == PLAN["needs"]


async def test_a_closed_plan_says_what_came_of_it_and_takes_no_version_any_more(desk: Desk) -> None:
    plan = await adopted(desk)
    await desk.done(f"/training-plans/{plan}/closings", CLOSED)
    again = await desk.post("/training-plans", PLAN | REASON | {"plan_id": plan, "needs": []})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/plan_is_closed")
    assert (await listed(desk, "/training-plans?still_open=true"))["plans"] == []
    (shown,) = (await listed(desk, "/training-plans?still_open=false"))["plans"]
    assert (shown["outcome"], shown["came_of_it"]) == ("reached", CLOSED["came_of_it"])
    assert (await listed(desk, f"/training-plans/{plan}"))["closed"]["outcome"] == "reached"


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    assert (await desk.http.get("/api/v1/training-plans/0123456789ab")).status_code == 404
    assert (await desk.post("/training-plans/0123456789ab/closings", CLOSED)).status_code == 404
    assert (await desk.post("/training-plans", PLAN | REASON | {"plan_id": "0123456789ab"})).status_code == 404


async def test_plans_are_read_page_by_page_the_latest_first(desk: Desk) -> None:
    plans = [await adopted(desk, title=f"Plan {number}") for number in range(3)]
    first = await listed(desk, "/training-plans?limit=2")
    rest = await listed(desk, f"/training-plans?limit=2&cursor={first['next_cursor']}")
    assert [found["plan_id"] for page in (first, rest) for found in page["plans"]] == plans[::-1]
    assert rest["next_cursor"] is None


async def test_targets_outlast_a_plan_and_its_needs_do_not(desk: Desk) -> None:
    """F19: a year is measured by the targets of its plans, the later plan's where two speak of one unit."""
    plan = await adopted(desk)
    later = {"coverage_percent": 70, "quality_percent": 60, "units": []}
    other = await adopted(desk, title="All", targets=later, needs=[])
    await desk.project()
    found = {target.unit: target for target in await training_targets(desk.house.pool)}
    assert (found[WHOLE].plan_id, found[WHOLE].coverage_percent) == (other, 70)
    assert (found["Registry"].coverage_percent, found["Registry"].quality_percent) == (95, 90)
    assert await training_needs(desk.house.pool) == [NeedRow(plan, 2027, "computer room", 40)]

    await desk.done(f"/training-plans/{plan}/closings", CLOSED)
    await desk.done(f"/training-plans/{other}/closings", CLOSED | {"outcome": "withdrawn"})
    await desk.project()
    assert {target.plan_id for target in await training_targets(desk.house.pool)} == {plan}
    assert await training_needs(desk.house.pool) == []


async def test_the_same_key_adopts_one_plan(desk: Desk) -> None:
    first = await desk.done("/training-plans", PLAN, key="one-plan-once")
    again = await desk.done("/training-plans", PLAN, key="one-plan-once")
    assert (again["plan_id"], again["repeated"]) == (first["plan_id"], True)
    tried = await desk.done("/training-plans", PLAN, query="?dry_run=true")
    assert (tried["recorded"], tried["events"][0]["type"]) == (False, "training_plan_adopted")
    assert len((await listed(desk, "/training-plans"))["plans"]) == 1
