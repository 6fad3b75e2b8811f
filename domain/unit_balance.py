"""Whether people of one unit are appointed more often than people of the others; it knows no person.

What is small is hidden: a unit with few candidates, or of whom nearly all or nearly none were appointed, would tell of
each of them. So that nobody can subtract it from the total, it is never hidden alone; and the report stands still from
one quarter to the next, so that nobody can read it before and after one appointment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.small_group import SMALLEST_CELL, SMALLEST_PART, hidden

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
    def name(self) -> str:
        return self.unit

    @property
    def size(self) -> int:
        return self.nominated

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


def unit_balance(counts: Sequence[UnitCount]) -> UnitBalance:
    """The promotion rate of each unit beside that of the others, the largest unit first."""
    nominated, appointed = sum(found.nominated for found in counts), sum(found.appointed for found in counts)
    kept_back = hidden(counts, _together)
    shown = sorted((found for found in counts if found.unit not in kept_back), key=lambda of: (-of.nominated, of.unit))
    rates = tuple(_rate(found, nominated - found.nominated, appointed - found.appointed) for found in shown)
    return UnitBalance(nominated, appointed, len(kept_back), rates)


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
