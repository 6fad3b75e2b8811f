"""Training is put on record, corrected and read back from the command line, and a unit's list says who lacks what."""

from datetime import date, timedelta

from runtime.connections import House
from tests.runtime.terminal import Clerk, project
from tests.runtime.test_training_cli import told

GROUP = "training"
ENDED = date.today() - timedelta(days=20)
COURSE = (
    *("--title", "Administrative law", "--kind", "in_service", "--method", "off_job"),
    *("--began-on", str(ENDED - timedelta(days=9)), "--ended-on", str(ENDED), "--hours", "70"),
)


async def test_a_file_is_written_corrected_and_read_back(clerk: Clerk, house: House) -> None:
    clerk.gets("register-service", "staff-1", "--unit", "Registry", "--rank", "officer", "--since-on", "2024-09-01")
    clerk.gets("record", "staff-1", "--number", "2026/112", "--attended-hours", "64", *COURSE)
    assert "In order for officer until" in told(clerk.types("standing", "staff-1"))
    fewer = ("--number", "2026/112", "--attended-hours", "34", *COURSE)
    assert clerk.gets("correct-record", "staff-1", "--entry", "1", "--reason", "Counted twice.", *fewer)["version"] == 3
    found = clerk.gets("standing", "staff-1")
    assert (found["in_order"], found["missing_hours"], found["lines"][0]["corrections"]) == (False, 6, 1)
    await project(house)
    assert "0 of 1 are ready" in told(clerk.types("readiness", "Registry"))
    clerk.gets("end-service", "staff-1", "--until-on", str(ENDED))
