"""Dates, and what a calendar did with them, in English and Chinese sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from domain.working_days import Day, Window

Language = Literal["en", "zh"]

# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ENGLISH = {
    "calendar": "Counted by the calendar of {jurisdiction}, {version}.",
    "opening_excluded": "The opening day, {on}, does not count.",
    "opening_included": "The opening day, {on}, counts.",
    "opening_off": "The opening day, {on}, would count, but is not a working day.",
    "period": "The period is {period}; every calendar day counts.",
    "counted": "{n} {unit} counted: {ranges}.",
    "working_day": "working day",
    "working_days": "working days",
    "none_counted": "No working day counted.",
    "make_up": "{on} is a {weekday} that is worked{reason}.",
    "make_up_for": " to make up for {name}",
    "skipped": "Skipped {ranges}: {reason}.",
    "weekend": "weekend",
    "holiday": "{name} holiday",
    "nameless": "public holiday",
    "closes": "The window closes at the end of {on}.",
    "closing_off": "That day is a day off ({reason}); the period is not extended.",
    "unpublished": (
        "Provisional: the calendar of {years} is not published; its holidays and make-up working days may change this."
    ),
    "unsettled": "Provisional: some of these days may still be changed by a later announcement.",
    "comma": ", ",
    "and": " and ",
}
_CHINESE = {
    "calendar": "按{jurisdiction}日历（{version}）计算。",
    "opening_excluded": "起始日{on}不计入。",
    "opening_included": "起始日{on}计入。",
    "opening_off": "起始日{on}本应计入，但不是工作日。",
    "period": "期限为{period}，按日历日连续计算。",
    "counted": "共计{n}{unit}：{ranges}。",
    "working_day": "个工作日",
    "working_days": "个工作日",
    "none_counted": "没有可计入的工作日。",
    "make_up": "{on}（{weekday}）为调休上班日{reason}。",
    "make_up_for": "，因{name}放假调休",
    "skipped": "{ranges}不计入：{reason}。",
    "weekend": "周末",
    "holiday": "{name}放假",
    "nameless": "公共假日放假",
    "closes": "期限于{on}结束时届满。",
    "closing_off": "该日为休息日（{reason}），期限不顺延。",
    "unpublished": "暂定：{years}的放假安排尚未公布，节假日和调休上班日公布后可能有变。",
    "unsettled": "暂定：其中部分日期可能因后续公告而调整。",
    "comma": "、",
    "and": "和",
}
_PHRASES: Mapping[Language, Mapping[str, str]] = {"en": _ENGLISH, "zh": _CHINESE}


def in_words(on: date, language: Language = "en") -> str:
    """A date is written so that nobody can take the day for the month."""
    return f"{on.year}年{on.month}月{on.day}日" if language == "zh" else f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def range_in_words(first: date, last: date, language: Language = "en") -> str:
    """Consecutive days are written once: "1 to 7 October 2026", "2026年10月1日至7日"."""
    if first == last:
        return in_words(first, language)
    same_year = first.year == last.year
    same_month = same_year and first.month == last.month
    if language == "zh":
        short = f"{last.day}日" if same_month else f"{last.month}月{last.day}日" if same_year else in_words(last, "zh")
        return f"{in_words(first, 'zh')}至{short}"
    start = str(first.day) if same_month else f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start if same_year else in_words(first)} to {in_words(last)}"


def weekday_in_words(on: date, language: Language = "en") -> str:
    """A weekday carries its full name."""
    return "星期" + "一二三四五六日"[on.weekday()] if language == "zh" else _WEEKDAYS[on.weekday()]


def _listed(parts: Sequence[str], language: Language) -> str:
    text = _PHRASES[language]
    return text["and"].join(filter(None, (text["comma"].join(parts[:-1]), parts[-1])))


def explain(window: Window, language: Language) -> list[str]:
    """A window says in sentences which calendar it used, what counted, and what was skipped and why."""
    text = _PHRASES[language]
    body = _working_days(window, language) if window.counts_working_days else _calendar_period(window, language)
    return [
        text["calendar"].format(jurisdiction=window.jurisdiction, version=window.calendar_version),
        _opening(window, language),
        *body,
        text["closes"].format(on=in_words(window.closes_on, language)),
        *_closing_day_off(window, language),
        *_provisional(window, language),
    ]


def _calendar_period(window: Window, language: Language) -> Iterator[str]:
    if window.period:
        yield _PHRASES[language]["period"].format(period=window.period.in_words(language))


def _ranges(days: Iterable[Day], language: Language) -> str:
    runs = [[day.on for _, day in run] for _, run in groupby(enumerate(days), lambda at: at[1].on.toordinal() - at[0])]
    return _listed([range_in_words(run[0], run[-1], language) for run in runs], language)


def _named(day: Day, language: Language) -> str | None:
    return day.name_zh or day.name if language == "zh" else day.name


def _reason_off(day: Day, language: Language) -> str:
    text = _PHRASES[language]
    if day.kind == "weekend":
        return text["weekend"]
    name = _named(day, language)
    if name is None:
        return text["nameless"]
    return name if name.lower().endswith(("holiday", ")", "）")) else text["holiday"].format(name=name)


def _opening(window: Window, language: Language) -> str:
    rule = "opening_included" if window.counts_opening_day else "opening_excluded"
    if not window.counts_opening_day and window.counting == "inclusive":
        rule = "opening_off"
    return _PHRASES[language][rule].format(on=in_words(window.opens_on, language))


def _working_days(window: Window, language: Language) -> Iterator[str]:
    text = _PHRASES[language]
    counted = window.counted_days
    if counted:
        unit = text["working_day" if len(counted) == 1 else "working_days"]
        yield text["counted"].format(n=len(counted), unit=unit, ranges=_ranges(counted, language))
    else:
        yield text["none_counted"]
    yield from (_make_up(day, language) for day in counted if day.kind == "make_up")
    skipped: dict[str, list[Day]] = {}
    for day in window.skipped_days:
        skipped.setdefault(_reason_off(day, language), []).append(day)
    for reason, days in skipped.items():
        yield text["skipped"].format(ranges=_ranges(days, language), reason=reason)


def _make_up(day: Day, language: Language) -> str:
    text, name = _PHRASES[language], _named(day, language)
    return text["make_up"].format(
        on=in_words(day.on, language),
        weekday=weekday_in_words(day.on, language),
        reason=text["make_up_for"].format(name=name) if name else "",
    )


def _closing_day_off(window: Window, language: Language) -> Iterator[str]:
    closing = window.days[-1]
    if not closing.works and not window.counts_working_days:
        yield _PHRASES[language]["closing_off"].format(reason=_reason_off(closing, language))


def _provisional(window: Window, language: Language) -> Iterator[str]:
    years = [f"{year}年" if language == "zh" else str(year) for year in window.unpublished_years]
    if years:
        yield _PHRASES[language]["unpublished"].format(years=_listed(years, language))
    elif window.provisional:
        yield _PHRASES[language]["unsettled"]
