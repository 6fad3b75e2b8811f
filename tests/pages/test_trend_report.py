"""The page of the trend report holds nothing of any case, and has words for whatever is answered."""

from typing import get_args

import pytest

from domain.law import Language
from domain.trend_report import Counted
from pages.translations import words
from pages.trend_report import TRENDS

each_language = pytest.mark.parametrize("language", get_args(Language))


@each_language
def test_every_table_has_its_words(language: Language) -> None:
    page, say = TRENDS.in_(language, public_url="http://127.0.0.1"), words(language)
    for table in (*map(str, Counted), "stages", "conformance"):
        assert say(f"trend.table.{table}") in page and f'data-copy value="{table}"' in page
