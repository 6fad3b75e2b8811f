"""A joint meeting is held in two browsers, one a department, from its agenda to minutes that both have signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from domain.identity import Role
from pages.translations import words
from runtime.embedded import Postgres
from tests.api.test_joint_meeting import CALL, FINDING, RESOLUTION, TO_THE_DAY
from tests.browser.serving import served
from tests.desk import Desk, P, V

pytestmark = pytest.mark.browser

EN, ZH = words("en"), words("zh")
SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *")]
  .filter((one) => one.offsetParent && [...one.childNodes].some((text) => text.nodeType === 3 && text.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WALL = ViewportSize(width=1920, height=1080)


@dataclass(frozen=True)
class Room:
    """A service with a meeting to come, and a case to put before it."""

    desk: Desk
    origin: str
    meeting_id: str
    case_id: str

    def token(self, role: Role) -> str:
        return self.desk.token(role)


async def _convened(desk: Desk, origin: str) -> Room:
    case_id, _, _ = await desk.noticed()
    held_on = (desk.clock().date() + TO_THE_DAY).isoformat()
    answer = await desk.done("/joint-meetings", CALL | {"held_on": held_on, "kind": "quarterly"}, V)
    await desk.project()
    return Room(desk, origin, str(answer["meeting_id"]), case_id)


@pytest.fixture(scope="module")
def room(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The service, with a meeting two weeks away."""
    with served(postgres, tmp_path_factory.mktemp("met"), _convened) as found:
        yield found


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport=WALL, accept_downloads=True)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def enters(page: Page, token: str) -> None:
    """The reader gives a token by the keyboard alone and lands on the heading of the meeting."""
    page.locator("#token").fill(token)
    page.locator("#token").press("Enter")
    expect(page.locator("#answer h2:focus")).to_be_visible()


def sends(page: Page, act: str, **fields: str) -> None:
    """A form of the room is filled in and sent, and the room says that it is recorded."""
    form = page.locator(f"form[data-act={act}]")
    if (folded := page.locator(f"details[data-adds={act}]:not([open]) > summary")).count():
        folded.click()
    for name, said in fields.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(said)
        else:
            field.fill(said)
    form.locator("button[type=submit]").click()
    _is_recorded(page)


def presses(page: Page, act: str) -> None:
    page.locator(f"button[data-act={act}]").click()
    _is_recorded(page)


def _is_recorded(page: Page) -> None:
    expect(page.locator("#asking")).to_have_text(page.locator("#asking").get_attribute("data-recorded") or "")
    page.evaluate("document.getElementById('asking').textContent = ''")


def assert_fit_for_a_wall(page: Page) -> None:
    """Nothing that axe finds, no letter under 16 px, and nothing wider than the screen, down to a phone."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(SMALLEST) >= 16
    for width in (320, 1280):
        page.set_viewport_size(ViewportSize(width=width, height=800))
        assert page.evaluate(WIDER) <= 0, width
    page.set_viewport_size(WALL)


def reads_the_dossier(page: Page) -> None:
    """All fifteen parts stand under the item, each opens by the keyboard, and what was open stays open."""
    parts = page.locator("#matter details.dossier-part")
    expect(parts).to_have_count(15)
    statement = parts.nth(14)
    assert EN("meeting.part_present") in statement.locator("summary").inner_text()
    for part in (parts.nth(0), parts.nth(3), statement):
        part.locator("summary").press("Enter")
    expect(statement.locator("table").first).to_be_visible()
    expect(parts.nth(0)).to_contain_text("Head Clerk")
    assert_fit_for_a_wall(page)


def puts_on_the_agenda(browser: Browser, room: Room) -> None:
    with opened(browser, f"{room.origin}/en/joint-meetings") as page:
        enters(page, room.token(P))
        assert_fit_for_a_wall(page)
        page.get_by_role("link", name=EN("meeting.kind.quarterly")).click()
        enters(page, room.token(P))
        asked = {"title": "The notice of the head clerk", "asked": "Say whether the letter waits."}
        sends(page, "agenda-items", **asked, about="case", id=room.case_id)
        expect(page.locator("#matter")).to_contain_text("Head Clerk")
        reads_the_dossier(page)
        assert page.locator("#matter a").first.get_attribute("href") == f"/en/audit/cases/{room.case_id}"


def takes_up_an_addition(room: Room, personnel: Page, supervision: Page) -> None:
    """What one department asks for late waits, in so many words, until the other one agrees."""
    late = {"title": "A letter of tomorrow", "asked": "Say whether it waits.", "reason": "It was found this morning."}
    sends(supervision, "agenda-additions", **late)
    enters(personnel, room.token(P))
    personnel.get_by_role("button", name=late["title"]).click()
    expect(personnel.locator("#matter")).to_contain_text(EN("meeting.addition_waits"))
    presses(personnel, "addition-agreements")
    expect(personnel.locator("#matter")).to_contain_text(EN("meeting.addition_agreed"))


def is_held(room: Room, personnel: Page, supervision: Page) -> None:
    """Nothing opens with one department; with both it is held, and closed by the other one."""
    sends(personnel, "attendance-records", organ="personnel-department")
    personnel.locator("button[data-act=openings]").click()
    expect(personnel.locator("#told")).to_contain_text("without them nothing can be held")
    sends(supervision, "attendance-records", organ="supervision-organ")
    presses(supervision, "openings")
    enters(personnel, room.token(P))
    sends(personnel, "statements", organ="personnel-department", text="The letter waits for the end of the notice.")
    takes_up_an_addition(room, personnel, supervision)
    finding = {name: str(FINDING[name]) for name in ("type", "severity", "finding", "owner", "accepting")}
    sends(personnel, "findings", **finding, kind="unit", id="Registry")
    due_on = (room.desk.clock().date() + timedelta(days=30)).isoformat()
    sends(personnel, "resolutions", **RESOLUTION, due_on=due_on)
    assert_fit_for_a_wall(personnel)
    presses(personnel, "closings")


def test_a_meeting_is_held_from_its_agenda_to_signed_minutes(browser: Browser, room: Room) -> None:
    puts_on_the_agenda(browser, room)
    room.desk.clock.at += TO_THE_DAY
    path = f"joint-meetings/{room.meeting_id}"
    with (
        opened(browser, f"{room.origin}/en/{path}") as personnel,
        opened(browser, f"{room.origin}/zh/{path}") as supervision,
    ):
        enters(personnel, room.token(P))
        enters(supervision, room.token(V))
        is_held(room, personnel, supervision)
        presses(personnel, "signatures")
        enters(supervision, room.token(V))
        assert "supervision-organ" in supervision.locator(".room-minutes").inner_text()
        presses(supervision, "signatures")
        expect(supervision.locator(".room-minutes")).to_contain_text(ZH("meeting.both_signed"))
        assert_fit_for_a_wall(supervision)
        with supervision.expect_download() as paper:
            supervision.locator("button[data-act=paper]").click()
        assert paper.value.suggested_filename == f"minutes-{room.meeting_id}.pdf"
        text = supervision.locator("#answer").inner_text()
        assert "undefined" not in text and "null" not in text and "季度联席会议" in text
        kept = supervision.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert room.token(V) not in kept + supervision.url + supervision.content()
