"""The register of problems from the command line, against a real service."""

import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from runtime.problem_cli import problem_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(problem_app).commands  # type: ignore[attr-defined]
FOUND = shlex.split(
    "open --type training --severity grave --about-kind training --about course-1 --owner training-school "
    '--accepting supervision-organ --finding "Attendance was signed later." --evidence 0 --origin inquiry:inquiry00001'
)


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["problem", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture problem ({name}\b.*)", COMMANDS[name].help, re.DOTALL)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_problem_is_followed_from_a_terminal_until_another_organ_accepts(clerk: Clerk, house: House) -> None:
    problem = gets(clerk, *FOUND)["problem_id"]
    as_school = ("--role", "school")
    gets(clerk, "remedy", problem, "--remedy", "Two officers sign each sheet now.", *as_school)
    own = types(clerk, "accept", problem, "--organ", "training-school")
    assert own.exit_code == 1 and "Ask supervision-organ" in " ".join(own.stderr.split())
    gets(clerk, "refuse", problem, "--reason", "One sheet of May was not.", "--subject", "another")
    gets(clerk, "remedy", problem, "--remedy", "The school's seal is on each now.", *as_school)
    await project(house)
    table = types(clerk, "list", "--state", "awaits_acceptance", "--origin", "inquiry").stdout
    assert problem in table.replace("\n", "") and "grave" in table
    gets(clerk, "accept", problem, "--subject", "another")
    gets(clerk, "reopen", problem, "--reason", "Sheets of June are missing.")
    await project(house)
    story = types(clerk, "show", problem).stdout
    assert "refused: One sheet of May was not." in story and "reopened: Sheets of June are missing." in story
    assert gets(clerk, "list", "--owner", "personnel-department")["problems"] == []
