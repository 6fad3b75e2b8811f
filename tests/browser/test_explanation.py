"""Staff ask, on the real service, why a case stands where it stands: in both languages, in every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from pages.explanation import EXPLANATION
from pages.translations import words
from runtime.embedded import Postgres
from tests.browser.serving import served
from tests.desk import Desk, P, S, V

pytestmark = pytest.mark.browser

Lang = Literal["en", "zh"]
EN = words("en")
LONG_AGO, NEVER = "2020-01-01T00:00", "275000-01-01T00:00"


@dataclass(frozen=True)
class Told:
    """A service with cases in it, and tokens for it."""

    origin: str
    noticed: str
    suspended: str
    closed: str
    chinese: str
    token: str


async def _cases(desk: Desk, origin: str) -> Told:
    noticed, _, _ = await desk.noticed()
    await desk.objected(noticed)
    suspended = await desk.opened(post_id="registry/second-clerk")
    await desk.done(f"/cases/{suspended}/suspensions", {"reason": "The court is seized."}, V)
    closed, _ = await desk.nominated(post_id="registry/third-clerk")
    await desk.done(f"/cases/{closed}/withdrawals", {"reason": "The post is no longer needed."}, P)
    chinese = await desk.opened("cn.sr2019", post_id="bureau/deputy")
    return Told(origin, noticed, suspended, closed, chinese, desk.token(S))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with cases in it."""
    with served(postgres, tmp_path_factory.mktemp("explained"), _cases) as told:
        yield told


@contextmanager
def opened(
    browser: Browser, told: Told, language: Lang = "en", width: int = 1280, scripts: bool = True
) -> Iterator[Page]:
    """The page in a window of its own, in a time zone that is not the service's."""
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=900), java_script_enabled=scripts, timezone_id="Africa/Nairobi"
    )
    page = context.new_page()
    page.goto(f"{told.origin}/{language}/explain")
    yield page
    context.close()


def ask(page: Page, case_id: str, token: str, moment: str = "") -> None:
    page.locator("#case").fill(case_id)
    page.locator("#token").fill(token)
    page.locator("#moment").fill(moment)
    page.locator("#ask button").click()
    expect(page.locator("h2:focus")).to_be_visible()


def explained(page: Page, case_id: str, told: Told) -> str:
    ask(page, case_id, told.token)
    expect(page.locator("article.sheet")).to_be_visible()
    return page.locator("article.sheet").inner_text()


def _fulfil(answer: dict[str, Any], route: Route) -> None:
    route.fulfill(**answer)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_case_is_told_with_its_track_its_steps_their_rules_and_why_each_clock_ends(
    browser: Browser, told: Told
) -> None:
    with opened(browser, told) as page:
        text = explained(page, told.noticed, told)
        assert page.locator(".stop.now .stop-title").inner_text() == "Public notice"
        assert page.locator(".stop.done").count() == 2 and page.locator(".stop.to_come").count() >= 2
        step = page.locator(".explained > li", has_text="Dispose of the objection")
        assert "supervision" in step.inner_text() and "unverified" in step.inner_text()
        clock = page.locator("section", has=page.locator("#clocks")).locator(
            ".explained > li", has_text="Public notice"
        )
        assert "9 March 2026" in clock.inner_text() and "5 working days counted" in clock.inner_text()
    assert "Head Clerk" in text and "Amina" not in text and "undefined" not in text and "null" not in text


