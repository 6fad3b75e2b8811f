"""Whether people of one unit are appointed more often than people of the others; it knows no person.

What is small is hidden: a unit with few candidates, or of whom nearly all or nearly none were appointed, would tell of
each of them. So that nobody can subtract it from the total, it is never hidden alone; and the report stands still from
one quarter to the next, so that nobody can read it before and after one appointment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

SMALLEST_CELL = 5
SMALLEST_PART = 3
"""People of a unit who were appointed, and who were not: with fewer of either, the rate tells of nearly everybody."""

LEAST_RATIO = Fraction(4, 5)
"""Below four fifths of the others' rate, or above five fourths, a unit is flagged: a choice of the house, after the
four-fifths rule of thumb that is used where unequal treatment is looked for."""


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Candidates of one unit of origin whose cases came to an appointment or an end, and how many were appointed."""

    unit: str
    nominated: int
    appointed: int

    @property
    def tells_of_somebody(self) -> bool:
        return self.nominated < SMALLEST_CELL or min(self.appointed, self.nominated - self.appointed) < SMALLEST_PART


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


def quarter_of(day: date) -> date:
    """The first day of the quarter that a day is in."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def last_closed(today: date) -> date:
    """The last day of the last quarter that is over."""
    return quarter_of(today) - timedelta(days=1)


def unit_balance(counts: Sequence[UnitCount]) -> UnitBalance:
    """The promotion rate of each unit beside that of the others, the largest unit first."""
    nominated, appointed = sum(found.nominated for found in counts), sum(found.appointed for found in counts)
    hidden = _hidden(counts)
    shown = sorted((found for found in counts if found.unit not in hidden), key=lambda of: (-of.nominated, of.unit))
    rates = tuple(_rate(found, nominated - found.nominated, appointed - found.appointed) for found in shown)
    return UnitBalance(nominated, appointed, len(hidden), rates)


def _hidden(counts: Sequence[UnitCount]) -> frozenset[str]:
    """Units that would tell of somebody, with as many of the next smallest as it takes to hide them among."""
    by_size = sorted(counts, key=lambda of: (of.nominated, of.unit))
    hidden = [found for found in by_size if found.tells_of_somebody]
    for sibling in [found for found in by_size if not found.tells_of_somebody]:
        if not hidden or (len(hidden) > 1 and not _together(hidden).tells_of_somebody):
            break
        hidden.append(sibling)
    return frozenset(found.unit for found in hidden)


def _together(counts: Sequence[UnitCount]) -> UnitCount:
    return UnitCount("", sum(found.nominated for found in counts), sum(found.appointed for found in counts))


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
