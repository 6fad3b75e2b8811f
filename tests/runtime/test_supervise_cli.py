"""Supervising together from the command line, against a real service."""

import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from runtime.supervise_cli import supervise_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(supervise_app).commands  # type: ignore[attr-defined]


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["supervise", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture supervise ({name}\b.*)", COMMANDS[name].help, re.DOTALL)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_what_came_is_taken_down_verified_watched_and_read_from_a_terminal(clerk: Clerk, house: House) -> None:
    labels = ("--membership", "non_party", "--voice", "mass", "--source", "public_opinion")
    told = ("--text", "Three letters were issued on the day of the decision.")
    made = gets(clerk, "input", *labels, *told, "--about-kind", "unit", "--about", "Registry", "--person", "staff-1")
    own = types(clerk, "verify", made["input_id"], "--with", "The register of letters.")
    assert own.exit_code == 1 and "Another officer" in " ".join(own.stderr.split())
    gets(clerk, "verify", made["input_id"], "--with", "The register of letters.", "--subject", "another")
    gets(clerk, "input", *labels, *told, "--secrecy", "restricted")
    watch = gets(clerk, "watch", "Registry", "--point", "The seal", "--grounds", "Letters of days of leave.")[
        "watch_id"
    ]
    gets(clerk, "attend", watch, "--point", "1", "--text", "Signed by anybody.")
    gets(clerk, "conclude", watch, "--outcome", "shortcomings", "--remarks", "Two officers sign now.")
    asking = gets(clerk, "ask-opinions", "Registry", "--about-kind", "unit", "--asked", "peer=20")["asking_id"]
    gets(clerk, "count-opinions", asking, "--direction", "peer", "--count", "supports=12", "--count", "opposes=1")
    await project(house)
    table = types(clerk, "inputs").stdout
    assert "verified" in table and "restricted item" in table
    assert "1 of 1" in types(clerk, "watches", "--over").stdout
    assert "under the smallest" in types(clerk, "opinions", asking).stdout
    assert gets(clerk, "person", "staff-1")["inputs"][0]["status"] == "verified"
    assert "discipline" in types(clerk, "channels").stdout


def test_a_number_that_is_none_is_told_before_anything_is_sent(clerk: Clerk) -> None:
    wrong = types(clerk, "ask-opinions", "Registry", "--asked", "peer")
    assert wrong.exit_code == 2 and "peer=20" in wrong.output


def test_a_note_is_kept_for_ones_own_department(clerk: Clerk) -> None:
    nothing = types(clerk, "note", "0123456789ab", "--text", "Ask for the register.")
    assert nothing.exit_code == 1 and "Check its id" in " ".join(nothing.stderr.split())
    assert gets(clerk, "notes", "0123456789ab")["notes"] == []
