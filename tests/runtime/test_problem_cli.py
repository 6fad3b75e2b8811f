"""The register of problems from the command line, against a real service."""

import shlex

from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "problem"
FOUND = shlex.split(
    "open --type training --severity grave --about-kind training --about course-1 --owner training-school "
    '--accepting supervision-organ --finding "Attendance was signed later." --evidence 0 --origin inquiry:inquiry00001'
)


async def test_a_problem_is_followed_from_a_terminal_until_another_organ_accepts(clerk: Clerk, house: House) -> None:
    problem = clerk.gets(*FOUND)["problem_id"]
    as_school = ("--role", "school")
    clerk.gets("remedy", problem, "--remedy", "Two officers sign each sheet now.", *as_school)
    own = clerk.types("accept", problem, "--organ", "training-school")
    assert own.exit_code == 1 and "Ask supervision-organ" in " ".join(own.stderr.split())
    clerk.gets("refuse", problem, "--reason", "One sheet of May was not.", "--subject", "another")
    clerk.gets("remedy", problem, "--remedy", "The school's seal is on each now.", *as_school)
    await project(house)
    table = clerk.types("list", "--state", "awaits_acceptance", "--origin", "inquiry").stdout
    assert problem in table.replace("\n", "") and "grave" in table
    clerk.gets("accept", problem, "--subject", "another")
    clerk.gets("reopen", problem, "--reason", "Sheets of June are missing.")
    await project(house)
    story = clerk.types("show", problem).stdout
    assert "refused: One sheet of May was not." in story and "reopened: Sheets of June are missing." in story
    assert clerk.gets("list", "--owner", "personnel-department")["problems"] == []
