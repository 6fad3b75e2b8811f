"""The pages for staff hold nothing of anybody, say what is true of themselves, and have words for every answer."""

import re
from html import unescape
from typing import get_args

import pytest

from api.staff_page import NAMED, STAFF_PAGES
from domain.law import Language
from pages.staff_index import staff_address, staff_index_page
from pages.staff_page import PARTS, STATES, StaffPage
from pages.training_standing import STANDING, training_standing_page
from pages.translations import words
from tests.pages.training import PACKS

each_page = pytest.mark.parametrize("page", [*STAFF_PAGES, STANDING], ids=lambda page: page.path)
each_language = pytest.mark.parametrize("language", get_args(Language))


def as_sent(page: StaffPage, language: Language) -> str:
    if page is STANDING:
        return training_standing_page(PACKS, language, public_url="http://127.0.0.1")
    return page.in_(language, public_url="http://127.0.0.1", **dict.fromkeys(NAMED, "d6fhcqtf5dfs"))


@each_language
@each_page
def test_a_page_has_every_state_and_says_each_of_its_parts(page: StaffPage, language: Language) -> None:
    sent, say = unescape(as_sent(page, language)), words(language)
    assert all(f'id="state-{state}"' in sent for state in STATES)
    of_the_room = {"for_staff", "lead"} if page.groups[0] == "room" else set()
    assert {part for part in PARTS if say(page.key(part)) not in sent} == of_the_room
    assert say("site.footer") not in sent


@each_language
@each_page
def test_a_page_is_not_indexed_runs_two_scripts_of_ours_and_sends_no_field(page: StaffPage, language: Language) -> None:
    sent = as_sent(page, language)
    assert '<meta name="robots" content="noindex">' in sent and "http://127.0.0.1" not in sent
    assert re.findall(r"<script src=\"/static/(\w+)\.js\?v=\w+\" defer></script>", sent) == ["sheet", page.stem]
    assert sent.count("<script") == 2 and " onclick=" not in sent and " style=" not in sent
    asks = sent[sent.index('<form id="ask"') : sent.index("</form>")]
    assert " name=" not in asks


@each_page
def test_a_page_leads_to_itself_in_the_other_language(page: StaffPage) -> None:
    named = dict.fromkeys(NAMED, "d6fhcqtf5dfs")
    assert f'<a href="{page.address("zh", **named)}"' in as_sent(page, "en")


@each_language
def test_every_page_that_needs_nothing_in_its_address_is_listed_and_public_pages_lead_there(language: Language) -> None:
    listed = unescape(staff_index_page([*STAFF_PAGES, STANDING], language, public_url="http://127.0.0.1"))
    for page in (*STAFF_PAGES, STANDING):
        assert (f'href="{page.address(language, **dict.fromkeys(NAMED, "d6fhcqtf5dfs"))}"' in listed) == (
            "{" not in page.path
        )
    assert f'href="{staff_address(language)}"' in as_sent(STANDING, language)
