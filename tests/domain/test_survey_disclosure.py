"""No figure of a survey tells of too few people, and none can be had by subtracting figures from each other."""

from collections.abc import Collection
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.survey_disclosure import Minimum, Published, parts, shown_classes, shows_choices, shows_share, shows_whole

HOUSE = Minimum(cell=5, difference=3)
PUBLIC = Minimum(cell=10, difference=3)
SENSITIVE = Minimum(cell=20, difference=10)
MINIMA = st.sampled_from([HOUSE, PUBLIC, SENSITIVE])


def test_a_class_that_is_too_small_takes_the_next_smallest_with_it() -> None:
    assert shown_classes({"a": 9, "b": 40, "c": 300}, PUBLIC) == {"c"}
    assert shown_classes({"a": 9, "b": 40}, PUBLIC) == frozenset()
    assert shown_classes({"a": 0, "b": 40, "c": 300}, PUBLIC) == {"c"}
    assert shown_classes({"a": 10, "b": 40, "c": 300}, PUBLIC) == {"a", "b", "c"}
    assert shown_classes({"a": 9, "b": 40, "c": 300}, HOUSE) == {"a", "b", "c"}


@pytest.mark.parametrize(("answers", "shown"), [({"a": 4, "b": 5}, False), ({"a": 5, "b": 5}, True), ({}, False)])
def test_nothing_at_all_is_shown_of_fewer_than_the_minimum(answers: dict[str, int], shown: bool) -> None:
    assert shows_whole(answers, PUBLIC) is shown


def test_a_class_is_shown_answer_by_answer_only_when_each_was_given_by_enough() -> None:
    assert shows_choices((20, 45, 20, 10, 5), HOUSE)
    assert not shows_choices((20, 45, 20, 10, 5), PUBLIC)
    assert shows_choices((20, 0), HOUSE), "nobody is told of by an answer that nobody gave"


@pytest.mark.parametrize(
    ("ticked", "answered", "shown"), [(10, 20, True), (9, 20, False), (10, 19, False), (21, 30, False), (20, 30, True)]
)
def test_a_sensitive_yes_or_no_needs_enough_on_either_side(ticked: int, answered: int, shown: bool) -> None:
    assert shows_share(ticked, answered, SENSITIVE) is shown


def test_second_report_that_differs_in_two_people_is_refused_and_the_same_one_again_is_not() -> None:
    book = Published(HOUSE, {"a": 50, "b": 2, "c": 30})
    assert book.take({"a"})
    assert not book.take({"a", "b"})
    assert book.take({"a", "c"}) and book.take({"a"})
    assert not book.take({"b"}) and not book.take(set())


def test_two_reports_that_share_one_person_are_refused_although_they_differ_in_eighteen() -> None:
    book = Published(HOUSE, {"x": 1, "a": 9, "b": 9})
    assert book.take({"x", "a"})
    assert not book.take({"x", "b"}), "with {a, b} as a third, x would be left"
    assert book.take({"x", "a", "b"})


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60), min_size=1), MINIMA)
def test_shown_classes_and_the_whole_leave_nothing_small(answers: dict[str, int], minimum: Minimum) -> None:
    book = Published(minimum, answers)
    assert book.take(answers) is shows_whole(answers, minimum)
    for name in shown_classes(answers, minimum) if shows_whole(answers, minimum) else ():
        assert answers[name] >= minimum.cell
        assert book.take({name}), name


SIZES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 25), min_size=1)


@given(SIZES, st.lists(st.sets(st.sampled_from("abcdefg")), max_size=12), MINIMA)
def test_no_sum_or_difference_of_what_any_sequence_of_questions_got_is_a_small_group(
    sizes: dict[str, int], questions: list[set[str]], minimum: Minimum
) -> None:
    book = Published(minimum, sizes)
    answered = [frozenset(asked) for asked in questions if asked <= set(sizes) and book.take(asked)]
    for signs in product((-1, 0, 1), repeat=min(len(answered), 5)):
        assert not _small_group(signs, answered, sizes, minimum), (signs, answered)


def _small_group(
    signs: Collection[int], answered: list[frozenset[str]], sizes: dict[str, int], minimum: Minimum
) -> bool:
    """Whether adding and subtracting reports so leaves each person once or not at all, and few of them."""
    times = {name: sum(s for s, report in zip(signs, answered, strict=False) if name in report) for name in sizes}
    left = [name for name, found in times.items() if found]
    if not left or len({times[name] for name in left}) != 1:
        return False
    return sum(sizes[name] for name in left) < minimum.cell


@given(st.lists(st.sets(st.integers(0, 12).map(str)), max_size=6))
def test_every_report_is_a_union_of_the_parts(reports: list[set[str]]) -> None:
    found = parts(reports)
    for report in reports:
        assert report == {member for part in found if part <= report for member in part}
