"""What went wrong more often than before, by unit, kind and stage: counts beside what they are measured against.

It knows cases and units and no person. Whatever it shows is a question, never a finding: a finding is a problem of the
register.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from domain.trend_measure import Measure, measured, middle, percentile
from domain.trend_rule import OF_THE_HOUSE, TrendRule

ONE_DAY = timedelta(days=1)
NINE_TENTHS = Fraction(9, 10)


class Counted(StrEnum):
    """What is counted, each in a table of its own, in the order of the page."""

    RUSH = "rush_promotions"
    LEAVING = "before_leaders_left"
    EXCEPTIONS = "exceptions"
    DEVIATIONS = "deviations"
    KIN_TIES = "kin_ties"
    COMPLAINTS = "complaints"
    OUTCOMES = "complaint_outcomes"
    PROHIBITIONS = "prohibitions"


class Kind(StrEnum):
    """What a fact is."""

    LETTER = "letter"
    EXCEPTION = "exception"
    DEVIATION = "deviation"
    KIN_TIE = "kin_tie"
    COMPLAINT = "complaint"
    BREACH = "breach"
    MISSED = "missed"


BREAKS_CONFORMANCE = (Kind.DEVIATION, Kind.BREACH, Kind.MISSED)
"""An exception is not among them: the pack itself provides for it."""

FOUND_UNDECLARED = "found_undeclared"
"""A tie that an officer left out. It is counted among the ties, and is a breach all the same."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened in a case. `code` is the kind's own: the rule waived, the prohibition, the outcome."""

    case_id: str
    unit: str
    kind: str
    code: str
    on: date


@dataclass(frozen=True, slots=True)
class StageTime:
    """A stage of a case, which is over or not."""

    name: str
    began_on: date
    done_on: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CaseSpan:
    """A case from its first day to its last."""

    case_id: str
    unit: str
    pack: str
    began_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Service:
    """Somebody's time in a unit at a rank of a regime; the highest is 0. `who` only tells people apart."""

    who: str
    unit: str
    pack: str
    rank: int
    since_on: date
    until_on: date | None

    def on(self, day: date) -> bool:
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class TrendRows:
    """Everything that is counted, of the period and of the time before."""

    facts: Sequence[Fact] = ()
    stages: Sequence[StageTime] = ()
    cases: Sequence[CaseSpan] = ()
    services: Sequence[Service] = ()
    prohibitions: Sequence[str] = ()
    first_on: date | None = None


