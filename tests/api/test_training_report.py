"""The reports on training at the door: open to everybody, still until the quarter is over, and never of somebody."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from api.training_plan import PLAN
from api.training_record import RECORD
from domain.access import TrainingFileRead, TrainingListRead, access_stream
from domain.identity import OfficerId
from eventstore.codec import decode
from tests.classroom import Classroom
from tests.desk import Desk, P, S
from tests.examples import at

REPORTS = ("coverage", "methods", "teachers", "facilities", "promotion")
NEXT_QUARTER = at("2026-04-01")
IN_FEBRUARY = date(2026, 2, 2)


async def serves(desk: Desk, person: str, unit: str, hours: int, *, passed: bool = True) -> None:
    service = {"person": person, "unit": unit, "pack": "standard", "rank": "officer", "since_on": "2020-01-01"}
    await desk.done("/service-registrations", service)
    days = {"began_on": str(IN_FEBRUARY), "ended_on": str(IN_FEBRUARY + timedelta(days=9))}
    said = {"hours": hours, "attended_hours": hours, "leave_hours": 0, "passed": passed, **days}
    await desk.done("/training-records", {"person": person, "record": RECORD | said}, S)


async def office(desk: Desk) -> None:
    """Six of ten of `=Registry` are in order, five of five of Water, and one of the Lighthouse."""
    for n in range(10):
        await serves(desk, f"r{n}", "=Registry", 40 if n < 6 else 8, passed=n < 7)
    for n in range(5):
        await serves(desk, f"w{n}", "Water", 50)
    await serves(desk, "keeper", "Lighthouse", 40)


async def read(desk: Desk, report: str, query: str = "") -> dict[str, Any]:
    """What somebody without a token reads."""
    await desk.project()
    answer = await desk.http.get(f"/api/v1/reports/training/{report}?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of_2026(found: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    named = ("people", "in_order", "coverage", "coverage_target", "trainings", "passed")
    return {row["unit"]: tuple(row[name] for name in named) for row in found["rows"] if row["year"] == 2026}


async def test_coverage_and_quality_stand_by_unit_beside_the_plans_target(desk: Desk) -> None:
    await office(desk)
    targets = {"coverage_percent": 90, "quality_percent": 80, "units": [{"unit": "Water", "coverage_percent": 100}]}
    await desk.done("/training-plans", PLAN | {"year": 2026, "targets": targets})
    desk.clock.at = NEXT_QUARTER
    found = await read(desk, "coverage")
    assert (found["as_of"], found["first_year"], found["smallest_cell"]) == ("2026-03-31", 2022, 5)
    assert "last day of the year" in found["method"]["en"] and "覆盖率" in found["method"]["zh"]
    # The Lighthouse is one person, and is hidden with Water, the next smallest.
    assert of_2026(found) == {
        "": (16, 12, 0.75, 90, 16, 13),
        "=Registry": (10, 6, 0.6, 90, 10, 7),
        "Lighthouse": (None, None, None, 90, None, None),
        "Water": (None, None, None, 100, None, None),
    }
    alone = await read(desk, "coverage", "unit=%3DRegistry")
    assert {row["unit"] for row in alone["rows"]} == {"=Registry"}


async def test_figures_stand_still_until_the_quarter_is_over_and_then_show_what_was_corrected(desk: Desk) -> None:
    await office(desk)
    desk.clock.at = NEXT_QUARTER
    before = await read(desk, "coverage")
    more = RECORD | {
        "hours": 40,
        "attended_hours": 40,
        "leave_hours": 0,
        "began_on": "2026-02-02",
        "ended_on": "2026-02-11",
    }
    await desk.done(
        "/training-record-corrections", {"person": "r9", "entry": 1, "record": more, "reason": "Counted twice."}, S
    )
    assert await read(desk, "coverage") == before
    desk.clock.at = at("2026-07-01")
    assert of_2026(await read(desk, "coverage"))["=Registry"][:2] == (10, 7)


async def test_somebody_who_moves_counts_where_they_serve_on_the_last_day(desk: Desk) -> None:
    await office(desk)
    moved = {"person": "r0", "unit": "Water", "pack": "standard", "rank": "officer", "since_on": "2026-03-01"}
    await desk.done("/service-registrations", moved)
    await desk.done("/service-endings", {"person": "keeper", "until_on": "2026-03-01"})
    desk.clock.at = NEXT_QUARTER
    assert {unit: row[0] for unit, row in of_2026(await read(desk, "coverage")).items()} == {
        "": 15,
        "=Registry": 9,
        "Water": 6,
    }


async def test_methods_of_the_packs_stand_there_even_unused(desk: Desk) -> None:
    await office(desk)
    desk.clock.at = NEXT_QUARTER
    rows = {row["method"]: row for row in (await read(desk, "methods"))["rows"] if row["year"] == 2026}
    assert (rows["off_job"]["trainings"], rows["off_job"]["attendance"]) == (16, 1.0)
    unused = [row for name, row in rows.items() if name and name != "off_job"]
    assert unused and all(row["trainings"] == 0 and row["pass_share"] is None for row in unused)


async def test_ratings_and_teachers_stand_still_too_so_that_nobody_is_found_by_subtracting(desk: Desk) -> None:
    plan = (await desk.done("/training-plans", PLAN | {"year": 2026}))["plan_id"]
    teachers = [await teacher(desk, n) for n in range(5)]
    school = Classroom(desk)
    body = school.course_body(teachers=teachers) | {"plan_id": plan}
    course_id = str((await desk.done("/courses", body, S))["course_id"])
    pupils = [{"person": f"pupil-{n}"} for n in range(6)]
    for who in pupils:
        await school.enrolled(course_id, who)
        await school.recorded(course_id, who)
        await school.completed(course_id, who)
    for who in pupils[:5]:
        await desk.done(f"/courses/{course_id}/ratings", {"rating": 4}, subject=who["person"])
    desk.clock.at = NEXT_QUARTER
    before = [await read(desk, report) for report in ("methods", "teachers")]
    assert (rated(before[0]), {row["team"] for row in before[1]["rows"]}) == ((5, 4.0), {5})
    await desk.done(f"/courses/{course_id}/ratings", {"rating": 1}, subject="pupil-5")
    await teacher(desk, 0, profession="history")
    assert [await read(desk, report) for report in ("methods", "teachers")] == before
    desk.clock.at = at("2026-07-01")
    after = [await read(desk, report) for report in ("methods", "teachers")]
    assert {row["name"] for row in after[1]["rows"]} >= {"law", "history"}
    assert rated(after[0]) == (5, 4.0), "one rating more would be what one person gave"


async def teacher(desk: Desk, number: int, profession: str = "law") -> str:
    terms = {"staff_type": "visiting", "profession": profession, "birth_year": 1974, "from_on": "2026-01-01"}
    return str((await desk.done("/teachers", {"person": f"teacher-{number}", "terms": terms}, S))["person_id"])


def rated(found: dict[str, Any]) -> tuple[int, float]:
    (row,) = [row for row in found["rows"] if (row["year"], row["method"]) == (2026, "off_job")]
    return row["ratings"], row["rating"]


async def test_what_plans_need_stands_against_what_facilities_have(desk: Desk) -> None:
    needs = [{"name": "computer room", "places": 40}, {"name": "places", "places": 30}]
    await desk.done("/training-plans", PLAN | {"needs": needs})
    hall = {"title": "Hall", "places": 60, "equipment": {"computer_room": 25}, "available_from_on": "2026-01-01"}
    await desk.done("/facilities", hall, S)
    found = {
        row["name"]: (row["needed"], row["available"], row["short"]) for row in (await read(desk, "facilities"))["rows"]
    }
    assert found == {"computer_room": (40, 25, 15), "places": (30, 60, 0)}


async def test_a_single_appointment_shows_nothing(desk: Desk) -> None:
    await desk.appointed()
    desk.clock.at = at("2026-10-01")
    found = await read(desk, "promotion")
    assert [(row["by"], row["people"], row["in_order"]) for row in found["rows"] if row["by"] != "outcome"] == [
        ("all", None, None),
        ("year", None, None),
        ("rank", None, None),
    ]


@pytest.mark.parametrize("report", REPORTS)
async def test_each_report_is_a_table_without_formulas_and_a_drawing_for_everybody(desk: Desk, report: str) -> None:
    await office(desk)
    desk.clock.at = NEXT_QUARTER
    await desk.project()
    table = await desk.http.get(f"/api/v1/reports/training/{report}?format=csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert f'"training-{report}-2026-03-31.csv"' in table.headers["content-disposition"]
    cells = [cell for row in csv.reader(io.StringIO(table.content.decode("utf-8-sig"))) for cell in row]
    assert cells and not any(cell.startswith(("=", "+", "@", "-")) for cell in cells)
    assert ("'=Registry" in cells) is (report == "coverage")
    for language in ("en", "zh"):
        drawing = await desk.http.get(f"/api/v1/reports/training/{report}?format=svg&language={language}")
        assert drawing.headers["content-type"] == "image/svg+xml"
        assert drawing.text.startswith("<svg") and 'role="img"' in drawing.text and "<desc>" in drawing.text


async def test_nothing_personal_is_in_any_report(desk: Desk) -> None:
    await office(desk)
    person = (await desk.done("/training-records", {"person": "keeper", "record": RECORD | {"number": "9"}}, S))[
        "person_id"
    ]
    desk.clock.at = NEXT_QUARTER
    for report in REPORTS:
        assert person not in str(await read(desk, report))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_page_shows_them_with_no_token(desk: Desk, language: str) -> None:
    await office(desk)
    desk.clock.at = NEXT_QUARTER
    await desk.project()
    whole = await desk.http.get(f"/{language}/training/reports")
    assert whole.status_code == 200 and "=Registry" in whole.text and whole.text.count("<svg") == 3
    unit = await desk.http.get(f"/{language}/training/reports?unit=%3DRegistry")
    assert "60.0%" in unit.text and "Water" not in unit.text
    assert (await desk.http.get("/fr/training/reports")).status_code == 404


async def test_staff_read_the_figures_of_one_person_or_a_small_unit_and_the_reading_is_on_the_log(
    desk: Desk,
) -> None:
    await office(desk)
    await desk.project()
    one = await desk.done("/training-figures", {"person": "r8"}, P)
    (year,) = [row for row in one["years"] if row["year"] == 2026]
    assert (year["unit"], year["people"], year["coverage"], year["quality"]) == ("=Registry", 1, 0.0, 0.0)
    assert one["standing"] == "/api/v1/training-standings"
    subject = OfficerId(await desk.house.keys.subject_for("example-personnel"))
    read = [decode(row).event for row in await desk.house.store.read_stream(access_stream(subject))]
    assert [event.alias for event in read] == [TrainingFileRead.alias]
    small = await desk.done("/training-figures", {"unit": "Lighthouse"}, P)
    (year,) = [row for row in small["years"] if row["year"] == 2026]
    assert (small["person_id"], year["unit"], year["people"], year["coverage"]) == (None, "Lighthouse", 1, 1.0)
    last = decode((await desk.house.store.read_stream(access_stream(subject)))[-1]).event
    assert isinstance(last, TrainingListRead) and last.unit == "Lighthouse"
    assert (await desk.post("/training-figures", {"unit": "Lighthouse", "person": "r8"}, P)).status_code == 422
