"""The page of the audit trail holds nothing of any case, and has words for whatever can be recorded."""

import re
from pathlib import Path
from typing import get_args

import pytest

import domain
from domain.audit_trail import TrailFilter
from domain.catalogue import EVENTS
from domain.law import Language
from domain.technical import TECHNICAL
from pages.audit_trail import AUDIT_TRAIL, AUDIT_TRAIL_OF_A_CASE, FILTERS
from pages.translations import TRANSLATIONS

each_language = pytest.mark.parametrize("language", get_args(Language))
STREAMS = re.compile(r"StreamId\(f?\"([a-z_]+)[/\"]")


@each_language
def test_every_event_has_words_of_its_own_and_technical_ones_come_last(language: Language) -> None:
    page = AUDIT_TRAIL.in_(language, public_url="http://127.0.0.1")
    listed = re.findall(r'<option value="(\w+)">', page[page.index('id="type"') : page.index('id="since"')])
    assert set(listed) == set(EVENTS) and set(listed[-len(TECHNICAL) :]) == TECHNICAL
    said = [TRANSLATIONS[f"event.{alias}"].in_(language) for alias in EVENTS]
    assert len(set(said)) == len(said)


def test_every_kind_of_stream_has_words() -> None:
    sources = "".join(file.read_text("utf-8") for file in Path(next(iter(domain.__path__))).glob("*.py"))
    kinds = {key.removeprefix("audit.kind.") for key in TRANSLATIONS if key.startswith("audit.kind.")}
    assert kinds == set(STREAMS.findall(sources))


def test_every_condition_of_the_filter_has_a_field() -> None:
    page = AUDIT_TRAIL.in_("en", public_url="http://127.0.0.1")
    assert set(re.findall(r'data-filter="(\w+)"', page)) == set(TrailFilter.model_fields) >= set(FILTERS)


def test_the_page_of_a_case_stands_at_its_own_address_in_both_languages() -> None:
    page = AUDIT_TRAIL_OF_A_CASE.in_("en", public_url="http://127.0.0.1", case_id="d6fhcqtf5dfs")
    assert 'value="d6fhcqtf5dfs"' in page and "/zh/audit/cases/d6fhcqtf5dfs" in page
