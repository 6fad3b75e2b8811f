"""Coverage and quality by unit and year, counted by hand; what is small is hidden in each of both by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import OrganId, PersonId
from domain.small_group import SMALLEST_CELL
from domain.training_file import FiledRecord, Service
from domain.training_report import (
    WHOLE,
    Fellow,
    MeasuredYear,
    Target,
    UnitYear,
    YearOf,
    plain_years,
    services_of,
    unit_years,
    year_of,
    years_until,
)
from tests.examples import pack
from tests.spec import studied

STANDARD = {"standard": pack("standard")}
Y2025 = MeasuredYear(2025, date(2025, 12, 31))
CLERK = Service("Registry", "standard", "officer", date(2020, 1, 1))


def fellow(*records: tuple[int, date, bool], service: Service = CLERK, person: str = "a") -> Fellow:
    filed = [
        FiledRecord(
            entry, OrganId("school"), studied(hours, ended_on, number=str(entry)).model_copy(update={"passed": passed})
        )
        for entry, (hours, ended_on, passed) in enumerate(records, start=1)
    ]
    return Fellow(PersonId(person), (service,), tuple(filed))


def test_the_running_year_is_measured_by_the_last_day_that_counts() -> None:
    years = years_until(date(2026, 9, 30))
    assert [found.year for found in years] == [2022, 2023, 2024, 2025, 2026]
    assert [found.on for found in years][-2:] == [date(2025, 12, 31), date(2026, 9, 30)]


def test_a_persons_year_is_their_standing_on_its_last_day_and_what_ended_in_it() -> None:
    """An officer of `standard` needs 40 hours in the year before."""
    trained = fellow((40, date(2025, 3, 1), True), (8, date(2025, 6, 1), False), (60, date(2024, 6, 1), True))
    assert year_of(trained, Y2025, STANDARD) == YearOf(PersonId("a"), "Registry", True, 1, 1)
    assert year_of(fellow((39, date(2025, 3, 1), True)), Y2025, STANDARD) == YearOf(
        PersonId("a"), "Registry", False, 1, 0
    )
    later = fellow((40, date(2026, 1, 1), True))
    assert year_of(later, Y2025, STANDARD) == YearOf(PersonId("a"), "Registry", False, 0, 0)


@pytest.mark.parametrize(
    "service",
    [
        replace(CLERK, until_on=date(2025, 12, 30)),
        replace(CLERK, since_on=date(2026, 1, 1)),
        replace(CLERK, pack="gone"),
        replace(CLERK, rank="unheard_of"),
    ],
)
def test_who_did_not_serve_on_the_last_day_or_at_a_rank_that_asks_for_nothing_is_not_counted(service: Service) -> None:
    assert year_of(fellow((40, date(2025, 3, 1), True), service=service), Y2025, STANDARD) is None


def test_services_follow_each_other_as_the_register_was_told() -> None:
    a = PersonId("a")
    moved = Service("Treasury", "standard", "officer", date(2024, 5, 1))
    found = services_of([(a, CLERK), (a, moved), (a, date(2025, 8, 31))])[a]
    assert sorted((spell.unit, spell.since_on, spell.until_on) for spell in found) == [
        ("Registry", date(2020, 1, 1), date(2024, 4, 30)),
        ("Treasury", date(2024, 5, 1), date(2025, 8, 31)),
    ]
    back = services_of([(a, CLERK), (a, date(2021, 1, 31)), (a, moved)])[a]
    assert sorted(str(spell.until_on) for spell in back) == ["2021-01-31", "None"]


def test_a_service_that_is_told_again_takes_the_place_of_what_was_told() -> None:
    a = PersonId("a")
    assert services_of([(a, CLERK), (a, replace(CLERK, rank="senior"))])[a] == (replace(CLERK, rank="senior"),)
    assert services_of([(a, date(2025, 8, 31))]) == {a: ()}


def people(unit: str, in_order: int, out: int, passed: int = 0, failed: int = 0) -> list[YearOf]:
    """So many people; the first have passed or failed one training each."""
    return [
        YearOf(PersonId(f"{unit}{n}"), unit, n < in_order, int(n < passed), int(passed <= n < passed + failed))
        for n in range(in_order + out)
    ]


def by_unit(rows: list[UnitYear]) -> dict[str, tuple[int | None, int | None, int | None, int | None]]:
    return {row.unit: (row.people, row.in_order, row.trainings, row.passed) for row in rows}


def test_coverage_and_quality_counted_by_hand() -> None:
    rows = unit_years(
        [*people("Registry", 8, 2, 6, 3), *people("Water", 6, 4, 10), *people("Roads", 4, 16, 5, 5)],
        Y2025,
        {(2025, WHOLE): Target(90, 80), (2025, "Roads"): Target(50, None), (2024, "Water"): Target(1, 1)},
    )
    # Two of Registry are out of order, which tells of them: it is hidden, with Water, the next smallest.
    assert by_unit(rows) == {
        WHOLE: (40, 18, 29, 21),
        "Registry": (None, None, 9, 6),
        "Roads": (20, 4, 10, 5),
        "Water": (None, None, 10, 10),
    }
    whole, registry, roads, water = rows
    assert (whole.coverage, whole.quality, roads.coverage, water.quality) == (0.45, 0.7241, 0.2, 1.0)
    assert (registry.coverage, registry.coverage_target) == (None, 90)
    assert (roads.coverage_target, roads.quality_target, water.coverage_target) == (50, 80, 90)


def test_where_all_are_in_order_that_is_shown() -> None:
    assert by_unit(unit_years(people("Registry", 12, 0), Y2025, {}))["Registry"] == (12, 12, None, None)


def test_an_office_too_small_to_be_counted_shows_no_total_either() -> None:
    rows = unit_years(people("Registry", 3, 1, 4), Y2025, {})
    assert by_unit(rows) == {WHOLE: (None,) * 4, "Registry": (None,) * 4}


def test_nothing_is_hidden_from_whoever_may_read_the_files_themselves() -> None:
    one = fellow((40, date(2025, 3, 1), True), (8, date(2025, 6, 1), False))
    rows = plain_years([one], date(2026, 2, 28), STANDARD, {})
    assert [(row.year, row.people, row.in_order, row.trainings, row.passed) for row in rows][-2:] == [
        (2025, 1, 1, 2, 1),
        (2026, 1, 1, 0, 0),
    ]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)), max_size=6))
def test_no_hidden_unit_can_be_subtracted_from_all_units(sizes: list[tuple[int, int, int, int]]) -> None:
    everybody = [of for n, size in enumerate(sizes) for of in people(f"unit {n}", *size)]
    rows = unit_years(everybody, Y2025, {})
    whole, units = rows[0], rows[1:]
    if whole.people is None or whole.in_order is None:
        return
    shown = [row for row in units if row.people is not None]
    assert all(row.people >= SMALLEST_CELL for row in shown if row.people is not None)
    left = whole.people - sum(row.people or 0 for row in shown)
    out = left - (whole.in_order - sum(row.in_order or 0 for row in shown))
    if shown and len(shown) < len(units):
        assert len(units) - len(shown) > 1 and left >= SMALLEST_CELL
        assert out == 0 or out >= 3


def test_a_year_begins_on_new_years_day() -> None:
    eve, day = date(2024, 12, 31), date(2025, 1, 1)
    found = [year_of(fellow((9, ended, True)), Y2025, STANDARD) for ended in (eve, day, day - timedelta(days=1))]
    assert [each.passed for each in found if each] == [0, 1, 0]
