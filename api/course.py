"""Courses over HTTP: scheduling, changing and cancelling one, and reading them."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.authorisation import authorise
from api.body import Body
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.listing import AN_ID, AfterPosition, LatestFirst, NextCursor, caught_up
from api.problem import NotFound
from api.visitor import Reads
from api.writing import API, writes
from domain.access import TrainingListRead
from domain.arrangement import Arranged, Arrangement
from domain.command import Command
from domain.course import CancelCourse, ChangeCourse, Course, Known, ScheduleCourse, course_stream
from domain.course import cancel_course as decide_cancelling
from domain.course import change_course as decide_change
from domain.course import schedule_course as decide_scheduling
from domain.event import Event, PackReference, StreamId
from domain.identity import CourseId, short_id
from domain.teacher import teacher_stream
from domain.training_rules import TrainingId
from eventstore.course_recording import record_arrangement
from eventstore.stream_recording import Wish
from projections.course import CourseFilter, course_by_id, courses_page, participants

router = APIRouter(prefix=API, tags=["courses"])
CourseIdInPath = Annotated[CourseId, Path(pattern="^[0-9a-z]{12}$", description="course id")]
ARRANGEMENT = {
    "places": 30,
    "hours": 14,
    "days": 2,
    "sessions": [{"on": "2026-12-07", "hours": 6}, {"on": "2026-12-08", "hours": 6}],
    "needs": {"projector": 30},
}


class CourseOf(Body):
    """A course to be held."""

    title: str = Field(min_length=2, max_length=200, description="what is studied; public")
    pack: str = Field("standard", max_length=80, description="the pack whose kinds, methods and leave rule hold")
    kind: TrainingId
    method: TrainingId
    plan_id: str | None = Field(None, max_length=40, pattern="^[0-9a-z]{1,40}$")
    arrangement: Arrangement


class SessionShown(BaseModel):
    on: date
    hours: int


class CourseShown(BaseModel):
    """A course as it stands."""

    course_id: str
    school: str
    title: str
    pack: str
    kind: str
    method: str
    plan_id: str | None
    places: int
    taken: int = Field(description="places that are taken")
    sent: int = Field(description="people whom the personnel department sent")
    hours: int
    days: int
    began_on: date
    ended_on: date
    sessions: list[SessionShown]
    facility_id: str | None
    needs: dict[str, int]
    teachers: list[str] = Field(description="pseudonyms")
    cancelled: bool
    completed: int = Field(description="people who completed it")
    ratings: int = Field(description="how many rated it")
    rating: float | None = Field(description="mean from 1 to 5, of five ratings, of ten and so on; null below five")
    scheduled_position: int


class Courses(BaseModel):
    """Courses, the most recently scheduled first."""

    courses: list[CourseShown]
    next_cursor: NextCursor


class ParticipantShown(BaseModel):
    """How far somebody is in a course. Units: hours."""

    person_id: str = Field(description="pseudonym")
    sent: bool
    enrolled: bool
    studied: bool
    sessions: int = Field(description="sessions on record")
    attended_hours: int
    leave_hours: int
    examined: bool
    assessed: bool
    ended_by_leave: bool
    completed: bool


class CourseRead(CourseShown):
    """A course with its participants."""

    participants: list[ParticipantShown] | None = Field(
        description="null for who neither sends, teaches, supervises nor audits; the reading is recorded"
    )


@writes(
    router,
    "/courses",
    status_code=201,
    summary="Schedule a course",
    example={
        "title": "Administrative law for registrars",
        "pack": "standard",
        "kind": "in_service",
        "method": "off_job",
        "arrangement": ARRANGEMENT,
    },
    answers=writes_of(KeptAnswer),
)
async def schedule_course(door: Writes, body: CourseOf) -> Response:
    """Never over the places, the equipment or the days of its facility. It keeps the rules of its pack as they are now.

    Without a facility it stands all the same, and counts among those whose needs are not met yet.
    """
    course_id = CourseId(short_id("course", str(door.command_id)))
    pack = await door.services.packs.latest(body.pack, door.services.clock())
    command = ScheduleCourse(**{**dict(body), "pack": pack})
    known = await _known(door, command, pack, body.plan_id)
    actor = door.visitor.actor

    def decided(course: Course | None) -> list[Event]:
        return decide_scheduling(course, course_id, command, actor=actor, known=known)

    return await _recorded(door, course_id, command, pack, decided, 201)


@writes(
    router,
    "/courses/{course_id}/changes",
    summary="Arrange a course anew",
    example={"arrangement": {**ARRANGEMENT, "places": 24}, "reason": "Six seats are kept free for observers."},
    answers=writes_of(KeptAnswer),
)
async def change_course(door: Writes, course_id: CourseIdInPath, body: ChangeCourse) -> Response:
    """The arrangement as a whole; what was held stays, and nobody who has a place loses it."""
    known = await _known(door, body, None, None)
    decided = partial(decide_change, command=body, actor=door.visitor.actor, at=door.services.clock(), known=known)
    return await _recorded(door, course_id, body, None, decided, 200)


@writes(
    router,
    "/courses/{course_id}/cancellations",
    summary="Cancel a course",
    example={"reason": "The teacher is ill, and there is no other."},
    answers=writes_of(KeptAnswer),
)
async def cancel_course(door: Writes, course_id: CourseIdInPath, body: CancelCourse) -> Response:
    """Before it ends; its facility is free again."""
    decided = partial(decide_cancelling, command=body, actor=door.visitor.actor, at=door.services.clock())
    return await _recorded(door, course_id, body, None, decided, 200)


async def _known(door: Door, command: Arranged, pack: PackReference | None, plan_id: str | None) -> Known:
    store = door.services.store
    training = (await door.services.packs.get(pack)).training_rules if pack else None
    plan = await store.read_last(StreamId(f"training_plan/{plan_id}")) if plan_id else None
    streams = {teacher_stream(person): person for person in command.arrangement.teachers}
    teachers = await store.read_streams(list(streams)) if streams else {}
    return Known(training, plan_id is None or plan is not None, frozenset(streams[stream] for stream in teachers))


async def _recorded(
    door: Door,
    course_id: CourseId,
    command: Command,
    pack: PackReference | None,
    decide: Callable[[Course | None], list[Event]],
    status: int,
) -> Response:
    actor, at = door.visitor.actor, door.services.clock()
    stream = course_stream(course_id)
    wish = Wish(stream, command, actor, door.command_id, at, pack, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "courses"):
        kept = await record_arrangement(door.services.store, door.services.keys, wish, course_id, decide)
    return door.kept(kept, {"course_id": course_id}, status)


@router.get(
    "/courses",
    operation_id="read_courses",
    summary="The courses",
    responses=reads(Courses, "A page of courses"),
)
async def read_courses(
    visitor: Reads,
    page: Annotated[LatestFirst, Depends()],
    kind: Annotated[str | None, Query(pattern=AN_ID, description="only of this kind")] = None,
    method: Annotated[str | None, Query(pattern=AN_ID, description="only by this method")] = None,
    plan_id: Annotated[str | None, Query(pattern=AN_ID, description="only of this training plan")] = None,
    to_come: Annotated[bool | None, Query(description="only those that have not ended, or only the others")] = None,
) -> Response:
    """Places, who is sent and who has one, facility and sessions; those scheduled last first."""
    await visitor.may("read_courses", "courses")
    await caught_up(visitor, ("course",), page.after_position)
    asked = CourseFilter(kind, method, plan_id, to_come, visitor.services.clock().date())
    found = await courses_page(visitor.services.pool, asked, before=page.before, limit=page.limit)
    return page.answer("courses", found, [row["scheduled_position"] for row in found])


@router.get(
    "/courses/{course_id}",
    operation_id="read_course",
    summary="One course, and how far its participants are",
    responses=reads(CourseRead, "The course"),
)
async def read_course(visitor: Reads, course_id: CourseIdInPath, after_position: AfterPosition = None) -> Response:
    """Participants stand by their pseudonyms; what they scored and why they took leave is not shown here.

    Who reads them is itself recorded.
    """
    await visitor.may("read_course", "courses")
    await caught_up(visitor, ("course",), after_position)
    found: dict[str, Any] | None = await course_by_id(visitor.services.pool, course_id)
    if found is None:
        raise NotFound(f"There is no course “{course_id}”, or it is not visible yet.")
    people = None
    if authorise(visitor.claims.roles, "read_course_participants").allowed:
        people = await participants(visitor.services.pool, course_id)
    if people:
        await visitor.note_access(TrainingListRead(officer=visitor.actor.officer, course_id=course_id), course_id)
    return Response(orjson.dumps(found | {"participants": people}), media_type=JSON)
