"""Auditors read the trail on the real service: by a filter that is the address, with what changed, in two languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from pages.translations import words
from runtime.embedded import Postgres
from tests.browser.serving import served
from tests.desk import A, Desk, S, V
from tests.projections.whole_lives import WAIVER

pytestmark = pytest.mark.browser

Lang = Literal["en", "zh"]
EN = words("en")


@dataclass(frozen=True)
class Told:
    """A service with cases in it, and tokens for it."""

    origin: str
    noticed: str
    token: str
    school: str


async def _cases(desk: Desk, origin: str) -> Told:
    noticed, _, _ = await desk.noticed()
    await desk.objected(noticed)
    other = await desk.opened(post_id="registry/second-clerk")
    desk.clock.at += timedelta(days=42)
    await desk.done(f"/cases/{other}/deviations", WAIVER, V)
    await desk.project()
    return Told(origin, noticed, desk.token(A), desk.token(S))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with cases in it."""
    with served(postgres, tmp_path_factory.mktemp("audited"), _cases) as told:
        yield told


@contextmanager
def opened(browser: Browser, told: Told, path: str = "/en/audit", width: int = 1280) -> Iterator[Page]:
    context = browser.new_context(viewport=ViewportSize(width=width, height=900), accept_downloads=True)
    page = context.new_page()
    page.goto(f"{told.origin}{path}")
    yield page
    context.close()


def ask(page: Page, token: str) -> None:
    page.locator("#token").fill(token)
    page.locator("#ask button[type=submit]").click()
    expect(page.locator("h2:focus")).to_be_visible()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_whole_log_is_grouped_by_day_with_folds_and_idle_time(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        ask(page, told.token)
        days = page.locator(".trail-day > h3").all_inner_texts()
        assert days[days.index("13 April 2026") + 1] == "2 March 2026"
        assert page.locator(".folded summary").first.is_visible()
        assert not page.locator(".folded .entry").first.is_visible()
        assert "Nothing was recorded for 41 days" in page.locator("article.trail").inner_text()
        assert "Deviation allowed" in page.locator("article.trail").inner_text()
        text = page.locator("article.trail").inner_text()
        assert "undefined" not in text and "null" not in text and "delivery" not in text


def test_what_is_asked_for_is_the_address_and_the_token_is_not(browser: Browser, told: Told) -> None:
    with opened(browser, told, "/en/audit?type=public_notice_opened&deviations=true") as page:
        assert page.locator("#type").input_value() == "public_notice_opened"
        page.locator("#deviations").uncheck()
        ask(page, told.token)
        assert page.url == f"{told.origin}/en/audit?type=public_notice_opened"
        assert page.locator(".entry-title").all_inner_texts() == ["Public notice opened"]
        page.locator("#case").fill(told.noticed)
        ask(page, told.token)
        assert page.url == f"{told.origin}/en/audit/cases/{told.noticed}?type=public_notice_opened"
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])")
        assert told.token not in kept + page.url + page.content()


def test_an_entry_shows_what_it_changed_and_leads_to_its_proof(browser: Browser, told: Told) -> None:
    with opened(browser, told, f"/en/audit/cases/{told.noticed}?type=objection_lodged") as page:
        ask(page, told.token)
        page.locator("button[data-act=changes]").click()
        expect(page.locator(".changes > li").first).to_be_visible()
        assert "answer_due_on" in page.locator(".changes").inner_text()
        href = page.locator(".entry-acts a").get_attribute("href") or ""
        assert href.startswith("/log/proof/")
        page.locator(".entry-proof summary").click()
        assert EN("audit.hash") in page.locator(".entry-proof").inner_text()


def test_a_search_is_kept_under_a_title_and_found_again(browser: Browser, told: Told) -> None:
    with opened(browser, told, "/en/audit?deviations=true") as page:
        ask(page, told.token)
        page.get_by_role("button", name=EN("audit.searches_show")).click()
        page.locator("#search-title").fill("What left the rules")
        page.get_by_role("button", name=EN("audit.save")).click()
        link = page.get_by_role("link", name="What left the rules")
        expect(link).to_be_visible()
        assert_accessible(page)
        assert link.get_attribute("href") == "/en/audit?deviations=true"
        page.get_by_role("button", name=EN("audit.remove")).click()
        expect(link).not_to_be_visible()


def test_a_copy_is_a_file(browser: Browser, told: Told) -> None:
    with opened(browser, told, f"/en/audit/cases/{told.noticed}") as page:
        ask(page, told.token)
        with page.expect_download() as download:
            page.locator("button[data-act=export][value=ocel]").click()
        assert download.value.suggested_filename == "audit-trail.ocel.json"


def test_refusals_are_sentences(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        ask(page, "no token")
        assert page.locator(":focus").inner_text() == EN("staff.unauthenticated.title")
        ask(page, told.school)
        assert page.locator(":focus").inner_text() == EN("audit.not_allowed.title")
        page.locator("#case").fill("of Amina")
        ask(page, told.token)
        assert page.locator(":focus").inner_text() == EN("staff.malformed.title")


def test_the_chinese_page_is_chinese_and_says_so_of_a_case(browser: Browser, told: Told) -> None:
    with opened(browser, told, f"/zh/audit/cases/{told.noticed}") as page:
        ask(page, told.token)
        assert "收到异议" in page.locator("article.trail").inner_text()
        assert page.locator(".trail-day > h3").first.inner_text() == "2026年3月2日"


def test_axe_finds_nothing_on_screen_on_paper_or_on_a_phone_in_the_dark(browser: Browser, told: Told) -> None:
    for language in ("en", "zh"):
        with opened(browser, told, f"/{language}/audit") as page:
            assert_accessible(page)
            ask(page, told.token)
            assert_accessible(page)
            page.emulate_media(media="print")
            assert_accessible(page)
            assert not page.locator("#ask").is_visible() and not page.locator(".trail-export").is_visible()
            page.emulate_media(media="screen", color_scheme="dark")
            page.set_viewport_size(ViewportSize(width=390, height=844))
            assert_accessible(page)
            for width in (320, 390, 768, 1280):
                page.set_viewport_size(ViewportSize(width=width, height=800))
                wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(wider) <= 0, width


def test_the_keyboard_alone_asks_and_lands_on_the_answer(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        page.locator("#token").focus()
        page.keyboard.type(told.token)
        page.keyboard.press("Tab")
        page.keyboard.type(told.noticed)
        page.keyboard.press("Enter")
        expect(page.locator("h2:focus")).to_be_visible()
        assert told.noticed in page.locator(":focus").inner_text()
