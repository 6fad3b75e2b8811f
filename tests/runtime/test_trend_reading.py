"""The trend report from the command line, against a real service."""

from runtime.connections import House
from tests.runtime.terminal import Clerk, project
from tests.runtime.test_case_cli import POST

GROUP = "trends"


async def test_the_report_is_told_with_the_cases_that_depart_and_read_by_place(clerk: Clerk, house: House) -> None:
    at_cases = clerk.of("case")
    case = at_cases.gets("open", *POST)["case_id"]
    evidence = ("--happened-on", "2026-03-01", "--evidence", "It was in the newspaper.")
    at_cases.gets("record-breach", case, "leak", *evidence)
    await project(house)
    report = clerk.gets()
    assert (report["of_cases"], report["conforming"], report["next_cursor"]) == (1, 0, None)
    assert clerk.gets("--cursor", "1")["conformance"] == []
    shown = clerk.types().stdout
    assert "0 of 1 cases keep to their pack." in shown and case in shown and "breach:standard/leak" in shown
    assert "(still running)" in shown and "Complaints: nothing." in shown
    too_long = clerk.types("--from", "2020-01-01", "--to", "2025-12-31")
    assert too_long.exit_code in (1, 2) and "a quarter or a year" in " ".join(too_long.stderr.split())
    assert clerk.is_refused("--role", "school")
