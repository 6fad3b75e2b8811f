"""The page of the trend report holds nothing of any case, and has words for whatever is answered."""

import re
from typing import get_args

import pytest

from domain.law import Language
from domain.trend_report import Counted
from pages.translations import words
from pages.trend_report import trend_report_page
from tests.pages.test_explanation import STATES

each_language = pytest.mark.parametrize("language", get_args(Language))


@each_language
def test_every_table_and_every_state_has_its_words(language: Language) -> None:
    page, say = trend_report_page(language, public_url="http://127.0.0.1"), words(language)
    for table in (*map(str, Counted), "stages", "conformance"):
        assert say(f"trend.table.{table}") in page and f'data-copy value="{table}"' in page
    for state in STATES:
        assert f'id="state-{state}"' in page and say(f"trend.{state}.next") in page


@each_language
def test_the_page_is_not_indexed_runs_two_scripts_of_ours_and_sends_no_field(language: Language) -> None:
    page = trend_report_page(language, public_url="http://127.0.0.1")
    assert '<meta name="robots" content="noindex">' in page
    assert re.findall(r"<script src=\"/static/(\w+)\.js\?v=\w+\" defer></script>", page) == ["sheet", "trend_report"]
    assert page.count("<script") == 2 and " onclick=" not in page and " style=" not in page
    assert not any(" name=" in field for field in re.findall(r"<(?:input|select)[^>]*>", page))
