"""The public pages work for everybody: by eye, by ear, by keyboard, on a small phone, on paper, without JavaScript."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.pages.notices import CHINESE, ENGLISH, PROVISIONAL

pytestmark = pytest.mark.browser

NOTICE = f"notices/{CHINESE.notice_id}"
PATHS = [
    f"/{language}/{rest}"
    for language in ("en", "zh")
    for rest in (
        "",
        "empty",
        "notices",
        "found-nothing",
        "misread",
        "gone",
        "closing",
        "sealed",
        "to-come",
        "ended-held",
        "tombstone",
        "cut-short",
        "withdrawn",
        "corrected",
        "large-print",
        "training",
        "training-empty",
        NOTICE,
        f"notices/{ENGLISH.notice_id}",
        f"notices/{PROVISIONAL.notice_id}",
        "training/reports",
        "training/unit",
        "training/no-reports",
        "figures",
        "figures-empty",
        "subscribe",
        "subscribe/asked",
        "subscribe/leave",
    )
]
DESKTOP, PHONE = (1280, 900), (390, 844)


@contextmanager
def opened(
    browser: Browser,
    address: str,
    size: tuple[int, int] = DESKTOP,
    scripts: bool = True,
) -> Iterator[Page]:
    """A page in a window of its own."""
    viewport = ViewportSize(width=size[0], height=size[1])
    context = browser.new_context(viewport=viewport, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_on_a_desktop_on_a_phone_in_the_dark_and_in_print(
    browser: Browser, origin: str, path: str
) -> None:
    with opened(browser, origin + path) as page:
        assert_accessible(page)
        page.emulate_media(media="print")
        assert_accessible(page)
        page.emulate_media(media="screen", color_scheme="dark")
        page.set_viewport_size(ViewportSize(width=PHONE[0], height=PHONE[1]))
        assert_accessible(page)


def test_axe_would_find_something(browser: Browser, origin: str) -> None:
    with opened(browser, f"{origin}/en/{NOTICE}") as page:
        page.evaluate("document.documentElement.removeAttribute('lang')")
        page.evaluate("document.querySelector('h1').style.color = '#ddd'")
        found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert found >= {"html-has-lang", "color-contrast"}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_has_to_be_scrolled_sideways(browser: Browser, origin: str, path: str) -> None:
    with opened(browser, origin + path) as page:
        for width in (320, 390, 600, 768, 840, 1000, 1280):
            page.set_viewport_size(ViewportSize(width=width, height=800))
            assert overflow(page) <= 0, width


@pytest.mark.parametrize("path", [f"/en/{NOTICE}", f"/zh/{NOTICE}"])
def test_text_can_be_twice_as_large(browser: Browser, origin: str, path: str) -> None:
    with opened(browser, origin + path) as page:
        page.evaluate("document.documentElement.style.fontSize = '36px'")
        for width in (640, 1000, 1280):
            page.set_viewport_size(ViewportSize(width=width, height=800))
            assert overflow(page) <= 0, width


@pytest.mark.parametrize("path", PATHS)
def test_no_request_leaves_the_host_and_the_policy_is_kept(browser: Browser, origin: str, path: str) -> None:
    hosts: set[str] = set()
    complaints: list[str] = []
    with opened(browser, "about:blank") as page:
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(origin + path)
        assert page.context.cookies() == []
    assert hosts == {urlsplit(origin).netloc}
    assert complaints == []


def test_keyboard_skips_to_the_text_and_reaches_every_link(browser: Browser, origin: str) -> None:
    with opened(browser, f"{origin}/en/") as page:
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the text"
        assert page.locator(":focus").bounding_box() is not None
        reached = []
        for _ in range(page.locator("a").count() - 1):
            page.keyboard.press("Tab")
            reached.append(page.locator(":focus").get_attribute("href"))
            outline = page.locator(":focus").evaluate("link => getComputedStyle(link).outlineStyle")
            assert outline == "solid"
        assert f"/en/{NOTICE}" in reached and "/zh/" in reached


def test_skip_link_moves_the_focus_to_the_text(browser: Browser, origin: str) -> None:
    with opened(browser, f"{origin}/en/{NOTICE}") as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator(":focus").get_attribute("id") == "text"


def test_reader_without_scripts_follows_the_list_to_a_notice_and_to_the_other_language(
    browser: Browser, origin: str
) -> None:
    with opened(browser, f"{origin}/en/", PHONE, scripts=False) as page:
        page.locator(f'a[href="/en/{NOTICE}"]').click()
        page.wait_for_url(f"{origin}/en/{NOTICE}")
        assert page.get_by_text("Open until").is_visible()
        page.get_by_role("link", name="中文").click()
        page.wait_for_url(f"{origin}/zh/{NOTICE}")
        assert page.get_by_role("heading", name="如何提出异议").is_visible()


def test_screen_reader_hears_a_list_of_days_with_today_marked(browser: Browser, origin: str) -> None:
    with opened(browser, f"{origin}/en/{NOTICE}") as page:
        bar = page.get_by_role("list", name="Days of the notice, from 30 September 2026 to 13 October 2026")
        assert bar.get_by_role("listitem").count() == 14
        assert "Today" in bar.locator("[aria-current=date]").inner_text()


def test_days_of_a_week_stand_under_each_other_on_a_desktop(browser: Browser, origin: str) -> None:
    with opened(browser, f"{origin}/en/{NOTICE}") as page:
        saturdays = [page.locator(f'li.day:has(time[datetime="2026-10-{on}"])').bounding_box() for on in ("03", "10")]
        first, second = (box for box in saturdays if box is not None)
        assert first["x"] == second["x"] and first["y"] < second["y"]


def test_print_carries_number_date_and_hash_and_drops_the_navigation(browser: Browser, origin: str) -> None:
    with opened(browser, f"{origin}/en/{NOTICE}") as page:
        page.emulate_media(media="print")
        foot = page.locator(".print-foot").inner_text()
        assert CHINESE.hash in foot and "Notice No. 2026/153" in foot and "30 September 2026" in foot
        assert not page.get_by_role("navigation").is_visible()
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