@dataclass(frozen=True, slots=True)
class TrendPeriod:
    """The days of a report; one that still runs is counted up to today."""

    from_on: date
    to_on: date
    today: date

    @property
    def counted_to(self) -> date:
        return min(self.to_on, self.today)

    @property
    def running(self) -> bool:
        return self.today <= self.to_on

    @property
    def days(self) -> int:
        return max(0, (self.counted_to - self.from_on).days + 1)

    def has(self, day: date) -> bool:
        return self.from_on <= day <= self.counted_to


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A number of a table: of a unit or of a code, in the days that end on `to_on`, and what it is measured against.

    `cases` are the unit's cases in the period, where the number is of complaints.
    """

    table: Counted
    name: str
    from_on: date
    to_on: date
    measure: Measure
    cases: int | None = None

    @property
    def per_case(self) -> float | None:
        return round(self.measure.n / self.cases, 4) if self.cases else None


@dataclass(frozen=True, slots=True)
class StageLine:
    """The days of a stage of a regime that was over in the period, beside its limit.

    Units: civil days; `limit_days` is the median of the cases' own limits, which a calendar may make different.
    """

    name: str
    n: int
    median_days: float | None
    ninth_decile_days: int | None
    limit_days: float | None
    overrun: int
    open_and_late: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """Whether a case of the period keeps to its pack, and by what it does not."""

    case_id: str
    unit: str
    pack: str
    complaints: int
    departures: tuple[str, ...]

    @property
    def conforms(self) -> bool:
        return not self.departures


@dataclass(frozen=True, slots=True)
class TrendReport:
    """The tables of a period."""

    period: TrendPeriod
    lines: tuple[TrendLine, ...]
    stages: tuple[StageLine, ...]
    cases: tuple[CaseLine, ...]
    """Those that depart from their pack come first."""

    def table(self, table: Counted) -> list[TrendLine]:
        return [line for line in self.lines if line.table is table]


def trend_report(rows: TrendRows, period: TrendPeriod, rule: TrendRule = OF_THE_HOUSE) -> TrendReport:
    """The report of a period.

    Source: features F54; domain rules 1.4.
    """
    if not period.days:
        return TrendReport(period, (), (), ())
    looked = _Looked(rows, period, rule)
    cases = [case for case in rows.cases if _under_way(case, period)]
    lines = (
        *_rushes(looked),
        *_before_leaders_left(looked),
        *looked.counted(Counted.EXCEPTIONS, Kind.EXCEPTION, _by_code),
        *looked.counted(Counted.DEVIATIONS, Kind.DEVIATION, _by_code),
        *looked.counted(Counted.KIN_TIES, Kind.KIN_TIE, _by_code),
        *_complaints(looked, cases),
        *looked.counted(Counted.OUTCOMES, Kind.COMPLAINT, _by_code),
        *looked.counted(Counted.PROHIBITIONS, Kind.BREACH, _by_code, rows.prohibitions),
    )
    return TrendReport(period, lines, _stages(rows.stages, period), _conformance(rows.facts, cases, period))


def _by_code(fact: Fact) -> str:
    return fact.code


def _by_unit(fact: Fact) -> str:
    return fact.unit


def _under_way(case: CaseSpan, period: TrendPeriod) -> bool:
    return case.began_on <= period.counted_to and (case.closed_on is None or case.closed_on >= period.from_on)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is looked at, over which days, and by which rules."""

    rows: TrendRows
    period: TrendPeriod
    rule: TrendRule

    def of(self, kind: Kind) -> list[Fact]:
        return [fact for fact in self.rows.facts if fact.kind == kind]

    def measure(self, days_of: Iterable[date], from_on: date, to_on: date) -> Measure:
        """How many of these days lie in a window, beside those of the time on record before it."""
        days = list(days_of)
        before_from = from_on - timedelta(days=self.rule.before_days.value)
        recorded_from = max(before_from, self.rows.first_on or from_on)
        n = sum(from_on <= day <= to_on for day in days)
        before = sum(before_from <= day < from_on for day in days)
        before_days = max(0, (from_on - recorded_from).days)
        return measured(n, (to_on - from_on).days + 1, before, before_days, self.rule)

    def counted(
        self, table: Counted, kind: Kind, name_of: Callable[[Fact], str], always: Iterable[str] = ()
    ) -> list[TrendLine]:
        """A line for every name that a fact of the period has, and for those that are always shown."""
        facts, period = self.of(kind), self.period
        names = {name_of(fact) for fact in facts if period.has(fact.on)} | set(always)
        window = (period.from_on, period.counted_to)
        return [
            TrendLine(table, name, *window, self.measure((f.on for f in facts if name_of(f) == name), *window))
            for name in sorted(names)
        ]

    def letters(self) -> Mapping[str, list[date]]:
        """The days of the letters of each unit."""
        units: dict[str, list[date]] = {}
        for fact in self.of(Kind.LETTER):
            units.setdefault(fact.unit, []).append(fact.on)
        return units


def _rushes(looked: _Looked) -> list[TrendLine]:
    """Units with more letters in some days that end in the period than chance gives, each by its most unusual days."""
    found = []
    for unit, days in sorted(looked.letters().items()):
        windows = [
            _window(looked, Counted.RUSH, unit, last, looked.rule.rush_days.value, days)
            for last in sorted(set(days))
            if looked.period.has(last)
        ]
        unusual = [line for line in windows if line.measure.unusual]
        found += [min(unusual, key=lambda line: (line.measure.chance or 0.0, line.to_on))] if unusual else []
    return found


