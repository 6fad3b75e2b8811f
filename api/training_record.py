"""Training records over HTTP: putting one on record and correcting it. The school's alone."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from api.answers import writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.person_named import PersonNamed
from api.writing import API, writes
from domain.command import Command
from domain.event import Event, PackReference
from domain.identity import PersonId
from domain.training_file import TrainingFile, TrainingRecord, training_file_stream
from domain.training_record import CorrectTrainingRecord, RecordTraining
from domain.training_record import correct_training_record as decide_correction
from domain.training_record import record_training as decide_record
from domain.training_rules import TrainingTerms
from eventstore.stream_recording import Wish
from eventstore.training_recording import record_in_training_file

router = APIRouter(prefix=API, tags=["training"])
PACK = Field("standard", max_length=80, description="the pack whose kinds and methods of training are meant")
RECORD: dict[str, Any] = {
    "number": "2026/112",
    "title": "Administrative law for registrars",
    "kind": "in_service",
    "method": "off_job",
    "began_on": "2026-01-12",
    "ended_on": "2026-01-23",
    "hours": 70,
    "attended_hours": 64,
    "leave_hours": 6,
    "days": 10,
    "score": 84,
    "passed": True,
    "assessment": "Settled every exercise case; asks good questions.",
}


class RecordedTraining(PersonNamed):
    """A training of somebody that is over."""

    pack: str = PACK
    record: TrainingRecord


class CorrectedTraining(PersonNamed):
    """What an entry of somebody's training file should say, and why."""

    pack: str = PACK
    entry: int = Field(ge=1, description="the place of the record in the person's file")
    record: TrainingRecord
    reason: str = Field(min_length=5, max_length=1000, description="sealed with the person's own key")


@writes(
    router,
    "/training-records",
    status_code=201,
    summary="Put a training on record",
    example={"person": "staff-4711", "pack": "standard", "record": RECORD},
    answers=writes_of(KeptAnswer),
)
async def record_training(door: Writes, body: RecordedTraining) -> Response:
    """Study, attendance, examination and assessment of one person in one course; sealed with the person's own key.

    The school's own number makes it one record: the same number with the same words again records nothing.
    """
    person = await body.to_write_of(door)
    command = RecordTraining(person_id=person, record=body.record)
    return await _recorded(door, person, command, body.pack, partial(decide_record, command=command), 201)


@writes(
    router,
    "/training-record-corrections",
    summary="Correct a training record",
    example={"person": "staff-4711", "entry": 1, "record": RECORD, "reason": "The score was read from the wrong line."},
    answers=writes_of(KeptAnswer),
)
async def correct_training_record(door: Writes, body: CorrectedTraining) -> Response:
    """By the school that put it there, with a reason; what stood there before stays readable beside it."""
    person = await body.to_write_of(door)
    command = CorrectTrainingRecord(person_id=person, entry=body.entry, record=body.record, reason=body.reason)
    return await _recorded(door, person, command, body.pack, partial(decide_correction, command=command), 200)


async def terms_of(door: Door, pack: str) -> tuple[PackReference, TrainingTerms]:
    """The version of a pack that is in force now, and the kinds and methods of training that it knows."""
    reference = await door.services.packs.latest(pack, door.services.clock())
    return reference, TrainingTerms.of([(await door.services.packs.get(reference)).training_rules])


async def _recorded(
    door: Door, person: PersonId, command: Command, pack: str, decide: Callable[..., list[Event]], status: int
) -> Response:
    reference, terms = await terms_of(door, pack)
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(
        training_file_stream(person), command, actor, door.command_id, at, reference, door.if_version, door.dry_run
    )

    def decided(file: TrainingFile) -> list[Event]:
        return decide(file, actor=actor, at=at, terms=terms)

    async with door.deciding(command.name(), "training-files"):
        kept = await record_in_training_file(door.services.store, door.services.keys, person, wish, decided)
    said: dict[str, Any] = {"person_id": person}
    return door.kept(kept, said, status)
