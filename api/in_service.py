"""The in-service register over HTTP: who serves in which unit at which rank. The personnel department's alone."""

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from api.answers import writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.person_named import PersonNamed
from api.writing import API, writes
from domain.command import Command
from domain.event import Event
from domain.identity import PersonId
from domain.in_service import EndService, RegisterService
from domain.in_service import end_service as decide_end
from domain.in_service import register_service as decide_service
from domain.refusal import UnknownChoice
from domain.training_file import TrainingFile, training_file_stream
from eventstore.stream_recording import Wish
from eventstore.training_recording import record_in_training_file

router = APIRouter(prefix=API, tags=["training"])


class ServiceOf(PersonNamed):
    """Where somebody serves."""

    unit: str = Field(min_length=1, max_length=120)
    pack: str = Field("standard", max_length=80, description="the pack whose ranks are meant")
    rank: str = Field(max_length=80)
    since_on: date = Field(description="first day in this unit at this rank")


class ServiceEndOf(PersonNamed):
    """The last day of somebody's service."""

    until_on: date


@writes(
    router,
    "/service-registrations",
    status_code=201,
    summary="Register where somebody serves",
    example={
        "person": "staff-4711",
        "unit": "Registry",
        "pack": "standard",
        "rank": "officer",
        "since_on": "2024-09-01",
    },
    answers=writes_of(KeptAnswer),
)
async def register_service(door: Writes, body: ServiceOf) -> Response:
    """Also when somebody moves; unit and rank are sealed with the person's own key, and counted."""
    (await rank_check(door, body.pack))(body.rank)
    person = await body.to_write_of(door)
    command = RegisterService(person_id=person, **body.model_dump(exclude={"person", "person_id"}))
    actor, at = door.visitor.actor, door.services.clock()
    return await _recorded(door, person, command, lambda file: decide_service(file, command, actor=actor, at=at), 201)


@writes(
    router,
    "/service-endings",
    summary="Take somebody off the in-service register",
    example={"person": "staff-4711", "until_on": "2026-10-31"},
    answers=writes_of(KeptAnswer),
)
async def end_service(door: Writes, body: ServiceEndOf) -> Response:
    """On their last day; what they studied stays on file."""
    person = await body.to_write_of(door)
    command = EndService(person_id=person, until_on=body.until_on)
    actor, at = door.visitor.actor, door.services.clock()
    return await _recorded(door, person, command, lambda file: decide_end(file, command, actor=actor, at=at), 200)


async def rank_check(door: Door, pack: str) -> Callable[[str], None]:
    """A question to ask of a rank: whether the pack in force has it. It refuses with UnknownChoice."""
    reference = await door.services.packs.latest(pack, door.services.clock())
    known = [rank.id for rank in (await door.services.packs.get(reference)).ranks]

    def is_known(rank: str) -> None:
        if rank not in known:
            raise UnknownChoice(
                f"“{rank}” is no rank of {reference}; choose one of {', '.join(known)}.", field="rank", known=known
            )

    return is_known


async def _recorded(
    door: Door, person: PersonId, command: Command, decide: Callable[[TrainingFile], list[Event]], status: int
) -> Response:
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(training_file_stream(person), command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "training-files"):
        kept = await record_in_training_file(door.services.store, door.services.keys, person, wish, decide)
    return door.kept(kept, {"person_id": person}, status)
