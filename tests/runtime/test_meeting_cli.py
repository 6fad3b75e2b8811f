"""A joint meeting from the command line, against a real service."""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.clock import now
from runtime.connections import House
from runtime.meeting_cli import meeting_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(meeting_app).commands  # type: ignore[attr-defined]
MEMBERS = "--member personnel-department:personnel --member supervision-organ:supervision"


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["meeting", *words, "--data", str(clerk.settings.data)])


def gets(clerk: Clerk, *words: str) -> dict[str, Any]:
    answer = types(clerk, *words, "--json")
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture meeting ({name}\b.*)", COMMANDS[name].help, re.DOTALL)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_meeting_is_convened_and_prepared_from_a_terminal(clerk: Clerk, house: House, tmp_path: Path) -> None:
    await project(house)
    held_on = (now() + timedelta(days=30)).date().isoformat()
    call = ("convene", "--on", held_on, "--place", "Hall 2", *shlex.split(MEMBERS))
    meeting = gets(clerk, *call)["meeting_id"]
    gets(clerk, "agenda", meeting, "--title", "Letters of May", "--asked", "Say whether letters wait.")
    gets(clerk, "attend", meeting, "--of", "personnel-department", "--myself", "--absent", "staff-18=On leave")
    early = types(clerk, "open", meeting)
    assert early.exit_code == 1 and "Wait for its day" in " ".join(early.stderr.split())
    story = types(clerk, "show", meeting).stdout
    assert "Letters of May" in story and "personnel-department takes the chair" in story
    await project(house)
    assert meeting in types(clerk, "list", "--state", "convened").stdout.replace("\n", "")
    none = types(clerk, "minutes", meeting, "--out", str(tmp_path / "minutes.pdf"))
    assert none.exit_code != 0 and not (tmp_path / "minutes.pdf").exists()
