"""A day that was counted before its calendar was published is counted anew by event, for what still runs."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from domain.case_opening import ResumeCase, SuspendCase
from domain.clock_pause import PauseClock, ResumeClock
from domain.due_date import DueDatesRecounted, RecountDueDates
from domain.explanation import ExplainedClock, explain
from domain.identity import SYSTEM
from domain.public_notice import OpenPublicNotice, PublicNoticeElapsed
from domain.query import QueryRunner
from domain.refusal import WrongOrgan
from domain.stage import StageBegun
from domain.supervision_review import OpinionOverdue, RequestOpinion
from domain.timer import LetTimerRunOut, timers
from domain.working_days import Calendar, Day, DayKind
from tests.domain.refusals import refused
from tests.domain.village import opened, surveyed
from tests.examples import AUDIT, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, reviewed, run_out
from tests.spec import Story

UNPUBLISHED = Calendar(jurisdiction="CN", version="by hand 1", first_year=2020, last_year=2026, exceptions={})
WEEK_OFF = [Day(on=date(2027, 10, day), kind=DayKind.HOLIDAY, name="National Day") for day in range(1, 8)]
WORKED_SATURDAYS = [Day(on=date(2027, 10, day), kind=DayKind.MAKE_UP, name="National Day") for day in (2, 9)]


def published(*days: Day, version: str = "by hand 2", last_year: int = 2027) -> Calendar:
    exceptions = {day.on: day for day in days}
    return UNPUBLISHED.model_copy(update={"version": version, "last_year": last_year, "exceptions": exceptions})


NATIONAL_DAY = published(*WEEK_OFF, WORKED_SATURDAYS[1])
A_DAY_MORE_IS_WORKED = published(WORKED_SATURDAYS[0])
ASKED = at("2027-09-27")
LATER = at("2027-09-29")
OPINION = "opinion:audit-office"


def asked() -> Story:
    """An opinion asked on a Monday before the National Day of a year whose calendar is not published: to 11 October."""
    story = replace(at_stage("standard", "supervision_review", at("2027-09-06")), calendar=UNPUBLISHED)
    return story.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, ASKED)


def published_notice(closes_on: date | None = None) -> Story:
    """A notice from 28 September that has its five working days on 5 October, for all that was known."""
    story = replace(at_stage("cn.sr2019", "public_notice", at("2027-09-27")), calendar=UNPUBLISHED)
    return story.when(OpenPublicNotice(closes_on=closes_on), PERSONNEL, at("2027-09-28"))


def recounted(story: Story, calendar: Calendar, when: datetime = LATER) -> Story:
    return replace(story, calendar=calendar).when(RecountDueDates(), SYSTEM, when)


def due(story: Story, clock: str = OPINION) -> date:
    return next(timer.due_on for timer in timers(story.case, story.pack) if timer.name == clock)


def test_a_clock_over_the_national_day_is_counted_anew_when_its_calendar_is_published() -> None:
    story = asked()
    assert due(story) == date(2027, 10, 11) and live(story).provisional[OPINION].unpublished_years == (2027,)
    story = recounted(story, NATIONAL_DAY)
    (clock,) = story.then(DueDatesRecounted).clocks
    assert (clock.clock, clock.before, clock.after) == (OPINION, date(2027, 10, 11), date(2027, 10, 15))
    assert (clock.calendar_before, story.then(DueDatesRecounted).calendar_version) == ("by hand 1", "by hand 2")
    assert clock.window.opens_on == date(2027, 9, 27) and not clock.window.provisional
    assert due(story) == date(2027, 10, 15) and not live(story).provisional


def test_nothing_is_recorded_twice_and_nothing_while_nothing_changes() -> None:
    assert recounted(recounted(asked(), NATIONAL_DAY), NATIONAL_DAY).latest == ()
    assert recounted(asked(), published(version="by hand 1b", last_year=2026)).latest == ()
    assert recounted(at_stage("standard", "decision", at("2026-03-02")), NATIONAL_DAY).latest == ()


def test_a_day_that_stays_the_same_is_recorded_once_as_settled() -> None:
    story = recounted(asked(), published())
    (clock,) = story.then(DueDatesRecounted).clocks
    assert clock.before == clock.after and not clock.window.provisional
    assert recounted(story, published(version="by hand 3")).latest == ()


def test_what_is_still_provisional_is_counted_again_by_every_calendar() -> None:
    expected = published(*WEEK_OFF, version="by hand 1b", last_year=2026)
    story = recounted(asked(), expected)
    assert due(story) == date(2027, 10, 18) and live(story).provisional[OPINION].calendar_version == "by hand 1b"
    assert due(recounted(story, NATIONAL_DAY)) == date(2027, 10, 15)


@pytest.mark.parametrize(("on", "due_on"), [("2027-09-29", 8), ("2027-10-10", 10)])
def test_a_duty_may_end_earlier_but_never_before_the_day_on_which_that_is_known(on: str, due_on: int) -> None:
    assert due(recounted(asked(), A_DAY_MORE_IS_WORKED, at(on))) == date(2027, 10, due_on)


def test_a_clock_does_not_run_out_on_a_day_that_by_the_calendar_of_now_is_too_early() -> None:
    story = run_out(replace(asked(), calendar=NATIONAL_DAY), OPINION)
    assert [type(event) for event in story.latest] == [DueDatesRecounted]
    assert due(story) == date(2027, 10, 15)
    assert run_out(story, OPINION).then(OpinionOverdue).due_on == date(2027, 10, 15)


@pytest.mark.parametrize("calendar", [UNPUBLISHED, A_DAY_MORE_IS_WORKED, published()])
def test_a_clock_whose_days_have_run_by_either_calendar_runs_out(calendar: Calendar) -> None:
    assert run_out(replace(asked(), calendar=calendar), OPINION).then(OpinionOverdue).due_on == date(2027, 10, 11)


def test_a_notice_closes_later_when_a_counted_day_turns_out_to_be_a_holiday() -> None:
    story = published_notice()
    assert due(story, "public_notice") == date(2027, 10, 5)
    story = recounted(story, NATIONAL_DAY)
    assert due(story, "public_notice") == date(2027, 10, 11)
    notice = live(story).notice
    assert notice is not None and notice.window.counted == 5 and not notice.window.provisional
    assert run_out(story, "public_notice").then(PublicNoticeElapsed).closed_on == date(2027, 10, 11)


def test_a_notice_never_closes_earlier_than_the_public_was_told() -> None:
    story = recounted(published_notice(), A_DAY_MORE_IS_WORKED)
    (clock,) = story.then(DueDatesRecounted).clocks
    assert clock.before == clock.after == date(2027, 10, 5) == due(story, "public_notice")
    assert clock.window.counted == 6 and "public_notice" not in live(story).provisional


@pytest.mark.parametrize(("stated", "closes_on"), [(6, 11), (11, 11), (12, 12)])
def test_a_notice_whose_last_day_was_stated_keeps_it_unless_its_minimum_needs_more(stated: int, closes_on: int) -> None:
    story = recounted(published_notice(date(2027, 10, stated)), NATIONAL_DAY)
    assert due(story, "public_notice") == date(2027, 10, closes_on)


def test_a_stage_and_a_query_are_counted_anew_together() -> None:
    story = replace(at_stage("standard", "supervision_review", at("2027-09-06")), calendar=UNPUBLISHED)
    story = reviewed(story, ASKED)
    limit = story.then(StageBegun).limit
    question = QueryRunner(question="Who drew the list up?")
    story = recounted(story.when(question, SUPERVISION, ASKED), NATIONAL_DAY)
    clocks = story.then(DueDatesRecounted).clocks
    assert sorted(found.clock.partition(":")[0] for found in clocks) == ["query", "stage"]
    assert limit is not None and due(story, "stage:decision") > limit.closes_on


def test_a_clock_of_the_pack_is_counted_anew() -> None:
    unpublished = UNPUBLISHED.model_copy(update={"last_year": 2025})
    story = surveyed(replace(opened(), calendar=unpublished))
    assert due(story, "clock:haste") == date(2026, 3, 16)
    thursday = Day(on=date(2026, 3, 5), kind=DayKind.HOLIDAY, name="Flood")
    assert due(recounted(story, published(thursday), at("2026-03-04")), "clock:haste") == date(2026, 3, 17)


def test_what_a_rest_has_left_of_a_clock_is_counted_anew_too() -> None:
    story = asked_and_rested()  # nine working days were left
    assert due(story) == date(2027, 10, 12) and live(story).provisional[OPINION].opens_on == LATER.date()
    story = recounted(story, NATIONAL_DAY)
    assert due(story) == date(2027, 10, 18) and not live(story).provisional
    why = explained(story).why("en") or []
    assert why[1] == "It had stood still; what was left of it was counted from 29 September 2027."
    assert (explained(story).why("zh") or [])[1] == "该期限曾中止，剩余期间自2027年9月29日起计算。"
    early = run_out(replace(asked_and_rested(), calendar=NATIONAL_DAY), OPINION)
    assert [type(event) for event in early.latest] == [DueDatesRecounted] and due(early) == date(2027, 10, 18)


def asked_and_rested() -> Story:
    story = asked().when(SuspendCase(reason="The court is seized."), SUPERVISION, at("2027-09-28"))
    return story.when(ResumeCase(), SUPERVISION, LATER)


def test_a_calendar_published_during_a_rest_takes_no_day_of_what_was_left() -> None:
    story = asked().when(SuspendCase(reason="The court is seized."), SUPERVISION, LATER)
    story = replace(story, calendar=NATIONAL_DAY).when(ResumeCase(), SUPERVISION, at("2027-10-11"))
    assert due(story) == date(2027, 10, 21), "two of ten days had run when it was suspended"
    assert recounted(story, NATIONAL_DAY, at("2027-10-11")).latest == ()


def test_days_that_turn_out_to_be_off_leave_a_clock_no_less_than_its_own_day() -> None:
    story = replace(at_stage("standard", "supervision_review", at("2027-09-06")), calendar=UNPUBLISHED)
    story = reviewed(story, at("2027-09-20"))
    story = story.when(QueryRunner(question="Who drew the list up?"), SUPERVISION, ASKED)
    (query,) = live(story).supervised.queries
    story = story.when(SuspendCase(reason="The court is seized."), SUPERVISION, at("2027-09-30"))
    story = replace(story, calendar=NATIONAL_DAY).when(ResumeCase(), SUPERVISION, at("2027-10-11"))
    assert due(story, f"query:{query}") > date(2027, 10, 11)


def test_what_a_pause_has_left_of_a_clock_is_counted_anew_too() -> None:
    unpublished = UNPUBLISHED.model_copy(update={"last_year": 2025})
    story = surveyed(replace(opened(), calendar=unpublished))
    pause = PauseClock(clock="haste", until_on=date(2026, 3, 6), reason="The river has risen.")
    story = story.when(pause, SUPERVISION, at("2026-03-03"))
    thursday = Day(on=date(2026, 3, 12), kind=DayKind.HOLIDAY, name="Flood")
    by_itself = run_out(story, "pause:haste")
    assert due(by_itself, "clock:haste") == date(2026, 3, 19)
    assert due(recounted(by_itself, published(thursday), at("2026-03-09")), "clock:haste") == date(2026, 3, 20)
    by_hand = replace(story, calendar=published(thursday)).when(
        ResumeClock(clock="haste"), SUPERVISION, at("2026-03-05")
    )
    assert due(by_hand, "clock:haste") == date(2026, 3, 19)
    assert recounted(by_hand, published(thursday), at("2026-03-05")).latest == ()


def test_only_the_engine_counts_anew() -> None:
    refused(asked(), WrongOrgan, RecountDueDates(), SUPERVISION, LATER)
    early = replace(asked(), calendar=NATIONAL_DAY)
    refused(early, WrongOrgan, LetTimerRunOut(timer=OPINION), SUPERVISION, at("2027-10-12"))


def test_the_explanation_says_when_and_by_which_calendar_a_day_was_counted_anew() -> None:
    assert (explained(asked()).why("en") or [])[-1].startswith("Provisional")
    found = explained(recounted(asked(), NATIONAL_DAY))
    said = "Counted anew on 29 September 2027 by calendar version by hand 2: it ran to 11 October 2027, "
    assert (found.why("en") or [])[0] == f"{said}by calendar version by hand 1."
    assert (found.why("zh") or [])[0].startswith("2027年9月29日按日历版本by hand 2重新计算")
    assert not found.moved and not any(line.startswith("Provisional") for line in found.why("en") or [])
    settled = explained(recounted(asked(), published()))
    assert "the day is the same" in (settled.why("en") or [])[0]


def explained(story: Story) -> ExplainedClock:
    told = explain([(ASKED, event) for event in story.events], story.pack, LATER)
    return next(clock for clock in told.clocks if clock.timer.name == OPINION)
