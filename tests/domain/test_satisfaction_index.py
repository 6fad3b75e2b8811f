"""The mean of weighted answers, its interval and that of a share, by hand and at the ends."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.satisfaction_index import Estimate, Weighed, decimal_of, estimate, post_stratified, to_places, wilson

WEIGHTS = (100, 80, 60, 30, 0)


def weighed(counts: Sequence[int]) -> list[Weighed]:
    return [Weighed(Fraction(weight), count) for weight, count in zip(WEIGHTS, counts, strict=True)]


def found(counts: Sequence[int], population: int | None = None) -> Estimate:
    estimated = estimate(weighed(counts), population)
    assert estimated is not None
    return estimated


def shown(number: Decimal | Fraction | None, places: int) -> str:
    assert number is not None
    return str(to_places(number, places))


def test_worked_example_is_reproduced_to_the_last_figure() -> None:
    of_everybody = found((20, 45, 20, 10, 5))
    assert of_everybody.mean == 71
    assert shown(of_everybody.standard_error, 3) == "2.560"
    assert shown(of_everybody.half_width, 2) == "5.02"
    assert (shown(of_everybody.low, 2), shown(of_everybody.high, 2)) == ("65.98", "76.02")


def test_interval_is_narrower_when_most_of_the_people_there_are_have_answered() -> None:
    assert shown(found((20, 45, 20, 10, 5), 150).half_width, 2) == "2.91"
    everybody = found((20, 45, 20, 10, 5), 100)
    assert everybody.standard_error == 0 and everybody.low == everybody.high == 71


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(9, 10, "59.6", "98.2"), (10, 10, "72.2", "100.0"), (90, 100, "82.6", "94.5"), (0, 10, "0.0", "27.8")],
)
def test_share_has_the_interval_of_wilson(successes: int, n: int, low: str, high: str) -> None:
    interval = wilson(successes, n)
    assert tuple(shown(100 * end, 1) for end in interval) == (low, high)


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (0, 0), (3, 2), (-1, 5)])
def test_share_of_nobody_is_none(successes: int, n: int) -> None:
    with pytest.raises(ValueError):
        wilson(successes, n)


def test_nobody_gives_no_number_and_one_answer_no_interval() -> None:
    assert estimate(weighed((0, 0, 0, 0, 0)), 20) is None
    one = found((0, 1, 0, 0, 0), 20)
    assert one.mean == 80 and one.low is None and one.half_width is None
    alone = found((0, 1, 0, 0, 0), 1)
    assert alone.low == alone.high == 80


def test_more_answers_than_people_is_a_fault() -> None:
    with pytest.raises(ValueError):
        estimate(weighed((2, 0, 0, 0, 0)), 1)


def test_ten_of_ten_who_are_very_satisfied_show_at_least_seventy_two() -> None:
    ten = found((10, 0, 0, 0, 0), 400)
    assert ten.mean == 100 and ten.high == 100
    assert shown(ten.low, 1) == "72.2"


def test_each_class_counts_by_its_known_size_and_not_by_how_many_answered() -> None:
    leaders, staff = found((9, 1, 0, 0, 0), 10), found((5, 5, 5, 5, 5), 90)
    mixed = post_stratified([(leaders, 10), (staff, 90)])
    assert mixed is not None
    assert mixed.mean == Fraction(1, 10) * 98 + Fraction(9, 10) * 54
    assert mixed.n == 35
    assert mixed.half_width is not None and staff.half_width is not None
    assert abs(mixed.half_width - Decimal("0.9") * staff.half_width) < Decimal("1e-9")


def test_a_mix_leaves_out_a_class_of_nobody_and_has_no_interval_with_one_of_a_single_answer() -> None:
    staff = found((5, 5, 5, 5, 5), 90)
    assert post_stratified([(None, 10), (staff, 90)]) == post_stratified([(staff, 90)])
    single = post_stratified([(found((1, 0, 0, 0, 0), 10), 10), (staff, 90)])
    assert single is not None and single.low is None
    assert post_stratified([(None, 10), (None, 20)]) is None


COUNTS = st.lists(st.integers(0, 300), min_size=5, max_size=5)


@given(COUNTS, st.integers(0, 500))
def test_mean_and_interval_stay_on_the_scale_and_hold_each_other(counts: list[int], unheard: int) -> None:
    population = sum(counts) + unheard
    estimated = estimate(weighed(counts), population)
    if estimated is None:
        assert sum(counts) == 0
        return
    assert 0 <= estimated.mean <= 100
    if estimated.low is not None and estimated.high is not None:
        assert 0 <= estimated.low <= decimal_of(estimated.mean) + Decimal("1e-30")
        assert decimal_of(estimated.mean) - Decimal("1e-30") <= estimated.high <= 100


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_of_a_share_holds_the_share(share: tuple[int, int]) -> None:
    low, high = wilson(*share)
    assert 0 <= low <= decimal_of(Fraction(*share)) + Decimal("1e-30")
    assert decimal_of(Fraction(*share)) - Decimal("1e-30") <= high <= 1


def test_a_five_is_rounded_up() -> None:
    assert str(to_places(Fraction(1205, 100), 1)) == "12.1"
