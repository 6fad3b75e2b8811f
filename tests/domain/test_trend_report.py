"""The trend report: exact tails, windows to the day, and totals that are the rows."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.law import Confidence
from domain.trend_measure import measured, middle, percentile, poisson_tail
from domain.trend_report import (
    CaseSpan,
    Counted,
    Fact,
    Kind,
    Service,
    StageTime,
    TrendPeriod,
    TrendReport,
    TrendRows,
    leaders_left,
    trend_report,
)
from domain.trend_rule import OF_THE_HOUSE, rules_shown

QUARTER = TrendPeriod(date(2026, 7, 1), date(2026, 9, 30), date(2026, 11, 23))
LONG_AGO = date(2020, 1, 1)
LAST = date(2026, 8, 30)


def letters(*days: date, unit: str = "Registry") -> list[Fact]:
    return [Fact(f"case{number}", unit, Kind.LETTER, "issued", on) for number, on in enumerate(days)]


def report_of(rows: TrendRows, period: TrendPeriod = QUARTER) -> TrendReport:
    return trend_report(replace(rows, first_on=rows.first_on or LONG_AGO), period)


@pytest.mark.parametrize(
    ("n", "expected", "tail"),
    [
        (0, 2.0, 1.0),
        (1, 2.0, 1 - exp(-2)),
        (3, 1.0, 1 - 2.5 * exp(-1)),
        (5, 0.5, 0.000172115629955841),
        (2, 5.0, 1 - 6 * exp(-5)),
        (10, 0.1, 2.516e-17),
    ],
)
def test_the_tail_is_the_chance_of_as_many_or_more(n: int, expected: float, tail: float) -> None:
    assert poisson_tail(n, expected) == pytest.approx(tail, rel=1e-3 if tail < 1e-10 else 1e-12)


@given(st.integers(1, 40), st.floats(0.01, 50))
def test_one_more_is_never_more_likely_and_no_chance_leaves_its_range(n: int, expected: float) -> None:
    assert 0.0 <= poisson_tail(n + 1, expected) <= poisson_tail(n, expected) + 1e-12 <= 1.0 + 2e-12


def test_nine_in_ten_is_the_nearest_rank_and_nothing_has_no_median() -> None:
    assert [percentile(list(range(1, n + 1)), Fraction(9, 10)) for n in (1, 2, 9, 10, 11, 100)] == [1, 2, 9, 9, 10, 90]
    assert (middle([3, 1, 2, 10]), middle([])) == (2.5, None)


def test_less_than_half_a_year_before_measures_nothing() -> None:
    short, enough = (measured(9, 30, 0, days, OF_THE_HOUSE) for days in (181, 182))
    assert (short.expected, short.chance, short.unusual) == (None, None, None)
    assert enough.unusual and enough.expected == pytest.approx(30 / 182, abs=1e-4)


def test_two_are_never_unusual_however_rare() -> None:
    assert measured(2, 1, 0, 730, OF_THE_HOUSE).unusual is False
    assert measured(3, 1, 0, 730, OF_THE_HOUSE).unusual is True


def test_every_number_is_the_houses_own_choice() -> None:
    assert {(rule.confidence, rule.source.instrument) for rule in rules_shown().values()} == {
        (Confidence.OWN_CHOICE, "house")
    }


def rushes(*days: date) -> list[tuple[int, int]]:
    lines = report_of(TrendRows(letters(*days))).table(Counted.RUSH)
    return [(line.measure.n, line.measure.before) for line in lines]


def test_letters_of_thirty_days_are_a_rush_and_of_thirty_one_are_not() -> None:
    within = [LAST - timedelta(days=back) for back in (0, 10, 29)]
    assert rushes(*within) == [(3, 0)]
    assert rushes(*within[:2], LAST - timedelta(days=30)) == []


def test_a_unit_that_always_issues_so_many_is_in_no_rush() -> None:
    steady = [LAST - timedelta(days=30 * back + each) for back in range(1, 25) for each in (1, 2, 3)]
    assert rushes(LAST, LAST, LAST, *steady) == []
    assert rushes(*[LAST] * 12, *steady) == [(12, 72)]


def test_a_rush_that_began_before_the_period_is_told_in_the_one_in_which_it_ends() -> None:
    days = [QUARTER.from_on - timedelta(days=2), QUARTER.from_on - timedelta(days=1), QUARTER.from_on]
    assert rushes(*days) == [(3, 0)]
    assert rushes(*(day - timedelta(days=1) for day in days)) == []


@pytest.mark.parametrize(("back", "told"), [(0, 1), (89, 1), (90, 0), (-1, 0)])
def test_letters_of_the_ninety_days_up_to_a_leaders_last_are_told(back: int, told: int) -> None:
    head = Service("a", "Registry", "standard", 0, LONG_AGO, LAST)
    rows = TrendRows(letters(LAST - timedelta(days=back)), services=[head])
    assert [line.measure.n for line in report_of(rows).table(Counted.LEAVING)] == [1] * told


def test_only_whoever_left_the_unit_from_its_highest_rank_was_its_leader() -> None:
    head = Service("a", "Registry", "standard", 0, LONG_AGO, LAST)
    clerk = Service("b", "Registry", "standard", 1, LONG_AGO, LAST)

    def left(*services: Service) -> list[tuple[str, date]]:
        return leaders_left(services, QUARTER, 3)

    assert left(head, clerk) == left(head) == [("Registry", LAST)]
    assert left(replace(head, until_on=None), clerk) == []
    raised = replace(head, since_on=LAST + timedelta(days=1), until_on=None)
    assert left(head, raised) == []
    assert left(head, replace(raised, unit="Archive")) == [("Registry", LAST)]
    four = [replace(head, who=str(each)) for each in range(4)]
    assert left(*four) == [] and left(*four[:3]) == [("Registry", LAST)]
    assert left(replace(head, until_on=QUARTER.to_on + timedelta(days=1))) == []
    assert left(head, replace(clerk, pack="cn.sr2019", rank=0)) == [("Registry", LAST)]


def test_a_stage_is_told_by_its_days_beside_its_limit_and_a_late_open_one_is_not_hidden() -> None:
    began = date(2026, 7, 1)

    def stage(days: int | None, limit: int | None = 10) -> StageTime:
        return StageTime(
            "standard/decision",
            began,
            None if days is None else began + timedelta(days=days),
            None if limit is None else began + timedelta(days=limit),
        )

    rows = TrendRows(stages=[stage(2), stage(10), stage(11), stage(40, None), stage(None)])
    (line,) = report_of(rows).stages
    assert (line.n, line.median_days, line.ninth_decile_days, line.limit_days) == (4, 10.5, 40, 10)
    assert (line.overrun, line.open_and_late) == (1, 1)
    assert report_of(TrendRows(stages=[stage(None, None)])).stages == ()


def test_a_case_conforms_or_is_told_by_what_it_does_not() -> None:
    case = CaseSpan("c", "Registry", "standard@1", date(2026, 6, 1), None)
    others = [replace(case, case_id="d", closed_on=date(2026, 6, 30)), replace(case, case_id="e")]

    def fact(kind: Kind, code: str, on: date) -> Fact:
        return Fact("c", "Registry", kind, code, on)

    facts = [
        fact(Kind.MISSED, "stage:decision", date(2026, 8, 1)),
        fact(Kind.DEVIATION, "nomination.minimum_candidates", date(2026, 6, 2)),
        fact(Kind.KIN_TIE, "found_undeclared", date(2026, 8, 2)),
        fact(Kind.KIN_TIE, "decided_stays", date(2026, 8, 2)),
        fact(Kind.EXCEPTION, "no_competition", date(2026, 8, 3)),
        fact(Kind.BREACH, "standard/leak", date(2026, 10, 1)),
    ]
    departing, conforming = report_of(TrendRows(facts, cases=[case, *others])).cases
    assert departing.departures == (
        "deviation:nomination.minimum_candidates",
        "missed:stage:decision",
        "kin_tie:found_undeclared",
    )
    assert (conforming.case_id, conforming.conforms, departing.conforms) == ("e", True, False)


def test_a_running_period_is_counted_to_today_and_one_to_come_is_empty() -> None:
    running = replace(QUARTER, today=date(2026, 7, 10))
    assert (running.running, running.days, QUARTER.running, QUARTER.days) == (True, 10, False, 92)
    facts = [Fact("c", "Registry", Kind.COMPLAINT, "open", date(2026, 7, day)) for day in (10, 11)]
    (line,) = report_of(TrendRows(facts), running).table(Counted.COMPLAINTS)
    assert (line.measure.n, line.measure.days, line.to_on) == (1, 10, date(2026, 7, 10))
    assert report_of(TrendRows(facts), replace(QUARTER, today=date(2026, 6, 30))).lines == ()


def test_every_prohibition_is_told_also_one_that_nobody_broke() -> None:
    broken = Fact("c", "Registry", Kind.BREACH, "p/leak", date(2026, 8, 1))
    lines = report_of(TrendRows([broken], prohibitions=["p/forged", "p/leak"])).table(Counted.PROHIBITIONS)
    assert [(line.name, line.measure.n) for line in lines] == [("p/forged", 0), ("p/leak", 1)]


def test_complaints_are_told_by_unit_and_by_case() -> None:
    cases = [CaseSpan(name, "Registry", "standard@1", LONG_AGO, None) for name in "abcd"]
    (line,) = report_of(TrendRows([Fact("a", "Registry", Kind.COMPLAINT, "open", LAST)], cases=cases)).table(
        Counted.COMPLAINTS
    )
    assert (line.cases, line.per_case) == (4, 0.25)


TOTALS = {
    Counted.EXCEPTIONS: Kind.EXCEPTION,
    Counted.DEVIATIONS: Kind.DEVIATION,
    Counted.KIN_TIES: Kind.KIN_TIE,
    Counted.COMPLAINTS: Kind.COMPLAINT,
    Counted.OUTCOMES: Kind.COMPLAINT,
    Counted.PROHIBITIONS: Kind.BREACH,
}
some_facts = st.lists(
    st.builds(
        Fact,
        case_id=st.sampled_from("abc"),
        unit=st.sampled_from(["Registry", "Archive"]),
        kind=st.sampled_from(list(Kind)),
        code=st.sampled_from(["x", "y"]),
        on=st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    ),
    max_size=60,
)


@given(some_facts, st.dates(date(2025, 1, 1), date(2026, 10, 1)), st.integers(0, 365))
def test_the_totals_are_the_rows(facts: list[Fact], from_on: date, days: int) -> None:
    period = replace(QUARTER, from_on=from_on, to_on=from_on + timedelta(days=days))
    report = report_of(TrendRows(facts, prohibitions=["x", "z"]), period)
    in_period = Counter(fact.kind for fact in facts if period.has(fact.on))
    for table, kind in TOTALS.items():
        lines = report.table(table)
        assert sum(line.measure.n for line in lines) == in_period[kind], table
        assert len({line.name for line in lines}) == len(lines)
    assert all(line.measure.unusual and line.measure.expected for line in report.table(Counted.RUSH))
