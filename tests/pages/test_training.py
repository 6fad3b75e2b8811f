"""Everybody reads what training counts, what is planned and done, and which courses come; of nobody in them."""

import re
from dataclasses import replace
from html import unescape
from typing import get_args

import pytest

from domain.law import Language
from pages.training import ACTS_SHOWN, COURSES_SHOWN, TrainingMatter, training_page
from pages.translations import words
from projections.training_act import ActKind
from tests.pages.training import COURSES, EMPTY, FULL, PACKS, PLAN, plan

each_language = pytest.mark.parametrize("language", get_args(Language))


def read(matter: TrainingMatter, language: Language = "en") -> str:
    """The text of the page as it is heard."""
    page = training_page(matter, language, public_url="http://127.0.0.1")
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))


@each_language
def test_every_rule_of_training_stands_with_its_words_its_source_and_how_sure_it_is(language: Language) -> None:
    text = read(FULL, language)
    for pack in PACKS:
        rules = [path for path, _ in pack.rules() if path.startswith("training.")]
        assert rules
        for path in rules:
            cited = pack.cite(path)
            assert cited.says.in_(language) in text and cited.instrument.in_(language) in text
    assert ("未核实" if language == "zh" else "unverified") in text


def test_a_plan_says_its_objective_its_posts_its_test_its_targets_and_its_needs() -> None:
    text = read(FULL)
    for said in (PLAN["title"], PLAN["objective"], PLAN["test"]):
        assert str(said) in text
    for said in ("registrar", "90%", "85%", "95%", "computer room for 40 at once", "2027 · version 2", "burnt down"):
        assert said in text


def test_a_course_says_when_where_how_many_places_are_left_and_that_one_is_full() -> None:
    text = read(FULL)
    assert "1 December 2026 to 4 December 2026" in text and "18 of 30 left" in text and "all 20 are taken" in text
    assert "in service; case study" in text and "Main building" in text
    assert words("en")("training.nowhere") in text


def test_an_inspection_says_what_was_found_what_was_answered_and_that_an_answer_is_late() -> None:
    text = read(FULL)
    assert "records came late, the facility is unfit" in text
    assert "The answer is late: it was due on 20 November 2026" in text
    assert "records came late, remedied: They are entered within a week now." in text.replace(" :", ":")
    assert "due on 9 December" not in text


@each_language
def test_each_list_that_is_empty_says_so_and_what_will_stand_there(language: Language) -> None:
    say, text = words(language), read(EMPTY, language)
    for key in (*(str(kind) for kind in ActKind), "courses", "regime", "facility"):
        assert say(f"training.no_{key}") in text and say(f"training.no_{key}_next") in text


def test_words_in_another_language_are_marked_as_theirs_and_every_text_stays_text() -> None:
    evil = "<script>alert(1)</script>"
    matter = replace(FULL, acts={**FULL.acts, ActKind.PLAN: [plan(PLAN | {"title": evil})]})
    page = training_page(matter, "zh", public_url="http://127.0.0.1")
    assert evil not in page and "&lt;script&gt;" in page
    assert '<span class="own-words" lang="en">Contested entries</span>' in page
    assert '<span class="own-words">新任职人员培训班</span>' in page


def test_what_is_too_much_for_a_page_is_said_and_leads_on() -> None:
    many = replace(
        FULL,
        acts={**FULL.acts, ActKind.PLAN: [plan(PLAN)] * (ACTS_SHOWN + 1)},
        courses=[COURSES[0]] * (COURSES_SHOWN + 1),
    )
    page = training_page(many, "en", public_url="http://127.0.0.1")
    assert page.count(str(PLAN["objective"])) == ACTS_SHOWN and '<a href="/api/v1/training-plans">' in page
    assert page.count("Contested entries") == COURSES_SHOWN and "These are the next 200" in page
    assert "/api/v1/training-plans" not in training_page(FULL, "en", public_url="http://127.0.0.1")


@each_language
def test_the_page_leads_to_its_parts_to_the_regimes_and_to_itself_in_the_other_language(language: Language) -> None:
    page = training_page(FULL, language, public_url="http://127.0.0.1")
    for part in re.findall(r'<a href="#(\w+)"', page.partition("<main")[2]):
        assert f'id="{part}"' in page
    assert f'<a href="/{language}/training" aria-current="page">' in page and f"/{language}/regimes/standard" in page
    assert f'href="/{"en" if language == "zh" else "zh"}/training"' in page and "<script" not in page
