"""Surveys from a terminal, against a real service."""

from datetime import timedelta
from pathlib import Path

from domain.receipt_code import read_receipt_code
from runtime.clock import now
from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "survey"
METHOD = ("method", "--unit", "Registry", "--class", "leadership=20", "--class", "staff=150")


async def test_a_survey_is_set_from_a_terminal_and_its_codes_go_into_a_file_once(
    clerk: Clerk, house: House, tmp_path: Path
) -> None:
    method = clerk.gets(*METHOD)["method_id"]
    first = now().date() + timedelta(days=2)
    days = ("--opens-on", first.isoformat(), "--closes-on", (first + timedelta(days=9)).isoformat())
    survey = clerk.gets("open", method, *days)["survey_id"]
    out = tmp_path / "staff.csv"
    wish = ("codes", survey, "--class", "staff", "--number", "150", "--key", "codes-of-staff", "--out", str(out))
    given = clerk.types(*wish)
    assert given.exit_code == 0, given.output
    codes = out.read_text("utf-8").split()
    assert len({read_receipt_code(code) for code in codes}) == 150 and out.stat().st_mode & 0o077 == 0
    assert clerk.types(*wish).exit_code == 2, "never over another file"
    assert clerk.gets(*wish[:-2])["codes"] == []
    early = clerk.types("count", survey)
    assert early.exit_code == 1 and "its box is sealed" in " ".join(early.stderr.split())
    personnel = clerk.types("count", survey, "--role", "personnel")
    assert personnel.exit_code == 1
    await project(house)
    assert f"Survey {survey}, Registry: proposed" in clerk.types("results").stdout
    assert clerk.gets("results", "--unit", "Elsewhere")["surveys"] == []
