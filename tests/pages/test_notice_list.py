"""The list of notices shows what is open by day, names nobody, and has something to say when it is empty."""

import re
from datetime import date

import pytest

from domain.law import Language
from pages.public_notice import notice_list_page
from projections.visible_notice import PublicNotice
from tests.pages.notices import AFTERWARDS, CHINESE, ENGLISH, LAST_DAY, PROVISIONAL, PUBLIC_URL, WHILE_OPEN, held, on

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def listed(notices: list[PublicNotice], today: date, language: Language = "en") -> str:
    seen = [on(notice, today) for notice in notices]
    return notice_list_page(seen, language, today=today, public_url=PUBLIC_URL)


def under(html: str, heading: str) -> list[str]:
    """The ids of the notices under a heading, in their order."""
    found = re.search(rf'<h2 id="{heading}">.*?</section>', html, re.DOTALL)
    return re.findall(r"/notices/(\w+)", found[0]) if found else []


def test_soonest_to_close_stands_first() -> None:
    html = listed([ENGLISH, CHINESE], WHILE_OPEN)
    assert under(html, "open") == [CHINESE.notice_id, ENGLISH.notice_id]


def test_the_day_decides_where_a_notice_is_listed() -> None:
    html = listed([PROVISIONAL, ENGLISH, CHINESE], date(2026, 10, 14))
    assert under(html, "open") == [ENGLISH.notice_id]
    assert under(html, "to-come") == [PROVISIONAL.notice_id]
    assert under(html, "recent") == [CHINESE.notice_id]


def test_latest_to_close_stands_first_among_those_that_closed() -> None:
    html = listed([CHINESE, ENGLISH], AFTERWARDS)
    assert under(html, "recent") == [ENGLISH.notice_id, CHINESE.notice_id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named_where_search_engines_read(language: Language) -> None:
    html = listed([CHINESE, ENGLISH, PROVISIONAL], WHILE_OPEN, language)
    names = [dict(candidate.shown)["full_name"] for notice in (CHINESE, ENGLISH) for candidate in notice.candidates]
    assert not [name for name in names if name in html]
    assert "noindex" not in html


def test_empty_list_says_so_and_when_that_was() -> None:
    assert "No notice is open today, 22 November 2026." in listed([], AFTERWARDS)
    assert "今天（2026年11月22日）没有正在公示的事项。" in listed([], AFTERWARDS, "zh")
    assert "None has closed recently." in listed([CHINESE], WHILE_OPEN)


def test_urgent_held_and_provisional_are_said_in_words() -> None:
    html = listed([held(CHINESE, 3), PROVISIONAL], LAST_DAY)
    assert "Closes today," in html and "Held by objections" in html and "Provisional date" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_stay_in_the_language(language: Language) -> None:
    html = listed([CHINESE], WHILE_OPEN, language)
    assert f'href="/{language}/notices/{CHINESE.notice_id}"' in html
    assert f'<link rel="canonical" href="{PUBLIC_URL}/{language}/">' in html
    assert 'aria-current="page"' in html
