"""What some answers say of a whole: a weighted mean with its interval, a share with its own, and a mix of classes.

It knows no question, no class by name and no minimum: those are the method's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

Z = Decimal("1.96")
"""Standard errors to either side of a mean that make an interval of 95 %."""

_EXACT = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Weighed:
    """So many answers that weigh the same. Units: weight in points of 0 to 100."""

    weight: Fraction
    answers: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and how far it may be from that of everybody. Without an interval it was one answer of several people.

    `population`: how many could have answered. `standard_error` is that of the formula; `low` and `high` lie within
    the scale.
    """

    n: int
    population: int | None
    mean: Fraction
    standard_error: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def half_width(self) -> Decimal | None:
        """Half the interval of the formula, before the ends of the scale cut it. Units: points."""
        return None if self.standard_error is None else Z * self.standard_error


def estimate(weighed: Sequence[Weighed], population: int | None = None) -> Estimate | None:
    """The weighted mean of what was answered, with its interval of 95 %; None when nobody answered.

    s2 = sum(p * w**2) - mean**2; SE = sqrt(s2 / (n - 1)) * sqrt((N - n) / (N - 1)); mean +/- 1.96 SE.
    Where all gave one answer, s2 is 0 and the formula claims to be sure: the interval is then that of the share who
    gave it, with everybody else at either end of the scale.

    Source: domain rules 5.1 (weights of the National Bureau of Statistics) and 5.2.
    Refuses: ValueError, for more answers than people.
    """
    n = sum(found.answers for found in weighed)
    if population is not None and n > population:
        raise ValueError(f"{n} people answered of {population} who could")
    if n == 0:
        return None
    mean = sum((found.weight * found.answers for found in weighed), Fraction(0)) / n
    squares = sum((found.weight**2 * found.answers for found in weighed), Fraction(0)) / n
    error = _standard_error(squares - mean**2, n, population)
    if error is None:
        return Estimate(n, population, mean, None, None, None)
    low, high = _within(weighed, mean, error, everybody=n == population, n=n)
    return Estimate(n, population, mean, error, low, high)


def _standard_error(variance: Fraction, n: int, population: int | None) -> Decimal | None:
    if n == population:
        return Decimal(0)
    if n == 1:
        return None
    of_the_mean = variance / (n - 1)
    if population is not None:
        of_the_mean *= Fraction(population - n, population - 1)
    return _root(of_the_mean)


def _within(
    weighed: Sequence[Weighed], mean: Fraction, error: Decimal, *, everybody: bool, n: int
) -> tuple[Decimal, Decimal]:
    least, most = min(found.weight for found in weighed), max(found.weight for found in weighed)
    if error == 0 and not everybody:
        sure = Fraction(wilson(n, n)[0])
        return decimal_of(sure * mean + (1 - sure) * least), decimal_of(sure * mean + (1 - sure) * most)
    centre = decimal_of(mean)
    return max(decimal_of(least), centre - Z * error), min(decimal_of(most), centre + Z * error)


def wilson(successes: int, n: int) -> tuple[Decimal, Decimal]:
    """The interval of 95 % of a share, which stays between 0 and 1 and is honest about ten of ten.

    Source: domain rules 5.2 (Wilson's score interval). Units: parts of one.
    Refuses: ValueError, for a share of nobody.
    """
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"{successes} of {n} is no share")
    with localcontext(_EXACT):
        p, whole = Decimal(successes) / n, Decimal(n)
        spread = Z * (p * (1 - p) / whole + Z * Z / (4 * whole * whole)).sqrt()
        centre, under = p + Z * Z / (2 * whole), 1 + Z * Z / whole
        low = Decimal(0) if successes == 0 else (centre - spread) / under
        high = Decimal(1) if successes == n else (centre + spread) / under
    return low, high


def post_stratified(classes: Sequence[tuple[Estimate | None, int]]) -> Estimate | None:
    """The mean of a whole whose classes answered in other shares than they have: each counts by its known size.

    A class of which nobody answered cannot count; whoever shows the number says that it is missing. Distances to
    either end are squared and added, so that a class whose interval is not even keeps that.

    Source: domain rules 5.2 (post-stratification to known sizes). Units: `classes` pairs an estimate with the people
    who are in the class.
    """
    present = [(found, size) for found, size in classes if found is not None]
    if not present:
        return None
    whole = sum(size for _, size in present)
    shares = [(found, Fraction(size, whole)) for found, size in present]
    mean = sum((share * found.mean for found, share in shares), Fraction(0))
    n = sum(found.n for found, _ in shares)
    errors = [(found, decimal_of(share)) for found, share in shares]
    if any(found.standard_error is None for found, _ in errors):
        return Estimate(n, whole, mean, None, None, None)
    below = [share * (decimal_of(found.mean) - (found.low or Decimal(0))) for found, share in errors]
    above = [share * ((found.high or Decimal(0)) - decimal_of(found.mean)) for found, share in errors]
    error = _square_and_add([share * (found.standard_error or Decimal(0)) for found, share in errors])
    centre = decimal_of(mean)
    return Estimate(n, whole, mean, error, centre - _square_and_add(below), centre + _square_and_add(above))


def _square_and_add(parts: Sequence[Decimal]) -> Decimal:
    return _root(sum((Fraction(part) ** 2 for part in parts), Fraction(0)))


def _root(of: Fraction) -> Decimal:
    with localcontext(_EXACT):
        return (Decimal(of.numerator) / of.denominator).sqrt()


def decimal_of(number: Fraction) -> Decimal:
    """A fraction to forty places, which is far more than anybody shows."""
    with localcontext(_EXACT):
        return Decimal(number.numerator) / number.denominator


def to_places(number: Fraction | Decimal, places: int) -> Decimal:
    """A number as it is shown; a five is rounded up, as people do it by hand."""
    exact = decimal_of(number) if isinstance(number, Fraction) else number
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
