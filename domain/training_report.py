"""How many of those who serve are trained as their rank asks, and how well: shares of groups, and nobody.

A small group is hidden, and never alone. That all of a group are in order, or all passed, is shown: it tells nothing
ill of anybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from domain.identity import PersonId
from domain.pack import Pack
from domain.small_group import SMALLEST_CELL, SMALLEST_PART, hidden
from domain.training_file import FiledRecord, Service, TrainingRecord
from domain.training_standing import is_in_order

WHOLE = ""
"""The unit under which all units are counted together."""
YEARS = 5


@dataclass(frozen=True, slots=True)
class Split:
    """A group by whether something is true of its people; over several trainings somebody may be on both sides."""

    name: str
    yes: frozenset[PersonId]
    no: frozenset[PersonId]

    @property
    def size(self) -> int:
        return len(self.yes | self.no)

    @property
    def tells_of_somebody(self) -> bool:
        return self.size < SMALLEST_CELL or len(self.yes) < SMALLEST_PART or 0 < len(self.no) < SMALLEST_PART


def splits_together(splits: Sequence[Split]) -> Split:
    """Several groups as one, in which nobody counts twice."""
    no_one: frozenset[PersonId] = frozenset()
    return Split("", no_one.union(*(of.yes for of in splits)), no_one.union(*(of.no for of in splits)))


@dataclass(frozen=True, slots=True)
class Fellow:
    """Somebody who serves or served: where and when, and what is in their training file."""

    person: PersonId
    services: tuple[Service, ...]
    records: tuple[FiledRecord, ...]

    def service_on(self, day: date) -> Service | None:
        return next((found for found in self.services if found.on(day)), None)


@dataclass(frozen=True, slots=True)
class MeasuredYear:
    """A year, and the day by which it is measured: its last one, or the last that is counted."""

    year: int
    on: date


@dataclass(frozen=True, slots=True)
class YearOf:
    """One person's year: where they served on its day, whether they were in order, and the trainings that ended."""

    person: PersonId
    unit: str
    in_order: bool
    passed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Target:
    """What a plan wants of a unit in a year, or of `WHOLE`. Units: percent."""

    coverage_percent: int | None
    quality_percent: int | None


@dataclass(frozen=True, slots=True)
class UnitYear:
    """Coverage and quality of a unit in a year; what would tell of somebody is None.

    Units: `coverage` is the share of people in order, `quality` that of trainings passed; targets in percent.
    """

    year: int
    on: date
    unit: str
    people: int | None
    in_order: int | None
    coverage_target: int | None
    trainings: int | None
    passed: int | None
    quality_target: int | None

    @property
    def coverage(self) -> float | None:
        return share(self.in_order, self.people)

    @property
    def quality(self) -> float | None:
        return share(self.passed, self.trainings)


def share(part: int | None, whole: int | None) -> float | None:
    """A part of a whole; None where there is no whole or it is not shown."""
    return None if part is None or not whole else round(part / whole, 4)


def years_until(as_of: date) -> tuple[MeasuredYear, ...]:
    """The last years, each with its last day; the running one with the last day that is counted."""
    years = range(as_of.year - YEARS + 1, as_of.year + 1)
    return tuple(MeasuredYear(year, min(as_of, date(year, 12, 31))) for year in years)


def services_of(facts: Iterable[tuple[PersonId, Service | date]]) -> dict[PersonId, tuple[Service, ...]]:
    """Where people served and when, from what the register was told in its order: a service, or the day of leaving."""
    found: dict[PersonId, dict[date, Service]] = defaultdict(dict)
    for person, said in facts:
        spells = found[person]
        open_one = next((each for each in reversed(spells.values()) if each.until_on is None), None)
        if isinstance(said, Service):
            spells[said.since_on] = said
        elif open_one is not None:
            spells[open_one.since_on] = _until(open_one, said)
    return {person: tuple(_one_after_another(spells)) for person, spells in found.items()}


def _one_after_another(spells: Mapping[date, Service]) -> Iterator[Service]:
    """A later service ends the one before it, the latest first."""
    next_since: date | None = None
    for since in sorted(spells, reverse=True):
        spell = spells[since]
        if next_since is not None and (spell.until_on is None or spell.until_on >= next_since):
            spell = _until(spell, date.fromordinal(next_since.toordinal() - 1))
        yield spell
        next_since = since


