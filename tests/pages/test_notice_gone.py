"""When a notice has done its work, what is left says what stood there, why it went, and how that can be proved."""

from dataclasses import replace
from datetime import date

import pytest

from domain.law import Language
from pages.public_notice import public_notice_page
from projections.visible_notice import Objections, PublicNotice
from tests.pages.notices import AFTERWARDS, CHINESE, ENGLISH, PUBLIC_URL, WHILE_OPEN, corrected, held, on
from tests.pages.test_public_notice import text_of

LANGUAGES: tuple[Language, ...] = ("en", "zh")
DISPOSED = Objections(lodged=3, open=0, outcomes=(("dismissed", 2), ("upheld", 1)))


def page(notice: PublicNotice, day: date = AFTERWARDS, language: Language = "en", large: bool = False) -> str:
    return public_notice_page(on(notice, day), language, public_url=PUBLIC_URL, large=large)


def said(notice: PublicNotice, day: date = AFTERWARDS, language: Language = "en") -> str:
    return text_of(page(notice, day, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "notice", [CHINESE, ENGLISH, replace(CHINESE, ended_on=WHILE_OPEN), replace(ENGLISH, ended_on=WHILE_OPEN)]
)
def test_a_tombstone_names_nobody_and_says_what_stood_there(notice: PublicNotice, language: Language) -> None:
    notice = replace(notice, objections=replace(notice.objections, open=0))
    html = page(notice, language=language)
    assert not [says for candidate in notice.candidates for _, says in candidate.shown if says in html]
    for kept in (notice.case_id, notice.post_title, notice.unit, notice.hash, notice.versions[0].hash):
        assert kept in html
    assert f"/{language}/notices/{notice.notice_id}.ics" in html and "poster.pdf" not in html


def test_it_counts_days_and_objections_by_outcome_and_no_people() -> None:
    text = said(replace(CHINESE, objections=DISPOSED))
    assert "Taken down on 14 October 2026" in text
    assert "it stood from 30 September 2026 to the end of 13 October 2026, and no objection waits" in text
    assert "14 days (5 working days counted)" in text
    assert "Lodged: 3 2 dismissed 1 upheld" in text and "Entries are counted here, not people" in text
    assert "None was lodged." in said(CHINESE)


def test_it_cites_the_rule_under_which_it_went() -> None:
    text = said(replace(CHINESE, names_end_by=CHINESE.rules[0]))
    assert "Why it was taken down The notice stands for not less than 5 working days." in text
    assert "The rules of this notice set no longer time" in said(CHINESE)


def test_ended_early_and_withdrawn_are_told_apart() -> None:
    cut = said(replace(CHINESE, ended_on=WHILE_OPEN))
    assert "The case ended on 9 October 2026, before the notice had run its days." in cut and "10 days" in cut
    withdrawn = said(replace(CHINESE, ended_on=WHILE_OPEN, withdrawn=True))
    assert "withdrawn on 9 October 2026, because the decision that it spoke of is taken anew" in withdrawn


def test_a_notice_that_an_objection_holds_is_not_gone_when_its_days_have_run() -> None:
    text = said(held(CHINESE, 1))
    assert "Ended on 13 October 2026" in text and "Held by 1 open objection." in text and "龑文澜" in text


@pytest.mark.parametrize("day", [WHILE_OPEN, AFTERWARDS])
def test_every_version_is_listed_with_its_reason_the_latest_first(day: date) -> None:
    text = said(corrected(CHINESE), day)
    assert "Version 3 8 October 2026 corrected: Name Reason: The name had a wrong character." in text
    assert "Version 2 7 October 2026 days counted anew by a new calendar" in text
    assert text.index("Version 3") < text.index("Version 2") < text.index("Version 1")


def test_a_notice_that_was_never_corrected_says_so() -> None:
    assert "This is the first version. Nothing has been corrected." in said(CHINESE, WHILE_OPEN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_large_print_is_the_same_page_at_an_address_of_its_own(language: Language) -> None:
    large, ordinary = page(CHINESE, WHILE_OPEN, language, large=True), page(CHINESE, WHILE_OPEN, language)
    assert ' class="large">' in large and ' class="large">' not in ordinary
    assert f'href="/{language}/notices/{CHINESE.notice_id}/large-print"' in ordinary
    assert f'<link rel="canonical" href="{PUBLIC_URL}/{language}/notices/{CHINESE.notice_id}">' in large
    other = {"en": "zh", "zh": "en"}[language]
    assert f'<a href="/{other}/notices/{CHINESE.notice_id}/large-print" lang=' in large
    assert all(says in text_of(large) for _, says in CHINESE.candidates[0].shown[3:6])