def _before_leaders_left(looked: _Looked) -> list[TrendLine]:
    """Units that lost a leader in the period, with the letters of the days before; of several, the most unusual."""
    letters, found = looked.letters(), dict[str, TrendLine]()
    for unit, left_on in leaders_left(looked.rows.services, looked.period, looked.rule.leaders_at_most.value):
        days = looked.rule.leaving_days.value
        line = _window(looked, Counted.LEAVING, unit, left_on, days, letters.get(unit, ()))
        if line.measure.n and (unit not in found or line.measure.n > found[unit].measure.n):
            found[unit] = line
    return list(found.values())


def _window(looked: _Looked, table: Counted, unit: str, last: date, days: int, letters: Iterable[date]) -> TrendLine:
    first = last - timedelta(days=days - 1)
    return TrendLine(table, unit, first, last, looked.measure(letters, first, last))


def leaders_left(services: Sequence[Service], period: TrendPeriod, at_most: int) -> list[tuple[str, date]]:
    """The units that a leader left in the period, and when; whoever only changed rank within one has not left it."""
    left = {
        (service.unit, service.until_on)
        for service in services
        if service.until_on is not None and period.has(service.until_on) and _left_as_leader(service, services, at_most)
    }
    return sorted(left)


def _left_as_leader(leaver: Service, services: Sequence[Service], at_most: int) -> bool:
    assert leaver.until_on is not None
    there = [each for each in services if each.unit == leaver.unit]
    if any(each.who == leaver.who and each.on(leaver.until_on + ONE_DAY) for each in there):
        return False
    peers = [each for each in there if each.pack == leaver.pack and each.on(leaver.until_on)]
    highest = [each for each in peers if each.rank == min(peer.rank for peer in peers)]
    return leaver in highest and len(highest) <= at_most


def _complaints(looked: _Looked, cases: Sequence[CaseSpan]) -> list[TrendLine]:
    of_unit = Counter(case.unit for case in cases)
    lines = looked.counted(Counted.COMPLAINTS, Kind.COMPLAINT, _by_unit)
    return [replace(line, cases=of_unit[line.name]) for line in lines]


def _stages(stages: Sequence[StageTime], period: TrendPeriod) -> tuple[StageLine, ...]:
    begun = [stage for stage in stages if stage.began_on <= period.counted_to]
    lines = (
        _stage(name, [each for each in begun if each.name == name], period) for name in sorted({s.name for s in begun})
    )
    return tuple(line for line in lines if line.n or line.open_and_late)


def _stage(name: str, stages: Sequence[StageTime], period: TrendPeriod) -> StageLine:
    over = [(each, each.done_on) for each in stages if each.done_on is not None and period.has(each.done_on)]
    days = [(done_on - each.began_on).days for each, done_on in over]
    limits = [(each.due_on - each.began_on).days for each, _ in over if each.due_on is not None]
    still = [each for each in stages if each.done_on is None or each.done_on > period.counted_to]
    return StageLine(
        name,
        len(over),
        middle(days),
        percentile(days, NINE_TENTHS) if days else None,
        middle(limits),
        sum(each.due_on is not None and done_on > each.due_on for each, done_on in over),
        sum(each.due_on is not None and each.due_on < period.counted_to for each in still),
    )


def _breaks_conformance(fact: Fact) -> bool:
    return fact.kind in BREAKS_CONFORMANCE or fact.code == FOUND_UNDECLARED


def _conformance(facts: Sequence[Fact], cases: Sequence[CaseSpan], period: TrendPeriod) -> tuple[CaseLine, ...]:
    departed: dict[str, list[str]] = {}
    complaints: Counter[str] = Counter()
    for fact in sorted(facts, key=lambda found: found.on):
        if fact.on <= period.counted_to and _breaks_conformance(fact):
            departed.setdefault(fact.case_id, []).append(f"{fact.kind}:{fact.code}")
        if fact.kind == Kind.COMPLAINT and period.has(fact.on):
            complaints[fact.case_id] += 1
    lines = (
        CaseLine(case.case_id, case.unit, case.pack, complaints[case.case_id], tuple(departed.get(case.case_id, ())))
        for case in cases
    )
    return tuple(sorted(lines, key=lambda line: (line.conforms, line.case_id)))
