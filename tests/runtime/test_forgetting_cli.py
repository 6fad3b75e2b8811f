"""Forgetting from the command line: proposed, judged and shown at a terminal, against a real service."""

import asyncio
import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from runtime.forgetting import Forgetter
from runtime.forgetting_cli import forget_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(forget_app).commands  # type: ignore[attr-defined]
WHY = ("--ground", "request", "--reason", "Asked for in writing.")


def types(clerk: Clerk, group: str, *words: str) -> Result:
    return CliRunner().invoke(app, [group, *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, "forget", *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture forget ({name}\b.*)", COMMANDS[name].help)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_somebody_is_forgotten_from_a_terminal_and_the_tombstone_is_shown(clerk: Clerk, house: House) -> None:
    service = ("--unit", "Registry", "--rank", "officer", "--since-on", "2024-09-01")
    assert types(clerk, "training", "register-service", "staff-77", *service).exit_code == 0
    serving = types(clerk, "forget", "propose", "staff-77", *WHY)
    assert serving.exit_code == 1 and "in-service register" in " ".join(serving.stderr.split())
    assert types(clerk, "training", "end-service", "staff-77", "--until-on", "2025-01-31").exit_code == 0
    person = gets(clerk, "propose", "staff-77", *WHY)["person_id"]
    gets(clerk, "withdraw", "staff-77")
    gets(clerk, "propose", person, *WHY, "--by-pseudonym")
    gets(clerk, "refuse", "staff-77", "--reason", "A complaint is open.")
    shown = types(clerk, "forget", "show", "staff-77").stdout
    assert "Refused on" in shown and "Why not" in shown
    gets(clerk, "propose", "staff-77", *WHY)
    gets(clerk, "approve", "staff-77")
    await project(house)
    assert [row["person_id"] for row in gets(clerk, "list", "--state", "approved")["forgettings"]] == [person]
    assert await Forgetter(house).sweep() == 1
    await project(house)
    assert "Forgotten on" in types(clerk, "forget", "show", person, "--by-pseudonym").stdout
    assert person in types(clerk, "forget", "list").stdout
    async with asyncio.timeout(10):  # every process drops the link as soon as it hears of it
        while types(clerk, "forget", "show", "staff-77").exit_code == 0:
            await asyncio.sleep(0.05)
    gone = types(clerk, "forget", "show", "staff-77")
    assert gone.exit_code == 2 or "Nothing is on record" in " ".join(gone.stderr.split())
    assert (
        types(clerk, "forget", "list", "--state", "proposed").stdout.strip() == "Nobody was proposed to be forgotten."
    )
