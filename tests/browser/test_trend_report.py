"""A meeting reads the trend report on the real service: tables and bars in two languages, and a copy of a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from pages.translations import words
from runtime.embedded import Postgres
from tests.browser.serving import served
from tests.desk import A, Desk, S, V
from tests.projections.whole_lives import WAIVER

pytestmark = pytest.mark.browser

EN = words("en")


@dataclass(frozen=True)
class Told:
    """A service with cases in it, and tokens for it."""

    origin: str
    departing: str
    token: str
    school: str


async def _cases(desk: Desk, origin: str) -> Told:
    case_id, candidates, _ = await desk.noticed()
    await desk.disposed(case_id, await desk.objected(case_id, candidate_id=candidates[0]), "dismissed")
    other = await desk.opened(post_id="registry/second-clerk", pack="cn.sr2019")
    for departs in (case_id, other):
        await desk.done(f"/cases/{departs}/deviations", WAIVER, V)
    desk.clock.at += timedelta(days=20)
    await desk.project()
    return Told(origin, case_id, desk.token(A), desk.token(S))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with cases in it."""
    with served(postgres, tmp_path_factory.mktemp("trends"), _cases) as told:
        yield told


@contextmanager
def opened(browser: Browser, told: Told, path: str, width: int) -> Iterator[Page]:
    context = browser.new_context(viewport=ViewportSize(width=width, height=900), accept_downloads=True)
    page = context.new_page()
    page.goto(f"{told.origin}{path}")
    yield page
    context.close()


@pytest.mark.parametrize(("path", "width"), [("/en/trends", 1280), ("/zh/trends", 360)])
def test_the_report_is_read_with_the_readers_own_token_and_copied(
    browser: Browser, told: Told, path: str, width: int
) -> None:
    say = words("zh" if "/zh/" in path else "en")
    with opened(browser, told, path, width) as page:
        page.get_by_label(say("staff.token"), exact=True).fill(told.token)
        page.get_by_role("button", name=say("staff.ask"), exact=True).click()
        page.locator(".sheet").wait_for()
        text = page.locator("#answer").inner_text()
        assert told.departing in text and say("trend.departure.deviation") in text and str(WAIVER["rule"]) in text
        assert say("trend.word.dismissed") in text and "undefined" not in text and "null" not in text
        assert page.locator("section[aria-labelledby=table-complaints] .bar").get_attribute("width") == "160"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert not Axe().run(page).response["violations"]
        with page.expect_download() as copied:
            page.locator("button[value=complaints]").click()
        assert "Registry" in copied.value.path().read_text("utf-8-sig")


def test_a_role_that_does_not_read_it_is_told_so(browser: Browser, told: Told) -> None:
    with opened(browser, told, "/en/trends", 1280) as page:
        page.get_by_label(EN("staff.token"), exact=True).fill(told.school)
        page.get_by_role("button", name=EN("staff.ask"), exact=True).click()
        page.locator("[data-state=not_allowed]").wait_for()
        assert page.locator(":focus").inner_text() == EN("trend.not_allowed.title")


def test_cases_that_depart_are_read_on_page_by_page_where_the_reader_is(browser: Browser, told: Told) -> None:
    with opened(browser, told, "/en/trends", 1280) as page:
        page.route(
            f"{told.origin}/api/v1/trend-report?*", lambda route: route.continue_(url=f"{route.request.url}&limit=1")
        )
        page.get_by_label(EN("staff.token"), exact=True).fill(told.token)
        page.get_by_role("button", name=EN("staff.ask"), exact=True).click()
        departing = page.locator("#departing > li")
        expect(departing).to_have_count(1)
        page.get_by_role("button", name=EN("problems.more")).click()
        expect(departing).to_have_count(2)
        expect(departing.nth(1).get_by_role("link")).to_be_focused()
