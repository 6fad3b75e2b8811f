"""Surveys from a terminal, against a real service."""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from domain.receipt_code import read_receipt_code
from runtime.cli import app
from runtime.clock import now
from runtime.connections import House
from runtime.survey_cli import survey_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(survey_app).commands  # type: ignore[attr-defined]
METHOD = ("method", "--unit", "Registry", "--class", "leadership=20", "--class", "staff=150")


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["survey", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture survey ({name}\b.*)", COMMANDS[name].help, re.DOTALL)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_survey_is_set_from_a_terminal_and_its_codes_go_into_a_file_once(
    clerk: Clerk, house: House, tmp_path: Path
) -> None:
    method = gets(clerk, *METHOD)["method_id"]
    first = now().date() + timedelta(days=2)
    days = ("--opens-on", first.isoformat(), "--closes-on", (first + timedelta(days=9)).isoformat())
    survey = gets(clerk, "open", method, *days)["survey_id"]
    out = tmp_path / "staff.csv"
    wish = ("codes", survey, "--class", "staff", "--number", "150", "--key", "codes-of-staff", "--out", str(out))
    given = types(clerk, *wish)
    assert given.exit_code == 0, given.output
    codes = out.read_text("utf-8").split()
    assert len({read_receipt_code(code) for code in codes}) == 150 and out.stat().st_mode & 0o077 == 0
    assert types(clerk, *wish).exit_code == 2, "never over another file"
    assert gets(clerk, *wish[:-2])["codes"] == []
    early = types(clerk, "count", survey)
    assert early.exit_code == 1 and "its box is sealed" in " ".join(early.stderr.split())
    personnel = types(clerk, "count", survey, "--role", "personnel")
    assert personnel.exit_code == 1
    await project(house)
    assert f"Survey {survey}, Registry: proposed" in types(clerk, "results").stdout
    assert gets(clerk, "results", "--unit", "Elsewhere")["surveys"] == []
