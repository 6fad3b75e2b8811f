"""The four records of a person and a course over HTTP; attendance for a whole class at once."""

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, Problem, writes_of
from api.body import Body
from api.command_answer import KeptAnswer
from api.course import CourseIdInPath
from api.door import Door, Writes
from api.person_named import PersonNamed
from api.problem import refusal_document
from api.writing import API, writes
from domain.command import Command
from domain.course import Course
from domain.course_attendance import CourseEndedByLeave, RecordAttendance
from domain.course_attendance import record_attendance as decide_attendance
from domain.course_completion import CompleteCourse, RateCourse
from domain.course_completion import complete_course as decide_completion
from domain.course_completion import rate_course as decide_rating
from domain.course_progress import Assessment, Attendance, Examination, Place, Study
from domain.course_record import Class, OfParticipant, RecordAssessment, RecordExamination, RecordStudy
from domain.course_record import record_assessment as decide_assessment
from domain.course_record import record_examination as decide_examination
from domain.course_record import record_study as decide_study
from domain.event import Event
from domain.identity import CourseId, PersonId
from domain.refusal import Refusal
from domain.training_file import TrainingFile, training_file_stream
from eventstore.course_recording import read_course
from eventstore.keys import keyed_id
from eventstore.stream_recording import Kept, Wish
from eventstore.training_recording import record_in_training_file

router = APIRouter(prefix=API, tags=["courses"])
Decide = Callable[[TrainingFile], list[Event]]
CORRECTING = Field(None, min_length=5, max_length=500, description="why what is on record was wrong; sealed")


class StudyOf(PersonNamed):
    """What somebody studied."""

    study: Study
    correcting: str | None = CORRECTING


class AttendanceOf(PersonNamed):
    """One person in one session; hours neither attended nor of leave were absence."""

    attended_hours: int = Field(ge=0, le=24)
    leave_hours: int = Field(0, ge=0, le=24)
    leave_reason: str | None = Field(None, max_length=500, description="sealed with the person's own key")
    correcting: str | None = CORRECTING


class ClassAttendance(Body):
    """A session, and everybody's attendance in it."""

    session: Place = Field(description="its place among the sessions of the course, from 1")
    lines: list[AttendanceOf] = Field(min_length=1, max_length=500)


class ExaminationOf(PersonNamed):
    """A sitting of somebody."""

    examination: Examination
    correcting: str | None = CORRECTING


class AssessmentOf(PersonNamed):
    """What the assessor says of somebody."""

    assessment: Assessment
    correcting: str | None = CORRECTING


class AttendanceLine(BaseModel):
    """What became of one line."""

    line: int
    person_id: str
    outcome: str = Field(description="recorded, repeated, unchanged, would_record or refused")
    ended_by_leave: bool = Field(description="the course ended for them by it")
    position: int | None
    problem: Problem | None


class ClassAnswer(BaseModel):
    """What became of each line; none stops another."""

    course_id: str
    session: int
    dry_run: bool
    counts: dict[str, int] = Field(description="lines by outcome")
    lines: list[AttendanceLine]


@writes(
    router,
    "/courses/{course_id}/study-records",
    status_code=201,
    summary="Record what somebody studied",
    example={"person": "staff-4711", "study": {"covered": "Chapters 1 to 6, both case files.", "hours_outside": 2}},
    answers=writes_of(KeptAnswer),
)
async def record_study(door: Writes, course_id: CourseIdInPath, body: StudyOf) -> Response:
    """The first of the four records; sealed with the person's own key."""
    person = await body.to_write_of(door)
    command = RecordStudy(person_id=person, study=body.study, correcting=body.correcting)
    return await _recorded(door, course_id, command, decide_study)


@writes(
    router,
    "/courses/{course_id}/attendance-records",
    summary="Record a session's attendance",
    example={
        "session": 1,
        "lines": [
            {"person": "staff-4711", "attended_hours": 6},
            {"person": "staff-4712", "attended_hours": 5, "leave_hours": 1, "leave_reason": "A court hearing."},
        ],
    },
    answers=writes_of(ClassAnswer),
)
async def record_attendance(door: Writes, course_id: CourseIdInPath, body: ClassAttendance) -> Response:
    """The second record: of one person, or of a whole class. Too much leave ends the course for somebody by itself.

    Each line has an outcome of its own, and a key of its own: sending it again records nothing twice.
    """
    of = await _class(door, course_id)
    async with door.deciding(RecordAttendance.name(), "courses"):
        lines = [await _line(door, of, body.session, place, line) for place, line in enumerate(body.lines, start=1)]
    counts = {outcome: sum(line["outcome"] == outcome for line in lines) for outcome in {x["outcome"] for x in lines}}
    said = {"course_id": course_id, "session": body.session, "dry_run": door.dry_run, "counts": counts, "lines": lines}
    last = max((line["position"] for line in lines if line["position"] is not None), default=None)
    headers = {} if last is None else {"Investiture-Position": str(last)}
    return Response(orjson.dumps(said), media_type=JSON, headers=headers)


