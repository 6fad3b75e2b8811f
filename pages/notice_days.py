"""The days of a notice as a reader sees them."""

from dataclasses import dataclass
from datetime import date

from domain.law import Language
from domain.working_days import Day, DayKind, Window

WIDEST_BAR_DAYS = 92


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
