"""A clock that stands still: paused for a reason that everybody can read, and going on with the time that was left."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.case_file import RunningClock
from domain.clock import ClockResumed
from domain.command import Command, by_its_duty_holder, nobody_acts_for_themselves
from domain.event import Event
from domain.identity import Role
from domain.occasion import Occasion
from domain.pack import ClockRule
from domain.refusal import Refusal, UnknownChoice
from domain.working_days import Counting, Period, Unit, Window

LONGEST_PAUSE = timedelta(days=366)


class PauseClock(Command):
    """Let a clock stand still, for a stated reason."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    clock: str
    until_on: date = Field(description="the day at whose end it goes on by itself, a year ahead at most")
    reason: str = Field(min_length=10, max_length=2000, description="stands in the public record: no personal data")


class ResumeClock(Command):
    """Let a paused clock go on."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    clock: str


class ClockPaused(CaseEvent):
    """A clock stands still, until the day that was named at the latest.

    `window` are the days that are left after it, where they are days of a calendar that is not published yet.
    """

    schema_version: ClassVar[int] = 2
    clock: str
    paused_on: date
    until_on: date
    due_on: date
    reason: str
    window: Window | None = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"clocks.{self.clock}.may_pause",)

    def apply(self, case: LiveCase) -> Case:
        paused = replace(
            case.clocks[self.clock],
            paused_on=self.paused_on,
            goes_on_on=self.until_on,
            due_after_pause=self.due_on,
            counted_after_pause=self.window,
        )
        return case.with_clock(self.clock, paused)


class ClockDoesNotRun(Refusal):
    rule = "house.only_a_running_clock_pauses"


class PauseOutOfTime(Refusal):
    rule = "house.a_pause_has_an_end"
    unlawful = False


class ClockMayNotPause(Refusal):
    rule = "clocks.may_pause"


def pause_clock(case: Case, command: PauseClock, on: Occasion) -> list[Event]:
    """Supervision may let a clock stand still where the pack allows it, for a reason that everybody can read.

    Source: the pack's `clocks.….may_pause` (us.fvra: the limit of acting service is adjusted by nominations).
    Refuses: UnknownChoice, WrongOrgan, ActsInOwnCase, ClockMayNotPause, ClockDoesNotRun.
    """
    live, rule, clock = _known_clock(case, command, on)
    if rule.may_pause is None or not rule.may_pause.value:
        raise ClockMayNotPause(
            f"`{on.pack.id}` lets the clock “{rule.title.en}” run without a pause. Suspend the case, or let it run.",
            citation=on.cite(f"clocks.{rule.id}.may_pause" if rule.may_pause else f"clocks.{rule.id}.within"),
            clock=rule.id,
        )
    if not clock.runs:
        raise ClockDoesNotRun(
            f"The clock “{rule.title.en}” does not run, so it cannot be paused. Resume it, or leave it.", clock=rule.id
        )
    if not on.today < command.until_on <= on.today + LONGEST_PAUSE:
        raise PauseOutOfTime(
            f"A pause until {command.until_on:%-d %B %Y} is none that can end: state a day after today and by "
            f"{on.today + LONGEST_PAUSE:%-d %B %Y}.",
            field="until_on",
            today=on.today,
        )
    stopped = StoodStill(f"clock:{rule.id}", clock.due_on, rule.within.value.unit, on.today)
    due_on, window = goes_on(stopped, live, on, on_day=command.until_on)
    return [
        ClockPaused(
            clock=rule.id,
            paused_on=on.today,
            until_on=command.until_on,
            due_on=due_on,
            reason=command.reason,
            window=window,
        )
    ]


def resume_clock(case: Case, command: ResumeClock, on: Occasion) -> list[Event]:
    """A paused clock goes on with the time that it had left.

    Refuses: UnknownChoice, WrongOrgan, ActsInOwnCase, ClockDoesNotRun.
    """
    live, rule, clock = _known_clock(case, command, on)
    if clock.paused_on is None:
        raise ClockDoesNotRun(f"The clock “{rule.title.en}” is not paused. Leave it running.", clock=rule.id)
    stopped = StoodStill(f"clock:{rule.id}", clock.due_on, rule.within.value.unit, clock.paused_on)
    due_on, window = goes_on(stopped, live, on)
    return [ClockResumed(clock=rule.id, resumed_on=on.today, due_on=due_on, window=window)]


def _known_clock(
    case: Case, command: PauseClock | ResumeClock, on: Occasion
) -> tuple[LiveCase, ClockRule, RunningClock]:
    live = under_way(case)
    by_its_duty_holder(live, command, on)
    nobody_acts_for_themselves(live, command, on)
    rule, clock = on.pack.clock(command.clock), live.clocks.get(command.clock)
    if rule is None or clock is None:
        raise UnknownChoice(
            f"“{command.clock}” is not a clock of this case; choose one of {', '.join(live.clocks) or 'none'}.",
            field="clock",
            known=list(live.clocks),
        )
    return live, rule, clock


@dataclass(frozen=True, slots=True)
class StoodStill:
    """A clock by its durable name that stood still since a day, with the day on which it would have run out."""

    clock: str
    due_on: date
    unit: Unit
    since: date


def goes_on(
    stopped: StoodStill, case: LiveCase, on: Occasion, on_day: date | None = None
) -> tuple[date, Window | None]:
    """The day on which a clock runs out that goes on today, or on a stated day, with the time that it had left.

    And the window of that time, where a calendar yet to be published may change it: then it is counted anew like any.

    Units: working days that were left are counted anew; a clock in calendar time gets back the days of its rest.
    Refuses: BeyondTheCalendar.
    """
    due_on, left = _day_by_now(stopped, case, on), 0
    if stopped.unit is Unit.WORKING_DAY and due_on > stopped.since:
        left = on.counted(stopped.since, due_on, Counting.EXCLUSIVE).counted
    if not left:
        return due_on + ((on_day or on.today) - stopped.since), None
    window = on.due(Period(n=left, unit=stopped.unit), start=on_day)
    return window.closes_on, window if window.provisional else None


def _day_by_now(stopped: StoodStill, case: LiveCase, on: Occasion) -> date:
    """The day that its whole period has by the calendar of today; never one before it stopped, unknown as that was."""
    window = case.provisional.get(stopped.clock)
    if window is None or window.period is None or window.closes_on != stopped.due_on:
        return stopped.due_on
    anew = on.due(window.period, start=window.opens_on, counting=window.counting).closes_on
    return max(anew, min(stopped.due_on, stopped.since))
