"""A ballot is cast and the index is read by everybody: by ear, on a phone, in both languages, without a script."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from runtime.embedded import Postgres
from tests.api.test_survey import casts, codes, counted, form, method, proposed
from tests.browser.serving import served
from tests.browser.test_public_pages import DESKTOP, PHONE, assert_accessible, opened, overflow
from tests.desk import Desk, V

pytestmark = pytest.mark.browser


async def _asked(desk: Desk, origin: str) -> tuple[str, str, list[str]]:
    """Two surveys that were counted, and one that is open, with its codes."""
    method_id = await method(desk)
    last = await counted(desk, method_id, "very", "satisfied")
    last = await counted(desk, method_id, "satisfied", "not", follows=last)
    use = {"use": "rectify", "index": "work_index", "says": "Objections are answered within ten days."}
    await desk.done(f"/surveys/{last}/uses", use, V)
    survey = await proposed(desk, method_id, follows=last)
    given = await codes(desk, survey)
    desk.clock.at += timedelta(days=1)
    assert (await casts(desk, survey, form(given[0]))).status_code == 200
    await desk.project()
    return origin, survey, given


def test_a_ballot_is_cast_without_a_script_and_the_index_is_read_on_a_phone(
    browser: Browser, postgres: Postgres, tmp_path: Path
) -> None:
    with served(postgres, tmp_path, _asked) as (origin, survey, given):
        for number, (language, size) in enumerate((("en", DESKTOP), ("zh", PHONE)), start=1):
            address = f"{origin}/{language}/surveys/{survey}/ballot"
            with opened(browser, address, size) as page:
                assert_accessible(page)
                assert overflow(page) == 0
            with opened(browser, address, size, scripts=False) as page:
                page.get_by_role("button").click()
                assert page.get_by_role("alert").is_visible() and page.locator("fieldset.wrong").count() == 4
                for question in ("overall", "daily", "rectification"):
                    page.locator(f"#q-{question}-satisfied").check()
                page.locator("#q-recognition-recognise").check()
                page.get_by_label("nepotism", exact=False).or_(page.locator("#t-nepotism")).first.check()
                page.locator("#code").fill(given[number].lower())
                page.get_by_role("button").click()
                assert page.get_by_role("heading", level=1).inner_text() in (
                    "Your ballot is in the box",
                    "选票已投入票箱",
                )
                assert given[number] not in page.url and page.locator("form").count() == 0
            with opened(browser, f"{origin}/{language}/index", size) as page:
                assert_accessible(page)
                assert overflow(page) == 0
                assert page.locator("svg .interval").count() == 4 and page.locator("table").count() == 2