def _until(service: Service, day: date) -> Service:
    return Service(service.unit, service.pack, service.rank, service.since_on, day)


def year_of(fellow: Fellow, year: MeasuredYear, packs: Mapping[str, Pack]) -> YearOf | None:
    """One person's year; None for who did not serve on its day, or at a rank of which no training is asked.

    Source: features F2: coverage is the share that meets its hours, quality the share of trainings passed.
    """
    service = fellow.service_on(year.on)
    pack = packs.get(service.pack) if service else None
    if service is None or pack is None or not _asks(pack, service.rank):
        return None
    in_order = is_in_order(fellow.records, pack, service.rank, year.on)
    passed = [record.passed for record in ended_in(fellow.records, year)]
    return YearOf(fellow.person, service.unit, in_order, sum(passed), len(passed) - sum(passed))


def _asks(pack: Pack, rank: str) -> bool:
    return pack.training_rules is not None and any(rank in asked.ranks for asked in pack.training_rules.requirements)


def ended_in(records: Iterable[FiledRecord], year: MeasuredYear) -> list[TrainingRecord]:
    """The trainings that ended in a year, up to the day by which it is measured."""
    found = [filed.record for filed in records if filed.record is not None]
    return [record for record in found if date(year.year, 1, 1) <= record.ended_on <= year.on]


def unit_years(
    people: Sequence[YearOf], year: MeasuredYear, targets: Mapping[tuple[int, str], Target]
) -> list[UnitYear]:
    """The figures of one year: all units together first, then each by its name; what would tell of somebody is hidden.

    Source: features F2, F19.
    """
    by_unit = {
        unit: list(found) for unit, found in groupby(sorted(people, key=lambda of: of.unit), key=lambda of: of.unit)
    }
    kept_back = [
        hidden([side(unit, found) for unit, found in by_unit.items()], splits_together) for side in (_covered, _passing)
    ]
    whole = [{WHOLE} if side(WHOLE, people).tells_of_somebody else set[str]() for side in (_covered, _passing)]
    rows = {WHOLE: list(people), **by_unit}
    no_coverage, no_quality = (back | total for back, total in zip(kept_back, whole, strict=True))
    return [
        _row(year, unit, found, targets, covers=unit not in no_coverage, passes=unit not in no_quality)
        for unit, found in rows.items()
    ]


def _covered(name: str, people: Iterable[YearOf]) -> Split:
    found = list(people)
    yes = frozenset(of.person for of in found if of.in_order)
    return Split(name, yes, frozenset(of.person for of in found) - yes)


def _passing(name: str, people: Iterable[YearOf]) -> Split:
    found = list(people)
    yes = frozenset(of.person for of in found if of.passed)
    return Split(name, yes, frozenset(of.person for of in found if of.failed))


def _row(
    year: MeasuredYear,
    unit: str,
    people: Sequence[YearOf],
    targets: Mapping[tuple[int, str], Target],
    *,
    covers: bool,
    passes: bool,
) -> UnitYear:
    own, all_units = (targets.get((year.year, of), Target(None, None)) for of in (unit, WHOLE))
    passed = sum(of.passed for of in people)
    return UnitYear(
        year=year.year,
        on=year.on,
        unit=unit,
        people=len(people) if covers else None,
        in_order=sum(of.in_order for of in people) if covers else None,
        coverage_target=all_units.coverage_percent if own.coverage_percent is None else own.coverage_percent,
        trainings=passed + sum(of.failed for of in people) if passes else None,
        passed=passed if passes else None,
        quality_target=all_units.quality_percent if own.quality_percent is None else own.quality_percent,
    )


def plain_years(
    people: Sequence[Fellow],
    today: date,
    packs: Mapping[str, Pack],
    targets: Mapping[tuple[int, str], Target],
    unit: str | None = None,
) -> list[UnitYear]:
    """The same figures of one person, or of those who served in a unit on a year's day, with nothing hidden.

    Source: features F2.
    """
    rows = []
    for year in years_until(today):
        found = [each for fellow in people if (each := year_of(fellow, year, packs)) is not None]
        served = [each for each in found if unit in (None, each.unit)]
        if served:
            rows.append(_row(year, served[0].unit, served, targets, covers=True, passes=True))
    return rows
