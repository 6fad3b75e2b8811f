"""The report on promotion by unit, through the door."""

from typing import Any

from tests.desk import Desk, S, V

REPORT = "/api/v1/reports/promotion-by-unit"


def nominee(number: int, unit: str | None) -> dict[str, Any]:
    stated = {} if unit is None else {"unit_of_origin": unit}
    return {"person": f"staff-{number}", "particulars": {"full_name": f"Person {number}"}, **stated}


async def counted(desk: Desk) -> None:
    """Five of Registry and six of Water stood for an office, and one of nowhere; one of Registry was appointed."""
    people = [nominee(number, "Registry") for number in range(5)] + [
        nominee(number, "=Water") for number in range(5, 11)
    ]
    case_id, candidates = await desk.nominated(*people, nominee(11, None))
    for candidate in candidates[1:]:
        await desk.done(f"/cases/{case_id}/candidate-withdrawals", {"candidate_id": candidate})
    verified = {"candidate_id": candidates[0], "hours": 600, "basis": "register 12/2026"}
    await desk.done(f"/cases/{case_id}/training-verifications", verified, S)
    await desk.through_to_office(case_id, candidates[:1])
    await desk.project()


async def test_rates_stand_beside_each_other_with_a_flag(desk: Desk) -> None:
    await counted(desk)
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["appointed"], report["not_stated"], report["hidden_units"]) == (11, 1, 1, 0)
    assert [(found["unit"], found["nominated"], found["imbalance"]) for found in report["units"]] == [
        ("=Water", 6, "below"),
        ("Registry", 5, "above"),
    ]


async def test_the_table_is_text_to_a_spreadsheet_and_never_a_formula(desk: Desk) -> None:
    await counted(desk)
    answer = await desk.get(f"{REPORT}?format=csv", V)
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "unit,nominated,appointed,rate,rate_elsewhere,imbalance"
    assert lines[1] == "'=Water,6,0,0.0,0.2,below" and lines[2].startswith("Registry,5,1,0.2,")


async def test_a_case_under_way_counts_nobody_and_one_that_ends_counts_once(desk: Desk) -> None:
    case_id, _ = await desk.nominated(*(nominee(number, "Registry") for number in range(5)))
    await desk.project()
    assert (await desk.get(REPORT)).json()["nominated"] == 0
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["appointed"]) == (5, 0)
    assert "staff-" not in str(report)


async def test_whoever_is_forgotten_before_the_count_counts_where_no_unit_is_stated(desk: Desk) -> None:
    case_id, _ = await desk.nominated(nominee(1, "Registry"))
    person = await desk.house.keys.subject_for("staff-1")
    assert hasattr(desk.house.keys, "_pool")
    await desk.house.keys._pool.execute("DELETE FROM owner_key WHERE owner = $1", f"person/{person}")
    await desk.done(f"/cases/{case_id}/withdrawals", {"reason": "The post was abolished."})
    await desk.project()
    report = (await desk.get(REPORT)).json()
    assert (report["nominated"], report["not_stated"]) == (0, 1)
