"""People ask, on the real service, how they stand by their training, and staff how a unit does: in both languages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect

from api.training_record import RECORD
from domain.identity import Role
from pages.translations import words
from runtime.embedded import Postgres
from tests.browser.serving import served
from tests.desk import Desk, P, S

pytestmark = pytest.mark.browser

Lang = Literal["en", "zh"]
EN = words("en")
ON = "2026-03-02"


@dataclass(frozen=True)
class Told:
    """A service with people in service and their files, a token of one of them and one of an officer."""

    origin: str
    mine: str
    staff: str


async def _people(desk: Desk, origin: str) -> Told:
    for person, hours, score in (("staff-4711", 30, 84), ("staff-4712", 64, 84)):
        service = {"person": person, "unit": "Registry", "pack": "standard", "rank": "officer"}
        await desk.done("/service-registrations", service | {"since_on": "2020-01-01"})
        said = {"hours": hours, "attended_hours": hours, "leave_hours": 0, "score": score}
        await desk.done("/training-records", {"person": person, "record": RECORD | said}, S)
    failed = RECORD | {"number": "2026-0999", "title": "Accounts", "score": 12}
    await desk.done("/training-records", {"person": "staff-4711", "record": failed}, S)
    await desk.project()
    return Told(origin, desk.token(Role.PERSON, subject="staff-4711", organ="registry"), desk.token(P))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with people in service."""
    with served(postgres, tmp_path_factory.mktemp("standing"), _people) as told:
        yield told


@contextmanager
def opened(
    browser: Browser, told: Told, language: Lang = "en", width: int = 1280, scripts: bool = True
) -> Iterator[Page]:
    """The page in a window of its own."""
    context = browser.new_context(viewport=ViewportSize(width=width, height=900), java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{told.origin}/{language}/training/standing")
    yield page
    context.close()


def ask(page: Page, token: str, *, unit: str = "", against: str = "standard:") -> str:
    page.locator("#token").fill(token)
    page.locator("#whose").select_option("unit" if unit else "mine")
    if unit:
        page.locator("#unit").fill(unit)
    page.locator("#against").select_option(against)
    page.locator("#on").fill(ON)
    page.locator("#ask button").click()
    expect(page.locator("h2:focus")).to_be_visible()
    return page.locator("#answer").inner_text()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_somebody_reads_line_by_line_why_they_are_not_in_order(browser: Browser, told: Told, language: Lang) -> None:
    say = words(language)
    with opened(browser, told, language, 390) as page:
        text = ask(page, told.mine)
        assert page.locator(":focus").inner_text() == say("standing.lacking")
        for key in ("standing.counts.yes", "standing.counts.below_pass_mark"):
            assert say(key) in text
        assert str(RECORD["title"]) in text and "Accounts" in text and "Registry" in text
        assert f"10{say('standing.hours')}" in text and "undefined" not in text and "null" not in text
        assert page.locator(f"#answer a[href^='/{language}/regimes/standard']").count() >= 2
        assert_accessible(page)
        assert overflow(page) == 0


def test_another_rank_is_another_answer(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        assert "10 hours" in ask(page, told.mine)
        assert "170 hours" in ask(page, told.mine, against="standard:senior")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [390, 1280])
def test_an_officer_sees_who_of_a_unit_is_ready_and_what_the_others_lack(
    browser: Browser, told: Told, language: Lang, width: int
) -> None:
    say = words(language)
    with opened(browser, told, language, width) as page:
        ask(page, told.staff, unit="Registry")
        rows = page.get_by_role("table").get_by_role("row")
        ready, lacking = rows.nth(1).inner_text(), rows.nth(2).inner_text()
        assert say("standing.in_order") in ready and ("2027-01-22" not in ready)
        assert say("standing.lacking") in lacking and f"10{say('standing.hours_missing')}" in lacking
        assert_accessible(page)
        assert overflow(page) == 0
        page.emulate_media(media="print")
        assert page.locator("#ask").is_hidden() and rows.nth(0).is_visible()


def test_a_unit_is_not_read_by_everybody_and_one_without_people_says_so(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        ask(page, told.mine, unit="Registry")
        assert page.locator(":focus").inner_text() == EN("standing.not_allowed.title")
        assert EN("standing.nobody") in ask(page, told.staff, unit="Treasury")
        ask(page, "no token")
        assert page.locator(":focus").inner_text() == EN("staff.unauthenticated.title")
        assert EN("standing.malformed.title") in ask(page, told.staff)


def test_words_of_an_answer_are_text_and_never_markup(browser: Browser, told: Told) -> None:
    evil = "<img src=x onerror=alert(1)>"
    with opened(browser, told) as page:

        def spoiled(route: Route) -> None:
            answer = route.fetch()
            body = json.loads(answer.text().replace(str(RECORD["title"]), evil))
            route.fulfill(response=answer, json=body)

        page.route("**/training-standings/mine?*", spoiled)
        assert evil in ask(page, told.mine) and page.locator("#answer img").count() == 0


def test_the_token_is_in_no_address_and_kept_nowhere(browser: Browser, told: Told) -> None:
    with opened(browser, told) as page:
        addresses: list[str] = []
        page.on("request", lambda request: addresses.append(request.url))
        ask(page, told.mine)
        assert addresses and not any(told.mine in address for address in [*addresses, page.url])
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0 and page.context.cookies() == []


def test_without_scripts_the_page_says_how_to_ask(browser: Browser, told: Told) -> None:
    with opened(browser, told, scripts=False) as page:
        assert EN("standing.no_script") in page.locator("main").inner_text()
        assert page.locator("#ask").is_hidden()
