"""Those who supervise together read, on the real service, what came by which channel and their own notes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from pages.translations import words
from runtime.embedded import Postgres
from tests.browser.serving import served
from tests.desk import Desk, P, V
from tests.examples import at

pytestmark = pytest.mark.browser

Lang = Literal["en", "zh"]
TEXT = "Three letters of this year were issued on the day of the decision."
NOTE = "Ask for the register before the meeting."


@dataclass(frozen=True)
class Told:
    """A service with inputs and a note, and the tokens of both departments."""

    origin: str
    supervision: str
    personnel: str
    case_id: str


async def _told(desk: Desk, origin: str) -> Told:
    labels = {"membership": "non_party", "voice": "petitions", "source": "system"}
    seen = {"membership": "inner_party", "voice": "mass", "source": "public_opinion"}
    for said in (*[labels] * 9, *[seen] * 5):
        await desk.done("/supervision-inputs", {"labels": said, "text": TEXT}, V)
    await desk.done("/supervision-inputs", {"labels": labels, "text": TEXT, "secrecy": "restricted"}, V)
    desk.clock.at = at("2026-04-02")
    case_id = await desk.opened()
    await desk.done("/private-notes", {"about": {"kind": "case", "id": case_id}, "text": NOTE}, V)
    await desk.project()
    return Told(origin, desk.token(V), desk.token(P), case_id)


@pytest.fixture(scope="module")
def told(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The service with what was told to it."""
    with served(postgres, tmp_path_factory.mktemp("supervision"), _told) as told:
        yield told


def ask(page: Page, token: str, what: str, about: str = "") -> str:
    page.locator("#token").fill(token)
    page.locator("#what").select_option(what)
    if about:
        page.locator("#about").fill(about)
    page.locator("#ask button").click()
    expect(page.locator("h2:focus")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return page.locator("#answer").inner_text()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 390)])
def test_inputs_with_their_labels_the_report_and_notes_of_ones_own(
    browser: Browser, told: Told, language: Lang, width: int
) -> None:
    say = words(language)
    context = browser.new_context(viewport=ViewportSize(width=width, height=900))
    page = context.new_page()
    page.goto(f"{told.origin}/{language}/supervision")
    inputs = ask(page, told.supervision, "inputs")
    restricted, petitions = say("supervise.value.restricted"), say("supervise.value.petitions")
    assert inputs.count(restricted) == 1 and inputs.count(petitions) == 9 and TEXT not in inputs
    theirs = ask(page, told.personnel, "inputs")
    assert restricted in theirs and petitions not in theirs, "personnel sees status and nothing else"
    report = ask(page, told.supervision, "channels")
    assert petitions in report and "▇" * 20 in report and "–" in report
    assert NOTE in ask(page, told.supervision, "notes", told.case_id)
    other = ask(page, told.personnel, "notes", told.case_id)
    assert NOTE not in other and say("supervise.no_notes") in other
    context.close()