def test_every_rule_leads_to_its_place_on_the_page_of_its_regime(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        explained(page, told.noticed, told)
        page.locator(".explain-rule a", has_text="objections.answered").first.click()
        page.wait_for_url("**/en/regimes/standard?version=1#objections.answered")
        assert page.locator("[id='objections.answered']").is_visible()


def test_the_answer_is_chinese_on_the_chinese_page(browser: Browser, told: Told) -> None:
    with opened(browser, told, "zh") as page:
        text = explained(page, told.noticed, told)
        assert "办结异议" in text and "2026年3月9日" in text and "共计5个工作日" in text
        assert "未核实" in text and "working day" not in text and "Ends" not in text
        explained(page, told.chinese, told)
        assert page.locator(".stop.now").count() == 1


def test_a_suspended_and_an_ended_case_say_so(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        assert EN("explain.suspended") in explained(page, told.suspended, told)
        text = explained(page, told.closed, told)
        assert EN("explain.closed") in text and EN("outcome.withdrawn") in text
        assert EN("progress.ended_here") in text and EN("progress.not_reached") in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_refusal_is_a_sentence_and_a_way_on_with_the_focus_on_it(
    browser: Browser, told: Told, language: Lang
) -> None:
    say = words(language)
    asked = {
        "unauthenticated": (told.noticed, "no token", ""),
        "missing": ("0123456789ab", told.token, ""),
        "malformed": (told.noticed, told.token, NEVER),
    }
    with opened(browser, told, language) as page:
        assert page.locator("[data-state=empty]").is_visible()
        for name, question in asked.items():
            ask(page, *question)
            assert page.locator(":focus").inner_text() == say(EXPLANATION.key(f"{name}.title"))
            assert say(EXPLANATION.key(f"{name}.next")) in page.locator("#answer").inner_text()
            assert_accessible(page)
        ask(page, told.noticed, told.token, LONG_AGO)
        assert page.locator(":focus").inner_text() == say("explain.missing.title")
        ask(page, told.noticed, "令牌")
        assert page.locator(":focus").inner_text() == say("staff.unauthenticated.title")


def test_a_service_that_is_away_or_broken_is_said_and_asking_again_works(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        page.context.set_offline(True)
        ask(page, told.noticed, told.token)
        assert page.locator(":focus").inner_text() == EN("staff.offline.title")
        page.context.set_offline(False)
        for name, broken in (
            # No role of today's policies is kept from reading cases; one that will be is told so.
            ("not_allowed", {"status": 403, "content_type": "application/problem+json", "body": '{"detail": "No."}'}),
            ("fault", {"status": 503, "content_type": "text/html", "body": "<h1>Bad gateway</h1>"}),
            ("fault", {"status": 500, "content_type": "application/problem+json", "body": '{"detail": "Broken."}'}),
        ):
            page.route("**/explanation", partial(_fulfil, broken))
            ask(page, told.noticed, told.token)
            assert page.locator(":focus").inner_text() == EN(EXPLANATION.key(f"{name}.title"))
            page.unroute("**/explanation")
        assert "Head Clerk" in explained(page, told.noticed, told)


def test_while_it_asks_it_says_so_and_shows_no_old_answer(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        explained(page, told.noticed, told)
        held: list[object] = []
        page.route("**/explanation", lambda route: held.append(route))
        page.locator("#ask button").click()
        expect(page.get_by_role("status")).to_have_text(EN("explain.asking"))
        assert page.locator("article.sheet").count() == 0


def test_words_of_an_answer_are_text_and_never_markup_or_a_foreign_address(browser: Browser, told: Told) -> None:
    evil = "<img src=x onerror=alert(1)>"
    with opened(browser, told) as page:

        def spoiled(route: Route) -> None:
            answer = route.fetch()
            body = answer.json()
            body["post"]["title"] = evil
            body["regime"] = {"en": "javascript:alert(1)"}
            body["steps"][0]["rule"]["page"] = {"en": "//elsewhere.example"}
            route.fulfill(response=answer, json=body)

        page.route("**/explanation", spoiled)
        explained(page, told.noticed, told)
        assert evil in page.locator("article h2").inner_text()
        assert page.locator("article img").count() == 0
        addresses = page.evaluate(
            "[...document.querySelectorAll('article a')].map(found => found.getAttribute('href'))"
        )
        assert all(address.startswith("/en/regimes/") for address in addresses)


def test_the_token_is_in_no_address_no_storage_and_no_source_and_goes_to_one_host_in_one_header(
    browser: Browser, told: Told
) -> None:
    with opened(browser, told) as page:
        sent = []
        page.on("request", lambda request: sent.append((request.url, request.post_data, request.headers)))
        explained(page, told.noticed, told)
        source = page.content() + page.evaluate("document.documentElement.outerHTML")
        stored = page.evaluate(
            "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])"
        )
        assert told.token not in source + stored + page.url
        assert page.context.cookies() == [] and page.url == f"{told.origin}/en/explain"
        assert page.evaluate("indexedDB.databases()") == [] and page.evaluate("caches.keys()") == []
        assert all(told.token not in url for url, _, _ in sent)
        ((url, body, headers),) = [found for found in sent if "authorization" in found[2]]
        assert body is None and headers["authorization"] == f"Bearer {told.token}"
        assert urlsplit(url).netloc == urlsplit(told.origin).netloc and "cookie" not in headers
        page.reload()
        assert page.locator("#token").input_value() == ""
        assert page.locator("article.sheet").count() == 0


def test_the_policy_is_kept_and_would_stop_a_foreign_script_and_a_foreign_host(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.reload()
        explained(page, told.noticed, told)
        assert complaints == []
        foreign = "fetch('http://127.0.0.2:9/').then(() => 'sent', () => 'stopped')"
        assert page.evaluate(foreign) == "stopped"
        assert any("connect-src" in said for said in complaints)
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.2:9/'}))"
        )
        with pytest.raises(Exception, match="TrustedHTML"):
            page.evaluate("document.body.innerHTML = '<p>written as markup</p>'")


def test_axe_finds_nothing_by_day_on_paper_or_on_a_phone_in_the_dark(browser: Browser, told: Told) -> None:
    for language in ("en", "zh"):
        with opened(browser, told, language) as page:
            assert_accessible(page)
            explained(page, told.noticed, told)
            assert_accessible(page)
            page.emulate_media(media="print")
            assert_accessible(page)
            page.emulate_media(media="screen", color_scheme="dark")
            page.set_viewport_size(ViewportSize(width=390, height=844))
            assert_accessible(page)


def test_nothing_has_to_be_scrolled_sideways(browser: Browser, told: Told) -> None:
    for language in ("en", "zh"):
        with opened(browser, told, language) as page:
            explained(page, told.noticed, told)
            for width in (320, 390, 768, 1000, 1280):
                page.set_viewport_size(ViewportSize(width=width, height=800))
                wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert page.evaluate(wider) <= 0, width


def test_the_keyboard_alone_asks_and_lands_on_the_answer(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        page.locator("#case").focus()
        page.keyboard.type(told.noticed)
        page.keyboard.press("Tab")
        page.keyboard.type(told.token)
        page.keyboard.press("Enter")
        expect(page.locator("h2:focus")).to_be_visible()
        assert "Head Clerk" in page.locator(":focus").inner_text()
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("href") == "/en/regimes/standard?version=1"


def test_on_paper_stands_the_answer_and_not_the_form(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        explained(page, told.noticed, told)
        page.emulate_media(media="print")
        assert not page.locator("#ask").is_visible() and page.locator("article.sheet").is_visible()


def test_without_scripts_the_page_names_the_command_and_the_api(browser: Browser, told: Told) -> None:
    with opened(browser, told, scripts=False) as page:
        assert page.get_by_text(EN("explain.no_script")).is_visible()
        assert page.get_by_text("investiture case explain").is_visible()
        assert page.get_by_text("GET /api/v1/cases/").is_visible()
        assert not page.locator("#ask").is_visible()
