"""Officers read their own record on the real service, and supervision another's: in both languages, on a phone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize, expect

from pages.translations import words
from runtime.embedded import Postgres
from tests.api.test_supervision_problem import found
from tests.browser.serving import served
from tests.desk import Desk, P, V

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Told:
    """A service with cases in it, and tokens of whoever runs and of whoever watches them."""

    origin: str
    case_id: str
    runs: str
    watches: str


async def _lived(desk: Desk, origin: str) -> Told:
    case_id, _ = await desk.nominated()
    query = (await desk.done(f"/cases/{case_id}/queries", {"question": "When were they entered?"}, V))["events"][0]
    await desk.run_out(case_id, f"query:{query['query_id']}")
    await found(desk)
    await desk.project()
    return Told(origin, case_id, desk.token(P), desk.token(V))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with cases in it."""
    with served(postgres, tmp_path_factory.mktemp("records"), _lived) as told:
        yield told


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_a_record_is_read_with_ones_own_token_and_another_officers_by_those_who_may(
    browser: Browser, told: Told, language: Literal["en", "zh"], width: int
) -> None:
    say = words(language)
    context = browser.new_context(viewport=ViewportSize(width=width, height=900))
    page = context.new_page()
    page.goto(f"{told.origin}/{language}/my-record")
    page.get_by_label(say("staff.token"), exact=True).fill(told.watches)
    page.get_by_label(say("staff.token"), exact=True).press("Enter")
    expect(page.locator("h2:focus")).to_be_visible()
    due, missed = (page.locator(f"section[aria-labelledby=record-{part}]") for part in ("due", "missed"))
    assert say("my_record.what.query_asked") in due.inner_text() and say("my_record.own") in due.inner_text()
    assert say("problems.days_late").strip() in due.inner_text()
    assert say("my_record.what.point") in missed.inner_text() and say("my_record.organs") in missed.inner_text()
    title = {"en": "“Nomination”: who nominated whom", "zh": "“提名”："}[language]
    assert title in missed.inner_text() and "point:nomination" not in missed.inner_text()
    assert missed.locator(f"a[href='/{language}/audit/cases/{told.case_id}']").count() >= 1
    page.locator("#whose").select_option("anothers")
    page.locator("#officer").fill("example-personnel")
    page.locator("#ask button").click()
    done = page.locator("section[aria-labelledby=record-done]")
    expect(done.get_by_role("link", name=say("event.case_opened"), exact=True)).to_have_count(1)
    address = done.get_by_role("link").first.get_attribute("href") or ""
    assert address.startswith(f"/{language}/audit?officer=") and "type=" in address
    assert page.url.endswith("/my-record") and "undefined" not in page.locator("#answer").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    found_by_axe = Axe().run(page)
    assert found_by_axe.violations_count == 0, found_by_axe.generate_report()
    page.get_by_label(say("staff.token"), exact=True).fill(told.runs)
    page.locator("#ask button").click()
    page.locator("[data-state=not_allowed]").wait_for()
    context.close()
