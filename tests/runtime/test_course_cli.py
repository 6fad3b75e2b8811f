"""Courses from the command line: a class goes through one at a terminal, against a real service."""

from datetime import UTC, datetime, timedelta

import typer.main

from api.authorisation import authorise
from domain.catalogue import COURSES
from domain.course_attendance import RecordAttendance
from domain.course_completion import RateCourse
from domain.participant import SendToCourse
from runtime.connections import House
from runtime.course_cli import READING, STEPS, course_app
from tests.application import described
from tests.runtime.terminal import Clerk, project

ALL = [step for steps in STEPS.values() for step in steps]
GROUP = "course"
COMMANDS = typer.main.get_command(course_app).commands  # type: ignore[attr-defined]
TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=30)


def test_every_act_of_holding_a_course_has_a_command_at_its_path_which_its_role_may_do() -> None:
    assert {step.command for step in ALL} | {RecordAttendance} == {*COURSES, SendToCourse, RateCourse}
    paths = described().openapi()["paths"]
    writes = {
        said["operationId"]: path.removeprefix("/api/v1") for path, found in paths.items() for said in found.values()
    }
    for step in ALL:
        assert writes[step.command.name()] == step.path
        assert authorise(frozenset({step.role}), step.command.name()).allowed
    assert set(COMMANDS) == {step.name for step in ALL} | set(READING) | {"attend"}


def scheduled(clerk: Clerk, *more: str) -> str:
    what = ("--title", "Law", "--kind", "in_service", "--method", "off_job", "--places", "2", "--hours", "8")
    sessions = ("--session", f"{TODAY}=6", "--session", f"{LATER}=2", "--days", "2")
    return str(clerk.gets("schedule", *what, *sessions, *more)["course_id"])


async def test_a_class_goes_through_a_course(clerk: Clerk, house: House) -> None:
    hall = ("--title", "Hall", "--places", "30", "--available-from", "2026-01-01", "--has", "projector=30")
    facility = clerk.gets("register-facility", *hall)["facility_id"]
    course = scheduled(clerk, "--facility", facility, "--need", "projector=2")
    clerk.gets("send", course, "staff-1", "--reason", "Lacks hours.")
    for person in ("staff-1", "staff-2"):
        clerk.gets("enrol", course, person)
    full = clerk.types("enrol", course, "staff-3")
    assert full.exit_code == 1 and "All 2 places of Law are taken" in " ".join(full.stderr.split())
    table = "person,attended_hours,leave_hours,leave_reason\nstaff-1,6,,\nstaff-2,2,4,A hearing\nstaff-3,6,,\n"
    attended = clerk.types("attend", course, "1", "-", said=table)
    told = " ".join(attended.stdout.split())
    assert attended.exit_code == 1 and "Session 1: 2 recorded, 1 refused" in told
    assert "3 staff-2 The course has ended for them: too much leave." in told and "4 staff-3 This person has no" in told
    clerk.gets("record-study", course, "staff-1", "--covered", "Chapters 1 to 6.")
    clerk.gets("record-examination", course, "staff-1", "--score", "84", "--held-on", str(TODAY))
    clerk.gets("record-assessment", course, "staff-1", "--passed", "--text", "Asks good questions.")
    early = clerk.types("complete", course, "staff-1")
    assert "no attendance of session 2" in " ".join(early.stderr.split())

    await project(house)
    shown = " ".join(clerk.types("show", course).stdout.split())
    assert "2 of 2, 1 sent" in shown and "ended by leave" in shown and "studied, examined, assessed" in shown
    assert "Law" in clerk.types("list", "--to-come").stdout
    assert clerk.types("list", "--over").stdout.strip() == "No course matches."
    assert "projector 30" in clerk.types("facilities").stdout


async def test_a_file_that_is_no_attendance_is_not_understood(clerk: Clerk) -> None:
    for said, problem in (("name,hours\nx,6\n", "is no column"), ("person,attended_hours\nx,six\n", "row 2:")):
        answer = clerk.types("attend", "0k3v0d8s1m2q", "1", "-", said=said)
        assert answer.exit_code == 2 and problem in " ".join(answer.stderr.split())
