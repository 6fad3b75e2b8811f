"""The record of an officer from the command line, against a real service."""

from runtime.connections import House
from tests.runtime.terminal import Clerk, project
from tests.runtime.test_case_cli import POST

GROUP = "record-of"


async def test_ones_own_record_is_read_and_another_officers_by_number_or_id(clerk: Clerk, house: House) -> None:
    case = clerk.of("case").gets("open", *POST)["case_id"]
    await project(house)
    own = clerk.gets("--role", "personnel")
    assert {each["type"]: each["acts"] for each in own["acts"]}["case_opened"] == 1
    shown = " ".join(clerk.types().stdout.split())
    point = "point point:nomination:whole (“Nomination”: who nominated whom)"
    assert f"{point} in case {case}: 0 days old (the role's or organ's)" in shown
    by_number, by_id = (
        clerk.gets(*named)
        for named in (("--officer", "example-personnel"), ("--officer-id", own["officer"], "--role", "auditor"))
    )
    assert by_number["officer"] == by_id["officer"] == own["officer"] and by_number["acts"] == own["acts"]
    told = clerk.types("--officer", "example-personnel").stdout
    assert "personnel-department" in told and "     1  case opened" in told
    refused = clerk.types("--officer", "example-supervision", "--role", "personnel")
    assert refused.exit_code == 1 and "another officer" in " ".join(refused.stderr.split())
    assert clerk.types("--officer", "one", "--officer-id", "other").exit_code == 2
