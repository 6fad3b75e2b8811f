"""Where a notice stands on a given day, and what each of its days is to the reader."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.law import Language
from domain.working_days import Day, DayKind, Window
from projections.public_notice import PublicNotice

WIDEST_BAR_DAYS = 92


class Standing(StrEnum):
    """The states of a notice that a reader must tell apart."""

    TO_OPEN = "to_open"
    OPEN = "open"
    CLOSES_TODAY = "closes_today"
    ENDED = "ended"
    CUT_SHORT = "cut_short"

    @property
    def runs(self) -> bool:
        return self in (Standing.OPEN, Standing.CLOSES_TODAY)

    @property
    def over(self) -> bool:
        return self in (Standing.ENDED, Standing.CUT_SHORT)


def standing(notice: PublicNotice, today: date) -> Standing:
    """A notice stands from its first day to the end of its last."""
    if notice.ended_on is not None:
        return Standing.CUT_SHORT
    if notice.elapsed_on is not None or today > notice.window.closes_on:
        return Standing.ENDED
    if today < notice.window.opens_on:
        return Standing.TO_OPEN
    return Standing.CLOSES_TODAY if today == notice.window.closes_on else Standing.OPEN


def working_days_left(notice: PublicNotice, today: date) -> int | None:
    """Days on which offices still work before the notice closes, today among them; none are told for other periods."""
    if not notice.window.counts_working_days:
        return None
    return sum(day.on >= today for day in notice.window.counted_days)


@dataclass(frozen=True, slots=True)
class BarDay:
    """A day of the bar: what it is, whether it counts, and what happens on it."""

    on: date
    kind: DayKind | None
    name: str | None
    count: int | None
    opens: bool
    closes: bool
    today: bool

    @property
    def works(self) -> bool:
        return self.kind in (DayKind.WORKING, DayKind.MAKE_UP)


@dataclass(frozen=True, slots=True)
class Bar:
    """The days of a window in order; only its two ends where they cannot or need not all be told apart."""

    days: tuple[BarDay, ...]
    counted: int
    whole: bool


def bar(window: Window, today: date, language: Language) -> Bar:
    """The window's days as the reader sees them.

    Units: a bar holds at most 92 days; a wider window shows its first and its last day.
    """
    whole = window.counts_working_days and len(window.days) <= WIDEST_BAR_DAYS
    known = {day.on: day for day in window.days}
    counts = {day.on: place for place, day in enumerate(window.counted_days, start=1)}
    shown = tuple(known) if whole else tuple(dict.fromkeys((window.opens_on, window.closes_on)))
    days = tuple(_bar_day(on, known.get(on), counts.get(on), window, today, language) for on in shown)
    return Bar(days, window.counted, whole)


def _bar_day(on: date, day: Day | None, count: int | None, window: Window, today: date, language: Language) -> BarDay:
    return BarDay(
        on=on,
        kind=day.kind if day else None,
        name=_name(day, language) if day else None,
        count=count,
        opens=on == window.opens_on,
        closes=on == window.closes_on,
        today=on == today,
    )


def _name(day: Day, language: Language) -> str | None:
    return (day.name_zh or day.name) if language == "zh" else day.name
