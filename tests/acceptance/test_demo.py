"""The demonstration lives through four appointments, and the dates are right."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.installations import environment


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    return _demo(tmp_path_factory.mktemp("demo"))


def _demo(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "runtime.cli", "demo", "--once", "--json", "--data", "examples"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.fixture
def cases(demonstration: "subprocess.CompletedProcess[str]") -> dict[str, dict[str, Any]]:
    assert demonstration.returncode == 0, demonstration.stderr
    return {case["life"]: case for case in json.loads(demonstration.stdout)["cases"]}


def test_four_lives_end_as_they_should(cases: dict[str, dict[str, Any]]) -> None:
    assert {life: case["outcome"] for life, case in cases.items()} == {
        "granted": "confirmed",
        "objected": "confirmed",
        "conditional": "training_lapsed",
        "no quorum": "no_quorum",
    }


def test_each_summary_says_id_pack_days_and_events(cases: dict[str, dict[str, Any]]) -> None:
    for case in cases.values():
        assert {"id", "pack", "outcome", "first_on", "last_on", "events"} <= set(case)
        assert case["first_on"] < case["last_on"]
        assert case["events"] > 15
    assert cases["granted"]["last_on"] == "2027-10-15", (
        "the day after a year of probation that began on 14 October 2026"
    )


def test_training_serves_selection(demonstration: "subprocess.CompletedProcess[str]") -> None:
    told = demonstration.stderr
    story = (
        "530 of 550 hours of training are on file: out of order, 20 hours are missing",
        "sent to the course “River works and the law” of 24 hours, and enrolled by the school",
        "4 hours of leave are more than 1/7 of the 24 of the course. The course has ended by itself",
        "“Procurement and integrity”: study, attendance, examination (88 points) and assessment; passed",
        "554 of 550 hours of training are on file: in order",
        "training is met: 554 of 550 hours",
    )
    assert [told.find(said) for said in story] == sorted(told.find(said) for said in story)
    assert all(said in told for said in story)


def test_a_quarter_of_supervising_together_is_lived_through(demonstration: "subprocess.CompletedProcess[str]") -> None:
    told = demonstration.stderr
    story = (
        "an objection was lodged: the case is held",
        "personnel adopt a training plan for 2027: its objective, its posts, its test",
        "public opinion, so a lead and no evidence yet",
        "another officer of supervision verifies it",
        "supervision looks at the school of its own accord",
        "the report of 2026 is drawn up: 3 letters, 2 indices; its hash fixes it",
        "personnel was silent past its day, which is on record and counts against it",
        "personnel inspect the school: attendance was not kept as it should be",
        "the index opens 2 problem(s) by itself",
        "its agenda fills: case due, index fallen, unanswered request",
        "both departments meet: a finding for the school to mend",
        "both sign the minutes, which nothing can change",
        "the school answers the inspection, finding by finding",
        "supervision refuses the remedy",
        "supervision accepts the remedy",
    )
    assert [told.find(said) for said in story] == sorted(told.find(said) for said in story)
    assert all(said in told for said in story)


def test_training_that_lapses_is_reminded_of_and_has_the_appointment_reviewed(
    demonstration: "subprocess.CompletedProcess[str]", cases: dict[str, dict[str, Any]]
) -> None:
    told = demonstration.stderr
    assert "a reminder is on record: 240 hours are owed by 16 October 2027" in told
    assert "100 hours beside those of the verification are on file and 240 are owed" in told
    assert "the appointment is reviewed: an inquiry opened by itself" in told
    assert {life: case["inquiries"] for life, case in cases.items()} == {
        "granted": [],
        "objected": [],
        "conditional": ["training_lapsed"],
        "no quorum": [],
    }


def test_the_notice_over_the_national_day_stands_on_the_right_days(
    demonstration: "subprocess.CompletedProcess[str]",
) -> None:
    told = demonstration.stderr
    assert "8 October, 9 October, 10 October, 12 October, 13 October; closes 13 October 2026" in told


def test_silence_and_want_of_quorum_are_told(demonstration: "subprocess.CompletedProcess[str]") -> None:
    told = demonstration.stderr
    assert "the co-managing organ was silent for one month: deemed consent" in told
    assert "5 of 9 members were present, and the quorum is 6" in told


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    precious = tmp_path / "examples" / "precious.txt"
    precious.write_text("keep me")
    done = _demo(tmp_path)
    assert done.returncode == 1
    assert precious.read_text() == "keep me"
