"""Whatever a calendar says, windows hold exactly the working days that were asked for."""

import re
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.working_days import Calendar, Counting, Day, DayKind, Period, Unit, Window, counted_window, due

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
COUNTINGS = st.sampled_from(Counting)
LENGTHS = st.integers(1, 60)
UNITS = st.sampled_from(Unit)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    weekend = draw(st.frozensets(st.integers(0, 6), max_size=4))
    listed = draw(st.dictionaries(DAYS, st.sampled_from(["Spring Festival", "Bank Holiday", None]), max_size=60))
    kinds = {on: DayKind.MAKE_UP if on.weekday() in weekend and on.day % 2 else DayKind.HOLIDAY for on in listed}
    return Calendar(
        jurisdiction="XX",
        version="drawn",
        first_year=2025,
        last_year=draw(st.integers(2025, 2028)),
        exceptions={on: Day(on=on, kind=kinds[on], name=name) for on, name in listed.items()},
        weekend=weekend,
        unsettled=draw(st.frozensets(DAYS, max_size=5)),
    )


@given(calendars(), DAYS, LENGTHS, COUNTINGS)
def test_every_working_day_of_the_window_is_counted_once(
    calendar: Calendar, opens_on: date, n: int, counting: Counting
) -> None:
    window = due(calendar, opens_on, Period(n=n, unit=Unit.WORKING_DAY), counting)

    width = (window.closes_on - opens_on).days + 1
    assert [day.on for day in window.days] == [opens_on + timedelta(days=step) for step in range(width)]
    countable = window.days if counting is Counting.INCLUSIVE else window.days[1:]
    assert sorted((*window.counted_days, *window.skipped_days), key=lambda day: day.on) == list(countable)
    assert len(window.counted_days) == window.counted == n
    assert calendar.day(window.closes_on).works


@given(calendars(), DAYS, LENGTHS, COUNTINGS)
def test_counting_the_window_again_gives_the_period(
    calendar: Calendar, opens_on: date, n: int, counting: Counting
) -> None:
    window = due(calendar, opens_on, Period(n=n, unit=Unit.WORKING_DAY), counting)
    again = counted_window(calendar, window.opens_on, window.closes_on, counting)

    assert again == window.model_copy(update={"period": None})
    if window.closes_on > window.opens_on:
        a_day_less = window.closes_on - timedelta(days=1)
        assert counted_window(calendar, opens_on, a_day_less, counting).counted == n - 1


@given(calendars(), DAYS, LENGTHS, UNITS, COUNTINGS)
def test_longer_period_or_later_opening_never_closes_earlier(
    calendar: Calendar, opens_on: date, n: int, unit: Unit, counting: Counting
) -> None:
    closes_on = due(calendar, opens_on, Period(n=n, unit=unit), counting).closes_on

    assert due(calendar, opens_on, Period(n=n + 1, unit=unit), counting).closes_on > closes_on
    assert due(calendar, opens_on + timedelta(days=1), Period(n=n, unit=unit), counting).closes_on >= closes_on
    assert due(calendar, opens_on, Period(n=n, unit=unit), Counting.EXCLUSIVE).closes_on >= closes_on


@given(calendars(), DAYS, LENGTHS, UNITS, COUNTINGS)
@settings(max_examples=60)
def test_window_survives_storage_and_explains_itself_without_ambiguous_dates(
    calendar: Calendar, opens_on: date, n: int, unit: Unit, counting: Counting
) -> None:
    window = due(calendar, opens_on, Period(n=n, unit=unit), counting)

    assert Window.model_validate_json(window.model_dump_json()) == window
    assert window.provisional == any(sentence.startswith("Provisional") for sentence in window.explain("en"))
    assert window.provisional == any(sentence.startswith("暂定") for sentence in window.explain("zh"))
    for sentence in window.explain("en") + window.explain("zh"):
        assert not re.search(r"\d[/.-]\d|None|[{}]", sentence)


@given(calendars())
@settings(max_examples=30)
def test_calendar_survives_storage(calendar: Calendar) -> None:
    assert Calendar.model_validate_json(calendar.model_dump_json()) == calendar
