"""Putting candidates before the public for a stated number of days, and when those days have run."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Notice
from domain.command import Command, ready
from domain.event import Event
from domain.identity import CandidateId, short_id
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.refusal import Refusal
from domain.replacing import replace
from domain.rule_family import demands
from domain.working_days import Counting, Unit, Window


class OpenPublicNotice(Command):
    """Publish the notice. Without dates it stands for the shortest lawful window from today."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.PUBLIC_NOTICE
    opens_on: date | None = Field(None, description="first day that the notice stands; today when left out")
    closes_on: date | None = Field(None, description="last day; the shortest lawful window when left out")


class PublicNoticeOpened(CaseEvent):
    under: ClassVar[tuple[str, ...]] = ("notice.minimum", "notice.counting", "notice.fields")
    notice_id: str
    window: Window
    candidates: tuple[CandidateId, ...]
    fields: tuple[str, ...]

    def windows(self) -> Mapping[str, Window]:
        return {"public_notice": self.window}

    def apply(self, case: LiveCase) -> Case:
        return replace(case, notice=Notice(self.notice_id, self.window))


class PublicNoticeElapsed(CaseEvent):
    under: ClassVar[tuple[str, ...]] = ("notice.minimum",)
    notice_id: str
    closed_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, notice=replace(case.notice, elapsed_on=self.closed_on)) if case.notice else case


class PublicNoticeWithdrawn(CaseEvent):
    """A notice was taken down because the decision that it spoke of is taken anew; another follows the new one."""

    notice_id: str
    withdrawn_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, notice=None)


class NoticeAlreadyOpen(Refusal):
    rule = "house.one_notice_a_case"


class NoticePeriodTooShort(Refusal):
    rule = "notice.minimum"


class NoticeInThePast(Refusal):
    rule = "house.a_notice_opens_today_or_later"


def notice_window(command: OpenPublicNotice, on: Occasion) -> Window:
    """The days that the notice stands.

    Source: the pack's `notice.minimum` and `notice.counting` (cn.sr2019: Art. 42, not less than 5 working days).
    Units: working days, or as the pack says.
    Refuses: NoticePeriodTooShort, BeyondTheCalendar.
    """
    opens_on = command.opens_on or on.today
    shortest = shortest_window(opens_on, on)
    if command.closes_on is None or command.closes_on == shortest.closes_on:
        return shortest
    if command.closes_on < shortest.closes_on:
        raise _too_short(command.closes_on, shortest, on)
    return on.counted(opens_on, command.closes_on, on.pack.notice.counting.value)


def shortest_window(opens_on: date, on: Occasion) -> Window:
    """The fewest days that a notice which opens on a day may stand.

    Source: the pack's `notice.minimum` and `notice.counting`.
    Refuses: BeyondTheCalendar.
    """
    notice = on.pack.notice
    lawful = [on.due(period, start=opens_on, counting=notice.counting.value) for period in demands(notice.minimum)]
    return max(lawful, key=lambda window: window.closes_on)  # both families must pass, also in units of their own


def counted_anew(window: Window, on: Occasion) -> Window:
    """The days of a notice that stands, by the calendar of today: it may close later, and never earlier.

    The public was told the day until which it may object, so a day that turns out to be worked does not shorten it.
    A window that was stated keeps the minimum that it held.

    Source: the notice's own period, or the pack's `notice.minimum`.
    Refuses: BeyondTheCalendar.
    """
    stated = (period for period in demands(on.pack.notice.minimum) if period.unit is Unit.WORKING_DAY)
    periods = [window.period] if window.period else [period for period in stated if period.n <= window.counted]
    lawful = [on.due(period, start=window.opens_on, counting=window.counting) for period in periods]
    later = [found for found in lawful if found.closes_on >= window.closes_on]
    if later:
        return max(later, key=lambda found: found.closes_on)
    return on.counted(window.opens_on, window.closes_on, window.counting)


def _too_short(closes_on: date, shortest: Window, on: Occasion) -> NoticePeriodTooShort:
    counting = on.pack.notice.counting.value
    stands = max(shortest.opens_on, closes_on)
    counted = on.counted(shortest.opens_on, stands, counting).counted
    minimum = shortest.period or on.pack.notice.minimum.value
    opening_day = "the opening day not counted" if counting is Counting.EXCLUSIVE else "both ends counted"
    return NoticePeriodTooShort(
        f"A notice from {shortest.opens_on:%-d %B %Y} to {closes_on:%-d %B %Y} has {counted} of the "
        f"{minimum.in_words('en')} that the rule asks for ({opening_day}). "
        f"Close it on {shortest.closes_on:%-d %B %Y} or later."
        f"{on.pack.both_sides('notice.minimum')}",
        citation=on.cite("notice.minimum"),
        field="closes_on",
        counted=counted,
        minimum=minimum.n,
        unit=str(minimum.unit),
        earliest_close_on=shortest.closes_on,
        calendar=shortest.calendar_version,
        why=shortest.explain("en"),
    )


def _notice_id(live: LiveCase) -> str:
    again = (str(live.reconsiderations),) if live.reconsiderations else ()
    return short_id("notice", live.id, *again)


def open_public_notice(case: Case, command: OpenPublicNotice, on: Occasion) -> list[Event]:
    """The public reads who is proposed, for no fewer days than the pack asks.

    Source: the pack's `notice` (cn.sr2019: Art. 42).
    Refuses: OutOfOrder, WrongOrgan, NoticeAlreadyOpen, NoticeInThePast, NoticePeriodTooShort, BeyondTheCalendar.
    """
    live = ready(case, command, on)
    if live.notice is not None:
        raise NoticeAlreadyOpen(
            f"The notice of this case is open until {live.notice.window.closes_on:%-d %B %Y}, and a case has one "
            "notice. Wait until its days have run and every objection is disposed of.",
            notice_id=live.notice.id,
        )
    if command.opens_on is not None and command.opens_on < on.today:
        raise NoticeInThePast(
            f"A notice cannot open on {command.opens_on:%-d %B %Y}: that day is over. Open it today or later.",
            field="opens_on",
            today=on.today,
        )
    shown = (live.candidates[live.chosen],) if live.chosen else live.standing
    return [
        PublicNoticeOpened(
            notice_id=_notice_id(live),
            window=notice_window(command, on),
            candidates=tuple(candidate.id for candidate in shown),
            fields=on.pack.notice.fields.value,
        )
    ]
