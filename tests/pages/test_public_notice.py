"""A notice page shows what the notice says, all of it, in both languages, and nothing else."""

import gzip
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from domain.law import Confidence, Language
from domain.working_days import Counting, Period, Unit, due
from pages.public_notice import not_found_page, problem_page, public_notice_page
from pages.static_files import STATIC_FILES
from projections.visible_notice import NoticeCandidate, PublicNotice, Published, VisibleNotice
from runtime.calendars import calendar_for
from tests.pages.notices import (
    AFTERWARDS,
    CHINESE,
    ENGLISH,
    LAST_DAY,
    OPENED_ON,
    PROVISIONAL,
    PUBLIC_URL,
    WHILE_OPEN,
    citation,
    forgotten,
    held,
    on,
    working_days,
)
from tests.pages.published_log import PROOF, PUBLISHED, published_as

LANGUAGES: tuple[Language, ...] = ("en", "zh")
HOSTILE = "<script>alert(1)</script>\"'&{{ 7 * 7 }}{facts}</dd>"


def page(notice: PublicNotice, language: Language, today: date = WHILE_OPEN) -> str:
    return public_notice_page(on(notice, today), language, public_url=PUBLIC_URL)


def text_of(html: str) -> str:
    """What a reader reads, with single spaces."""
    body = html[html.index("<body") :]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def test_notice_says_in_english_what_it_is_and_until_when() -> None:
    text = text_of(page(CHINESE, "en"))
    assert "Notice No. 2026/153 Published 30 September 2026" in text
    assert "Open until 13 October 2026" in text
    assert "4 working days are left." in text
    assert "Closes on 13 October 2026 at the end of the day (Beijing time), because:" in text
    assert "Born May 1978" in text
    assert "Recorded at position 153" in text and CHINESE.hash in text


SEALED: dict[Language, tuple[str, str, str, str]] = {
    "en": (
        "Published in the checkpoint of 12,300 entries (root 0000000000000000…). Cosigned by supervision.example"
        " on 9 October 2026, 08:30 UTC.",
        "Published in the checkpoint of 12,345 entries (root 0001020304050607…). Not cosigned",
        "Not in the published log yet.",
        "Check it yourself",
    ),
    "zh": (
        "已公布于含12,300个条目的检查点（根为0000000000000000…）。由supervision.example于2026年10月9日08:30 UTC会签。",
        "已公布于含12,345个条目的检查点（根为0001020304050607…）。监督机关的见证方尚未会签。",
        "尚未进入公开日志",
        "请自行核查",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_seal_says_which_checkpoint_held_the_notice_first(language: Language) -> None:
    cosigned, signed, not_yet, check = SEALED[language]

    def sealed(published: Published | None) -> str:
        notice = published_as(CHINESE, published)
        html = public_notice_page(on(notice, WHILE_OPEN), language, public_url=PUBLIC_URL)
        assert ('href="/log/proof/153"' in html) is (published is not None)
        assert (f'href="/log/proof/notices/{notice.notice_id}"' in html) is (published is not None)
        assert (f'href="/{language}/log#check"' in html) is (published is not None)
        text = text_of(html)
        assert (check in text) is (published is not None)
        return text

    assert cosigned in sealed(PUBLISHED)
    assert signed in sealed(
        replace(PUBLISHED, size=12_345, root="0001020304050607ff", cosigned_by=(), cosigned_at=None)
    )
    assert not_yet in sealed(None)


@pytest.mark.parametrize(("language", "said"), [("en", "no hash of its text stands on record"), ("zh", "未留存其文本")])
def test_what_was_gone_before_a_checkpoint_is_not_promised_to_come(language: Language, said: str) -> None:
    html = page(published_as(CHINESE, None), language, AFTERWARDS)
    assert said in text_of(html) and 'href="/log/proof/153"' in html and SEALED[language][2] not in text_of(html)


def test_the_page_carries_its_proof_word_for_word() -> None:
    html = public_notice_page(on(published_as(CHINESE, PUBLISHED), WHILE_OPEN), "zh", public_url=PUBLIC_URL)
    (carried,) = re.findall(r"<pre[^>]*>(c2sp\.org/tlog-proof@v1.*?)</pre>", html, re.DOTALL)
    assert carried == PROOF


def test_notice_says_in_chinese_what_it_is_and_until_when() -> None:
    text = text_of(page(CHINESE, "zh"))
    assert "公示第2026/153号 2026年9月30日发布" in text
    assert "公示截止： 2026年10月13日" in text
    assert "截止于2026年10月13日24时（北京时间），理由如下：" in text
    assert "出生年月 1978年5月" in text
    assert "记录于第153位" in text and CHINESE.hash in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_window_and_every_field_is_shown(language: Language) -> None:
    text = text_of(page(CHINESE, language))
    assert all(sentence in text for sentence in CHINESE.window.explain(language))
    shown = dict(CHINESE.candidates[0].shown)
    assert all(line in text for name, says in shown.items() if name != "birth_year_month" for line in says.split("\n"))


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_address_decides_the_language_and_names_the_other(language: Language, other: Language) -> None:
    html = page(CHINESE, language)
    tags = {"en": "en", "zh": "zh-Hans"}
    assert f'<html lang="{tags[language]}">' in html
    assert f'<link rel="canonical" href="{PUBLIC_URL}/{language}/notices/n7q2m5xk4w">' in html
    assert f'hreflang="{tags[other]}" href="{PUBLIC_URL}/{other}/notices/n7q2m5xk4w"' in html
    assert f'<a href="/{other}/notices/n7q2m5xk4w" lang="{tags[other]}" hreflang="{tags[other]}"' in html


def test_words_in_another_language_are_marked_as_such() -> None:
    assert '<h1><span lang="zh-Hans">市水务局局长</span></h1>' in page(CHINESE, "en")
    assert '<h1><span lang="en">Chair of the Harbour Safety Board</span></h1>' in page(ENGLISH, "zh")
    assert "<h1><span>市水务局局长</span></h1>" in page(CHINESE, "zh")


def test_days_are_told_apart_in_words() -> None:
    html = page(CHINESE, "en")
    days = [text_of(f"<body>{item}") for item in re.findall(r'<li class="day .*?</li>', html, re.DOTALL)]
    assert len(days) == 14
    assert days[0] == "30 September Wednesday Working day not counted Opens"
    assert days[1] == "1 October Thursday Holiday National Day"
    assert days[9] == "9 October Friday Working day 2 of 5 Today"
    assert days[10] == "10 October Saturday Make-up working day for National Day 3 of 5"
    assert days[11] == "11 October Sunday Weekend"
    assert days[13] == "13 October Tuesday Working day 5 of 5 Closes"
    assert html.count('aria-current="date"') == 1


def test_calendar_days_are_not_listed_one_by_one() -> None:
    window = due(calendar_for("GB-ENG"), date(2026, 10, 5), Period(n=2, unit=Unit.MONTH), Counting.EXCLUSIVE)
    html = page(replace(ENGLISH, window=window), "en")
    assert html.count('<li class="day ') == 2
    assert "The first and the last day of the notice are shown." in html
    assert "working days are left" not in html


def test_very_wide_window_shows_its_ends() -> None:
    html = page(replace(CHINESE, window=working_days("CN", OPENED_ON, 120)), "zh")
    assert html.count('<li class="day ') == 2


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2026, 9, 29), "Opens on 30 September 2026"),
        (OPENED_ON, "Open until 13 October 2026"),
        (date(2026, 10, 12), "Open until 13 October 2026"),
        (LAST_DAY, "Closes today, 13 October 2026"),
        (date(2026, 10, 14), "Taken down on 14 October 2026"),
    ],
)
def test_state_follows_the_day(today: date, says: str) -> None:
    assert says in text_of(page(CHINESE, "en", today))


