"""The last day of a notice in somebody's calendar: whole, where the notice stands, without a name, and taken back."""

from dataclasses import replace
from datetime import date

import pytest
from icalendar import Calendar

from domain.law import Language
from pages.notice_calendar import notice_calendar
from projections.visible_notice import PublicNotice
from tests.pages.notices import (
    AFTERWARDS,
    CHINESE,
    ENGLISH,
    LAST_DAY,
    PROVISIONAL,
    PUBLIC_URL,
    WHILE_OPEN,
    corrected,
    on,
)

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def file(notice: PublicNotice, day: date = WHILE_OPEN, language: Language = "en") -> bytes:
    return notice_calendar(on(notice, day), language, public_url=PUBLIC_URL)


def entry(notice: PublicNotice, day: date = WHILE_OPEN, language: Language = "en") -> dict[str, str]:
    (event,) = Calendar.from_ical(file(notice, day, language)).walk("VEVENT")
    return {name: value.to_ical().decode() for name, value in event.items()}


def test_the_closing_day_is_a_whole_day_with_the_address_of_the_notice() -> None:
    found = entry(CHINESE)
    assert (found["DTSTART"], found["DTEND"]) == ("20261013", "20261014")
    assert b"DTSTART;VALUE=DATE:20261013" in file(CHINESE)
    assert found["URL"] == f"{PUBLIC_URL}/en/notices/{CHINESE.notice_id}"
    assert "Beijing time" in found["DESCRIPTION"] and found["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", [WHILE_OPEN, AFTERWARDS])
def test_nobody_is_named_in_what_a_calendar_keeps(language: Language, day: date) -> None:
    for notice in (CHINESE, ENGLISH):
        text = file(notice, day, language).decode().replace("\r\n ", "")
        assert not [says for candidate in notice.candidates for _, says in candidate.shown if says in text]


def test_the_same_notice_makes_the_same_bytes_on_every_day() -> None:
    assert file(CHINESE) == file(CHINESE, LAST_DAY) == file(CHINESE, AFTERWARDS)


def test_a_corrected_notice_is_a_later_state_of_the_same_entry_in_either_language() -> None:
    first, later = entry(CHINESE), entry(corrected(CHINESE), language="zh")
    assert first["UID"] == later["UID"] == f"{CHINESE.notice_id}@gazette.example.org"
    assert (first["SEQUENCE"], later["SEQUENCE"]) == ("0", "2")
    assert first["DTSTAMP"] < later["DTSTAMP"]


@pytest.mark.parametrize("withdrawn", [True, False])
def test_a_notice_that_was_ended_early_takes_its_entry_back(withdrawn: bool) -> None:
    ended = replace(CHINESE, ended_on=WHILE_OPEN, withdrawn=withdrawn)
    found = entry(ended)
    assert (found["STATUS"], found["SEQUENCE"]) == ("CANCELLED", "1")
    assert b"METHOD:CANCEL" in file(ended) and b"METHOD:PUBLISH" in file(CHINESE)


def test_a_provisional_day_is_a_tentative_entry() -> None:
    assert entry(PROVISIONAL)["STATUS"] == "TENTATIVE"
