"""Staff read the yearly reports on the real service: the list, one of them, and its paper, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize, expect

from pages.translations import words
from runtime.embedded import Postgres
from tests.api.test_yearly_report import lived_through
from tests.browser.serving import served
from tests.desk import A, Desk

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Told:
    """A service with a report, and an auditor's token."""

    origin: str
    token: str


async def _drawn_up(desk: Desk, origin: str) -> Told:
    await lived_through(desk)
    await desk.done("/yearly-reports", {"year": 2026})
    return Told(origin, desk.token(A))


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with a report."""
    with served(postgres, tmp_path_factory.mktemp("yearly"), _drawn_up) as told:
        yield told


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_a_report_is_found_in_the_list_read_in_words_and_taken_on_paper(
    browser: Browser, told: Told, language: Literal["en", "zh"], width: int
) -> None:
    say = words(language)
    context = browser.new_context(viewport=ViewportSize(width=width, height=900), accept_downloads=True)
    page = context.new_page()
    page.goto(f"{told.origin}/{language}/yearly-reports")
    page.get_by_label(say("staff.token"), exact=True).fill(told.token)
    page.get_by_label(say("staff.token"), exact=True).press("Enter")
    page.get_by_role("button", name=f"{say('yearly_reports.read')} 2026").press("Enter")
    expect(page.locator("h2:focus")).to_have_text(say("yearly_report.title", year=2026))
    assert page.url.endswith("/yearly-reports?year=2026&number=1") and told.token not in page.url
    text = page.locator("#answer").inner_text()
    assert "Minutes came late in six cases." in text and say("yearly_report.part.problems") in text
    assert "undefined" not in text and "null" not in text
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    found_by_axe = Axe().run(page)
    assert found_by_axe.violations_count == 0, found_by_axe.generate_report()
    with page.expect_download() as paper:
        page.get_by_role("button", name="PDF 2026").click()
    assert paper.value.suggested_filename == f"yearly-report-2026-1-{language}.pdf"
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    page.reload()
    page.get_by_label(say("staff.token"), exact=True).fill(told.token)
    page.locator("#ask button").click()
    expect(page.locator("h2:focus")).to_have_text(say("yearly_report.title", year=2026))
    page.get_by_role("button", name=say("yearly_reports.back")).click()
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(2)
    context.close()
