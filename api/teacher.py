"""Registering teachers over HTTP. On what terms they teach is sealed, and read as figures only."""

from fastapi import APIRouter, Response

from api.answers import writes_of
from api.command_answer import KeptAnswer
from api.door import Writes
from api.person_named import PersonNamed
from api.writing import API, writes
from domain.teacher import RegisterTeacher, TeachingTerms, fold_teacher, teacher_stream
from domain.teacher import register_teacher as decided
from eventstore.stream_recording import Wish, record_in_stream

router = APIRouter(prefix=API, tags=["courses"])


class TeacherOf(PersonNamed):
    """Somebody who teaches, and on what terms."""

    terms: TeachingTerms


@writes(
    router,
    "/teachers",
    status_code=201,
    summary="Register a teacher",
    example={
        "person": "staff-2210",
        "terms": {"staff_type": "visiting", "profession": "law", "birth_year": 1974, "from_on": "2026-01-01"},
    },
    answers=writes_of(KeptAnswer),
)
async def register_teacher(door: Writes, body: TeacherOf) -> Response:
    """Also when the terms change, or when they leave. The answer has the pseudonym by which courses name them."""
    person = await body.to_write_of(door)
    command = RegisterTeacher(person_id=person, terms=body.terms)
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(teacher_stream(person), command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "courses"):
        kept = await record_in_stream(
            door.services.store,
            door.services.keys,
            wish,
            lambda events: decided(fold_teacher(events), command, actor=actor),
            open_sealed=True,
        )
    return door.kept(kept, {"person_id": person}, 201)
