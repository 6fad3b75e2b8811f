"""What is small is hidden, and what is hidden cannot be had by subtraction."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identity import PersonId
from domain.small_group import SMALLEST_CELL, Group, HeadCount, heads_together, hidden, last_closed, quarter_of
from domain.training_report import Split, splits_together


def test_a_count_of_four_is_hidden_and_one_sibling_with_it() -> None:
    counts = [HeadCount("a", 4), HeadCount("b", 7), HeadCount("c", 9)]
    assert hidden(counts, heads_together) == {"a", "b"}


def test_counts_that_are_small_together_take_a_sibling_too() -> None:
    assert hidden([HeadCount("a", 1), HeadCount("b", 2), HeadCount("c", 8), HeadCount("d", 9)], heads_together) == {
        *("a", "b", "c")
    }


def test_small_counts_that_hide_each_other_take_nobody_with_them() -> None:
    assert hidden([HeadCount("a", 4), HeadCount("b", 2), HeadCount("c", 7)], heads_together) == {"a", "b"}


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert hidden([HeadCount("a", 5), HeadCount("b", 50)], heads_together) == frozenset()
    assert hidden([], heads_together) == frozenset()


def split(name: str, yes: int, no: int) -> Split:
    people = [PersonId(f"{name}{number}") for number in range(yes + no)]
    return Split(name, frozenset(people[:yes]), frozenset(people[yes:]))


@pytest.mark.parametrize(
    ("yes", "no", "tells"),
    [(4, 0, True), (2, 3, True), (3, 2, True), (4, 1, True), (0, 9, True), (5, 0, False), (3, 3, False), (9, 3, False)],
)
def test_a_split_tells_of_somebody_unless_enough_stand_on_each_side_or_all_on_the_good_one(
    yes: int, no: int, tells: bool
) -> None:
    assert split("a", yes, no).tells_of_somebody is tells


def test_somebody_in_two_groups_is_one_person_when_they_are_put_together() -> None:
    one = frozenset({PersonId("a"), PersonId("b"), PersonId("c")})
    together = splits_together([Split("x", one, frozenset()), Split("y", one, frozenset())])
    assert together.size == 3 and together.tells_of_somebody


@pytest.mark.parametrize(("day", "first"), [("2026-11-22", "2026-10-01"), ("2026-03-31", "2026-01-01")])
def test_a_quarter_begins_on_the_first_of_its_month(day: str, first: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == date.fromisoformat(first)
    assert last_closed(date.fromisoformat(day)) < date.fromisoformat(first)


def unreachable(groups: Sequence[Group], together: Callable[[Sequence[Group]], Group]) -> bool:
    """Nothing shown tells of somebody, and neither does what is left of the total without the shown."""
    kept_back = hidden(groups, together)
    shown = [found for found in groups if found.name not in kept_back]
    rest = [found for found in groups if found.name in kept_back]
    if any(found.tells_of_somebody for found in shown) or (len(rest) == 1 and shown):
        return False
    return not shown or not rest or not together(rest).tells_of_somebody


NAMES = st.text(min_size=1, max_size=3)


@given(st.dictionaries(NAMES, st.integers(0, 30), max_size=8))
def test_nobody_subtracts_a_hidden_count_from_the_total(sizes: dict[str, int]) -> None:
    counts = [HeadCount(name, size) for name, size in sizes.items()]
    assert unreachable(counts, heads_together)  # type: ignore[arg-type]
    assert not any(found.size < SMALLEST_CELL for found in counts if found.name not in hidden(counts, heads_together))


SIDES = st.frozensets(st.integers(0, 25).map(lambda number: PersonId(str(number))), max_size=20)


@given(st.dictionaries(NAMES, st.tuples(SIDES, SIDES), max_size=8))
def test_nobody_subtracts_a_hidden_share_from_the_total_not_even_where_people_stand_in_several_groups(
    sides: dict[str, tuple[frozenset[PersonId], frozenset[PersonId]]],
) -> None:
    assert unreachable([Split(name, yes, no) for name, (yes, no) in sides.items()], splits_together)  # type: ignore[arg-type]
