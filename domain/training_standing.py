"""How somebody stands by their training on a day: what counts, what is missing, and until when they are in order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from domain.law import Citation
from domain.pack import Pack
from domain.rule_family import demands
from domain.training_file import FiledRecord, TrainingFile, TrainingRecord
from domain.training_rules import TrainingPart, TrainingRequirement
from domain.working_days import Period, Unit, after, before

DAYS_OF_A_MONTH = 30
MOST_YEARS_LOOKED_BACK = 25
"""More than any pack can ask for: `closes_after_failing` has twenty at most."""


class Counts(StrEnum):
    """Whether a record counts, and if not, why."""

    YES = "yes"
    NOT_IN_WINDOW = "not_in_window"
    NOT_PASSED = "not_passed"
    BELOW_PASS_MARK = "below_pass_mark"
    TOO_MUCH_LEAVE = "too_much_leave"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class StandingLine:
    """One record of the file, and what it gives. Units: hours attended, days of training."""

    filed: FiledRecord
    counts: Counts
    hours: int = 0
    days: int = 0
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class PartStanding:
    """A part of the requirement: hours that it has, and the least or most that the rule says."""

    part: TrainingPart
    hours: int
    at_least: int | None
    at_most: int | None

    @property
    def missing(self) -> int:
        return max(0, (self.at_least or 0) - self.hours)

    @property
    def beyond(self) -> int:
        """Hours above the most that count."""
        return 0 if self.at_most is None else max(0, self.hours - self.at_most)


@dataclass(frozen=True, slots=True)
class TrainingStanding:
    """How a file stands against the requirement of a rank on a day. Units: hours; days of training."""

    pack: str
    rank: str
    path: str
    on: date
    window_from_on: date
    hours: int
    required_hours: int
    days: int
    required_days: int | None
    parts: tuple[PartStanding, ...]
    lines: tuple[StandingLine, ...]
    in_order_until: date | None = None

    @property
    def in_order(self) -> bool:
        enough = self.hours >= self.required_hours or (
            self.required_days is not None and self.days >= self.required_days
        )
        return enough and not any(part.missing for part in self.parts)

    @property
    def missing_hours(self) -> int:
        """Hours that would bring it in order."""
        if self.in_order:
            return 0
        enough_days = self.required_days is not None and self.days >= self.required_days
        return max(0 if enough_days else self.required_hours - self.hours, sum(part.missing for part in self.parts), 0)

    @property
    def counted(self) -> tuple[int, ...]:
        """Places in the file of the records that count."""
        return tuple(line.filed.entry for line in self.lines if line.counts is Counts.YES)


def training_standing(file: TrainingFile, pack: Pack, rank: str, on: date) -> TrainingStanding:
    """A file against the requirement of a rank on a day, line by line, and the last day until which it is in order.

    Source: the pack's requirement for the rank (cn.sr2019: Training Regulations of 2023, Art. 14; leave: S17, S18).
    Units: hours attended; days of training.
    Refuses: KeyError, for a rank that the pack does not have.
    """
    path, requirement = pack.training_requirement(rank)
    found = _standing(file.records, pack, rank, path, requirement, on)
    return replace(found, in_order_until=_in_order_until(found, file, pack, requirement)) if found.in_order else found


def is_in_order(records: Sequence[FiledRecord], pack: Pack, rank: str, on: date) -> bool:
    """Whether records suffice for a rank on a day; for whoever counts many and foretells nothing.

    Refuses: KeyError, for a rank that the pack does not have.
    """
    path, requirement = pack.training_requirement(rank)
    from_on = window_start(on, requirement.window.value)
    recent = [filed for filed in records if filed.record is not None and from_on <= filed.record.ended_on <= on]
    return _standing(recent, pack, rank, path, requirement, on).in_order


def _standing(
    records: Sequence[FiledRecord], pack: Pack, rank: str, path: str, requirement: TrainingRequirement, on: date
) -> TrainingStanding:
    window_from_on = window_start(on, requirement.window.value)
    lines = tuple(_line(filed, pack, requirement, path, window_from_on, on) for filed in records)
    parts = tuple(_part(part, lines) for part in requirement.parts)
    return TrainingStanding(
        pack=pack.id,
        rank=rank,
        path=path,
        on=on,
        window_from_on=window_from_on,
        hours=max(0, sum(line.hours for line in lines) - sum(part.beyond for part in parts)),
        required_hours=max(demands(requirement.hours)),
        days=sum(line.days for line in lines),
        required_days=days_in(requirement.length.value) if requirement.length else None,
        parts=parts,
        lines=lines,
    )


def _line(
    filed: FiledRecord, pack: Pack, requirement: TrainingRequirement, path: str, from_on: date, on: date
) -> StandingLine:
    record = filed.record
    if record is None:
        return StandingLine(filed, Counts.FORGOTTEN)
    if (why_not := _why_not(record, pack)) is not None:
        return StandingLine(filed, why_not, rule=RULES.get(why_not))
    if not from_on <= record.ended_on <= on:
        return StandingLine(filed, Counts.NOT_IN_WINDOW, rule=f"{path}.window")
    return StandingLine(filed, Counts.YES, record.attended_hours, record.days)


RULES = {Counts.BELOW_PASS_MARK: "training.pass_mark", Counts.TOO_MUCH_LEAVE: "training.leave_at_most"}


def _why_not(record: TrainingRecord, pack: Pack) -> Counts | None:
    """What keeps a record from counting on any day; None when nothing does."""
    if not record.passed:
        return Counts.NOT_PASSED
    if below_pass_mark(record, pack):
        return Counts.BELOW_PASS_MARK
    return Counts.TOO_MUCH_LEAVE if too_much_leave(record.leave_hours, record.hours, pack) else None


def _part(part: TrainingPart, lines: Iterable[StandingLine]) -> PartStanding:
    hours = sum(line.hours for line in lines if line.filed.record and _belongs(line.filed.record, part))
    return PartStanding(
        part,
        hours,
        max(demands(part.at_least)) if part.at_least else None,
        min(demands(part.at_most)) if part.at_most else None,
    )


def _belongs(record: TrainingRecord, part: TrainingPart) -> bool:
    return (not part.kinds or record.kind in part.kinds) and (not part.methods or record.method in part.methods)


def below_pass_mark(record: TrainingRecord, pack: Pack) -> bool:
    """The examination's score is under the pack's pass mark, where there are both.

    Source: the pack's `training.pass_mark`.
    Units: points of a hundred.
    """
    mark = pack.training.pass_mark
    return mark is not None and record.score is not None and record.score < max(demands(mark))


def too_much_leave(leave_hours: int, hours: int, pack: Pack) -> bool:
    """More of a course was missed by leave than the pack allows, so that the course has ended for whoever took it.

    Source: the pack's `training.leave_at_most` (cn.sr2019: Training Regulations of 2023, one seventh of the hours).
    Units: hours.
    """
    limit = pack.training.leave_at_most
    return limit is not None and leave_hours > min(Fraction(share) for share in demands(limit)) * hours


def _in_order_until(
    now: TrainingStanding, file: TrainingFile, pack: Pack, requirement: TrainingRequirement
) -> date | None:
    """The last day on which what is on file still suffices, without any further training; None when that is far off.

    Only a day on which a record leaves the window can change the answer, so only those are looked at.
    """
    counted = [line.filed for line in now.lines if line.counts is Counts.YES]
    leaving = {_leaves_on(filed.record.ended_on, requirement.window.value) for filed in counted if filed.record}
    for day in sorted(leaving):
        if not _standing(counted, pack, now.rank, now.path, requirement, day).in_order:
            return day - timedelta(days=1)
    return None


def _leaves_on(ended_on: date, window: Period) -> date:
    """First day whose window does not reach back to the day on which a training ended."""
    day = after(ended_on, window)
    while window_start(day, window) <= ended_on:  # months of different lengths: a day or two later
        day += timedelta(days=1)
    return day


def window_start(today: date, window: Period) -> date:
    """First day of the window that ends today; one that would begin before the year 1 begins with it.

    Units: as the period says; a year or month goes back by the calendar.
    """
    try:
        return before(today, window) + timedelta(days=1)
    except (ValueError, OverflowError):
        return date.min


def days_in(length: Period) -> int:
    """Days of training that a length asks for.

    Source: a rule of the house: no text says how many days of training a month has.
    Units: days; a month has thirty, a year twelve months.
    """
    match length.unit:
        case Unit.YEAR:
            return length.n * 12 * DAYS_OF_A_MONTH
        case Unit.MONTH:
            return length.n * DAYS_OF_A_MONTH
        case _:
            return length.n


def years_failed_running(file: TrainingFile, pack: Pack, rank: str, today: date, since_on: date) -> int:
    """How many calendar years before this one, without a break, ended out of order.

    Units: whole years in which somebody served from the first day on; the year of their entry does not count.
    """
    failed = 0
    for year in range(today.year - 1, max(since_on.year, today.year - MOST_YEARS_LOOKED_BACK), -1):
        if training_standing(file, pack, rank, date(year, 12, 31)).in_order:
            break
        failed += 1
    return failed


def hours_beside(file: TrainingFile, pack: Pack, rank: str, counted: Collection[int], on: date) -> int:
    """Hours that count on a day beside those of entries that were counted before, by the same windows and limits.

    Units: hours attended; hours above what a part may give are no more worth in making up than they were before.
    """
    path, requirement = pack.training_requirement(rank)
    before_that = [filed for filed in file.records if filed.entry in counted]
    all_of_it = _standing(file.records, pack, rank, path, requirement, on)
    return all_of_it.hours - _standing(before_that, pack, rank, path, requirement, on).hours


def parts_beside(
    file: TrainingFile, pack: Pack, rank: str, counted: Collection[int], on: date
) -> tuple[tuple[TrainingPart, int], ...]:
    """The parts of which a verification found too little, and the hours of each that are missing still on a day.

    Units: hours attended beside those of the entries that were counted, by the same windows.
    """
    path, requirement = pack.training_requirement(rank)
    before_that = [filed for filed in file.records if filed.entry in counted]
    then = sum_of_parts(before_that, requirement)
    gone, now = (_standing(of, pack, rank, path, requirement, on).parts for of in (before_that, file.records))
    found = (
        (each.part, max(0, (each.at_least or 0) - then[each.part.id] - max(0, each.hours - was.hours)))
        for was, each in zip(gone, now, strict=True)
    )
    return tuple((part, missing) for part, missing in found if missing)


def sum_of_parts(records: Sequence[FiledRecord], requirement: TrainingRequirement) -> dict[str, int]:
    """Hours attended in records that were counted once, by the part that they belong to."""
    kept = [filed.record for filed in records if filed.record is not None]
    return {
        part.id: sum(record.attended_hours for record in kept if _belongs(record, part)) for part in requirement.parts
    }


def cited(standing: TrainingStanding, pack: Pack) -> dict[str, Citation]:
    """Every rule that a standing rests on, by its path."""
    paths = {f"{standing.path}.hours", f"{standing.path}.window"}
    paths |= {line.rule for line in standing.lines if line.rule}
    for part in standing.parts:
        paths |= {
            f"{standing.path}.parts.{part.part.id}.{name}"
            for name in ("at_least", "at_most")
            if getattr(part.part, name)
        }
    if standing.required_days is not None:
        paths.add(f"{standing.path}.length")
    return {path: pack.cite(path) for path in sorted(paths)}
