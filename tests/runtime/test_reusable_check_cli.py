"""Checks of people from the command line, against a real service."""

import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.reusable_check_cli import check_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(check_app).commands  # type: ignore[attr-defined]
OF = ("staff-4711", "--kind", "petitions")


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["check", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture check ({name}\b.*)", COMMANDS[name].help)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_check_is_asked_once_from_a_terminal(clerk: Clerk) -> None:
    assert not gets(clerk, "request", *OF, "--asked", "supervision-organ")["reused"]
    waiting = types(clerk, "show", *OF)
    assert "asked of supervision-organ" in waiting.stdout
    gets(clerk, "record", *OF, "--outcome", "Two petitions, both unfounded.")
    assert gets(clerk, "request", *OF, "--asked", "supervision-organ", "--role", "supervision")["reused"]
    shown = types(clerk, "show", *OF).stdout
    assert "Two petitions, both unfounded." in shown and "used again 1 times" in shown