@writes(
    router,
    "/courses/{course_id}/examination-records",
    status_code=201,
    summary="Record a sitting of the examination",
    example={"person": "staff-4711", "examination": {"sitting": 1, "score": 84, "held_on": "2026-12-08"}},
    answers=writes_of(KeptAnswer),
)
async def record_examination(door: Writes, course_id: CourseIdInPath, body: ExaminationOf) -> Response:
    """The third record; of several sittings the best counts."""
    person = await body.to_write_of(door)
    command = RecordExamination(person_id=person, examination=body.examination, correcting=body.correcting)
    return await _recorded(door, course_id, command, decide_examination)


@writes(
    router,
    "/courses/{course_id}/assessment-records",
    status_code=201,
    summary="Record the assessment of somebody",
    example={"person": "staff-4711", "assessment": {"text": "Settled every exercise case.", "passed": True}},
    answers=writes_of(KeptAnswer),
)
async def record_assessment(door: Writes, course_id: CourseIdInPath, body: AssessmentOf) -> Response:
    """The fourth record: what the assessor says, and whether they passed in the assessor's judgement."""
    person = await body.to_write_of(door)
    command = RecordAssessment(person_id=person, assessment=body.assessment, correcting=body.correcting)
    return await _recorded(door, course_id, command, decide_assessment)


@writes(
    router,
    "/courses/{course_id}/completions",
    status_code=201,
    summary="Complete a course for somebody",
    example={"person": "staff-4711"},
    answers=writes_of(KeptAnswer),
)
async def complete_course(door: Writes, course_id: CourseIdInPath, body: PersonNamed) -> Response:
    """With all four records on file it becomes an entry of their training file, passed or not, and counts from then."""
    command = CompleteCourse(person_id=await body.to_write_of(door))
    return await _recorded(door, course_id, command, decide_completion)


@writes(
    router,
    "/courses/{course_id}/ratings",
    status_code=201,
    summary="Rate a course that you completed",
    example={"rating": 4},
    answers=writes_of(KeptAnswer),
)
async def rate_course(door: Writes, course_id: CourseIdInPath, body: RateCourse) -> Response:
    """Once, from 1 to 5. It is sealed with your own key and only counted."""
    course, actor = (await read_course(door.services.store, course_id)).course, door.visitor.actor
    decided = partial(decide_rating, command=body, course=course, actor=actor)
    async with door.deciding(body.name(), "courses"):
        kept = await _kept(door, actor.officer, body, course, decided)
    return door.kept(kept, {"course_id": course_id, "person_id": actor.officer}, 201)


async def _class(door: Door, course_id: CourseId) -> Class:
    """The course, and the training rules that it was scheduled under."""
    course = (await read_course(door.services.store, course_id)).course
    return Class(course, (await door.services.packs.get(course.pack)).training_rules if course else None)


async def _recorded(
    door: Door, course_id: CourseId, command: OfParticipant, decide: Callable[..., list[Event]]
) -> Response:
    of = await _class(door, course_id)
    async with door.deciding(command.name(), "courses"):
        decided = partial(decide, command=command, of=of, actor=door.visitor.actor, at=door.services.clock())
        kept = await _kept(door, command.person_id, command, of.course, decided)
    return door.kept(kept, {"course_id": course_id, "person_id": command.person_id}, 201)


async def _line(door: Door, of: Class, session: int, place: int, line: AttendanceOf) -> dict[str, Any]:
    person = await line.to_write_of(door)
    said: dict[str, Any] = {"line": place, "person_id": person, "ended_by_leave": False, "position": None}
    try:
        stated = Attendance(
            session=session,
            attended_hours=line.attended_hours,
            leave_hours=line.leave_hours,
            leave_reason=line.leave_reason,
        )
        command = RecordAttendance(person_id=person, attendance=stated, correcting=line.correcting)
        decided = partial(decide_attendance, command=command, of=of, actor=door.visitor.actor, at=door.services.clock())
        kept = await _kept(door, person, command, of.course, decided, of_line=place)
    except Refusal as refusal:
        await door.turned_away(refusal, RecordAttendance.name(), "courses")
        return said | {"outcome": "refused", "problem": orjson.loads(refusal_document(refusal).body)}
    return said | {
        "outcome": _outcome(door, kept),
        "ended_by_leave": any(isinstance(event, CourseEndedByLeave) for event in kept.events),
        "position": kept.position if kept.position >= 0 else None,
        "problem": None,
    }


def _outcome(door: Door, kept: Kept) -> str:
    if kept.repeated:
        return "repeated"
    if not kept.events:
        return "unchanged"
    return "would_record" if door.dry_run else "recorded"


async def _kept(
    door: Door, person: PersonId, command: Command, course: Course | None, decide: Decide, of_line: int | None = None
) -> Kept:
    stream, actor, at = training_file_stream(person), door.visitor.actor, door.services.clock()
    keys = door.services.keys
    command_id = door.command_id if of_line is None else keyed_id(keys, "line", str(door.command_id), str(of_line))
    if_version = door.if_version if of_line is None else None
    wish = Wish(stream, command, actor, command_id, at, course.pack if course else None, if_version, door.dry_run)
    return await record_in_training_file(door.services.store, keys, person, wish, decide)
