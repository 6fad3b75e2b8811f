"""A year is reported on once it is over, by personnel, and another report of it says why."""

from collections.abc import Sequence

import pytest

from domain.event import Event
from domain.identity import Actor
from domain.refusal import WrongOrgan
from domain.yearly_report import (
    AlreadyDrawnUp,
    DrawnUp,
    DrawUpYearlyReport,
    YearlyReportDrawnUp,
    YearMatter,
    YearStillRuns,
    draw_up_yearly_report,
)
from tests.domain.refusals import refused_apart as refused
from tests.examples import PERSONNEL, SUPERVISION, at

NOTHING: tuple[()] = ()
MATTER = YearMatter(
    year=2025,
    opened=0,
    endings=NOTHING,
    letters=NOTHING,
    objections=NOTHING,
    policy=NOTHING,
    training=NOTHING,
    exceptions=NOTHING,
    rectification=NOTHING,
    problems=NOTHING,
)
FOUND = DrawnUp(MATTER, "5e" * 32)


def drawn_up(command: DrawUpYearlyReport, earlier: Sequence[Event] = (), actor: Actor = PERSONNEL) -> list[Event]:
    return draw_up_yearly_report(earlier, command, FOUND, actor=actor, at=at("2026-01-05"))


FIRST = drawn_up(DrawUpYearlyReport(year=2025))


def test_a_report_is_fixed_with_its_hash_and_what_it_tells_is_sealed() -> None:
    (event,) = FIRST
    assert isinstance(event, YearlyReportDrawnUp)
    assert (event.number, event.digest, event.matter) == (1, "5e" * 32, MATTER)
    assert event.without_sealed().matter is None


def test_another_report_of_a_year_says_why() -> None:
    refused(AlreadyDrawnUp, lambda: drawn_up(DrawUpYearlyReport(year=2025), FIRST))
    again = DrawUpYearlyReport(year=2025, reason="Two cases of December were recorded late.")
    (event,) = drawn_up(again, FIRST)
    assert isinstance(event, YearlyReportDrawnUp)
    assert (event.number, event.reason) == (2, again.reason)


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_year_that_is_not_over_is_not_reported_on(year: int) -> None:
    refused(YearStillRuns, lambda: drawn_up(DrawUpYearlyReport(year=year)))


def test_nobody_but_personnel_draws_it_up() -> None:
    refused(WrongOrgan, lambda: drawn_up(DrawUpYearlyReport(year=2025), actor=SUPERVISION))
