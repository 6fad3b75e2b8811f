"""The calendar of each jurisdiction, from two installed libraries; it asks no clock and no network."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

import chinese_calendar
from holidays import HolidayBase, country_holidays, list_supported_countries

from domain.working_days import Calendar, Day, DayKind

# The library knows India's Hindu holidays from 2001, and moon-sighted ones everywhere no later than 2035.
FIRST_YEAR, LAST_YEAR = 2001, 2035


class UnknownJurisdiction(ValueError):
    """No installed library has the calendar of the jurisdiction."""

    def __init__(self, jurisdiction: str) -> None:
        super().__init__(
            f'There is no calendar for the jurisdiction "{jurisdiction}"; '
            'name a country such as "CN" or "GB", or a part of one such as "GB-ENG".'
        )


def calendar_versions() -> frozenset[str]:
    """The versions that the calendars of this program have."""
    return frozenset({_version("chinesecalendar"), _version("holidays")})


@cache
def calendar_for(jurisdiction: str) -> Calendar:
    """The working-day calendar of a country, or of a part of one such as "GB-ENG".

    Refuses: a jurisdiction that no library knows, and parts of China, which has one calendar.
    """
    country, _, part = jurisdiction.partition("-")
    parts = list_supported_countries(include_aliases=False).get(country)
    if parts is None or (part not in parts and jurisdiction != country) or (part and country == "CN"):
        raise UnknownJurisdiction(jurisdiction)
    return _china() if country == "CN" else _elsewhere(jurisdiction, country, part or None)


def _china() -> Calendar:
    """China's calendar as the State Council published it; what is expected of later years is provisional.

    Source: chinesecalendar for published years, holidays for the expected ones.
    """
    published = {on.year for on in chinese_calendar.holidays}
    last_year = max(published)
    expected = _listed_days("CN", None, range(last_year + 1, LAST_YEAR + 1), note=(" (expected)", "（预计）"))
    days = [*_published_in_china(), *expected]
    return Calendar(
        jurisdiction="CN",
        version=_version("chinesecalendar"),
        first_year=min(published),
        last_year=last_year,
        exceptions={day.on: day for day in days},
        # A year's arrangement has begun as early as 29 December of the year before (2007, 2018).
        unsettled=frozenset(date(last_year, 12, day) for day in (29, 30, 31)),
    )


def _published_in_china() -> Iterator[Day]:
    chinese = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    for kind, listed in ((DayKind.HOLIDAY, chinese_calendar.holidays), (DayKind.MAKE_UP, chinese_calendar.workdays)):
        for on, name in sorted(listed.items()):
            yield Day(on=on, kind=kind, name=name, name_zh=chinese[name])


def _elsewhere(jurisdiction: str, country: str, part: str | None) -> Calendar:
    known = _library(country, part, ())
    last_year = min(LAST_YEAR, known.end_year)
    first_year = _first_year_of_this_weekend(known, max(FIRST_YEAR, known.start_year), last_year)
    days = list(_listed_days(country, part, range(first_year, last_year + 1)))
    return Calendar(
        jurisdiction=jurisdiction,
        version=_version("holidays"),
        first_year=first_year,
        last_year=last_year,
        exceptions={day.on: day for day in days},
        weekend=frozenset(known.weekend),
        unsettled=frozenset(_near(day.on for day in days if day.name and "estimated" in day.name)),
    )


def _near(estimates: Iterable[date]) -> Iterator[date]:
    """An estimated holiday may come a day early or late, when the moon is seen."""
    for on in estimates:
        yield from (on + timedelta(days=shift) for shift in (-1, 0, 1))


def _first_year_of_this_weekend(known: HolidayBase, first_year: int, last_year: int) -> int:
    """Years before the present weekend was introduced are left out rather than counted wrongly."""
    for year in range(last_year, first_year - 1, -1):
        days = (date(year, 1, 1) + timedelta(days=step) for step in range(365))
        if any(known.is_weekend(on) != (on.weekday() in known.weekend) for on in days):
            return year + 1
    return first_year


def _listed_days(country: str, part: str | None, years: range, note: tuple[str, str] = ("", "")) -> Iterator[Day]:
    """The holidays and make-up days that the library lists, under their English and Chinese names."""
    english = _library(country, part, years)
    chinese = _library(country, part, years, "zh_CN") if "zh_CN" in english.supported_languages else {}
    for on, name in sorted(english.items()):
        name_zh = chinese.get(on)
        zh = _plain(name_zh) + note[1] if name_zh else None
        yield Day(on=on, kind=DayKind.HOLIDAY, name=_plain(name) + note[0], name_zh=zh)
    for on in sorted(english.weekend_workdays):
        if on.year in years and on not in english:
            yield Day(on=on, kind=DayKind.MAKE_UP)


def _library(country: str, part: str | None, years: Iterable[int], language: str | None = None) -> HolidayBase:
    # Left to itself the library takes the language of the machine's locale.
    known = country_holidays(country, subdiv=part)
    default = known.default_language or ""
    english = default if default.startswith("en") or not known.supported_languages else "en_US"
    return country_holidays(country, subdiv=part, years=years, language=language or english or None)


def _plain(name: str) -> str:
    """A substitute day is named without the date it was moved from, whose form readers could mistake."""
    english = re.sub(r"Day off \(substituted from [^)]*\)", "Substitute holiday", name)
    return re.sub(r"休息日（由[^）]*）", "调休", english)


def _version(distribution: str) -> str:
    return f"{distribution} {version(distribution)}"
