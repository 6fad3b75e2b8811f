"""The calendars that are shipped agree with what governments published."""

from datetime import date, timedelta
from importlib.metadata import version

import pytest
from holidays import country_holidays

from domain.working_days import DayKind, Period, Unit, counted_window, due
from runtime.calendars import UnknownJurisdiction, calendar_for

FIVE_WORKING_DAYS = Period(n=5, unit=Unit.WORKING_DAY)


def test_chinese_notice_over_national_day_stands_until_13_october_2026() -> None:
    window = due(calendar_for("CN"), date(2026, 9, 30), FIVE_WORKING_DAYS)

    assert [day.on.day for day in window.counted_days] == [8, 9, 10, 12, 13]
    assert window.closes_on == date(2026, 10, 13)
    assert window.calendar_version == f"chinesecalendar {version('chinesecalendar')}"
    assert "Skipped 1 to 7 October 2026: National Day holiday." in window.explain("en")
    assert "2026年10月1日至7日不计入：国庆节放假。" in window.explain("zh")


def test_a_saturday_that_makes_up_for_a_holiday_is_worked() -> None:
    window = counted_window(calendar_for("CN"), date(2012, 9, 29), date(2012, 10, 5))
    assert [(day.on, day.kind) for day in window.counted_days] == [(date(2012, 9, 29), DayKind.MAKE_UP)]


def test_chinese_dates_of_2027_are_provisional_and_say_so() -> None:
    window = due(calendar_for("CN"), date(2027, 2, 1), FIVE_WORKING_DAYS)

    assert window.provisional
    assert "the calendar of 2027 is not published" in window.explain("en")[-1]
    assert "Skipped 6 to 8 February 2027: Chinese New Year (Spring Festival) (expected)." in window.explain("en")
    assert "2027年2月6日至8日不计入：春节（预计）。" in window.explain("zh")


def test_last_days_of_the_last_published_chinese_year_may_still_change() -> None:
    china = calendar_for("CN")

    assert not china.is_provisional(date(china.last_year, 12, 28))
    assert china.is_provisional(date(china.last_year, 12, 29))
    assert china.is_provisional(date(china.last_year + 1, 6, 1))
    assert china.is_provisional(date(china.first_year - 1, 6, 1))


def test_two_libraries_agree_on_china_but_for_one_make_up_day() -> None:
    china = calendar_for("CN")
    other = country_holidays("CN", years=range(china.first_year, china.last_year + 1))
    first = date(china.first_year, 1, 1)
    days = [first + timedelta(days=step) for step in range((date(china.last_year, 12, 31) - first).days + 1)]

    assert len(days) > 8_000
    # Only the second library knows that the arrangement of 2006 already worked this Saturday.
    assert [on for on in days if china.day(on).works != other.is_working_day(on)] == [date(2005, 12, 31)]


def test_every_chinese_exception_has_both_names_and_make_up_days_fall_on_weekends() -> None:
    china = calendar_for("CN")

    assert all(day.name and day.name_zh for day in china.exceptions.values())
    assert all(on.weekday() in china.weekend for on, day in china.exceptions.items() if day.kind is DayKind.MAKE_UP)


@pytest.mark.parametrize(
    ("jurisdiction", "on", "name"),
    [
        ("GB", date(2026, 12, 25), "Christmas Day"),
        ("GB-ENG", date(2026, 8, 31), "Late Summer Bank Holiday"),
        ("GB-SCT", date(2026, 11, 30), "Saint Andrew's Day"),
        ("KE", date(2026, 10, 20), "Mashujaa Day"),
        ("IN", date(2026, 1, 26), "Republic Day"),
        ("US", date(2026, 11, 26), "Thanksgiving Day"),
        ("ZA", date(2026, 4, 27), "Freedom Day"),
    ],
)
def test_other_countries_have_their_own_holidays(jurisdiction: str, on: date, name: str) -> None:
    calendar = calendar_for(jurisdiction)

    assert (calendar.jurisdiction, calendar.version) == (jurisdiction, f"holidays {version('holidays')}")
    assert calendar.day(on).name == name
    assert not calendar.day(on).works
    assert not calendar.is_provisional(on)
    assert calendar.is_provisional(date(2036, 1, 4))


def test_part_of_a_country_can_work_when_another_rests() -> None:
    assert calendar_for("GB-ENG").day(date(2026, 11, 30)).works


def test_estimated_holiday_makes_the_days_around_it_provisional() -> None:
    kenya = calendar_for("KE")

    assert "estimated" in (kenya.day(date(2027, 3, 9)).name or "")
    assert [day for day in range(1, 20) if kenya.is_provisional(date(2027, 3, day))] == [8, 9, 10]


def test_years_with_another_weekend_are_left_out() -> None:
    emirates = calendar_for("AE")

    assert (emirates.first_year, emirates.weekend) == (2022, frozenset({5, 6}))
    assert emirates.is_provisional(date(2021, 6, 1))


def test_substitute_holidays_are_named_without_ambiguous_dates() -> None:
    vietnam = calendar_for("VN")

    assert "Substitute holiday" in {day.name for day in vietnam.exceptions.values()}
    assert not any("/20" in (day.name or "") for day in vietnam.exceptions.values())
    assert vietnam.day(date(2026, 8, 22)).kind is DayKind.MAKE_UP


@pytest.mark.parametrize("jurisdiction", ["XX", "CHN", "CN-GD", "GB-XX", "GB-", "gb", "UK", ""])
def test_unknown_jurisdiction_is_refused_by_name(jurisdiction: str) -> None:
    with pytest.raises(UnknownJurisdiction, match=f'no calendar for the jurisdiction "{jurisdiction}"'):
        calendar_for(jurisdiction)


def test_calendar_is_built_once() -> None:
    assert calendar_for("ZA") is calendar_for("ZA")
