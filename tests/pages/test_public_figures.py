"""The transparency page: each number with how it was counted, what is small hidden, and nothing made up."""

import re
from typing import get_args

import pytest

from domain.law import Language
from pages.public_figures import public_figures_page
from tests.pages import figures

LANGUAGES = get_args(Language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_its_table_and_what_is_hidden_says_so(language: Language) -> None:
    page = public_figures_page(figures.FULL, language, public_url="https://gazette.example.org")
    assert page.count("<svg") == page.count("<table") - 1 == 5  # all causes of delay are hidden: nothing to draw
    assert {"en": "hidden", "zh": "不显示"}[language] in page
    assert f'href="/{language}/index"' in page
    assert 'href="/api/v1/figures?quarter=2026-07-01&amp;format=csv"' in page
    assert "<script" not in page and "style=" not in page and not re.search(r"https?://(?!gazette|www\.w3)", page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_quarter_nothing_is_made_up(language: Language) -> None:
    page = public_figures_page(figures.EMPTY, language, public_url="https://gazette.example.org")
    assert "<svg" not in page and "<table" not in page
