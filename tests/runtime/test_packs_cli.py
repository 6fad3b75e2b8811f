"""Packs on the command line: listed, checked and explained from their files alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from domain.pack import OnExpiry
from pages.pack_words import FIELDS, clocks
from runtime.packs_cli import packs_app
from runtime.settings import PROJECT
from tests.examples import pack

SHIPPED = sorted(path.name.removesuffix(".yaml") for path in (PROJECT / "packs").glob("*.yaml"))
SHIPPED_FILES = [f"packs/{pack_id}.yaml" for pack_id in SHIPPED]


def run(*words: str) -> Result:
    """What the command answers on a screen of eighty columns."""
    return CliRunner().invoke(packs_app, list(words), env={"COLUMNS": "80", "TERM": "dumb"})


def answer(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


def spoiled(folder: Path, old: str, new: str, name: str = "spoiled.yaml") -> str:
    """The standard pack with one place of its text changed, as a file."""
    text = (PROJECT / "packs" / "standard.yaml").read_text(encoding="utf-8")
    assert old in text
    file = folder / name
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(file)


def test_shipped_packs_are_listed_with_what_is_confirmed() -> None:
    listed = answer("list")
    assert [found["id"] for found in listed["packs"]] == SHIPPED
    assert listed["problems"] == []
    by_id = {found["id"]: found for found in listed["packs"]}
    standard = by_id.pop("standard")
    assert all(0 < law["confirmed"] < law["rules"] for law in by_id.values()) and standard["confirmed"] == 0
    assert standard["stages"] == [stage.id for stage in pack("standard").stages]
    assert run("list").exit_code == 0
    assert "cn.sr2019@1" in run("list").stdout


def test_a_folder_with_a_broken_pack_lists_the_others_and_says_so(tmp_path: Path) -> None:
    spoiled(tmp_path, "holder: school", "holder: nobody")
    spoiled(tmp_path, "version: 1", "version: 2", "whole.yaml")
    result = run("list", "--folder", str(tmp_path))
    assert result.exit_code == 1
    assert "standard@2" in result.stdout and "stages.1.duty.holder" in result.stderr


def test_shipped_packs_can_work_and_warn_of_what_is_not_confirmed() -> None:
    result = run("check")
    assert result.exit_code == 0 and f"{len(SHIPPED)} packs can work" in result.stdout
    found = answer("check")
    assert found["checked"] == SHIPPED_FILES and found["problems"] == []
    unverified = [
        (f"packs/{pack_id}.yaml", path, str(rule.confidence))
        for pack_id in SHIPPED
        for path, rule in pack(pack_id).rules()
        if not rule.confidence.verified
    ]
    assert [(entry["file"], entry["field"], entry["confidence"]) for entry in found["warnings"]] == unverified


@pytest.mark.parametrize(
    ("old", "new", "field", "told"),
    [
        ("      holder: school\n", "", "stages.1.duty.holder", "Write this field."),
        ("holder: school", "holder: nobody", "stages.1.duty.holder", "Write one of these."),
        ("version: 1", "version: 1\ncolour: red", "colour", "Take it out"),
        ('{instrument: house, article: "3.1"}', "{instrument: hose}", "notice.minimum", "instruments"),
        ("value: lapse", "value: consent", "stages.4.limit.on_expiry", "block, lapse or escalate"),
        ("results, exceptional_reason]", "result]", "notice.fields", "choose from"),
        ("requires: [nomination]", "requires: [decision]", "stages", "could never begin"),
        ("kind: nomination", "kind: interview", "stages.0.kind", "Write one of these."),
        ("Europe/London", "Europe/Camelot", "jurisdictions.0.timezone", "Asia/Shanghai"),
        ("id: GB-ENG", "id: ATLANTIS", "jurisdictions.0.id", "calendar"),
        ('value: "2/3"', "value: 0.67", "decision.quorum.value", "fraction"),
        ('value: "1/2"', "value: 1", "decision.majority", "below 1"),
        ("id: standard", "id: [", "(whole file)", "Correct the line"),
        ("version: 1", "version: 1\nversion: 2", "(whole file)", "“version” stands twice"),
        ("      holder: school", "      holder: school\n      holder: personnel", "(whole file)", "stands twice"),
        ("version: 1", "version: &itself [*itself]", "(whole file)", "aliases written out"),
        ("effective_from: 2026-01-01", "effective_from: 2026-13-01", "(whole file)", "month"),
        ('"1.1"', '"1.\\x00"', "(whole file)", "U+0000"),
    ],
)
def test_each_mistake_is_named_by_file_field_and_what_to_do(
    tmp_path: Path, old: str, new: str, field: str, told: str
) -> None:
    file = spoiled(tmp_path, old, new)
    problems = answer("check", file)["problems"]
    assert [(found["file"], found["field"]) for found in problems] == [(file, field)]
    assert told in f"{problems[0]['problem']}. {problems[0]['what_to_do']}"
    on_screen = run("check", file)
    assert on_screen.exit_code == 1
    assert field in " ".join(on_screen.stderr.split()) and "Value error" not in on_screen.stderr


def test_several_mistakes_are_told_at_once(tmp_path: Path) -> None:
    file = spoiled(tmp_path, "      holder: school\n", "")
    Path(file).write_text(Path(file).read_text(encoding="utf-8").replace("version: 1", "version: 0"), encoding="utf-8")
    assert [found["field"] for found in answer("check", file)["problems"]] == ["version", "stages.1.duty.holder"]


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_a_problem_and_no_crash(tmp_path: Path, name: str) -> None:
    problems = answer("check", str(tmp_path / name))["problems"]
    assert [found["field"] for found in problems] == ["(whole file)"]
    (tmp_path / "latin.yaml").write_bytes(b"title: \xe9")
    assert answer("check", str(tmp_path / "latin.yaml"))["problems"][0]["field"] == "(whole file)"


def test_two_files_do_not_claim_the_same_version(tmp_path: Path) -> None:
    first = spoiled(tmp_path, "Standard process", "First", "first.yaml")
    second = spoiled(tmp_path, "Standard process", "Second", "second.yaml")
    problems = answer("check", first, second)["problems"]
    assert [(found["file"], found["field"]) for found in problems] == [(second, "version")]


def test_an_empty_folder_is_not_called_sound(tmp_path: Path) -> None:
    result = run("check", "--folder", str(tmp_path))
    assert result.exit_code == 1 and "nothing to check" in result.stdout


@pytest.mark.parametrize("pack_id", SHIPPED)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_explanation_has_every_stage_and_every_rule_with_its_source(pack_id: str, lang: str) -> None:
    law = pack(pack_id)
    told = answer("explain", pack_id, "--lang", lang)
    assert [stage["id"] for stage in told["stages"]] == [stage.id for stage in law.stages]
    assert [stage["duty_holder"] for stage in told["stages"]] == [stage.duty.holder for stage in law.stages]
    assert [rule["path"] for rule in told["rules"]] == [path for path, _ in law.rules()]
    for rule in told["rules"]:
        cited = law.cite(rule["path"])
        assert rule["says"] == (cited.says.zh if lang == "zh" else cited.says.en)
        assert rule["source"]["title"] and rule["verified"] == cited.verified
        assert rule["in_words"] and "_" not in rule["in_words"]
        assert set(rule) == {
            "path", "value", "in_words", "says", "source", "confidence", "verified", "waivable", "also"
        }  # fmt: skip


def test_an_explanation_says_what_silence_means_at_each_stage() -> None:
    stages = {stage["id"]: stage["clocks"] for stage in answer("explain", "cn.sr2019")["stages"]}
    assert [clock["on_expiry"] for clock in stages["supervision_review"]] == ["block", "consent"]
    assert stages["decision"][0]["in_words"] == "limit: 60 working days; silence ends the case"
    assert stages["probation"][-1]["rule"] == "training.make_up"
    assert stages["nomination"] == []


@pytest.mark.parametrize("pack_id", SHIPPED)
@pytest.mark.parametrize(("lang", "unverified"), [("en", "unverified"), ("zh", "未核实")])
def test_on_screen_nothing_is_cut_off_or_shown_as_law_that_is_not_confirmed(
    pack_id: str, lang: str, unverified: str
) -> None:
    law = pack(pack_id)
    result = run("explain", pack_id, "--lang", lang)
    assert result.exit_code == 0 and "…" not in result.stdout
    expected = sum(not rule.confidence.verified for _, rule in law.rules())
    assert len(re.findall(rf"^  {unverified}", result.stdout, re.MULTILINE)) == expected
    assert all(path in result.stdout for path, _ in law.rules())
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize("pack_id", SHIPPED)
def test_the_diagram_leads_through_every_stage_and_shows_where_silence_ends_the_case(pack_id: str) -> None:
    law = pack(pack_id)
    diagram = run("explain", pack_id, "--mermaid").stdout
    assert diagram.startswith("flowchart TD\n")
    assert [line.strip().split("[")[0] for line in diagram.splitlines()[1 : len(law.stages) + 1]] == [
        f"s{place}" for place in range(1, len(law.stages) + 1)
    ]
    lapses = [clock for stage in law.stages for clock in clocks(law, stage) if clock.on_expiry is OnExpiry.LAPSE]
    assert diagram.count("ended") == len(lapses)
    assert diagram.strip() == answer("explain", pack_id)["mermaid"]


@pytest.mark.parametrize("pack_id", SHIPPED)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_explanation_shows_every_clock_of_a_pack_at_the_stage_that_stops_it(pack_id: str, lang: str) -> None:
    law = pack(pack_id)
    stages = answer("explain", pack_id, "--lang", lang)["stages"]
    shown = {clock["rule"]: stage["id"] for stage in stages for clock in stage["clocks"]}
    for clock in law.clocks:
        what, _, name = clock.until.partition(":")
        record = law.record(name) if what == "record" else None
        assert shown[f"clocks.{clock.id}.within"] == (record.stage if record else name)
    leads = {f"records.{record.id}.lead.at_least" for record in law.records if record.lead}
    assert leads <= set(shown)


def test_silence_that_approves_is_drawn_as_a_way_of_its_own() -> None:
    diagram = run("explain", "ke.papa", "--mermaid").stdout
    assert 's6 -. "Decision of the House: 28 days; silence counts as consent" .-> s7' in diagram


@pytest.mark.parametrize("pack_id", SHIPPED)
def test_a_pack_does_not_differ_from_itself(pack_id: str) -> None:
    same = run("diff", pack_id, pack_id)
    assert same.exit_code == 0, same.output


def test_a_pack_is_explained_from_a_file_of_ones_own(tmp_path: Path) -> None:
    file = spoiled(tmp_path, "Standard process", "Our own process")
    assert answer("explain", file)["title"] == "Our own process"


def test_a_pack_that_is_not_there_is_another_exit_than_one_that_does_not_work(tmp_path: Path) -> None:
    missing = run("explain", "kingdom")
    told = "choose one of " + ", ".join(SHIPPED)
    assert missing.exit_code == 2 and told in " ".join(missing.stderr.split())
    broken = run("explain", spoiled(tmp_path, "holder: school", "holder: nobody"))
    assert broken.exit_code == 1 and "stages.1.duty.holder" in broken.stderr


@pytest.mark.parametrize("command", ["list", "check", "explain", "diff", "adopt", "adopted"])
def test_help_has_examples_and_exit_codes(command: str) -> None:
    told = run(command, "--help").stdout
    assert "Examples:" in told and f"investiture packs {command}" in told
    assert "Exit codes: 0" in told and "--json" in told


def test_every_source_that_a_pack_cites_is_described() -> None:
    told = (PROJECT / "docs" / "sources.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| (S\d+[a-z]?) \|", told, re.MULTILINE)
    cited = {
        place
        for pack_id in SHIPPED
        for _, rule in pack(pack_id).rules()
        for place in rule.source.seen_in.split(", ")
        if place
    }
    assert cited == set(described) and len(described) == len(set(described))
    confidences = {str(rule.confidence) for pack_id in SHIPPED for _, rule in pack(pack_id).rules()}
    assert all(f"`{confidence}`" in told for confidence in confidences)


@pytest.mark.parametrize("pack_id", SHIPPED)
def test_what_is_shown_as_law_was_read_somewhere(pack_id: str) -> None:
    law = pack(pack_id)
    read_nowhere = [path for path, rule in law.rules() if rule.confidence.verified and not rule.source.seen_in]
    assert read_nowhere == []


def test_every_field_that_a_notice_may_show_or_hide_has_words() -> None:
    notices = [law.notice_rules for law in map(pack, SHIPPED) if law.notice_rules]
    named = {name for notice in notices for name in notice.fields.value + notice.never.value}
    assert named <= set(FIELDS)


def test_the_shipped_files_are_named_after_their_packs() -> None:
    for file in (PROJECT / "packs").glob("*.yaml"):
        assert yaml.safe_load(file.read_text(encoding="utf-8"))["id"] == file.name.removesuffix(".yaml")


def test_two_versions_are_compared_rule_by_rule(tmp_path: Path) -> None:
    newer = spoiled(tmp_path, "value: {n: 5, unit: working_day}", "value: {n: 10, unit: working_day}")
    found = answer("diff", "standard", newer)
    assert [change["path"] for change in found["rules"]] == ["notice.minimum"]
    shown = run("diff", "standard", newer).stdout
    assert "- 5 working days (house 3.1" in shown and "+ 10 working days (house 3.1" in shown
    assert "They rule the same." in run("diff", "standard", "standard").stdout
    assert run("diff", "standard", "kingdom").exit_code == 2


def test_a_collision_of_two_families_is_shown_by_checking_and_by_explaining(tmp_path: Path) -> None:
    act = '  act: {title: {en: "Public Service Act", zh: "公务员法"}, family: law}\n'
    file = spoiled(tmp_path, "instruments:\n", f"instruments:\n{act}")
    text = Path(file).read_text(encoding="utf-8")
    own = '    value: "2/3"\n'
    also = '{value: "3/4", says: {en: "The law.", zh: "法。"}, source: {instrument: act}, confidence: weak}'
    assert own in text
    Path(file).write_text(text.replace(own, f"{own}    also: [{also}]\n", 1), encoding="utf-8")
    (found,) = answer("check", file)["collisions"]
    assert (found["path"], found["stricter"]) == ("decision.quorum", "law")
    shown = run("check", file).stdout
    assert "collision" in shown and "Public Service Act" in shown and "is stricter" in shown
    told = {rule["path"]: rule["also"] for rule in answer("explain", file)["rules"]}
    assert [side["value"] for side in told["decision.quorum"]] == ["3/4"] and told["notice.minimum"] == []
    assert "Both must pass" in run("explain", file).stdout
    assert answer("check")["collisions"] == []
