"""Sending to a course, giving places in it and taking them back, over HTTP."""

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Response
from pydantic import Field

from api.answers import writes_of
from api.command_answer import KeptAnswer
from api.course import CourseIdInPath
from api.door import Door, Writes
from api.person_named import PersonNamed
from api.writing import API, writes
from domain.command import Command
from domain.course import Course, course_stream
from domain.event import Event
from domain.identity import CourseId, PersonId
from domain.participant import EnrolParticipant, SendToCourse, WithdrawParticipant
from domain.participant import enrol_participant as decide_enrolment
from domain.participant import send_to_course as decide_sending
from domain.participant import withdraw_participant as decide_withdrawal
from eventstore.course_recording import record_in_course
from eventstore.stream_recording import Wish

router = APIRouter(prefix=API, tags=["courses"])


class SentPerson(PersonNamed):
    """Somebody who is to attend."""

    reason: str | None = Field(None, max_length=500, description="sealed with the person's own key")


class WithdrawnPerson(PersonNamed):
    """Somebody who does not attend any more."""

    reason: str = Field(min_length=5, max_length=500, description="sealed with the person's own key")


@writes(
    router,
    "/courses/{course_id}/sendings",
    status_code=201,
    summary="Send somebody to a course",
    example={"person": "staff-4711", "reason": "Lacks 24 hours for the next rank."},
    answers=writes_of(KeptAnswer),
)
async def send_to_course(door: Writes, course_id: CourseIdInPath, body: SentPerson) -> Response:
    """The personnel department sends; the school gives the place."""
    person = await body.to_write_of(door)
    command = SendToCourse(person_id=person, reason=body.reason)
    actor, at = door.visitor.actor, door.services.clock()
    decided = partial(decide_sending, command=command, actor=actor, at=at)
    return await _recorded(door, course_id, person, command, decided, 201)


@writes(
    router,
    "/courses/{course_id}/participants",
    status_code=201,
    summary="Give somebody a place in a course",
    example={"person": "staff-4711"},
    answers=writes_of(KeptAnswer),
)
async def enrol_participant(door: Writes, course_id: CourseIdInPath, body: PersonNamed) -> Response:
    """Once a person, and never over the places that there are."""
    person = await body.to_write_of(door)
    command = EnrolParticipant(person_id=person)
    actor, at = door.visitor.actor, door.services.clock()
    decided = partial(decide_enrolment, command=command, actor=actor, at=at)
    return await _recorded(door, course_id, person, command, decided, 201)


@writes(
    router,
    "/courses/{course_id}/participant-withdrawals",
    summary="Take somebody out of a course",
    example={"person": "staff-4711", "reason": "Needed at the registry in that week."},
    answers=writes_of(KeptAnswer),
)
async def withdraw_participant(door: Writes, course_id: CourseIdInPath, body: WithdrawnPerson) -> Response:
    """The place is free again; what was recorded of them stays in their file."""
    person = await body.to_write_of(door)
    command = WithdrawParticipant(person_id=person, reason=body.reason)
    actor = door.visitor.actor
    decided = partial(decide_withdrawal, command=command, actor=actor)
    return await _recorded(door, course_id, person, command, decided, 200)


async def _recorded(
    door: Door,
    course_id: CourseId,
    person: PersonId,
    command: Command,
    decide: Callable[[Course | None], list[Event]],
    status: int,
) -> Response:
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(course_stream(course_id), command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "courses"):
        kept = await record_in_course(door.services.store, door.services.keys, wish, decide)
    return door.kept(kept, {"course_id": course_id, "person_id": person}, status)
