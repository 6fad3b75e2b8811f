"""Staff read the register of problems on the real service: in both languages, on a phone, and by the address alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize, expect

from pages.translations import words
from runtime.embedded import Postgres
from tests.api.test_supervision_problem import OF_SCHOOL, REMEDY, found, mended
from tests.browser.serving import served
from tests.desk import A, Desk

pytestmark = pytest.mark.browser
REASON = "Two letters of May again."


@dataclass(frozen=True)
class Told:
    """A service with problems of several fates, and an auditor's token."""

    origin: str
    token: str


async def _problems(desk: Desk, origin: str) -> Told:
    await mended(desk, await found(desk, evidence=[0]))
    late = await found(desk)
    await found(desk, **OF_SCHOOL)
    desk.clock.at += timedelta(days=40)
    await desk.done(f"/problems/{late}/remedies", REMEDY)
    await desk.project()
    return Told(origin, desk.token(A))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with problems."""
    with served(postgres, tmp_path_factory.mktemp("problems"), _problems) as told:
        yield told


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_the_register_is_read_with_each_problems_story_and_kept_in_the_address(
    browser: Browser, told: Told, language: Literal["en", "zh"], width: int
) -> None:
    say = words(language)
    context = browser.new_context(viewport=ViewportSize(width=width, height=900))
    page = context.new_page()
    page.goto(f"{told.origin}/{language}/problems")
    page.locator("#token").fill(told.token)
    page.locator("#ask button").click()
    expect(page.locator("h2:focus")).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row")
    assert rows.count() == 4
    first, last = rows.nth(1), rows.nth(3)
    assert say("problems.state.awaits_acceptance") in first.inner_text()
    assert say("problems.days_late").strip() in first.inner_text()
    assert say("problems.state.mended") in last.inner_text()
    last.locator("summary").click()
    story = last.locator("details").inner_text()
    assert REASON in story and story.index(say("problems.refused")) < story.index(say("problems.accepted"))
    assert last.locator(f"a[href='/{language}/audit?from_position=0&to_position=0']").count() >= 1
    assert "undefined" not in page.locator("#answer").inner_text()
    found_by_axe = Axe().run(page)
    assert found_by_axe.violations_count == 0, found_by_axe.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.locator("#type").select_option("training")
    page.locator("#ask button").click()
    expect(rows).to_have_count(2)
    assert page.url.endswith("/problems?type=training") and told.token not in page.url
    with page.expect_download() as copied:
        page.locator("button[value=csv]").click()
    assert copied.value.suggested_filename == "problems.csv"
    page.reload()
    assert page.locator("#type").input_value() == "training" and page.locator("#token").input_value() == ""
    context.close()
