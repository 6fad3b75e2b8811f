"""A poster is one tagged sheet with a code that leads to the notice; it names people only while the notice does."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pikepdf
import pytest

from domain.law import Language
from pages.address_code import address_code
from pages.notice_poster import _matter, notice_poster
from projections.visible_notice import NoticeCandidate, PublicNotice
from tests.pages.notices import CHINESE, ENGLISH, OPENED_ON, PUBLIC_URL, WHILE_OPEN, forgotten, held, on

LANGUAGES: tuple[Language, ...] = ("en", "zh")
BEFORE = date(2026, 9, 29)


def poster(notice: PublicNotice, language: Language, day: date = WHILE_OPEN) -> bytes:
    return notice_poster(on(notice, day), language, public_url=PUBLIC_URL)


def said(notice: PublicNotice, language: Language, day: date = WHILE_OPEN) -> dict[str, Any]:
    return _matter(on(notice, day), language, PUBLIC_URL, datetime(2026, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", [CHINESE, ENGLISH, forgotten(CHINESE)])
def test_it_is_one_tagged_sheet_of_a3_in_its_language(notice: PublicNotice, language: Language) -> None:
    with pikepdf.open(io.BytesIO(poster(notice, language))) as pdf:
        assert [[round(float(side)) for side in page.mediabox] for page in pdf.pages] == [[0, 0, 842, 1191]]
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith(language)
        assert notice.number in str(pdf.docinfo.Title)


def test_the_same_notice_makes_the_same_bytes() -> None:
    assert poster(CHINESE, "zh") == poster(CHINESE, "zh")
    assert poster(CHINESE, "zh") != poster(held(CHINESE, 1), "zh")


def test_many_candidates_with_long_results_run_on_over_further_sheets() -> None:
    many = tuple(
        NoticeCandidate(str(place), (("full_name", f"Candidate {place}"), ("results", "What was achieved. " * 60)))
        for place in range(12)
    )
    with pikepdf.open(io.BytesIO(poster(replace(ENGLISH, candidates=many), "en"))) as pdf:
        assert len(pdf.pages) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_on_it_before_the_first_day(language: Language) -> None:
    before = str(said(CHINESE, language, BEFORE))
    assert "龑文澜" not in before and "龑文澜" in str(said(CHINESE, language, OPENED_ON))
    assert said(CHINESE, language, BEFORE)["candidates"] == []


def test_it_says_until_when_to_whom_and_how_to_check_it() -> None:
    matter = said(ENGLISH, "en")
    assert (matter["until"], matter["closes_on"]) == ("Objections are taken until", "19 October 2026")
    assert matter["to"] == ENGLISH.objections_to.en and matter["held"] == "Held by objections"
    assert matter["address"] == f"{PUBLIC_URL}/en/notices/{ENGLISH.notice_id}"
    assert matter["proof"] == f"Proof: {PUBLIC_URL}/log/proof/notices/{ENGLISH.notice_id}"
    assert said(held(ENGLISH, 1), "en", date(2026, 10, 20))["until"] == "This notice ended on"


def test_what_is_written_is_data_to_the_poster_and_no_markup() -> None:
    hostile = '#panic("no") $x$ = *b* \x07 <label> @ref \\'
    candidate = NoticeCandidate("x", (("full_name", hostile), ("results", hostile)))
    assert poster(replace(ENGLISH, post_title=hostile, candidates=(candidate,)), "en").startswith(b"%PDF")


def test_the_code_is_drawn_and_refers_to_nothing_elsewhere() -> None:
    address = f"{PUBLIC_URL}/en/notices/{ENGLISH.notice_id}"
    drawn = address_code(address)
    assert "href" not in drawn and "style=" not in drawn and "<path" in drawn
    assert drawn == address_code(address) != address_code(PUBLIC_URL)
