"""The reference of the API works for everybody, asks nothing of other hosts, and its anchors lead somewhere."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from api.description import operations
from api.reference import reference_page
from tests.application import described
from tests.browser.conftest import PAGES

pytestmark = pytest.mark.browser

PATH = "/api/docs"
APP = described()


@pytest.fixture(scope="module", autouse=True)
def _served() -> Iterator[None]:
    PAGES[PATH] = reference_page(APP, "https://gazette.example.org")
    yield
    del PAGES[PATH]


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """The reference without JavaScript of its own, in a window as wide as a desktop."""
    context = browser.new_context(viewport=ViewportSize(width=1280, height=900))
    opened = context.new_page()
    opened.goto(origin + PATH)
    yield opened
    context.close()


def keep_one_of_each(page: Page) -> None:
    """Leaves an operation of each group and ten shapes: one template made them all, and axe reads slowly."""
    page.evaluate("""document.querySelectorAll('.api-group').forEach(
        group => [...group.querySelectorAll('.api-operation')].slice(1).forEach(found => found.remove()))""")
    page.evaluate("[...document.querySelectorAll('.api-shape')].slice(10).forEach(found => found.remove())")


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_on_a_desktop_and_on_a_phone_in_the_dark(page: Page) -> None:
    keep_one_of_each(page)
    unfold(page)
    assert_accessible(page)
    page.emulate_media(media="screen", color_scheme="dark")
    page.set_viewport_size(ViewportSize(width=390, height=844))
    assert_accessible(page)


def test_nothing_but_code_has_to_be_scrolled_sideways(page: Page) -> None:
    unfold(page)
    for width in (320, 390, 768, 1000, 1280):
        page.set_viewport_size(ViewportSize(width=width, height=800))
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) <= 0, width


def test_every_operation_stands_in_the_contents_and_every_anchor_leads_somewhere(page: Page) -> None:
    anchors = page.evaluate("[...document.querySelectorAll('a')].map(link => link.getAttribute('href'))")
    contents = page.evaluate("[...document.querySelectorAll('.api-contents a')].map(link => link.getAttribute('href'))")
    ids = set(page.evaluate("[...document.querySelectorAll('[id]')].map(found => '#' + found.id)"))
    assert {anchor for anchor in anchors if anchor.startswith("#")} <= ids
    names = {f"#{operation['operationId']}" for operation in operations(APP.openapi())}
    assert names <= set(contents)
    assert len(ids) == page.locator("[id]").count()


def test_it_asks_nothing_of_other_hosts_and_runs_no_script(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    quiet = context.new_page()
    hosts: set[str] = set()
    complaints: list[str] = []
    quiet.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    quiet.on("console", lambda message: complaints.append(message.text))
    quiet.goto(origin + PATH)
    assert quiet.locator("script").count() == 0
    quiet.get_by_role("link", name="Nominate a candidate").first.click()
    assert quiet.url.endswith("#nominate_candidate")
    assert quiet.get_by_text("staff-4711").first.is_visible()
    assert (hosts, complaints) == ({urlsplit(origin).netloc}, [])
    context.close()


def test_examples_can_be_reached_and_read_with_the_keyboard(page: Page) -> None:
    example = page.get_by_role("region", name="Example: Nominate a candidate")
    example.focus()
    assert "Idempotency-Key" in page.locator(":focus").inner_text()