def test_days_that_are_left_are_counted_with_today() -> None:
    assert "5 working days are left." in text_of(page(CHINESE, "en", date(2026, 10, 3)))
    assert "还剩3个工作日。" in text_of(page(CHINESE, "zh", date(2026, 10, 10)))
    assert "2 working days are left." in text_of(page(CHINESE, "en", date(2026, 10, 12)))
    assert "left." not in text_of(page(CHINESE, "en", LAST_DAY))


def test_period_that_was_recorded_as_elapsed_has_ended() -> None:
    assert "Ended on" in text_of(page(replace(held(CHINESE, 1), elapsed_on=LAST_DAY), "en", LAST_DAY))
    assert "Taken down on" in text_of(page(replace(CHINESE, elapsed_on=LAST_DAY), "en", LAST_DAY))


@pytest.mark.parametrize("today", [WHILE_OPEN, AFTERWARDS])
def test_open_objections_hold_the_case_before_and_after_the_end(today: date) -> None:
    assert "Held by 1 open objection." in text_of(page(ENGLISH, "en", today))
    assert "有2件异议尚未办结" in text_of(page(held(ENGLISH, 2), "zh", today))
    assert "Held by" not in text_of(page(CHINESE, "en", today))


def test_objector_learns_where_to_go_and_who_will_see_it() -> None:
    text = text_of(page(CHINESE, "en"))
    assert "Supervision organ of Linhe City 12 Binhe Road, Linhe Telephone 12380" in text
    assert "sealed for the supervision organ" in text
    assert "nobody is appointed before that" in text
    assert "Anybody may object" not in text_of(page(CHINESE, "en", AFTERWARDS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_provisional_date_is_flagged(language: Language) -> None:
    word = {"en": "Provisional date", "zh": "暂定日期"}[language]
    assert word in text_of(page(PROVISIONAL, language))
    assert word not in text_of(page(CHINESE, language))


@pytest.mark.parametrize("confidence", Confidence)
def test_only_a_confirmed_rule_is_shown_without_a_warning(confidence: Confidence) -> None:
    notice = replace(CHINESE, rules=(citation(confidence, article="Art. 42"),))
    text = text_of(page(notice, "en"))
    assert ("Unverified" in text) is (confidence is not Confidence.CONFIRMED)
    assert ("Confirmed" in text) is (confidence is Confidence.CONFIRMED)


def test_rule_is_shown_with_instrument_article_and_date() -> None:
    text = text_of(page(CHINESE, "en"))
    assert "Leading Cadres (2019) , 第四十二条 , in force from 3 March 2019" in text
    assert "《党政领导干部选拔任用工作条例》（2019年） ， 第四十二条 ，2019年3月3日起施行" in text_of(
        page(CHINESE, "zh")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_words_are_shown_and_not_obeyed(language: Language) -> None:
    hostile = replace(
        CHINESE,
        post_title=HOSTILE,
        unit=HOSTILE,
        candidates=(NoticeCandidate("p1", (("full_name", HOSTILE), ("birth_year_month", HOSTILE))),),
    )
    html = page(hostile, language)
    assert "<script" not in html
    assert text_of(html).count("<script>alert(1)</script>\"'&{{ 7 * 7 }}{facts}</dd>") == 4


def test_unknown_field_and_missing_value_are_shown_as_such() -> None:
    candidate = NoticeCandidate("p1", (("full_name", "A. Reader"), ("proposed_post", "Chair"), ("sex", "  ")))
    text = text_of(page(replace(ENGLISH, candidates=(candidate,)), "en"))
    assert "proposed post Chair" in text
    assert "Sex not stated" in text


def test_month_that_does_not_exist_is_left_as_written() -> None:
    candidate = NoticeCandidate("p1", (("birth_year_month", "1978-13"),))
    assert "Born 1978-13" in text_of(page(replace(ENGLISH, candidates=(candidate,)), "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_forgotten_person_leaves_a_sentence_and_no_name(language: Language) -> None:
    html = page(forgotten(CHINESE), language)
    assert "龑文澜" not in html
    assert {"en": "they were erased", "zh": "个人信息已删除"}[language] in html


def test_a_notice_whose_case_ended_says_so_and_takes_no_objection() -> None:
    ended = replace(CHINESE, candidates=(), ended_on=date(2026, 10, 9))
    text = text_of(page(ended, "en"))
    assert "The case ended on 9 October 2026" in text and "Whom it named is not shown any longer" in text
    assert "Open until" not in text


def test_notice_without_candidates_or_rules_still_reads() -> None:
    text = text_of(page(replace(ENGLISH, candidates=(), rules=()), "en"))
    assert "The names were taken down" in text and "No rule is recorded" in text


def in_a_zone(name: str) -> VisibleNotice:
    return replace(on(ENGLISH, WHILE_OPEN), timezone=name)


def test_unknown_time_zone_keeps_its_own_name() -> None:
    assert "(Mars/Olympus)" in text_of(public_notice_page(in_a_zone("Mars/Olympus"), "en", public_url=PUBLIC_URL))
    assert "(UTC)" in text_of(public_notice_page(in_a_zone("UTC"), "en", public_url=PUBLIC_URL))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notice", [published_as(CHINESE, PUBLISHED), ENGLISH, PROVISIONAL])
def test_page_and_style_weigh_under_30_kilobytes_and_name_no_foreign_host(
    notice: PublicNotice, language: Language
) -> None:
    html = page(notice, language)
    css = STATIC_FILES["gazette.css"].content
    assert len(gzip.compress(html.encode())) + len(gzip.compress(css)) < 30_000
    assert "http://" not in html and "<script" not in html and "style=" not in html
    assert set(re.findall(r"https://[^/\"<\s]+", html)) == {PUBLIC_URL}
    assert b"url(" not in css and b"@import" not in css


def test_trailing_slash_of_the_public_address_is_not_doubled() -> None:
    html = public_notice_page(on(CHINESE, WHILE_OPEN), "en", public_url=f"{PUBLIC_URL}/")
    assert f'href="{PUBLIC_URL}/en/notices/n7q2m5xk4w"' in html


def test_name_does_not_stand_in_the_title_that_browsers_keep() -> None:
    title = page(CHINESE, "zh").split("<title>")[1].split("</title>")[0]
    assert title == "公示第2026/153号 · 公职任用公示"


@pytest.mark.parametrize("language", LANGUAGES)
def test_problem_says_what_happened_and_offers_one_way_on(language: Language) -> None:
    html = problem_page(language, "Too <many>", "You asked too often.", "Wait a minute.")
    assert "Too &lt;many&gt;" in html and "Wait a minute." in html
    for shown in (html, not_found_page(language)):
        assert f'<a class="way-on" href="/{language}/">' in shown
        assert '<meta name="robots" content="noindex">' in shown
