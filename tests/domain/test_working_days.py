"""Working days are counted, and explained, from a calendar written out here by hand."""

from datetime import UTC, date, datetime

import pytest

from domain.working_days import Calendar, Counting, Day, DayKind, Period, Unit, Window, counted_window, due, end_of_day


def national_day(on: date, kind: DayKind = DayKind.HOLIDAY) -> Day:
    return Day(on=on, kind=kind, name="National Day", name_zh="国庆节")


AUTUMN_2026 = [national_day(date(2026, 10, day)) for day in range(1, 8)]
MAKE_UP_SATURDAY = national_day(date(2026, 10, 10), DayKind.MAKE_UP)
CALENDAR = Calendar(
    jurisdiction="CN",
    version="by hand 1",
    first_year=2024,
    last_year=2026,
    exceptions={day.on: day for day in [*AUTUMN_2026, MAKE_UP_SATURDAY]},
    unsettled=frozenset({date(2026, 12, 31)}),
)


def working_days(n: int) -> Period:
    return Period(n=n, unit=Unit.WORKING_DAY)


def test_opening_day_is_not_counted_and_a_make_up_saturday_is() -> None:
    window = due(CALENDAR, date(2026, 9, 30), working_days(5))

    assert [day.on.day for day in window.counted_days] == [8, 9, 10, 12, 13]
    assert window.closes_on == date(2026, 10, 13)
    assert not window.provisional


def test_opening_day_counts_when_the_rule_says_so() -> None:
    window = due(CALENDAR, date(2026, 9, 30), working_days(5), Counting.INCLUSIVE)

    assert window.closes_on == date(2026, 10, 12)
    assert [day.on.day for day in window.counted_days] == [30, 8, 9, 10, 12]


def test_window_explains_itself_in_english() -> None:
    assert due(CALENDAR, date(2026, 9, 30), working_days(5)).explain("en") == [
        "Counted by the calendar of CN, by hand 1.",
        "The opening day, 30 September 2026, does not count.",
        "5 working days counted: 8 to 10 October 2026 and 12 to 13 October 2026.",
        "10 October 2026 is a Saturday that is worked to make up for National Day.",
        "Skipped 1 to 7 October 2026: National Day holiday.",
        "Skipped 11 October 2026: weekend.",
        "The window closes at the end of 13 October 2026.",
    ]


def test_window_explains_itself_in_chinese() -> None:
    assert due(CALENDAR, date(2026, 9, 30), working_days(5)).explain("zh") == [
        "按CN日历（by hand 1）计算。",
        "起始日2026年9月30日不计入。",
        "共计5个工作日：2026年10月8日至10日和2026年10月12日至13日。",
        "2026年10月10日（星期六）为调休上班日，因国庆节放假调休。",
        "2026年10月1日至7日不计入：国庆节放假。",
        "2026年10月11日不计入：周末。",
        "期限于2026年10月13日结束时届满。",
    ]


def test_window_hidden_in_a_holiday_holds_no_working_day() -> None:
    window = counted_window(CALENDAR, date(2026, 10, 1), date(2026, 10, 7))

    assert window.counted == 0
    assert "No working day counted." in window.explain("en")
    assert "The opening day, 1 October 2026, would count, but is not a working day." in window.explain("en")


def test_date_in_a_year_without_a_published_calendar_is_provisional_and_says_so() -> None:
    window = due(CALENDAR, date(2026, 12, 28), working_days(5))

    assert window.closes_on == date(2027, 1, 4)
    assert window.provisional
    assert window.unpublished_years == (2027,)
    assert window.explain("en")[-1].startswith("Provisional: the calendar of 2027 is not published")
    assert window.explain("zh")[-1].startswith("暂定：2027年的放假安排尚未公布")
    assert "28 December" not in " ".join(window.explain("en")[2:])
    assert "29 December 2026 to 1 January 2027 and 4 January 2027" in window.explain("en")[2]
    assert "2026年12月29日至2027年1月1日" in window.explain("zh")[2]


def test_day_that_may_still_change_makes_a_window_provisional() -> None:
    assert not due(CALENDAR, date(2026, 12, 28), working_days(2)).provisional
    window = due(CALENDAR, date(2026, 12, 28), working_days(3))

    assert window.provisional
    assert window.explain("en")[-1] == "Provisional: some of these days may still be changed by a later announcement."


@pytest.mark.parametrize(
    ("opens_on", "period", "exclusive", "inclusive"),
    [
        (date(2026, 1, 31), Period(n=1, unit=Unit.MONTH), date(2026, 2, 28), date(2026, 2, 28)),
        (date(2024, 1, 31), Period(n=1, unit=Unit.MONTH), date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 2, 29), Period(n=1, unit=Unit.YEAR), date(2025, 2, 28), date(2025, 2, 28)),
        (date(2024, 2, 29), Period(n=4, unit=Unit.YEAR), date(2028, 2, 29), date(2028, 2, 28)),
        (date(2026, 3, 1), Period(n=1, unit=Unit.MONTH), date(2026, 4, 1), date(2026, 3, 31)),
        (date(2026, 12, 1), Period(n=13, unit=Unit.MONTH), date(2028, 1, 1), date(2027, 12, 31)),
        (date(2026, 11, 22), Period(n=7, unit=Unit.DAY), date(2026, 11, 29), date(2026, 11, 28)),
    ],
)
def test_calendar_period_closes_on_the_same_day_or_the_last_of_a_shorter_month(
    opens_on: date, period: Period, exclusive: date, inclusive: date
) -> None:
    assert due(CALENDAR, opens_on, period).closes_on == exclusive
    assert due(CALENDAR, opens_on, period, Counting.INCLUSIVE).closes_on == inclusive


