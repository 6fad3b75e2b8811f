"""Yearly reports from the command line, against a real service."""

import json
from pathlib import Path

from runtime.connections import House
from tests.runtime.terminal import Clerk, project

GROUP = "yearly-report"


async def test_a_report_is_drawn_up_listed_and_taken_on_paper(clerk: Clerk, house: House, tmp_path: Path) -> None:
    await project(house)
    assert clerk.types("draw-up", "2025").exit_code == 0
    (line,) = json.loads(clerk.types("list", "--json").stdout)["reports"]
    assert (line["year"], line["digest"]) == (2025, json.loads(clerk.types("show", "2025", "--json").stdout)["digest"])
    assert line["digest"][:16] in clerk.types("list").stdout
    paper = tmp_path / "report.pdf"
    assert clerk.types("show", "2025", "--lang", "zh", "--out", str(paper)).exit_code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    await project(house)
    again = clerk.types("draw-up", "2025")
    assert again.exit_code == 1 and "was drawn up on" in " ".join(again.output.split())
