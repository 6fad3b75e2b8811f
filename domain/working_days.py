"""Which days count, when a period closes, and why; it knows no clock and publishes no calendar."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_serializer, field_validator

from domain.date_words import Language, explain, in_words

LAST_YEAR = 9998
LONGEST_PERIOD = 10_000
WIDEST_WINDOW_DAYS = 20_000
SATURDAY_AND_SUNDAY = frozenset({5, 6})

Name = Annotated[str | None, Field(exclude_if=lambda name: name is None)]


class DayKind(StrEnum):
    """What a calendar says of a day; a make-up day is a weekend day that is worked."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


class Day(BaseModel):
    """One civil day of a jurisdiction, with the holiday that it is or makes up for."""

    model_config = ConfigDict(frozen=True)

    on: date
    kind: DayKind
    name: Name = None
    name_zh: Name = None

    @property
    def works(self) -> bool:
        """Offices are open on it."""
        return self.kind in (DayKind.WORKING, DayKind.MAKE_UP)


class Calendar(BaseModel):
    """The working days of one jurisdiction, as far as they were officially published."""

    model_config = ConfigDict(frozen=True)

    jurisdiction: str
    version: str
    first_year: int
    last_year: int
    exceptions: Mapping[date, Day] = Field(description="holidays and make-up days")
    weekend: frozenset[int] = Field(SATURDAY_AND_SUNDAY, description="Monday is 0")
    unsettled: frozenset[date] = Field(frozenset(), description="days of published years that may still change")

    @field_serializer("weekend", "unsettled")
    def _sorted(self, days: frozenset[int] | frozenset[date]) -> Sequence[int | date]:
        # A set of dates has another order in every process, and stored JSON must not.
        return sorted(days)

    def day(self, on: date) -> Day:
        """A day is what the calendar's exceptions say, else a weekend day or a working one."""
        listed = self.exceptions.get(on)
        if listed is not None:
            return listed
        return Day(on=on, kind=DayKind.WEEKEND if on.weekday() in self.weekend else DayKind.WORKING)

    def is_published(self, year: int) -> bool:
        """The calendar of the year was officially published."""
        return self.first_year <= year <= self.last_year

    def is_provisional(self, on: date) -> bool:
        """What is said of the day may still change."""
        return not self.is_published(on.year) or on in self.unsettled


