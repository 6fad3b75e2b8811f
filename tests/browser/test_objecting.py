"""A stranger on a phone objects with a file, keeps the code, comes back and answers; supervision disposes of it."""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize

from domain.appointment import LiveCase
from projections.projector import wait_until_projected
from runtime.embedded import Postgres
from tests.api.hostile_files import photograph
from tests.browser.serving import served
from tests.browser.test_public_pages import DESKTOP, PHONE, assert_accessible, opened, overflow
from tests.desk import Desk, V

pytestmark = pytest.mark.browser

SUM_DONE = re.compile("sum is done|运算已完成")
GROUNDS = "On 3 February 2026 the vote was taken before the papers were there."


@dataclass(frozen=True)
class Place:
    """The service, a notice that stands, and the token of an officer of supervision."""

    address: str
    case_id: str
    notice: str
    token: str
    keeping: "asyncio.Task[None]"
    let_days_run: Callable[[], str]

    def supervise(self, path: str, body: dict[str, Any]) -> None:
        """Supervision does something in the case."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": uuid4().hex}
        url = f"{self.address}/api/v1/cases/{self.case_id}/{path}"
        answer = httpx2.post(url, json=body, headers=headers, trust_env=False)
        assert answer.status_code in (200, 201), answer.text

    def waiting(self) -> list[dict[str, Any]]:
        """What waits for supervision."""
        url, headers = f"{self.address}/api/v1/entries", {"Authorization": f"Bearer {self.token}"}
        answer = httpx2.get(url, headers=headers, trust_env=False)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["entries"]
        return found


async def _noticed(desk: Desk, address: str) -> Place:
    case_id, _, notice = await desk.noticed()
    await desk.project()

    projector = desk.projector()
    loop = asyncio.get_running_loop()

    async def run_out() -> str:
        receipt = await desk.run_out(case_id, "public_notice")
        assert isinstance(receipt.case, LiveCase)
        # The page shows what is projected, which is a moment behind the log.
        names = [projection.name for projection in projector.projections]
        assert await wait_until_projected(desk.house.pool, names, await desk.log_size() - 1, 20)
        return receipt.case.stage

    def let_days_run() -> str:
        """The days of the notice run; gives the stage that its case has come to."""
        return asyncio.run_coroutine_threadsafe(run_out(), loop).result(30)

    return Place(
        address, case_id, notice, desk.token(V), asyncio.create_task(projector.run(lambda *_: None)), let_days_run
    )


@pytest.fixture(scope="module")
def place(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("objecting")
    with served(postgres, folder, _noticed) as found:
        yield found


def _filled_in(page: Page) -> None:
    page.get_by_label("How the selection was run").check()
    page.get_by_label("What happened?").fill(GROUNDS)
    page.get_by_label("Files, if you have any").set_input_files(
        [FilePayload(name="minutes.jpg", mimeType="image/jpeg", buffer=photograph())]
    )


def _code(page: Page) -> str:
    page.locator(".code").wait_for()
    return "".join(page.locator(".code li").all_inner_texts())


def _come_back(page: Page, place: Place, code: str, language: str = "en") -> None:
    page.goto(f"{place.address}/{language}/receipt")
    page.locator("#code").fill(code)
    page.locator(".code-field .act").click()
    page.locator("#talk").wait_for()


def test_a_stranger_on_a_phone_objects_comes_back_and_answers_and_the_case_goes_on(
    browser: Browser, place: Place
) -> None:
    began, hosts = monotonic(), set()
    with opened(browser, f"{place.address}/en/", PHONE) as page:
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.get_by_role("link", name="Head Clerk").first.click()
        page.get_by_role("link", name="Object online").click()
        page.locator("#work-told", has_text=SUM_DONE).wait_for()
        _filled_in(page)
        page.get_by_role("button", name="Send the objection").click()
        code = _code(page)
        page.get_by_label("Type the code here").fill(code.lower())
        page.get_by_role("button", name="Go on").click()
        assert page.get_by_text("has not acknowledged it yet").is_visible()
        assert monotonic() - began < 180
        assert code not in page.url and page.context.cookies() == []
    entry = next(found for found in place.waiting() if found["status"] == "received")["entry_id"]
    place.supervise("objection-acknowledgements", {"objection_id": entry})
    place.supervise(f"entries/{entry}/questions", {"text": "Who was in the room?"})
    with opened(browser, "about:blank", PHONE) as page:
        _come_back(page, place, code)
        assert page.get_by_text("A question waits for your answer").is_visible()
        page.get_by_label("Answer, or say more").fill("The chair, and nobody else.")
        page.get_by_role("button", name="Send", exact=True).click()
        assert page.get_by_text("It is recorded and stands below.").is_visible()
        assert_accessible(page)
    reasons = "The papers were handed out the day before; the list of receipts is on file."
    place.supervise("objection-disposals", {"objection_id": entry, "outcome": "dismissed", "reasons": reasons})
    with opened(browser, "about:blank", PHONE) as page:
        _come_back(page, place, code, "zh")
        assert page.get_by_text("已办结：不成立").is_visible()
    assert hosts == {urlsplit(place.address).netloc}


def test_without_scripts_it_goes_to_a_moderator_by_the_keyboard_alone(browser: Browser, place: Place) -> None:
    with opened(browser, f"{place.address}/en/notices/{place.notice}/object", PHONE, scripts=False) as page:
        assert page.get_by_text("Your browser runs no script here").is_visible()
        page.locator("#about-procedure").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type(GROUNDS)
        for _ in range(
            3
        ):  # past the files and the choice of a name, which is “anonymous” until somebody says otherwise
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        code = _code(page)
        assert page.get_by_text("a moderator reads it first").is_visible()
        page.locator("#typed").focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        page.get_by_text("Waits for a moderator").wait_for()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_on_any_page_and_nothing_is_scrolled_sideways(
    browser: Browser, place: Place, language: str
) -> None:
    def check(page: Page) -> None:
        media: Literal["print", "screen"]
        for media in ("print", "screen"):
            page.emulate_media(media=media)
            assert_accessible(page)
        page.emulate_media(media="screen", color_scheme="dark")
        for width in (320, *PHONE[:1], *DESKTOP[:1]):
            page.set_viewport_size(ViewportSize(width=width, height=844))
            assert overflow(page) <= 0, (page.url, width)
        page.set_viewport_size(ViewportSize(width=PHONE[0], height=PHONE[1]))
        assert_accessible(page)
        page.emulate_media(media="screen", color_scheme="light")

    notice = f"{place.address}/{language}/notices/{place.notice}"
    with opened(browser, f"{notice}/comment") as page:
        check(page)
        page.goto(f"{notice}/object")
        page.locator("#work-told", has_text=SUM_DONE).wait_for()
        check(page)
        page.locator(".sending .act").click()
        page.locator(".error-summary").wait_for()
        check(page)
        page.locator("#work-told", has_text=SUM_DONE).wait_for()
        page.locator("#about-procedure").check()
        page.locator("#grounds").fill(GROUNDS)
        page.locator(".sending .act").click()
        code = _code(page)
        page.locator("#typed").fill("ABC")
        page.locator(".code-field .act").click()
        page.locator("#typed-error").wait_for()
        check(page)
        page.locator("#typed").fill(code)
        page.locator(".code-field .act").click()
        page.locator("#talk").wait_for()
        check(page)
        page.goto(f"{place.address}/{language}/receipt")
        check(page)


def test_once_all_is_disposed_of_the_case_goes_on_and_the_tombstone_stands(browser: Browser, place: Place) -> None:
    reasons = "The papers were handed out the day before; the list of receipts is on file."
    for entry in place.waiting():
        wish = {"objection_id": entry["entry_id"], "outcome": "dismissed", "reasons": reasons}
        place.supervise("objection-disposals", wish)
    assert place.let_days_run() == "supervision_review"
    for language, gone in (("en", "taken down"), ("zh", "撤下")):
        with opened(browser, "about:blank", PHONE) as page:
            answer = page.goto(f"{place.address}/{language}/notices/{place.notice}")
            assert answer is not None and answer.status == 410
            assert "Amina Okafor" not in page.content() and gone in page.locator("main").inner_text().lower()
            assert_accessible(page)
