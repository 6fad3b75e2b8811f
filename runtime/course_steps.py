"""What a school does to hold a course, as commands: their options, and the request's body that they make."""

from datetime import datetime
from typing import Annotated, Any

import typer

from domain.course import CancelCourse, ChangeCourse, ScheduleCourse
from domain.course_completion import CompleteCourse, RateCourse
from domain.course_record import RecordAssessment, RecordExamination, RecordStudy
from domain.facility import ChangeFacility, RegisterFacility
from domain.identity import Role
from domain.participant import EnrolParticipant, SendToCourse, WithdrawParticipant
from domain.teacher import RegisterTeacher
from runtime.case_options import Body, TextFile, body_of, day_option
from runtime.case_step import long_text, step

CourseId = Annotated[str, typer.Argument(metavar="COURSE", help="The course's id, as `course list` shows it.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="Their identifier at the identity provider.")]
Facility = Annotated[str | None, typer.Option(metavar="FACILITY", help="The facility's id; none is needed online.")]
Sessions = Annotated[
    list[str], typer.Option("--session", metavar="DAY=HOURS", help="A session, 2026-12-07=6; repeat it in their order.")
]
Needs = Annotated[list[str] | None, typer.Option("--need", metavar="NAME=PLACES", help="What is needed; repeat it.")]
Has = Annotated[list[str] | None, typer.Option("--has", metavar="NAME=PLACES", help="What it has; repeat it.")]
Teachers = Annotated[
    list[str] | None,
    typer.Option("--teacher", metavar="PERSON_ID", help="As `register-teacher --json` has it; repeat."),
]
Places = Annotated[int, typer.Option(min=1, help="For how many.")]
Hours = Annotated[int, typer.Option(min=1, help="Of the whole course, with what is studied outside of sessions.")]
Days = Annotated[int, typer.Option(min=0, help="Days of training that it counts for.")]
Public = Annotated[str, typer.Option(help="Why; public: no names of people.")]
Sealed = Annotated[str, typer.Option(help="Why; sealed with the person's own key.")]
Correcting = Annotated[str | None, typer.Option(help="Why what is on record was wrong; sealed.")]


@step("register-facility", RegisterFacility, "/facilities", Role.SCHOOL)
def register_facility(
    title: Annotated[str, typer.Option(help="What it is called; public.")],
    places: Places,
    available_from: Annotated[datetime, day_option("First day on which it can be used.")],
    available_until: Annotated[datetime | None, day_option("Last day.")] = None,
    has: Has = None,
) -> Body:
    """Register a room, a hall or a training base.

    Example: investiture course register-facility --title Hall --places 60 --available-from 2026-01-01 \
    --has projector=60
    """
    days = body_of(available_from_on=available_from, available_until_on=available_until)
    return {"title": title, "places": places, "equipment": counted(has, "--has"), **days}


@step("change-facility", ChangeFacility, "/facilities/{facility_id}/changes", Role.SCHOOL)
def change_facility(
    facility_id: Annotated[str, typer.Argument(metavar="FACILITY", help="The facility's id.")],
    title: Annotated[str, typer.Option(help="What it is called; public.")],
    places: Places,
    available_from: Annotated[datetime, day_option("First day on which it can be used.")],
    reason: Public,
    available_until: Annotated[datetime | None, day_option("Last day.")] = None,
    has: Has = None,
) -> Body:
    """Say how a facility is from now on, as a whole.

    Example: investiture course change-facility 0k3v0d8s1m2q --title Hall --places 48 --available-from 2026-01-01 \
    --reason "The back rows were taken out."
    """
    days = body_of(available_from_on=available_from, available_until_on=available_until)
    equipment = counted(has, "--has")
    return {
        "facility_id": facility_id,
        "title": title,
        "places": places,
        "equipment": equipment,
        "reason": reason,
    } | days


@step("register-teacher", RegisterTeacher, "/teachers", Role.SCHOOL)
def register_teacher(
    person: Person,
    staff_type: Annotated[str, typer.Option(help="full_time, part_time, visiting, or another.")],
    profession: Annotated[str, typer.Option(help="What they are by profession.")],
    birth_year: Annotated[int, typer.Option(min=1900, max=2200)],
    from_on: Annotated[datetime, day_option("First day as a teacher here.")],
    until_on: Annotated[datetime | None, day_option("Last day, once it is known.")] = None,
) -> Body:
    """Register who teaches, or on what terms they do now; sealed, and only counted.

    Example: investiture course register-teacher staff-2210 --staff-type visiting --profession law --birth-year 1974 \
    --from-on 2026-01-01
    """
    terms = {"staff_type": staff_type, "profession": profession, "birth_year": birth_year}
    return {"person": person, "terms": terms | body_of(from_on=from_on, until_on=until_on)}


@step("schedule", ScheduleCourse, "/courses", Role.SCHOOL)
def schedule(
    title: Annotated[str, typer.Option(help="What is studied; public.")],
    kind: Annotated[str, typer.Option(help="One of the pack's kinds of training.")],
    method: Annotated[str, typer.Option(help="One of the pack's methods.")],
    places: Places,
    hours: Hours,
    session: Sessions,
    days: Days = 0,
    facility: Facility = None,
    need: Needs = None,
    teacher: Teachers = None,
    plan: Annotated[str | None, typer.Option(metavar="PLAN", help="The training plan that it carries out.")] = None,
    pack: Annotated[str, typer.Option(help="The pack whose kinds, methods and leave rule hold.")] = "standard",
) -> Body:
    """Schedule a course; never over its facility's places, equipment or days.

    Example: investiture course schedule --title Law --kind in_service --method off_job --places 30 --hours 12 \
    --days 2 --session 2026-12-07=6 --session 2026-12-08=6
    """
    arranged = _arrangement(places, hours, days, session, facility, need, teacher)
    return body_of(title=title, pack=pack, kind=kind, method=method, plan_id=plan, arrangement=arranged)


@step("change", ChangeCourse, "/courses/{course_id}/changes", Role.SCHOOL)
def change(
    course_id: CourseId,
    places: Places,
    hours: Hours,
    session: Sessions,
    reason: Public,
    days: Days = 0,
    facility: Facility = None,
    need: Needs = None,
    teacher: Teachers = None,
) -> Body:
    """Arrange a course anew, as a whole; what was held stays as it was.

    Example: investiture course change 0k3v0d8s1m2q --places 24 --hours 12 --session 2026-12-07=6 \
    --session 2026-12-09=6 --reason "The second day was a holiday."
    """
    arranged = _arrangement(places, hours, days, session, facility, need, teacher)
    return {"course_id": course_id, "arrangement": arranged, "reason": reason}


@step("cancel", CancelCourse, "/courses/{course_id}/cancellations", Role.SCHOOL)
def cancel(course_id: CourseId, reason: Public) -> Body:
    """Cancel a course; its facility is free again.

    Example: investiture course cancel 0k3v0d8s1m2q --reason "The teacher is ill, and there is no other."
    """
    return {"course_id": course_id, "reason": reason}


@step("send", SendToCourse, "/courses/{course_id}/sendings", Role.PERSONNEL)
def send(
    course_id: CourseId,
    person: Person,
    reason: Annotated[str | None, typer.Option(help="Why; sealed with the person's own key.")] = None,
) -> Body:
    """Send somebody to a course; the school gives the place.

    Example: investiture course send 0k3v0d8s1m2q staff-4711 --reason "Lacks 24 hours for the next rank."
    """
    return body_of(course_id=course_id, person=person, reason=reason)


@step("enrol", EnrolParticipant, "/courses/{course_id}/participants", Role.SCHOOL)
def enrol(course_id: CourseId, person: Person) -> Body:
    """Give somebody a place in a course.

    Example: investiture course enrol 0k3v0d8s1m2q staff-4711
    """
    return {"course_id": course_id, "person": person}


@step("withdraw", WithdrawParticipant, "/courses/{course_id}/participant-withdrawals", Role.SCHOOL)
def withdraw(course_id: CourseId, person: Person, reason: Sealed) -> Body:
    """Take somebody out of a course; the place is free again.

    Example: investiture course withdraw 0k3v0d8s1m2q staff-4711 --reason "Needed at the registry in that week."
    """
    return {"course_id": course_id, "person": person, "reason": reason}


@step("record-study", RecordStudy, "/courses/{course_id}/study-records", Role.SCHOOL)
def record_study(
    course_id: CourseId,
    person: Person,
    covered: Annotated[str | None, typer.Option(help="What was covered; sealed.")] = None,
    covered_file: TextFile = None,
    hours_outside: Annotated[int, typer.Option(min=0, help="Hours of it outside of the sessions.")] = 0,
    correcting: Correcting = None,
) -> Body:
    """Record what somebody studied: the first of the four records.

    Example: investiture course record-study 0k3v0d8s1m2q staff-4711 --covered "Chapters 1 to 6." --hours-outside 2
    """
    study = {"covered": long_text("covered", covered, covered_file), "hours_outside": hours_outside}
    return body_of(course_id=course_id, person=person, study=study, correcting=correcting)


@step("record-examination", RecordExamination, "/courses/{course_id}/examination-records", Role.SCHOOL)
def record_examination(
    course_id: CourseId,
    person: Person,
    score: Annotated[int, typer.Option(min=0, max=100, help="Of a hundred.")],
    held_on: Annotated[datetime, day_option("The day of the examination.")],
    sitting: Annotated[int, typer.Option(min=1, max=9, help="Which sitting; the best one counts.")] = 1,
    correcting: Correcting = None,
) -> Body:
    """Record a sitting of the examination: the third record.

    Example: investiture course record-examination 0k3v0d8s1m2q staff-4711 --score 84 --held-on 2026-12-08
    """
    examination = body_of(sitting=sitting, score=score, held_on=held_on)
    return body_of(course_id=course_id, person=person, examination=examination, correcting=correcting)


@step("record-assessment", RecordAssessment, "/courses/{course_id}/assessment-records", Role.SCHOOL)
def record_assessment(
    course_id: CourseId,
    person: Person,
    passed: Annotated[bool, typer.Option("--passed/--not-passed", help="In the assessor's judgement.")],
    text: Annotated[str | None, typer.Option(help="What the assessor says; sealed.")] = None,
    text_file: TextFile = None,
    correcting: Correcting = None,
) -> Body:
    """Record the assessment of somebody: the fourth record.

    Example: investiture course record-assessment 0k3v0d8s1m2q staff-4711 --passed --text "Settled every exercise case."
    """
    assessment = {"text": long_text("text", text, text_file), "passed": passed}
    return body_of(course_id=course_id, person=person, assessment=assessment, correcting=correcting)


@step("complete", CompleteCourse, "/courses/{course_id}/completions", Role.SCHOOL)
def complete(course_id: CourseId, person: Person) -> Body:
    """Complete a course for somebody: with all four records it goes into their training file.

    Example: investiture course complete 0k3v0d8s1m2q staff-4711
    """
    return {"course_id": course_id, "person": person}


@step("rate", RateCourse, "/courses/{course_id}/ratings", Role.PERSONNEL)
def rate(course_id: CourseId, rating: Annotated[int, typer.Argument(min=1, max=5, help="From 1 to 5.")]) -> Body:
    """Rate a course that you completed; counted, and never shown with your name.

    Example: investiture course rate 0k3v0d8s1m2q 4
    """
    return {"course_id": course_id, "rating": rating}


def _arrangement(
    places: int,
    hours: int,
    days: int,
    sessions: list[str],
    facility: str | None,
    needs: list[str] | None,
    teachers: list[str] | None,
) -> dict[str, Any]:
    held = [{"on": day, "hours": given} for day, given in (_pair(said, "--session") for said in sessions)]
    said = body_of(places=places, hours=hours, days=days, sessions=held, facility_id=facility)
    return said | {"needs": counted(needs, "--need"), "teachers": teachers or []}


def counted(said: list[str] | None, option: str) -> dict[str, int]:
    """NAME=NUMBER, as often as it was given."""
    return dict(_pair(found, option) for found in said or [])


def _pair(said: str, option: str) -> tuple[str, int]:
    name, _, number = said.partition("=")
    if not name or not number.isdecimal():
        raise typer.BadParameter(f"“{said}” is not written NAME=NUMBER, with a whole number.", param_hint=option)
    return name, int(number)