class Counting(StrEnum):
    """Whether the opening day is the first that counts; exclusive: it is not."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class Unit(StrEnum):
    """What a period is measured in."""

    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


_UNIT_ZH = {Unit.WORKING_DAY: "个工作日", Unit.DAY: "天", Unit.MONTH: "个月", Unit.YEAR: "年"}


class Period(BaseModel):
    """A length of time as a rule states it.

    Refuses: less than one, or more than 10,000, of its unit.
    """

    model_config = ConfigDict(frozen=True)

    n: int = Field(ge=1)
    unit: Unit

    @field_validator("n")
    @classmethod
    def _not_endless(cls, n: int) -> int:
        if n > LONGEST_PERIOD:
            raise ValueError(f"A period of {n} is too long to count; {LONGEST_PERIOD} of its unit at most.")
        return n

    def in_words(self, language: Language) -> str:
        """A period reads as a clerk would write it: "5 working days", "5个工作日"."""
        if language == "zh":
            return f"{self.n}{_UNIT_ZH[self.unit]}"
        return f"{self.n} {self.unit.replace('_', ' ')}{'' if self.n == 1 else 's'}"


class Window(BaseModel):
    """A period set down in a calendar: the days that it stands, and how many of them count.

    `days` covers the window when working days are counted; in a calendar period every day counts
    alike, and only the closing day is kept. `period` is absent when a given window was counted.
    """

    model_config = ConfigDict(frozen=True)

    opens_on: date
    closes_on: date
    period: Period | None = None
    counting: Counting
    counted: int
    days: tuple[Day, ...]
    jurisdiction: str
    calendar_version: str
    provisional: bool = False
    unpublished_years: tuple[int, ...] = ()

    @property
    def counts_working_days(self) -> bool:
        """Only days on which offices are open count."""
        return self.period is None or self.period.unit is Unit.WORKING_DAY

    @property
    def counts_opening_day(self) -> bool:
        """The opening day counts, if it is worked or every day counts."""
        return self.counting is Counting.INCLUSIVE and (not self.counts_working_days or self.days[0].works)

    @property
    def counted_days(self) -> tuple[Day, ...]:
        """The working days that count towards the period; none are listed for a calendar period."""
        return tuple(day for day in self._countable_days() if day.works)

    @property
    def skipped_days(self) -> tuple[Day, ...]:
        """The days off inside the window, the opening day aside when it does not count anyway."""
        return tuple(day for day in self._countable_days() if not day.works)

    def _countable_days(self) -> tuple[Day, ...]:
        if not self.counts_working_days:
            return ()
        return self.days if self.counting is Counting.INCLUSIVE else self.days[1:]

    def explain(self, language: Language) -> list[str]:
        """A window says in sentences which calendar it used, what counted, and what was skipped and why."""
        return explain(self, language)


def due(calendar: Calendar, opens_on: date, period: Period, counting: Counting = Counting.EXCLUSIVE) -> Window:
    """The shortest window that holds the period; it closes on the last day that counts.

    A calendar period closes on the same day of a later month, or on that month's last day when it
    has no such day; it is not extended when it closes on a day off. Only working days can be
    provisional: calendar periods do not depend on what a government publishes.
    Refuses: a window wider than 20,000 days, or one that reaches beyond the year 9998.
    """
    if period.unit is Unit.WORKING_DAY:
        return _working_window(calendar, _days_until_counted(calendar, opens_on, period.n, counting), counting, period)
    closes_on = _close_of_calendar_period(opens_on, period, counting)
    return Window(
        opens_on=opens_on,
        closes_on=closes_on,
        period=period,
        counting=counting,
        counted=(closes_on - opens_on).days + (counting is Counting.INCLUSIVE),
        days=(calendar.day(closes_on),),
        jurisdiction=calendar.jurisdiction,
        calendar_version=calendar.version,
    )


def before(day: date, period: Period) -> date:
    """The day that lies a period before another; a month that has no such day gives its last.

    Refuses: working days, which need a calendar (`working_days_before`), and what lies before the year 1.
    """
    match period.unit:
        case Unit.DAY:
            return day - timedelta(days=period.n)
        case Unit.MONTH | Unit.YEAR:
            year, month = divmod(day.year * 12 + day.month - 1 - period.n * (12 if period.unit is Unit.YEAR else 1), 12)
            return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        case _:
            raise ValueError("Working days are counted back in a calendar; write the period in days, months or years.")


def working_days_before(calendar: Calendar, day: date, n: int) -> date:
    """The working day that lies `n` working days before another day; that day itself does not count.

    Refuses: what lies more than 20,000 days back.
    """
    for step in range(1, WIDEST_WINDOW_DAYS):
        found = day - timedelta(days=step)
        n -= calendar.day(found).works
        if not n:
            return found
    raise ValueError(f"The calendar {calendar.version} lacks {n} of the working days before {in_words(day)}.")


def after(day: date, period: Period) -> date:
    """The day that lies a period after another; a month that has no such day gives its last.

    Refuses: working days, which need a calendar, and what lies beyond the year 9998.
    """
    match period.unit:
        case Unit.DAY:
            return _days_later(day, period.n)
        case Unit.MONTH | Unit.YEAR:
            return _months_later(day, period.n * (12 if period.unit is Unit.YEAR else 1))
        case _:
            raise ValueError("Working days are counted in a calendar; write the period in days, months or years.")


def counted_window(calendar: Calendar, first: date, last: date, counting: Counting = Counting.INCLUSIVE) -> Window:
    """The working days that a given window holds, so that a short one can be refused.

    Refuses: a window that closes before it opens, is wider than 20,000 days or reaches beyond 9998.
    """
    if last < first:
        raise ValueError(f"A window cannot close on {in_words(last)}, before it opens on {in_words(first)}.")
    width = (last - first).days + 1
    if width > WIDEST_WINDOW_DAYS:
        raise ValueError(f"A window of {width} days is too wide to count: {WIDEST_WINDOW_DAYS} days at most.")
    days = tuple(calendar.day(_days_later(first, step)) for step in range(width))
    return _working_window(calendar, days, counting, None)


def _working_window(calendar: Calendar, days: tuple[Day, ...], counting: Counting, period: Period | None) -> Window:
    countable = days if counting is Counting.INCLUSIVE else days[1:]
    return Window(
        opens_on=days[0].on,
        closes_on=days[-1].on,
        period=period,
        counting=counting,
        counted=sum(day.works for day in countable),
        days=days,
        jurisdiction=calendar.jurisdiction,
        calendar_version=calendar.version,
        provisional=any(calendar.is_provisional(day.on) for day in countable),
        unpublished_years=tuple(sorted({day.on.year for day in countable if not calendar.is_published(day.on.year)})),
    )


def _days_until_counted(calendar: Calendar, opens_on: date, n: int, counting: Counting) -> tuple[Day, ...]:
    days: list[Day] = []
    for step in range(WIDEST_WINDOW_DAYS):
        day = calendar.day(_days_later(opens_on, step))
        days.append(day)
        if day.works and (step or counting is Counting.INCLUSIVE):
            n -= 1
        if not n:
            return tuple(days)
    raise ValueError(
        f"The calendar {calendar.version} of {calendar.jurisdiction} lacks {n} of the working days asked for "
        f"within {WIDEST_WINDOW_DAYS} days of {in_words(opens_on)}."
    )


def _close_of_calendar_period(opens_on: date, period: Period, counting: Counting) -> date:
    if period.unit is Unit.DAY:
        return _days_later(opens_on, period.n - (counting is Counting.INCLUSIVE))
    later = _months_later(opens_on, period.n * (12 if period.unit is Unit.YEAR else 1))
    # A month that was cut short has already lost the day that counting the opening day would take off.
    if counting is Counting.INCLUSIVE and later.day == opens_on.day:
        return later - timedelta(days=1)
    return later


def _days_later(start: date, days: int) -> date:
    ordinal = start.toordinal() + days
    if ordinal > date(LAST_YEAR, 12, 31).toordinal():
        raise _beyond_last_year(start)
    return date.fromordinal(ordinal)


def _months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise _beyond_last_year(start)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _beyond_last_year(start: date) -> ValueError:
    return ValueError(f"What starts on {in_words(start)} would end after the year {LAST_YEAR}; state an earlier day.")


def latest_today(at: datetime) -> date:
    """The civil date at an instant where it is latest on Earth: nothing dated after it can have happened."""
    return (at + timedelta(hours=14)).date()


def end_of_day(on: date, timezone_name: str) -> datetime:
    """The instant at which a civil day ends is the one at which the next day starts there.

    Units: UTC.
    Refuses: a time zone that is not known, or a day after the year 9998.
    """
    try:
        zone = ZoneInfo(timezone_name)
    except (LookupError, ValueError, OSError) as unknown:
        raise ValueError(f'"{timezone_name}" is not a known time zone; name one like "Asia/Shanghai".') from unknown
    return datetime.combine(_days_later(on, 1), time(), zone).astimezone(UTC)
