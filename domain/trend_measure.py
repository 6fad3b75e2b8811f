"""How unusual a number is: beside what the time before lets expect, and how often chance alone gives as many."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, fsum, lgamma, log
from statistics import median

from domain.trend_rule import TrendRule

NEGLIGIBLE = 1e-18


@dataclass(frozen=True, slots=True)
class Measure:
    """A number and what it is measured against.

    With too short a time before there is nothing to measure against: then `expected`, `chance` and `unusual` are None.

    Units: `days` and `before_days` in civil days; `chance` is the probability of `n` or more.
    """

    n: int
    days: int
    before: int
    before_days: int
    expected: float | None
    chance: float | None
    unusual: bool | None


def measured(n: int, days: int, before: int, before_days: int, rule: TrendRule) -> Measure:
    """A number of so many days beside that of the days before; where there was none before, one is taken."""
    if before_days < rule.least_before_days.value:
        return Measure(n, days, before, before_days, None, None, None)
    expected = max(before, 1) * days / before_days
    chance = poisson_tail(n, expected)
    unusual = n >= rule.least_number.value and Fraction(chance) < rule.chance.value
    return Measure(n, days, before, before_days, round(expected, 4), chance, unusual)


def poisson_tail(n: int, expected: float) -> float:
    """The chance of `n` or more where so many are expected on average."""
    if n <= 0:
        return 1.0
    if n <= expected:
        return max(0.0, 1.0 - fsum(_exactly(k, expected) for k in range(n)))
    terms, k = [_exactly(n, expected)], n
    while terms[-1] > NEGLIGIBLE * terms[0]:
        k += 1
        terms.append(terms[-1] * expected / k)
    return fsum(terms)


def _exactly(k: int, expected: float) -> float:
    return exp(k * log(expected) - expected - lgamma(k + 1))


def percentile(numbers: Sequence[int], share: Fraction) -> int:
    """The least number that so large a share of all does not pass (nearest rank)."""
    place = -(-share.numerator * len(numbers) // share.denominator)
    return sorted(numbers)[max(place, 1) - 1]


def middle(numbers: Sequence[int]) -> float | None:
    """The median; nothing where there is no number."""
    return float(median(numbers)) if numbers else None
