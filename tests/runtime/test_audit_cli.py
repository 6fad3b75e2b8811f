"""The audit trail from the command line, against a real service."""

import json
from pathlib import Path
from xml.etree import ElementTree

from domain.audit_trail import TrailFilter
from runtime.audit_cli import Search
from runtime.connections import House
from tests.runtime.terminal import Clerk, project
from tests.runtime.test_case_cli import POST

GROUP = "audit"


def test_every_condition_of_the_filter_is_an_option() -> None:
    named = {"for_organ": "organ", "by": "officer"}
    assert {named.get(name, name) for name in Search.__dataclass_fields__} == set(TrailFilter.model_fields)


async def test_the_trail_is_listed_shown_and_copied(clerk: Clerk, house: House, tmp_path: Path) -> None:
    case = clerk.of("case").gets("open", *POST)["case_id"]
    await project(house)
    listed = clerk.gets("list", "--case", case)
    assert [step["type"] for step in listed["events"]] == ["stage_begun", "case_opened"]
    assert "Case opened" in clerk.types("list", "--case", case).stdout
    assert "--cursor" in clerk.types("list", "--limit", "1").stdout
    begun = listed["events"][0]["position"]
    shown = clerk.types("show", str(begun))
    assert shown.exit_code == 0 and "stage: none → nomination" in shown.stdout
    for form in ("csv", "jsonl", "ocel", "xes"):
        file = tmp_path / f"trail.{form}"
        said = clerk.gets("export", "--format", form, "--case", case, "--out", str(file))
        assert said["rows"] == 2 and said["file"] == str(file) and case in file.read_text("utf-8-sig")
    assert ElementTree.parse(tmp_path / "trail.xes").getroot().tag.endswith("log")
    assert len(json.loads((tmp_path / "trail.ocel").read_text())["events"]) == 2
    refused = clerk.types("export", "--role", "school")
    assert refused.exit_code == 1
