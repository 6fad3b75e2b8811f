"""Rates of units beside each other: what is small is hidden and never alone, what is uneven is flagged."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.small_group import SMALLEST_CELL, SMALLEST_PART, last_closed
from domain.unit_balance import UnitBalance, UnitCount, unit_balance


def shown(balance: UnitBalance) -> list[str]:
    return [found.unit for found in balance.units]


def test_a_unit_whose_people_are_appointed_more_often_than_the_others_is_flagged_and_so_are_the_others() -> None:
    balance = unit_balance([UnitCount("Registry", 10, 6), UnitCount("Water", 20, 3), UnitCount("Roads", 20, 6)])
    assert [(found.unit, found.imbalance) for found in balance.units] == [
        ("Roads", None),
        ("Water", "below"),
        ("Registry", "above"),
    ]
    water = balance.units[1]
    assert (water.nominated, water.appointed, water.rate, water.rate_elsewhere) == (20, 3, 0.15, 0.4)


def test_at_four_fifths_nothing_is_flagged_and_below_it_both_sides_are() -> None:
    at_the_line = unit_balance([UnitCount("a", 10, 4), UnitCount("b", 10, 5)])
    assert [found.imbalance for found in at_the_line.units] == [None, None]
    past_it = unit_balance([UnitCount("a", 100, 39), UnitCount("b", 100, 50)])
    assert [found.imbalance for found in past_it.units] == ["below", "above"]


def test_a_cell_of_four_is_hidden_and_one_sibling_with_it() -> None:
    balance = unit_balance([UnitCount("a", 4, 2), UnitCount("b", 7, 3), UnitCount("c", 9, 3)])
    assert shown(balance) == ["c"]
    assert (balance.hidden_units, balance.nominated, balance.appointed) == (2, 20, 8)


@pytest.mark.parametrize("appointed", [0, 2, 6, 8])
def test_a_cell_of_whom_nearly_all_or_nearly_none_were_appointed_is_hidden_and_one_sibling_with_it(
    appointed: int,
) -> None:
    balance = unit_balance([UnitCount("a", 8, appointed), UnitCount("b", 9, 4), UnitCount("c", 10, 4)])
    assert shown(balance) == ["c"]


@pytest.mark.parametrize("appointed", [3, 5])
def test_with_three_of_each_a_cell_is_shown(appointed: int) -> None:
    assert len(unit_balance([UnitCount("a", 8, appointed), UnitCount("b", 9, 4)]).units) == 2


def test_small_cells_that_are_small_together_take_a_sibling_too() -> None:
    balance = unit_balance([UnitCount("a", 1, 1), UnitCount("b", 2, 0), UnitCount("c", 7, 3), UnitCount("d", 8, 3)])
    assert shown(balance) == ["d"]


def test_small_cells_that_hide_each_other_take_nobody_with_them() -> None:
    balance = unit_balance([UnitCount("a", 4, 1), UnitCount("b", 4, 2), UnitCount("c", 7, 3)])
    assert (shown(balance), balance.hidden_units) == (["c"], 2)


def test_a_single_unit_has_nothing_to_stand_beside() -> None:
    (only,) = unit_balance([UnitCount("a", 8, 3)]).units
    assert (only.rate_elsewhere, only.imbalance) == (None, None)
    assert unit_balance([]) == UnitBalance(0, 0, 0, ())


@pytest.mark.parametrize(
    ("today", "closed"),
    [
        ("2026-01-01", "2025-12-31"),
        ("2026-03-31", "2025-12-31"),
        ("2026-04-01", "2026-03-31"),
        ("2026-11-22", "2026-09-30"),
    ],
)
def test_figures_stand_still_for_a_quarter(today: str, closed: str) -> None:
    assert last_closed(date.fromisoformat(today)) == date.fromisoformat(closed)


COUNTS = st.dictionaries(st.text(min_size=1, max_size=3), st.tuples(st.integers(1, 30), st.integers(0, 30)), max_size=8)


@given(COUNTS)
def test_no_shown_unit_tells_of_somebody_and_the_hidden_cannot_be_told_from_the_total(
    sizes: dict[str, tuple[int, int]],
) -> None:
    balance = unit_balance([UnitCount(unit, size, min(size, of)) for unit, (size, of) in sizes.items()])
    assert all(
        found.nominated >= SMALLEST_CELL and SMALLEST_PART <= found.appointed <= found.nominated - SMALLEST_PART
        for found in balance.units
    )
    assert len(balance.units) + balance.hidden_units == len(sizes)
    rest = UnitCount(
        "",
        balance.nominated - sum(found.nominated for found in balance.units),
        balance.appointed - sum(found.appointed for found in balance.units),
    )
    if balance.units:
        assert balance.hidden_units != 1 and (rest.nominated == 0 or not rest.tells_of_somebody)
