"""Whether people of one unit are appointed more often than people of the others; it knows no person.

What is small is hidden: a unit with few candidates would tell of each of them. So that nobody can subtract it from
the total, it is never hidden alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

SMALLEST_CELL = 5
LEAST_RATIO = Fraction(4, 5)
"""Below four fifths of the others' rate, or above five fourths, a unit is flagged: a choice of the house, after the
four-fifths rule of thumb that is used where unequal treatment is looked for."""


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Candidates of one unit of origin whose cases came to an appointment or an end, and how many were appointed."""

    unit: str
    nominated: int
    appointed: int


@dataclass(frozen=True, slots=True)
class UnitRate:
    """One unit beside all the others together. `imbalance` is `below`, `above` or nothing; read it with `nominated`."""

    unit: str
    nominated: int
    appointed: int
    rate: float
    rate_elsewhere: float | None
    imbalance: str | None


@dataclass(frozen=True, slots=True)
class UnitBalance:
    """The report: each unit that is large enough to be shown, and what the shown and the hidden add up to."""

    nominated: int
    appointed: int
    hidden_units: int
    units: tuple[UnitRate, ...]


def unit_balance(counts: Sequence[UnitCount]) -> UnitBalance:
    """The promotion rate of each unit beside that of the others, the largest unit first."""
    nominated, appointed = sum(found.nominated for found in counts), sum(found.appointed for found in counts)
    hidden = _hidden(counts)
    shown = sorted((found for found in counts if found.unit not in hidden), key=lambda of: (-of.nominated, of.unit))
    rates = tuple(_rate(found, nominated - found.nominated, appointed - found.appointed) for found in shown)
    return UnitBalance(nominated, appointed, len(hidden), rates)


def _hidden(counts: Sequence[UnitCount]) -> frozenset[str]:
    """Units that are too small to be shown, with as many of the next smallest as it takes to hide them among."""
    by_size = sorted(counts, key=lambda of: (of.nominated, of.unit))
    hidden = [found for found in by_size if found.nominated < SMALLEST_CELL]
    for sibling in by_size[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(found.nominated for found in hidden) >= SMALLEST_CELL):
            break
        hidden.append(sibling)
    return frozenset(found.unit for found in hidden)


def _rate(of: UnitCount, nominated_elsewhere: int, appointed_elsewhere: int) -> UnitRate:
    rate = Fraction(of.appointed, of.nominated)
    elsewhere = Fraction(appointed_elsewhere, nominated_elsewhere) if nominated_elsewhere else None
    return UnitRate(
        unit=of.unit,
        nominated=of.nominated,
        appointed=of.appointed,
        rate=round(float(rate), 4),
        rate_elsewhere=None if elsewhere is None else round(float(elsewhere), 4),
        imbalance=None if elsewhere is None else _imbalance(rate, elsewhere),
    )


def _imbalance(rate: Fraction, elsewhere: Fraction) -> str | None:
    if rate < LEAST_RATIO * elsewhere:
        return "below"
    return "above" if elsewhere < LEAST_RATIO * rate else None
