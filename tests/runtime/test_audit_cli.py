"""The audit trail from the command line, against a real service."""

import json
import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import typer.main
from typer.testing import CliRunner, Result

from domain.audit_trail import TrailFilter
from runtime.audit_cli import Search, audit_app
from runtime.connections import House
from tests.runtime.test_case_cli import POST, Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(audit_app).commands  # type: ignore[attr-defined]


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(audit_app, [*words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> Any:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture audit ({name}\b.*)", COMMANDS[name].help)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


def test_every_condition_of_the_filter_is_an_option() -> None:
    named = {"for_organ": "organ", "by": "officer"}
    assert {named.get(name, name) for name in Search.__dataclass_fields__} == set(TrailFilter.model_fields)


async def test_the_trail_is_listed_shown_and_copied(clerk: Clerk, house: House, tmp_path: Path) -> None:
    case = clerk.gets("open", *POST)["case_id"]
    await project(house)
    listed = gets(clerk, "list", "--case", case)
    assert [step["type"] for step in listed["events"]] == ["stage_begun", "case_opened"]
    assert "Case opened" in types(clerk, "list", "--case", case).stdout
    assert "--cursor" in types(clerk, "list", "--limit", "1").stdout
    begun = listed["events"][0]["position"]
    shown = types(clerk, "show", str(begun))
    assert shown.exit_code == 0 and "stage: none → nomination" in shown.stdout
    for form in ("csv", "jsonl", "ocel", "xes"):
        file = tmp_path / f"trail.{form}"
        said = gets(clerk, "export", "--format", form, "--case", case, "--out", str(file))
        assert said["rows"] == 2 and said["file"] == str(file) and case in file.read_text("utf-8-sig")
    assert ElementTree.parse(tmp_path / "trail.xes").getroot().tag.endswith("log")
    assert len(json.loads((tmp_path / "trail.ocel").read_text())["events"]) == 2
    refused = types(clerk, "export", "--role", "school")
    assert refused.exit_code == 1
