"""Requests between organs from the command line, against a real service."""

import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from runtime.organ_request_cli import organ_request_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(organ_request_app).commands  # type: ignore[attr-defined]
ASK = shlex.split(
    'ask --asked personnel-department --about-kind unit --about Registry --question "How many letters were early?"'
)


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["organ-request", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture organ-request ({name}\b.*)", COMMANDS[name].help, re.DOTALL)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_request_is_asked_and_settled_from_a_terminal(clerk: Clerk, house: House) -> None:
    answered, declined, back = (gets(clerk, *ASK)["request_id"] for _ in range(3))
    reason = ("--reason", "The court has the file.")
    gets(clerk, "decline", declined, *reason)
    gets(clerk, "withdraw", back, *reason)
    await project(house)
    assert [row["request_id"] for row in gets(clerk, "list", "--unanswered")["requests"]] == [answered]
    gets(clerk, "answer", answered, "--answer", "Three, all in March.", "--proof", "0")
    await project(house)
    assert "Three, all in March." in types(clerk, "show", answered).stdout
    assert "declined" in types(clerk, "list", "--state", "declined").stdout
