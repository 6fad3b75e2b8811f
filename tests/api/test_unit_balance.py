"""The report on promotion by unit, through the door."""

from datetime import date
from typing import Any

from tests.desk import Desk, V
from tests.examples import at

REPORT = "/api/v1/reports/promotion-by-unit"


def nominee(number: int, unit: str | None) -> dict[str, Any]:
    stated = {} if unit is None else {"unit_of_origin": unit}
    return {"person": f"staff-{number}", "particulars": {"full_name": f"Person {number}"}, **stated}


NEXT_QUARTER = at("2026-04-01")


async def counted(desk: Desk) -> None:
    """What many cases came to: four of ten of Registry were appointed, three of twelve of Water, and one of nowhere.

    An appointment takes ten steps, so the rows are written as the projection writes them.
    """
    await desk.project()
    for name, nominated, appointed in (("Registry", 10, 4), ("=Water", 12, 3), ("", 1, 0)):
        count = (name and f"hash of {name}", date(2026, 1, 1), nominated, appointed, name or None)
        await desk.house.pool.execute("INSERT INTO read_model.unit_balance VALUES ($1, $2, $3, $4, $5)", *count)
    desk.clock.at = NEXT_QUARTER


async def test_rates_stand_beside_each_other_with_a_flag_and_say_of_when_they_are(desk: Desk) -> None:
    await counted(desk)
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["appointed"], report["not_stated"], report["hidden_units"]) == (22, 7, 1, 0)
    assert [(found["unit"], found["nominated"], found["imbalance"]) for found in report["units"]] == [
        ("=Water", 12, "below"),
        ("Registry", 10, "above"),
    ]
    assert report["as_of"] == "2026-03-31" and "last closed quarter" in report["method"]


async def test_the_table_is_text_to_a_spreadsheet_and_never_a_formula(desk: Desk) -> None:
    await counted(desk)
    answer = await desk.get(f"{REPORT}?format=csv", V)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "promotion-by-unit-2026-03-31.csv" in answer.headers["content-disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "unit,nominated,appointed,rate,rate_elsewhere,imbalance"
    assert lines[1] == "'=Water,12,3,0.25,0.4,below" and lines[2].startswith("Registry,10,4,0.4,")


async def test_one_appointment_changes_nothing_before_its_quarter_is_over(desk: Desk) -> None:
    case_id, (candidate,) = await desk.nominated(nominee(1, "Registry"))
    await desk.verified(case_id, candidate, 600)
    await desk.project()
    before = (await desk.get(REPORT)).json()
    await desk.through_to_office(case_id, [candidate])
    await desk.project()
    assert (await desk.get(REPORT)).json() == before
    desk.clock.at = NEXT_QUARTER
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["appointed"], report["hidden_units"]) == (1, 1, 1)


async def test_a_case_under_way_counts_nobody_and_one_that_ends_counts_once(desk: Desk) -> None:
    case_id, _ = await desk.nominated(*(nominee(number, "Registry") for number in range(5)))
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.nominated(nominee(6, "Registry"), post_id="under-way")
    await desk.project()
    desk.clock.at = NEXT_QUARTER
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["appointed"]) == (5, 0)
    assert "staff-" not in str(report)


async def test_the_name_of_a_small_unit_is_nowhere_in_the_read_model(desk: Desk) -> None:
    case_id, _ = await desk.nominated(nominee(1, "The lighthouse"))
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    rows = await desk.house.pool.fetch("SELECT * FROM read_model.unit_balance")
    assert [row["nominated"] for row in rows] == [1] and "lighthouse" not in str(rows)


async def test_whoever_is_forgotten_before_the_count_counts_where_no_unit_is_stated(desk: Desk) -> None:
    case_id, _ = await desk.nominated(nominee(1, "Registry"))
    person = await desk.house.keys.subject_for("staff-1")
    assert hasattr(desk.house.keys, "_pool")
    await desk.house.keys._pool.execute("DELETE FROM owner_key WHERE owner = $1", f"person/{person}")
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    desk.clock.at = NEXT_QUARTER
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["not_stated"]) == (0, 1)
