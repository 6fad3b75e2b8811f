"""Yearly reports from the command line, against a real service."""

import json
import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner, Result

from runtime.cli import app
from runtime.connections import House
from runtime.yearly_report_cli import yearly_report_app
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
COMMANDS = typer.main.get_command(yearly_report_app).commands  # type: ignore[attr-defined]


def types(clerk: Clerk, *words: str) -> Result:
    return CliRunner().invoke(app, ["yearly-report", *words, "--data", str(clerk.settings.data)])


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture yearly-report ({name}\b.*)", COMMANDS[name].help, re.DOTALL)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_report_is_drawn_up_listed_and_taken_on_paper(clerk: Clerk, house: House, tmp_path: Path) -> None:
    await project(house)
    assert types(clerk, "draw-up", "2025").exit_code == 0
    (line,) = json.loads(types(clerk, "list", "--json").stdout)["reports"]
    assert (line["year"], line["digest"]) == (2025, json.loads(types(clerk, "show", "2025", "--json").stdout)["digest"])
    assert line["digest"][:16] in types(clerk, "list").stdout
    paper = tmp_path / "report.pdf"
    assert types(clerk, "show", "2025", "--lang", "zh", "--out", str(paper)).exit_code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    await project(house)
    again = types(clerk, "draw-up", "2025")
    assert again.exit_code == 1 and "was drawn up on" in " ".join(again.output.split())
