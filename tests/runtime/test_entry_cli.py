"""Working through what the public sent in from the command line, each step once through a real service."""

import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import typer.main
from typer.testing import CliRunner, Result

from api.authorisation import authorise
from domain.taking_part_rule import EntryKind
from runtime.connections import House
from runtime.entry_cli import READING, STEPS, moderation_app, objection_app
from tests.application import application, described
from tests.desk import Clock, Desk
from tests.runtime.terminal import Clerk, project
from tests.sent_in import GROUNDS, comments, objects

APPS = {"objection": objection_app, "moderation": moderation_app}
COMMANDS = {
    (name, command): found
    for name, app in APPS.items()
    for command, found in typer.main.get_command(app).commands.items()  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", APPS)
def test_every_step_stands_at_the_path_of_its_command_and_its_role_may_do_it(name: str) -> None:
    paths = described().openapi()["paths"]
    writes = {
        said["operationId"]: path.removeprefix("/api/v1") for path, found in paths.items() for said in found.values()
    }
    for step in STEPS[name]:
        assert writes[step.command.name()] == step.path
        assert authorise(frozenset({step.role}), step.command.name()).allowed
    assert {command for app, command in COMMANDS if app == name} == {step.name for step in STEPS[name]} | set(
        READING[name]
    )


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_the_help_has_an_example_that_can_be_typed(name: str, command: str) -> None:
    found = re.search(r"Example: investiture (case|objection|moderation) (.*)", COMMANDS[name, command].help)
    assert found, "no example"
    COMMANDS[name, command].make_context(command, shlex.split(found[2])[1:])


def gets(clerk: Clerk, line: str) -> str:
    """What one of the two programs says to a line that is granted."""
    name, *words = shlex.split(line)
    answer: Result = CliRunner().invoke(APPS[name], [*words, "--data", str(clerk.settings.data)])
    assert answer.exit_code == 0, answer.output
    return " ".join(answer.output.split())


async def test_a_clerk_works_through_what_was_sent_in(clerk: Clerk, house: House, tmp_path: Path) -> None:
    async with httpx2.AsyncClient(base_url=clerk.settings.public_url) as http:
        desk = Desk(application(), http, replace(house, settings=clerk.settings), Clock(datetime.now(UTC)))
        case_id, _, _ = await desk.noticed()
        objection = await objects(desk, case_id)
        waiting = await objects(desk, case_id, "7a" * 32, awaits_admission=True)
        comment, report = await comments(desk, case_id), await comments(desk, case_id, EntryKind.ERROR_REPORT)
    await project(house)
    inbox, queue = gets(clerk, "objection inbox"), gets(clerk, "moderation queue")
    assert objection in inbox and waiting in inbox and comment not in inbox
    assert report in gets(clerk, "objection inbox --role personnel")
    assert waiting in queue and comment in queue and objection not in queue
    gets(clerk, f"objection acknowledge {case_id} {objection}")
    gets(clerk, f"objection ask {case_id} {objection} --text 'When was it?'")
    gets(clerk, f"objection write {case_id} {objection} --text 'Thank you.'")
    shown = gets(clerk, f"objection show {case_id} {objection}")
    assert GROUNDS in shown and "asked: When was it?" in shown and "note.png" in shown
    (file,) = re.findall(r"file (\w+):", shown)
    out = tmp_path / "note.png"
    gets(clerk, f"objection save-file {case_id} {objection} {file} --out {out}")
    assert out.read_bytes() == b"hello"
    dismissed = "--outcome dismissed --reasons 'The delivery note was found.' --public-answer 'The note was found.'"
    gets(clerk, f"objection dispose {case_id} {objection} {dismissed}")
    assert GROUNDS in gets(clerk, f"moderation show {case_id} {waiting}")
    assert "advertising" in gets(clerk, "moderation reasons")
    gets(clerk, f"moderation reject-objection {case_id} {waiting} --reason advertising")
    gets(clerk, f"moderation admit {case_id} {comment} --public-text 'Results of another bureau.'")
    gets(clerk, f"objection answer {case_id} {report} --outcome no_error --public-answer 'It is right.'")
    gets(clerk, f"objection answer {case_id} {comment} --outcome noted --public-answer 'Thank you.'")
    await project(house)
    assert gets(clerk, "objection inbox") == gets(clerk, "moderation queue") == "Nothing waits."
