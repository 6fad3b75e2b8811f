"""The record of an officer from the command line, against a real service."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from tests.runtime.test_case_cli import POST, Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["record-of", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


async def test_ones_own_record_is_read_and_another_officers_by_number_or_id(clerk: Clerk, house: House) -> None:
    case = clerk.gets("open", *POST)["case_id"]
    await project(house)
    own = gets(clerk, "--role", "personnel")
    assert {each["type"]: each["acts"] for each in own["acts"]}["case_opened"] == 1
    shown = " ".join(types(clerk).stdout.split())
    assert f"point point:nomination:whole in case {case}: 0 days old (the role's or organ's)" in shown
    by_number, by_id = (
        gets(clerk, *named)
        for named in (("--officer", "example-personnel"), ("--officer-id", own["officer"], "--role", "auditor"))
    )
    assert by_number["officer"] == by_id["officer"] == own["officer"] and by_number["acts"] == own["acts"]
    told = types(clerk, "--officer", "example-personnel").stdout
    assert "personnel-department" in told and "     1  case opened" in told
    refused = types(clerk, "--officer", "example-supervision", "--role", "personnel")
    assert refused.exit_code == 1 and "another officer" in " ".join(refused.stderr.split())
    assert types(clerk, "--officer", "one", "--officer-id", "other").exit_code == 2
