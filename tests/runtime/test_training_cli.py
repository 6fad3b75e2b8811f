"""Training from the command line: each act once through a real service, and each list as it is read."""

import shlex

import typer.main
from typer.testing import Result

from api.authorisation import authorise
from runtime.connections import House
from runtime.training_cli import READING, STEPS, training_app
from tests.application import described
from tests.runtime.terminal import Clerk, project

ALL = [step for steps in STEPS.values() for step in steps]
GROUP = "training"
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


async def test_a_plan_is_adopted_in_versions_and_closed_and_every_act_is_listed(clerk: Clerk, house: House) -> None:
    no = told(clerk.types(*PLAN))
    assert "Refused: plan incomplete" in no and "its test" in no and "its objective" not in no
    plan = clerk.gets(*PLAN, *TEST)["plan_id"]
    assert (
        clerk.gets(*PLAN, *TEST, "--version-of", plan, "--reason", "The room moved.", "--need", "hall=9")["version"]
        == 2
    )
    given = ("--source", "House rules, 2.4", "--effective-on", "2100-01-01")
    rule = clerk.gets("issue-rule", "--title", "Leave", "--text-file", "-", *given, said="One seventh at most.")
    clerk.gets("guide", "training-school", "--about", "Cases", "--text", "Use contested entries.", "--plan", plan)
    clerk.gets(
        "coordinate", "places", *shlex.split('--need law --for a --by b --how "Ten places" --quantity 10'), *DAYS
    )
    inspection = inspected(clerk)
    mended = "records_late=They are sent each Friday now."
    assert clerk.gets("answer-inspection", inspection, "--remedied", mended)["version"] == 2
    closed = told(clerk.types("close-plan", plan, "reached", "--came-of-it", "83 of 90 passed the test."))
    assert "Training plan closed" in closed and "Case" not in closed

    await project(house)
    assert [found["still_open"] for found in clerk.gets("plans", "--year", "2100")["plans"]] == [False]
    assert clerk.gets("rules", "--standing")["rules"][0]["rule_id"] == rule["rule_id"]
    for name, shown in SHOWN.items():
        assert shown in told(clerk.types(name)), name
    assert "Because: The room moved." in told(clerk.types("plan", plan))
    assert "teacher Wang" in told(clerk.types("remarks", inspection, "--role", "personnel"))


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
    return str(clerk.gets("inspect", "training-school", *said, *due)["inspection_id"])


def told(answer: Result) -> str:
    return " ".join(answer.output.split())
