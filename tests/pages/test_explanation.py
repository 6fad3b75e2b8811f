"""The page on which staff ask holds nothing of any case, and what it can be told has words in both languages."""

import ast
from pathlib import Path
from typing import get_args

import pytest

import domain.next_step
from domain.law import Language, Text
from domain.next_step import ENGINE, NextStep
from domain.pack import Pack
from pages.clock_words import clock_in_words, clock_title
from pages.explanation import (
    holder_in_words,
    step_in_words,
    wanted_in_words,
    whose_in_words,
)
from pages.regime import regime_pages
from pages.response_headers import asking_headers, headers
from pages.static_files import STATIC_FILES
from runtime.packs import read_packs
from runtime.settings import PROJECT
from tests.domain.village import VILLAGE

PACKS = [*read_packs(PROJECT / "packs"), VILLAGE]
SCRIPTS = "\n".join(file.content.decode() for name, file in STATIC_FILES.items() if name.endswith(".js"))
each_language = pytest.mark.parametrize("language", get_args(Language))
each_pack = pytest.mark.parametrize("pack", PACKS, ids=[pack.id for pack in PACKS])


def steps_to_take() -> set[str]:
    """Every step that the domain can name as the next one, read from where it names them."""
    tree = ast.parse(Path(str(domain.next_step.__file__)).read_text("utf-8"))
    calls = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and ast.unparse(call.func) == "NextStep"]
    named = {
        call.args[1].value
        for call in calls
        if isinstance(call.args[1], ast.Constant) and ast.unparse(call.args[0]) != "ENGINE"
    }
    return {str(name) for name in named} | {"enter_record", "sign_record"}


def test_every_next_step_has_words_of_its_own() -> None:
    assert len(steps_to_take()) > 20
    for name in steps_to_take():
        title = step_in_words(NextStep("personnel", name), VILLAGE)
        assert title.zh != title.en and name.replace("_", " ") != title.en


@each_pack
def test_every_record_and_clock_of_a_pack_is_called_by_its_title(pack: Pack) -> None:
    for record in pack.records:
        alone = wanted_in_words(NextStep("personnel", "enter_record", what=record.id), pack)
        assert alone == record.title
        of_one = wanted_in_words(NextStep("personnel", "enter_record", what=f"{record.id}/c1"), pack)
        assert of_one is not None and of_one.en == f"{record.title.en}, candidate c1"
    assert [clock_in_words(f"clock:{clock.id}", pack) for clock in pack.clocks] == [
        clock.title for clock in pack.clocks
    ]
    for stage in pack.stages:
        assert stage.title.zh in clock_in_words(f"stage:{stage.id}", pack).zh and holder_in_words(stage).zh
    for opinion in pack.review.opinions:
        assert opinion.title.zh in clock_in_words(f"opinion:{opinion.organ}", pack).zh


def test_a_supervision_point_is_named_with_its_stage_and_what_is_watched_there() -> None:
    step = NextStep("supervision", "attend_supervision_point", what="nomination whole")
    said = wanted_in_words(step, next(pack for pack in PACKS if pack.id == "standard"))
    assert said == Text(en="“Nomination”: who nominated whom", zh="“提名”：由谁提名")


def test_what_only_time_brings_is_nobodys_and_bears_the_name_of_its_clock() -> None:
    step = NextStep(ENGINE, "public_notice")
    assert step_in_words(step, VILLAGE).en == "Public notice" and "by itself" in whose_in_words(step).en
    assert clock_in_words("objection:o1", VILLAGE).en == "Answer to objection o1"
    assert clock_in_words("unheard_of:x", VILLAGE).en == "unheard of:x"


def test_a_clock_without_its_pack_is_named_by_its_kind() -> None:
    assert clock_title("opinion:audit-office") == Text(en="Opinion: audit-office", zh="意见：audit-office")
    stage = clock_title("stage:public_notice")
    assert stage is not None and stage.en == "Limit of the stage “public notice”"
    assert clock_title("acknowledgement") == Text(en="Acknowledgement of an objection", zh="异议受理告知")
    assert clock_title("unheard_of:x") is None


def test_the_scripts_write_text_only_and_keep_nothing() -> None:
    for word in ("innerHTML", "outerHTML", "insertAdjacent", "eval", "Storage", "cookie", "indexedDB", "pushState"):
        assert word not in SCRIPTS
    assert "http://" not in SCRIPTS and "https://" not in SCRIPTS


def test_a_script_is_allowed_on_pages_that_ask_alone_and_only_from_this_host() -> None:
    policy = asking_headers("en")["Content-Security-Policy"].split("; ")
    assert {"script-src 'self'", "connect-src 'self'", "default-src 'none'", "form-action 'none'"} <= set(policy)
    assert "unsafe" not in str(policy) and "trusted-types 'none'" in policy
    assert "script-src" not in headers("en", names_people=False)["Content-Security-Policy"]


def test_a_rule_has_an_address_in_each_language_that_names_the_version_it_was_cited_from() -> None:
    assert regime_pages("standard@2", "notice.minimum") == {
        "en": "/en/regimes/standard?version=2#notice.minimum",
        "zh": "/zh/regimes/standard?version=2#notice.minimum",
    }
