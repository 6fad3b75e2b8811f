"""What each way of teaching comes to: attendance, passes and rating; it knows no single course and nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.identity import PersonId
from domain.small_group import hidden
from domain.training_file import TrainingRecord
from domain.training_report import Fellow, MeasuredYear, Split, ended_in, share, splits_together

ALL = ""
"""The method under which all are counted together."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """What participants gave the courses of a method, of those courses that enough of them rated."""

    number: int
    total: int


@dataclass(frozen=True, slots=True)
class MethodYear:
    """A method in a year; what would tell of somebody is None. Units: hours; `rating` of one to five."""

    year: int
    method: str
    trainings: int | None
    hours: int | None
    attended_hours: int | None
    passed: int | None
    ratings: int
    rating: float | None

    @property
    def attendance(self) -> float | None:
        return share(self.attended_hours, self.hours)

    @property
    def pass_share(self) -> float | None:
        return share(self.passed, self.trainings)


def method_years(
    people: Sequence[Fellow],
    year: MeasuredYear,
    known: Iterable[str],
    ratings: Mapping[tuple[int, str], Ratings],
) -> list[MethodYear]:
    """All methods together, then each that the packs know or a record names, by its name.

    Source: features F15. A method that comes with a new version of a pack stands here from its first day.
    """
    by_method: dict[str, list[tuple[PersonId, TrainingRecord]]] = defaultdict(list, {method: [] for method in known})
    for fellow in people:
        for record in ended_in(fellow.records, year):
            by_method[record.method].append((fellow.person, record))
    used = [_split(method, found) for method, found in by_method.items() if found]
    everything = [of for found in by_method.values() for of in found]
    kept_back = hidden(used, splits_together)
    if everything and _split(ALL, everything).tells_of_somebody:
        kept_back |= {ALL}
    rows = {ALL: everything, **dict(sorted(by_method.items()))}
    return [_row(year.year, method, found, ratings, method in kept_back) for method, found in rows.items()]


def _split(name: str, found: Iterable[tuple[PersonId, TrainingRecord]]) -> Split:
    sides: dict[bool, set[PersonId]] = {True: set(), False: set()}
    for person, record in found:
        sides[record.passed].add(person)
    return Split(name, frozenset(sides[True]), frozenset(sides[False]))


def _row(
    year: int,
    method: str,
    found: Sequence[tuple[PersonId, TrainingRecord]],
    ratings: Mapping[tuple[int, str], Ratings],
    kept_back: bool,
) -> MethodYear:
    rated = _rated(year, method, ratings)
    records = [record for _, record in found]
    return MethodYear(
        year=year,
        method=method,
        trainings=None if kept_back else len(records),
        hours=None if kept_back else sum(record.hours for record in records),
        attended_hours=None if kept_back else sum(record.attended_hours for record in records),
        passed=None if kept_back else sum(record.passed for record in records),
        ratings=rated.number,
        rating=round(rated.total / rated.number, 1) if rated.number else None,
    )


def _rated(year: int, method: str, ratings: Mapping[tuple[int, str], Ratings]) -> Ratings:
    of = [found for (in_year, name), found in ratings.items() if in_year == year and method in (ALL, name)]
    return Ratings(sum(found.number for found in of), sum(found.total for found in of))
