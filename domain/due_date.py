"""What becomes of a day that was counted before its calendar was published: it is counted anew, and that is recorded.

Only what still runs is counted anew. A clock that has ended, has ended. What a rest or a pause left of a clock is
counted when it goes on, and anew like any other window after that; how many working days were left stays as it was
recorded then. A case that rests is counted anew when it goes on.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.command import Command
from domain.date_words import Language, in_words
from domain.event import Event
from domain.identity import Role
from domain.law import Frozen
from domain.occasion import Occasion
from domain.pack import Pack
from domain.public_notice import counted_anew
from domain.refusal import WrongOrgan
from domain.replacing import replace
from domain.rest import with_clock
from domain.timer import LetTimerRunOut, Timer, timers
from domain.working_days import Window

RECOUNTS = uuid5(NAMESPACE_URL, "investiture/recount")
NOTICE = "public_notice"

_ANEW: Mapping[Language, tuple[str, str]] = {
    "en": (
        "Counted anew on {on} by calendar version {now}: it ran to {before}, by calendar version {then}.",
        "Counted anew on {on} by calendar version {now}: the day is the same as by calendar version {then}.",
    ),
    "zh": (
        "{on}按日历版本{now}重新计算：此前按日历版本{then}于{before}届满。",
        "{on}按日历版本{now}重新计算：与日历版本{then}的结果相同。",
    ),
}


class RecountDueDates(Command):
    """The engine's command: count anew what was counted in days of a calendar that was not published yet."""

    by: ClassVar[Role | None] = Role.SYSTEM


class RecountedClock(Frozen):
    """A clock by its durable name, its day before and after, and the calendar by which it had been counted."""

    clock: str
    before: date
    after: date
    calendar_before: str
    window: Window


class DueDatesRecounted(CaseEvent):
    """Days of a calendar that was not published were counted, and are counted anew by a later one."""

    recounted_on: date
    calendar_version: str
    clocks: tuple[RecountedClock, ...]

    def windows(self) -> Mapping[str, Window]:
        return {recounted.clock: recounted.window for recounted in self.clocks}

    def apply(self, case: LiveCase) -> Case:
        for found in self.clocks:
            case = with_clock(case, found.clock, found.after)
            if found.clock == NOTICE and case.notice is not None:
                case = replace(case, notice=replace(case.notice, window=found.window, version=case.notice.version + 1))
        return case

    def after(self, clock: str) -> date:
        """The day that it gave a clock."""
        return self._of(clock).after

    def in_words(self, clock: str, language: Language) -> str:
        """What it did with a clock, as a sentence."""
        found = self._of(clock)
        moved, same = _ANEW[language]
        return (same if found.after == found.before else moved).format(
            on=in_words(self.recounted_on, language),
            now=self.calendar_version,
            before=in_words(found.before, language),
            then=found.calendar_before,
        )

    def _of(self, clock: str) -> RecountedClock:
        return next(found for found in self.clocks if found.clock == clock)


def recount_command_id(case_id: str, version: int, calendar_version: str) -> UUID:
    """The command id of a recount: from the case as it was found and the calendar, never from a run or an attempt."""
    return uuid5(RECOUNTS, f"{case_id}/{version}/{calendar_version}")


def provisional_clocks(case: LiveCase, pack: Pack) -> Iterator[tuple[Timer, Window]]:
    """The clocks that run to a day that was counted in provisional days, each with its window."""
    if not case.provisional:
        return
    for timer in timers(case, pack):
        window = case.provisional.get(timer.name)
        if window is not None and window.closes_on == timer.due_on:
            yield timer, window


def recount_due_dates(case: Case, command: RecountDueDates, on: Occasion) -> list[Event]:
    """Running clocks end on the days that their periods have by the calendar of today; nothing when none changes.

    Source: the periods of the pack, as they were counted when each clock began.
    Units: a duty's day never comes to lie before today, so that nobody is late by a calendar that they could not know;
    a notice closes later or as it was.
    Refuses: WrongOrgan, CaseNotFound, CaseIsSuspended, CaseHasEnded, BeyondTheCalendar.
    """
    live = under_way(case)
    if not on.acts_as(Role.SYSTEM):
        raise WrongOrgan(
            "Only the engine counts due dates anew. Wait: it does so by itself when a newer calendar is installed.",
            duty_holder=str(Role.SYSTEM),
        )
    return [found] if (found := _recount(live, on)) else []


def later_than_counted(case: Case, command: Command, on: Occasion) -> list[Event]:
    """The recount that takes the place of a clock's end, when by the calendar of today it has not come yet.

    Without it a silence could consent on a day that has become a holiday.
    """
    if not isinstance(command, LetTimerRunOut) or not isinstance(case, LiveCase) or not on.acts_as(Role.SYSTEM):
        return []
    found = _recount(case, on)
    ends_later = found and any(clock.clock == command.timer and clock.after > clock.before for clock in found.clocks)
    return [found] if found and ends_later else []


def _recount(live: LiveCase, on: Occasion) -> DueDatesRecounted | None:
    found = [_clock(timer, window, on) for timer, window in provisional_clocks(live, on.pack)]
    changed = tuple(clock for clock in found if clock.after != clock.before or not clock.window.provisional)
    if not changed:
        return None
    return DueDatesRecounted(recounted_on=on.today, calendar_version=on.calendar.version, clocks=changed)


def _clock(timer: Timer, window: Window, on: Occasion) -> RecountedClock:
    if timer.name == NOTICE or window.period is None:
        anew = counted_anew(window, on)
    else:
        anew = on.due(window.period, start=window.opens_on, counting=window.counting)
    return RecountedClock(
        clock=timer.name,
        before=timer.due_on,
        after=max(anew.closes_on, min(timer.due_on, on.today)),
        calendar_before=window.calendar_version,
        window=anew,
    )
