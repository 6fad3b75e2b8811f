"""What the public learns of all cases of a quarter, in numbers that tell of nobody: stages, endings, objections.

Quarters are told one by one, once they are over, and are never added up: nothing is counted in two tables that could
be subtracted from each other, and there is no total beside a hidden part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from domain.small_group import SMALLEST_PART, HeadCount, heads_together, hidden


class FigureTable(StrEnum):
    """The tables, in the order of the page."""

    STAGES = "stages"
    DELAYS = "delays"
    ENDINGS = "endings"
    EXCEPTIONS = "exceptions"
    OBJECTIONS = "objections"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that came to its end in the quarter: a stage, a case, an objection; or an exception that was entered.

    Units: civil days of the jurisdiction, from its beginning to its end, and to the day by which it was due.
    """

    name: str
    days: int | None = None
    limit_days: int | None = None
    cause: str | None = None

    @property
    def in_time(self) -> bool | None:
        """Whether it met its day; nothing where no day was set."""
        return None if self.limit_days is None or self.days is None else self.days <= self.limit_days


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of a table; what would tell of somebody is None.

    Units: `median_days`, `median_limit_days` in civil days; `in_time` is a share of those that had a day to meet.
    """

    table: FigureTable
    name: str
    n: int | None
    median_days: float | None = None
    median_limit_days: float | None = None
    with_limit: int | None = None
    in_time: float | None = None


@dataclass(frozen=True, slots=True)
class QuarterFacts:
    """What came to its end in one quarter."""

    first_on: date
    last_on: date
    stages: Sequence[Fact] = ()
    endings: Sequence[Fact] = ()
    exceptions: Sequence[Fact] = ()
    objections: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """The tables of one quarter."""

    first_on: date
    last_on: date
    rows: tuple[Figure, ...]

    def table(self, table: FigureTable) -> list[Figure]:
        return [row for row in self.rows if row.table is table]


@dataclass(frozen=True, slots=True)
class _Group:
    """Facts that are counted under one name."""

    name: str
    facts: tuple[Fact, ...]

    @property
    def head_count(self) -> HeadCount:
        return HeadCount(self.name, len(self.facts))


def quarter_figures(facts: QuarterFacts) -> QuarterFigures:
    """The tables of a quarter, with what is small hidden, and never alone."""
    stages = _timed(FigureTable.STAGES, facts.stages)
    rows = [
        *stages,
        *_delays(facts.stages, stages),
        *_counted(FigureTable.ENDINGS, facts.endings),
        *_counted(FigureTable.EXCEPTIONS, facts.exceptions),
        *_timed(FigureTable.OBJECTIONS, facts.objections),
    ]
    return QuarterFigures(facts.first_on, facts.last_on, tuple(rows))


def _timed(table: FigureTable, facts: Sequence[Fact]) -> list[Figure]:
    return _rows(table, facts, _with_times)


def _counted(table: FigureTable, facts: Sequence[Fact]) -> list[Figure]:
    return _rows(table, facts, lambda table, group: Figure(table, group.name, len(group.facts)))


def _delays(facts: Sequence[Fact], stages: Sequence[Figure]) -> list[Figure]:
    """Why stages were late, by cause; nothing of it where some stage's own share is hidden: it could be worked out."""
    if any(row.in_time is None and row.with_limit != 0 for row in stages):
        return []
    late = [Fact(fact.cause or "not_stated") for fact in facts if fact.in_time is False]
    return _counted(FigureTable.DELAYS, late)


def _rows(table: FigureTable, facts: Sequence[Fact], shown: Callable[[FigureTable, _Group], Figure]) -> list[Figure]:
    names = sorted({fact.name for fact in facts})
    groups = [_Group(name, tuple(fact for fact in facts if fact.name == name)) for name in names]
    kept_back = hidden([group.head_count for group in groups], heads_together)
    return [Figure(table, group.name, None) if group.name in kept_back else shown(table, group) for group in groups]


def _with_times(table: FigureTable, group: _Group) -> Figure:
    days = [fact.days for fact in group.facts if fact.days is not None]
    limits = [fact.limit_days for fact in group.facts if fact.limit_days is not None]
    met = sum(fact.in_time is True for fact in group.facts)
    told = bool(limits) and min(met, len(limits) - met) >= SMALLEST_PART
    # Whether a few had no day set is itself a small part of the group.
    counted = len(limits) if len(limits) in (0, len(group.facts)) else None
    return Figure(
        table,
        group.name,
        len(group.facts),
        median_days=float(median(days)) if len(days) == len(group.facts) else None,
        median_limit_days=float(median(limits)) if counted else None,
        with_limit=counted,
        in_time=round(met / len(limits), 4) if told and counted else None,
    )