def test_calendar_period_is_never_provisional_and_says_when_it_ends_on_a_day_off() -> None:
    window = due(CALENDAR, date(2026, 9, 1), Period(n=1, unit=Unit.MONTH))

    assert window.explain("en")[2:] == [
        "The period is 1 month; every calendar day counts.",
        "The window closes at the end of 1 October 2026.",
        "That day is a day off (National Day holiday); the period is not extended.",
    ]
    assert not due(CALENDAR, date(2026, 9, 1), Period(n=1, unit=Unit.YEAR)).provisional


@pytest.mark.parametrize(
    ("period", "english", "chinese"),
    [
        (working_days(5), "5 working days", "5个工作日"),
        (working_days(1), "1 working day", "1个工作日"),
        (Period(n=7, unit=Unit.DAY), "7 days", "7天"),
        (Period(n=3, unit=Unit.MONTH), "3 months", "3个月"),
        (Period(n=1, unit=Unit.YEAR), "1 year", "1年"),
    ],
)
def test_period_reads_as_a_clerk_would_write_it(period: Period, english: str, chinese: str) -> None:
    assert (period.in_words("en"), period.in_words("zh")) == (english, chinese)


def test_stored_day_carries_no_empty_names() -> None:
    assert Day(on=date(2026, 10, 8), kind=DayKind.WORKING).model_dump_json() == '{"on":"2026-10-08","kind":"working"}'
    assert Day(on=date(2026, 10, 8), kind=DayKind.WORKING).model_dump(mode="json").keys() == {"on", "kind"}


def test_stored_calendar_is_the_same_text_in_every_process() -> None:
    calendar = CALENDAR.model_copy(update={"unsettled": frozenset(date(2026, 12, day) for day in range(31, 20, -1))})

    assert calendar.model_dump(mode="json")["unsettled"] == [f"2026-12-{day}" for day in range(21, 32)]
    assert Calendar.model_validate_json(calendar.model_dump_json()) == calendar


def test_calendar_with_another_weekend_skips_that_one() -> None:
    gulf = CALENDAR.model_copy(update={"weekend": frozenset({4, 5}), "exceptions": {}})

    assert [day.on.day for day in due(gulf, date(2026, 11, 18), working_days(2)).counted_days] == [19, 22]


def test_endless_or_reversed_windows_are_refused() -> None:
    with pytest.raises(ValueError, match="A period of 10001 is too long to count"):
        working_days(10_001)
    with pytest.raises(ValueError, match="would end after the year 9998"):
        due(CALENDAR, date(9998, 12, 30), working_days(5))
    with pytest.raises(ValueError, match="would end after the year 9998"):
        due(CALENDAR, date(2026, 1, 1), Period(n=9000, unit=Unit.YEAR))
    with pytest.raises(ValueError, match="before it opens on 2 October 2026"):
        counted_window(CALENDAR, date(2026, 10, 2), date(2026, 10, 1))
    with pytest.raises(ValueError, match="too wide to count"):
        counted_window(CALENDAR, date(1900, 1, 1), date(2026, 10, 1))


def test_calendar_without_working_days_is_refused_instead_of_searched_for_ever() -> None:
    idle = CALENDAR.model_copy(update={"weekend": frozenset(range(7))})

    with pytest.raises(ValueError, match="lacks 1 of the working days asked for"):
        due(idle, date(2026, 11, 1), working_days(1))


@pytest.mark.parametrize(
    ("on", "timezone_name", "ends_at"),
    [
        (date(2026, 10, 13), "Asia/Shanghai", datetime(2026, 10, 13, 16, tzinfo=UTC)),
        (date(2026, 10, 24), "Europe/London", datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 10, 25), "Europe/London", datetime(2026, 10, 26, 0, tzinfo=UTC)),
        # Clocks in Santiago sprang forward at midnight: that day began at one o'clock.
        (date(2022, 9, 10), "America/Santiago", datetime(2022, 9, 11, 4, tzinfo=UTC)),
        # Clocks in Havana fall back from one o'clock to midnight: the first midnight begins the day.
        (date(2025, 11, 1), "America/Havana", datetime(2025, 11, 2, 4, tzinfo=UTC)),
    ],
)
def test_civil_day_ends_when_the_next_one_starts_there(on: date, timezone_name: str, ends_at: datetime) -> None:
    assert end_of_day(on, timezone_name) == ends_at
    assert end_of_day(on, timezone_name).tzinfo is UTC


@pytest.mark.parametrize("timezone_name", ["Asia/Peking-ish", "", "../etc", "Asia"])
def test_unknown_time_zone_is_refused_by_name(timezone_name: str) -> None:
    with pytest.raises(ValueError, match="is not a known time zone"):
        end_of_day(date(2026, 10, 13), timezone_name)


def test_window_round_trips_through_json() -> None:
    for window in (
        due(CALENDAR, date(2026, 9, 30), working_days(5)),
        due(CALENDAR, date(2026, 9, 30), Period(n=6, unit=Unit.MONTH)),
        counted_window(CALENDAR, date(2026, 9, 30), date(2027, 1, 4)),
    ):
        assert Window.model_validate_json(window.model_dump_json()) == window
