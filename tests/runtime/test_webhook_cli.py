"""Webhooks from the command line: registered, tried, listed and ended at a terminal, against a real service."""

import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from runtime.webhook_cli import webhook_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(webhook_app).commands  # type: ignore[attr-defined]
URL = "https://example.org/hooks?secret=3f9c"


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["webhook", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture webhook ({name}\b.*)", COMMANDS[name].help)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_webhook_is_kept_from_a_terminal(clerk: Clerk, house: House) -> None:
    shown = types(clerk, "add", URL, "--kind", "notice_opened", "--organ-of-post", "Registry")
    assert shown.exit_code == 0 and "whsec_" in shown.stdout and "not shown again" in " ".join(shown.stdout.split())
    added = gets(clerk, "add", URL)
    await project(house)
    latest, first = gets(clerk, "list")["webhooks"]
    assert (latest["webhook_id"], first["kinds"]) == (added["webhook_id"], ["notice_opened"])
    gets(clerk, "test", added["webhook_id"])
    gets(clerk, "end", added["webhook_id"])
    again = types(clerk, "end", added["webhook_id"])
    assert again.exit_code == 1 and "Register another one" in " ".join(again.stderr.split())
    await project(house)
    table = types(clerk, "list")
    assert "example.org" in table.stdout and "ended" in table.stdout and "3f9c" not in table.stdout
