"""A pack that cannot work is refused when it is read, by a message that names the field."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.law import Confidence, Rule
from domain.pack import Pack, StageKind
from domain.particulars import Particulars
from eventstore.pack_text import UnreadablePack
from runtime.packs import read_pack
from tests.domain.variants import Change, variant, written
from tests.examples import pack

RULE = written("standard")["nomination"]["minimum_candidates"]
PACKS = ["standard", "cn.sr2019"]


def problems(tmp_path: Path, content: Any) -> str:
    """What reading a file with that content says."""
    file = tmp_path / "tried.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(UnreadablePack) as caught:
        read_pack(file)
    assert all(found.file == "tried.yaml" and found.problem for found in caught.value.problems)
    return str(caught.value)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        pytest.param({"stages.0.duty": None}, ["stages.0.duty", "required"], id="a stage without a duty"),
        pytest.param({"stages.0.duty.holder": None}, ["stages.0.duty.holder", "required"], id="without a holder"),
        pytest.param({"stages.0.duty.holder": "system"}, ["stages.0.duty.holder"], id="the engine holds no duty"),
        pytest.param({"stages.0.duty.watches": None}, ["stages.0.duty.watches"], id="a duty that nobody watches"),
        pytest.param({"stages.4.limit.on_expiry": None}, ["stages.4.limit.on_expiry", "required"], id="a limit"),
        pytest.param({"training.on_make_up_expiry": None}, ["training", "on_make_up_expiry"], id="a make-up clock"),
        pytest.param({"objections.on_expiry": None}, ["objections.on_expiry"], id="an objection clock"),
        pytest.param({"review.opinions.0.on_expiry": None}, ["review.opinions.0.on_expiry"], id="an opinion clock"),
        pytest.param({"stages.4.limit.on_expiry.value": "shrug"}, ["stages.4.limit.on_expiry"], id="no such meaning"),
        pytest.param({"stages.4.limit.on_expiry.value": "consent"}, ["stages.4.limit", "on_expiry"], id="stage passed"),
        pytest.param({"objections.on_expiry.value": "lapse"}, ["objections.on_expiry"], id="an objection that lapses"),
        pytest.param({"objections.disposed_by": "personnel"}, ["objections.disposed_by"], id="judge in own work"),
        pytest.param({"notice.minimum.source": None}, ["notice.minimum.source", "required"], id="no source"),
        pytest.param({"notice.minimum.confidence": None}, ["notice.minimum.confidence"], id="no confidence"),
        pytest.param({"notice.minimum.says.zh": None}, ["notice.minimum.says.zh"], id="one language only"),
        pytest.param(
            {"notice.minimum.source.instrument": "sr2099"},
            ["notice.minimum", "sr2099", "instruments"],
            id="unknown law",
        ),
        pytest.param({"stages.0.kind": "interview"}, ["stages.0.kind", "nomination"], id="an unknown kind of stage"),
        pytest.param({"stages.1.requires": ["decision"]}, ["stages", "training_verification", "decision"], id="later"),
        pytest.param({"stages.1.requires": ["ordeal"]}, ["training_verification", "ordeal"], id="a stage it has not"),
        pytest.param({"stages.6": None}, ["stages", "probation", "missing"], id="no end"),
        pytest.param({"notice.fields.value": ["full_name", "shoe_size"]}, ["notice.fields", "shoe_size"], id="a field"),
        pytest.param({"notice.fields.value": ["full_name", "scores"]}, ["notice", "scores"], id="forbidden and shown"),
        pytest.param({"ranks": []}, ["ranks"], id="no rank"),
        pytest.param({"training.requirements.1": None}, ["training", "officer"], id="a rank without hours"),
        pytest.param({"training.requirements.0.ranks": ["officer"]}, ["training", "senior"], id="a rank twice"),
        pytest.param({"notice.minimum.value": {"n": 0, "unit": "day"}}, ["notice.minimum.value.n"], id="no days"),
        pytest.param({"notice.minimum.value": {"n": 5, "unit": "moon"}}, ["notice.minimum.value.unit"], id="moons"),
        pytest.param({"decision.quorum.value": "2/0"}, ["decision.quorum", "2/0"], id="a part of nothing"),
        pytest.param({"decision.quorum.value": "3/2"}, ["decision.quorum", "3/2"], id="more than all"),
        pytest.param({"decision.quorum.value": 0.66}, ["decision.quorum", "2/3"], id="a decimal"),
        pytest.param({"decision.majority.value": "1"}, ["decision", "majority"], id="nobody can agree"),
        pytest.param({"jurisdictions.0.timezone": "Europe/Camelot"}, ["jurisdictions.0.timezone"], id="no such place"),
        pytest.param({"notice.minimum.waivable": True}, ["notice.minimum", "waivable"], id="a waiver without effect"),
        pytest.param({"training.requirements.0.window.waivable": True}, ["window", "waivable"], id="a window waived"),
        pytest.param({"conflicts.declare_before.waivable": True}, ["declare_before", "waivable"], id="silence waived"),
        pytest.param({"decision.recused_count_in_quorum": None}, ["recused_count_in_quorum"], id="recused members"),
        pytest.param({"id": "Standard Pack"}, ["id"], id="an id that is none"),
        pytest.param({"version": 0}, ["version"], id="a version that is none"),
        pytest.param({"surprise": 1}, ["surprise"], id="a field that nobody reads"),
    ],
)
def test_a_pack_that_cannot_work_is_refused_by_name(tmp_path: Path, change: Change, names: list[str]) -> None:
    message = problems(tmp_path, written("standard", change))
    for name in names:
        assert name in message


def move(content: dict[str, Any], stage: str, place: int) -> None:
    stages = content["stages"]
    found = next(one for one in stages if one["id"] == stage)
    stages.remove(found)
    stages.insert(place, found)
    for one in stages:
        one["requires"] = []


@pytest.mark.parametrize(
    ("stage", "place", "needs"),
    [
        ("decision", 1, "training_verification"),
        ("appointment", 4, "decision"),
        ("public_notice", 6, "public_notice"),
        ("supervision_review", 6, "supervision_review"),
        ("probation", 0, "appointment"),
        ("nomination", 3, "nomination"),
    ],
)
def test_an_order_that_never_finishes_is_refused(tmp_path: Path, stage: str, place: int, needs: str) -> None:
    content = written("standard")
    move(content, stage, place)
    message = problems(tmp_path, content)
    assert "could never finish" in message and needs in message


@pytest.mark.parametrize("same", ["id", "kind"])
def test_a_stage_stands_once(tmp_path: Path, same: str) -> None:
    content = written("standard")
    content["stages"].insert(2, {**content["stages"][1], **({"id": "again"} if same == "kind" else {})})
    assert "stands twice" in problems(tmp_path, content)


def test_an_organ_is_asked_once(tmp_path: Path) -> None:
    content = written("cn.sr2019")
    content["review"]["opinions"].append(content["review"]["opinions"][0])
    assert "discipline-organ" in problems(tmp_path, content)


FAR_TOO_MANY = {"value": 10**9, **{key: value for key, value in RULE.items() if key != "value"}}


@pytest.mark.parametrize(
    ("pack_id", "path", "value"),
    [
        ("standard", "nomination.minimum_candidates.value", -3),
        ("standard", "nomination.minimum_candidates.value", 0),
        ("standard", "training.requirements.0.hours.value", -1),
        ("cn.sr2019", "records.inspection_report.people.value", -1),
        ("cn.sr2019", "exceptions.exceptional_promotion.limits.levels_at_most.value", 0),
        ("standard", "stages.nomination.names_beyond_vacancies", FAR_TOO_MANY),
    ],
)
def test_a_number_that_cannot_be_met_is_refused_by_its_field(
    tmp_path: Path, pack_id: str, path: str, value: Any
) -> None:
    field = path.removesuffix(".value").rpartition(".")[2]
    said = problems(tmp_path, written(pack_id, {path: value}))
    assert f"{field}.value: Input should be" in said


TAGGED = ["!!timestamp x", "!!int ''", "!!float ''", "!!bool x", "!!int '-'"]


@pytest.mark.parametrize("text", ["", "[]", "a: [", "just words", "id: standard", *(f"a: {said}" for said in TAGGED)])
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "tried.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadablePack):
        read_pack(file)


@pytest.mark.parametrize("pack_id", PACKS)
def test_every_shipped_rule_says_what_it_is_in_both_languages_and_names_its_source(pack_id: str) -> None:
    law = pack(pack_id)
    for path, rule in law.rules():
        assert law.rule(path) == rule
        citation = law.cite(path)
        assert citation.says.en.endswith(".") and citation.says.zh.endswith("。"), path
        assert citation.instrument.en and citation.pack == f"{pack_id}@1"
        assert citation.verified == (rule.confidence is Confidence.CONFIRMED)


@pytest.mark.parametrize("pack_id", PACKS)
def test_only_a_rule_with_an_article_and_a_place_where_it_was_seen_is_confirmed(pack_id: str) -> None:
    for path, rule in pack(pack_id).rules():
        if rule.confidence.verified:
            assert rule.source.article and rule.source.seen_in and rule.source.instrument != "house", path


def test_the_standard_pack_never_publishes_a_birth_date() -> None:
    notice = pack("standard").notice
    assert "birth_year_month" in notice.never.value and "birth_year_month" not in notice.fields.value
    assert "birth_year_month" in pack("cn.sr2019").notice.fields.value


@pytest.mark.parametrize("pack_id", PACKS)
@pytest.mark.parametrize("field", ["identity_number", "address", "telephone", "family", "health", "scores"])
def test_no_pack_publishes_what_is_nobodys_business(pack_id: str, field: str) -> None:
    assert field in pack(pack_id).notice.never.value
    assert field not in Particulars.model_fields


def test_the_two_packs_differ_in_where_the_notice_stands() -> None:
    orders = {pack_id: [stage.kind for stage in pack(pack_id).stages] for pack_id in PACKS}
    before, after = orders["standard"], orders["cn.sr2019"]
    assert before.index(StageKind.PUBLIC_NOTICE) < before.index(StageKind.DECISION)
    assert after.index(StageKind.PUBLIC_NOTICE) == after.index(StageKind.DECISION) + 1


@pytest.mark.parametrize("pack_id", PACKS)
def test_a_pack_survives_storage(pack_id: str) -> None:
    law = pack(pack_id)
    assert Pack.model_validate_json(law.model_dump_json(exclude_none=True, exclude_defaults=True)) == law


def test_a_share_stays_a_fraction() -> None:
    assert pack("standard").rule("decision.quorum").value == Fraction(2, 3)
    assert variant("standard", {"decision.quorum.value": 1}).decision.quorum_of(9) == 9


def test_the_path_of_a_rule_names_its_stage_or_its_place() -> None:
    paths = [path for path, _ in pack("standard").rules()]
    assert len(paths) == len(set(paths))
    assert {"stages.decision.limit.within", "training.requirements.1.hours", "review.opinions.0.on_expiry"} <= {*paths}


@pytest.mark.parametrize("find", [lambda law: law.training_requirement("king"), lambda law: law.rule("no.rule")])
def test_what_a_pack_does_not_have_is_not_found(find: Callable[[Pack], Rule[Any]]) -> None:
    with pytest.raises(KeyError):
        find(pack("standard"))


def test_a_pack_knows_its_first_jurisdiction_and_no_other_than_its_own() -> None:
    law = pack("standard")
    first = law.jurisdiction(None)
    assert first is not None and first.id == "GB-ENG"
    assert law.jurisdiction("CN") is not None and law.jurisdiction("MARS") is None
    assert law.effective_from == date(2026, 1, 1)
