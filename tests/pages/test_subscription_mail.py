"""The mails: two parts that say the same, nothing foreign, nobody's name, and a way to leave with one click."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from domain.law import Language
from domain.notice_filter import NoticeFilter
from domain.subscription import Often
from pages.subscription_mail import Letterhead, confirmation_mail, digest_mail
from projections.digest import Since, digest
from tests.pages.notices import CHINESE, ENGLISH, PUBLIC_URL, WHILE_OPEN, on

AT = datetime(2026, 10, 9, 5, 3, tzinfo=UTC)
HEAD = Letterhead("notices@gazette.example.org", PUBLIC_URL, "leave-token")
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def told(language: Language = "en", wanted: NoticeFilter | None = None, **changed: Any) -> EmailMessage:
    notices = [on(replace(notice, **changed), WHILE_OPEN) for notice in (CHINESE, ENGLISH)]
    chosen = wanted or NoticeFilter()
    found = digest(notices, chosen, Often.EACH_DAY, Since(0, None))
    return digest_mail("reader@example.org", HEAD, language, found, chosen, on=date(2026, 10, 9), at=AT)


def asked(language: Language = "en", request: int = 7) -> EmailMessage:
    return confirmation_mail("reader@example.org", HEAD, language, "confirm-token", request=request, at=AT)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_say_the_same_and_lead_to_the_permanent_addresses(language: Language) -> None:
    mail = told(language)
    text, html = part(mail, "plain"), part(mail, "html")
    for notice in (CHINESE, ENGLISH):
        address = f"{PUBLIC_URL}/{language}/notices/{notice.notice_id}"
        for said in (address, notice.post_title, notice.unit, notice.number):
            assert said in text and said in html
    assert mail["Content-Language"] == {"en": "en", "zh": "zh-Hans"}[language]
    assert text.index(min(CHINESE.unit, ENGLISH.unit)) < text.index(max(CHINESE.unit, ENGLISH.unit))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named_and_nothing_is_loaded_from_anywhere(language: Language) -> None:
    for mail in (told(language), asked(language)):
        said = part(mail, "plain") + part(mail, "html") + mail["Subject"]
        for notice in (CHINESE, ENGLISH):
            for candidate in notice.candidates:
                assert all(value not in said for _, value in candidate.shown if len(value) > 2)
        html = part(mail, "html")
        assert not re.search(r"<(img|script|style|link|iframe)|style=|src=", html)
        assert all(address.startswith(PUBLIC_URL) for address in re.findall(r'href="([^"]+)"', html))


def test_it_can_be_left_with_one_click_of_the_mail_program() -> None:
    for mail in (told(), asked()):
        assert mail["List-Unsubscribe"] == f"<{PUBLIC_URL}/en/subscribe/leave/leave-token>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_its_way_every_line_is_short_and_the_address_to_leave_is_whole(language: Language) -> None:
    head = Letterhead("notices@gazette.example.org", PUBLIC_URL, "0123456789abcdefghjkmnpqrstvwxyz0123456789")
    sent = confirmation_mail("reader@example.org", head, language, "confirm-token", request=7, at=AT).as_bytes()
    address = f"<{PUBLIC_URL}/{language}/subscribe/leave/{head.leave_token}>"
    assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in sent
    long = told(language, NoticeFilter(q="水务局 harbour", organ="临" * 200, post="务" * 200)).as_bytes()
    assert sent.isascii() and long.isascii()
    assert max(map(len, long.split(b"\r\n"))) < 200


def test_the_same_mail_again_is_the_same_message_and_other_news_are_another() -> None:
    assert told()["Message-ID"] == told()["Message-ID"] != told(number="2026/999")["Message-ID"]
    assert asked()["Message-ID"] == asked()["Message-ID"] != asked(request=8)["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{32}@gazette\.example\.org>", asked()["Message-ID"])


def test_the_question_carries_no_word_of_whoever_asked() -> None:
    mail = asked()
    assert "confirm-token" in part(mail, "plain") and "confirm-token" in part(mail, "html")
    assert "reader" not in part(mail, "plain") + part(mail, "html")


def test_markup_in_a_title_stays_words_in_the_html_and_no_line_of_the_text_grows_a_header() -> None:
    mail = told(post_title="<b>Head</b> & Clerk")
    assert "&lt;b&gt;Head&lt;/b&gt; &amp; Clerk" in part(mail, "html")
    assert "<b>Head</b> & Clerk" in part(mail, "plain")


def test_the_digest_says_what_was_asked_for() -> None:
    wanted = NoticeFilter(organ=ENGLISH.unit, from_on=date(2026, 10, 1))
    assert f"of {ENGLISH.unit}, that close on 1 October 2026 or later" in part(told(wanted=wanted), "plain")
    assert "全部公示" in part(told("zh"), "plain")
