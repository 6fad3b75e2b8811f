"""Training from the command line: each act once through a real service, and each list as it is read."""

import json
import re
import shlex
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from api.authorisation import authorise
from runtime.connections import House
from runtime.training_cli import READING, STEPS, training_app
from tests.application import described
from tests.runtime.test_case_cli import Clerk, clerk, nothing_from_the_environment, project

__all__ = ["clerk", "nothing_from_the_environment"]
ALL = [step for steps in STEPS.values() for step in steps]
COMMANDS = typer.main.get_command(training_app).commands  # type: ignore[attr-defined]
PLAN = (
    *("adopt-plan", "--title", "Registrars", "--year", "2100", "--objective", "Each settles a contested entry alone."),
    *("--post", "registrar", "--rank", "officer", "--coverage", "90", "--quality", "85"),
    *("--unit", "Registry=95/90", "--need", "computer room=40"),
)
TEST = ("--test", "Nine in ten pass the practical examination.")


def test_every_step_stands_at_the_path_of_its_command_and_its_role_may_do_it() -> None:
    paths = described().openapi()["paths"]
    writes = {
        said["operationId"]: path.removeprefix("/api/v1") for path, found in paths.items() for said in found.values()
    }
    for step in ALL:
        assert writes[step.command.name()] == step.path
        assert authorise(frozenset({step.role}), step.command.name()).allowed
    assert set(COMMANDS) >= {step.name for step in ALL} | set(READING)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_the_help_can_be_typed_as_it_stands(name: str) -> None:
    found = re.search(rf"Example: investiture training ({name}\b.*)", COMMANDS[name].help)
    assert found, "no example"
    COMMANDS[name].make_context(name, shlex.split(found[1])[1:])


async def test_a_plan_is_adopted_in_versions_and_closed_and_every_act_is_listed(clerk: Clerk, house: House) -> None:
    no = told(types(clerk, *PLAN))
    assert "Refused: plan incomplete" in no and "its test" in no and "its objective" not in no
    plan = gets(clerk, *PLAN, *TEST)["plan_id"]
    assert (
        gets(clerk, *PLAN, *TEST, "--version-of", plan, "--reason", "The room moved.", "--need", "hall=9")["version"]
        == 2
    )
    given = ("--source", "House rules, 2.4", "--effective-on", "2100-01-01")
    rule = gets(clerk, "issue-rule", "--title", "Leave", "--text-file", "-", *given, said="One seventh at most.")
    gets(clerk, "guide", "training-school", "--about", "Cases", "--text", "Use contested entries.", "--plan", plan)
    gets(
        clerk, "coordinate", "places", *shlex.split('--need law --for a --by b --how "Ten places" --quantity 10'), *DAYS
    )
    inspection = inspected(clerk)
    mended = "records_late=They are sent each Friday now."
    assert gets(clerk, "answer-inspection", inspection, "--remedied", mended)["version"] == 2
    closed = told(types(clerk, "close-plan", plan, "reached", "--came-of-it", "83 of 90 passed the test."))
    assert "Training plan closed" in closed and "Case" not in closed

    await project(house)
    assert [found["still_open"] for found in gets(clerk, "plans", "--year", "2100")["plans"]] == [False]
    assert gets(clerk, "rules", "--standing")["rules"][0]["rule_id"] == rule["rule_id"]
    for name, shown in SHOWN.items():
        assert shown in told(types(clerk, name)), name
    assert "Because: The room moved." in told(types(clerk, "plan", plan))
    assert "teacher Wang" in told(types(clerk, "remarks", inspection, "--role", "personnel"))


DAYS = ("--from", "2027-03-01", "--to", "2027-06-30")
SHOWN = {
    "plans": "reached",
    "rules": "stands",
    "guidance": "Use contested entries.",
    "coordination": "places: law (10)",
    "inspections": "records late",
}


def inspected(clerk: Clerk) -> str:
    said = ("--inspected", "Sheets", "--inspected-on", "2026-03-02", "--finding", "records_late")
    due = ("--remedy-due-on", "2026-04-01", "--remarks", "Those of teacher Wang.")
    return str(gets(clerk, "inspect", "training-school", *said, *due)["inspection_id"])


def types(clerk: Clerk, *words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(training_app, [*words, "--data", str(clerk.settings.data)], input=said)


def gets(clerk: Clerk, *words: str, said: str | None = None) -> dict[str, Any]:
    answer = types(clerk, *words, "--json", said=said)
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def told(answer: Result) -> str:
    return " ".join(answer.output.split())
