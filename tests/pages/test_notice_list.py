"""The front page shows what is open by day, a search what was asked for; both name nobody and are never just empty."""

import re
from dataclasses import replace
from datetime import date

import pytest

from domain.law import Language
from domain.notice_filter import NoticeFilter, NoticeState
from pages.notice_list import front_page, list_address, notice_list_page, unreadable_search_page
from projections.notice_list import NoticePage
from projections.visible_notice import Change, NoticeVersion, PublicNotice
from tests.pages.notices import AFTERWARDS, CHINESE, ENGLISH, LAST_DAY, PROVISIONAL, PUBLIC_URL, WHILE_OPEN, held, on

LANGUAGES: tuple[Language, ...] = ("en", "zh")
PLACES = ("CN", "GB-ENG")


def front(notices: list[PublicNotice], today: date, language: Language = "en") -> str:
    return front_page([on(notice, today) for notice in notices], language, today=today, public_url=PUBLIC_URL)


def listed(
    notices: list[PublicNotice],
    wanted: NoticeFilter | None = None,
    language: Language = "en",
    cursor: str | None = None,
    after: str | None = None,
) -> str:
    found = NoticePage(tuple(on(notice, WHILE_OPEN) for notice in notices), cursor)
    asked = wanted or NoticeFilter()
    return notice_list_page(found, asked, language, places=PLACES, public_url=PUBLIC_URL, after=after)


def under(html: str, heading: str) -> list[str]:
    """The ids of the notices under a heading, in their order."""
    found = re.search(rf'<h2 id="{heading}">.*?</section>', html, re.DOTALL)
    return re.findall(r"/notices/(\w+)", found[0]) if found else []


def test_what_closes_within_two_working_days_stands_first() -> None:
    html = front([ENGLISH, CHINESE], date(2026, 10, 12))
    assert under(html, "closing") == [CHINESE.notice_id] and under(html, "open") == [ENGLISH.notice_id]
    html = front([ENGLISH, CHINESE], WHILE_OPEN)
    assert under(html, "closing") == [] and under(html, "open") == [CHINESE.notice_id, ENGLISH.notice_id]


def test_the_day_decides_where_a_notice_is_listed() -> None:
    html = front([PROVISIONAL, ENGLISH, CHINESE], date(2026, 10, 14))
    assert under(html, "open") == [ENGLISH.notice_id]
    assert under(html, "to_come") == [PROVISIONAL.notice_id]
    assert under(html, "closed") == [CHINESE.notice_id]


def test_latest_to_close_stands_first_among_those_that_closed() -> None:
    html = front([CHINESE, ENGLISH], AFTERWARDS)
    assert under(html, "closed") == [ENGLISH.notice_id, CHINESE.notice_id]


def test_a_long_part_is_shown_in_part_and_counted_whole() -> None:
    many = [replace(CHINESE, notice_id=f"n{place:011}", position=place) for place in range(40)]
    html = front(many, WHILE_OPEN)
    assert len(under(html, "open")) == 30 and "<b>40</b> <span>open now</span>" in html
    assert 'href="/en/notices?state=open">All open notices' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named_where_search_engines_read(language: Language) -> None:
    html = front([CHINESE, ENGLISH, PROVISIONAL], WHILE_OPEN, language)
    html += listed([CHINESE, ENGLISH, PROVISIONAL], language=language)
    names = [dict(candidate.shown)["full_name"] for notice in (CHINESE, ENGLISH) for candidate in notice.candidates]
    assert not [name for name in names if name in html]
    assert "noindex" not in front([CHINESE], WHILE_OPEN, language)
    assert "noindex" in listed([CHINESE], language=language)


def test_empty_front_page_says_so_and_when_that_was() -> None:
    assert "No notice is open today, 22 November 2026." in front([], AFTERWARDS)
    assert "今天（2026年11月22日）没有正在公示的事项。" in front([], AFTERWARDS, "zh")
    assert "None has closed yet." in front([CHINESE], WHILE_OPEN)
    assert "None closes within the next two working days." in front([CHINESE], WHILE_OPEN)
    assert "No other notice is open." in front([CHINESE], LAST_DAY)


def test_urgent_held_provisional_and_corrected_are_said_in_words() -> None:
    versions = tuple(
        NoticeVersion(number, change, WHILE_OPEN, number, "")
        for number, change in ((1, Change.OPENED), (2, Change.CORRECTED))
    )
    html = front([held(replace(CHINESE, versions=versions), 3), PROVISIONAL], LAST_DAY)
    assert all(
        f'">{said}</span>' in html for said in ("Closes today", "Held by objections", "Provisional date", "Corrected")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_stay_in_the_language(language: Language) -> None:
    html = front([CHINESE], WHILE_OPEN, language)
    assert f'href="/{language}/notices/{CHINESE.notice_id}"' in html
    assert f'<link rel="canonical" href="{PUBLIC_URL}/{language}/">' in html
    assert 'aria-current="page"' in html


WANTED = NoticeFilter(q='<b>"钟"&', organ="市水务局", place="GB-ENG", from_on=date(2026, 10, 1), state=NoticeState.OPEN)


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_the_filter_is_the_address_and_stays_in_the_other_language(language: Language, other: Language) -> None:
    html = listed([CHINESE], WANTED, language)
    query = list_address(WANTED, language).partition("?")[2].replace("&", "&amp;")
    assert f'<link rel="canonical" href="{PUBLIC_URL}/{language}/notices?{query}">' in html
    assert f'href="/{other}/notices?{query}"' in html
    assert f'href="/{language}/subscribe?{query}"' in html and f'href="/{language}/feed.atom?{query}"' in html
    assert "<b>" not in re.sub(r"<b( lang=\"[\w-]+\")?>[^<]", "", html)


def test_each_part_of_what_was_asked_can_be_taken_away() -> None:
    html = listed([CHINESE], NoticeFilter(organ="市水务局", state=NoticeState.OPEN))
    assert 'href="/en/notices?state=open"' in html and 'href="/en/notices?organ=' in html
    assert "Without this: Unit" in html and "Open now" in html


@pytest.mark.parametrize(("n", "says"), [(0, "0 notices"), (1, "1 notice"), (2, "2 notices")])
def test_how_many_were_found_is_said(n: int, says: str) -> None:
    assert f'<h2 id="results">{says}</h2>' in listed([CHINESE, ENGLISH][:n])


def test_pages_of_a_long_list_lead_on_and_back() -> None:
    html = listed([CHINESE], NoticeFilter(q="clerk"), cursor="153", after="400")
    assert 'href="/en/notices?q=clerk&amp;after=153" rel="next"' in html
    assert '<a href="/en/notices?q=clerk">Back to the beginning' in html
    assert "1 notices" not in html.replace("1 notices on this page", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_that_finds_nothing_has_a_way_on(language: Language) -> None:
    html = listed([], NoticeFilter(q="nobody"), language)
    assert f'<p class="way-on"><a href="/{language}/">' in html


def test_what_could_not_be_read_is_said_at_its_field_and_kept() -> None:
    html = unreadable_search_page({"from_on": "31 June", "q": "clerk"}, {"from_on"}, "en", places=PLACES)
    assert (
        'id="wrong-from_on">This is no day of the calendar.' in html
        and 'value="31 June"' in html
        and 'value="clerk"' in html
    )
    assert 'aria-invalid="true" aria-describedby="wrong-from_on"' in html and "United Kingdom (GB-ENG)" in html
