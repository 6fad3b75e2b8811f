"""How pages are set: the templates, and the forms that dates, hours and people's own words take in them."""

import re
from datetime import date
from functools import cache, partial
from pathlib import Path

from babel import Locale
from babel.dates import get_timezone, get_timezone_name
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from domain.date_words import in_words, weekday_in_words
from domain.law import Language, Text
from pages.log_alarm import log_alarm
from pages.static_files import asset
from pages.translations import LANGUAGE_TAGS, other, words

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]{2}")
_YEAR_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_MONTHS = Locale("en").months["format"]["wide"]
_TIMEZONES = {"Asia/Shanghai": Text(en="Beijing time", zh="北京时间")}

_environment = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.globals["asset"] = asset
_environment.globals["log_alarm"] = log_alarm.get


def month_name(on: date) -> str:
    """The English name of a day's month."""
    return str(_MONTHS[on.month])


def year_month(text: str, language: Language) -> str:
    """A year and month in words; anything else is left as it was written."""
    found = _YEAR_MONTH.fullmatch(text)
    if found is None:
        return text
    year, month = int(found[1]), int(found[2])
    return f"{year}年{month}月" if language == "zh" else f"{_MONTHS[month]} {year}"


@cache
def timezone_in_words(zone: str, language: Language) -> str:
    """A time zone as people call it; one that is not known keeps its own name."""
    if zone in _TIMEZONES:
        return _TIMEZONES[zone].in_(language)
    try:
        name = get_timezone_name(get_timezone(zone), locale=language)
    except LookupError:
        return zone
    return zone if zone in name else name


@cache
def place_in_words(jurisdiction: str, language: Language) -> str:
    """A jurisdiction by the name of its country; a part of one keeps its own letters beside it."""
    country, _, part = jurisdiction.partition("-")
    name = Locale(language).territories.get(country)
    if name is None:
        return jurisdiction
    brackets = "（{}）" if language == "zh" else " ({})"
    return f"{name}{brackets.format(jurisdiction)}" if part else str(name)


def foreign_tag(text: str, language: Language) -> str | None:
    """The language tag of words that are not in the page's own language, so that they are read and set in theirs."""
    if _HAN.search(text):
        return None if language == "zh" else LANGUAGE_TAGS["zh"]
    return LANGUAGE_TAGS["en"] if language == "zh" and _LATIN.search(text) else None


@cache
def _setting(language: Language) -> dict[str, object]:
    return {
        "t": words(language),
        "language": language,
        "tag": LANGUAGE_TAGS[language],
        "other": other(language),
        "other_tag": LANGUAGE_TAGS[other(language)],
        "in_words": partial(in_words, language=language),
        "comma": "，" if language == "zh" else ", ",
        "colon": "：" if language == "zh" else ": ",
        "weekday": partial(weekday_in_words, language=language),
        "month_name": month_name,
        "foreign": partial(foreign_tag, language=language),
    }


def template(name: str) -> Template:
    """A template, read when the program starts."""
    return _environment.get_template(name)


def set_page(page: Template, language: Language, **matter: object) -> str:
    """The page in one language; a name that nothing was given for is an error and not a gap."""
    return page.render(_setting(language), **matter)
