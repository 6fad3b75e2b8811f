"""How somebody stands by their training, over HTTP: read from the training file itself, line by line."""

from datetime import UTC, date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, RuleShown, reads
from api.person_named import PersonNamed
from api.problem import citation
from api.tombstone import TombstoneShown, shown_tombstones
from api.visitor import Reads, Visitor
from api.writing import API
from domain.access import TrainingFileRead
from domain.event import PackReference
from domain.identity import PersonId
from domain.pack import Pack
from domain.refusal import UnknownChoice
from domain.training_standing import StandingLine, TrainingStanding, cited, training_standing
from eventstore.training_files import read_training_file
from projections.training_standing import TrainingOwed, trainings_owed

router = APIRouter(prefix=API, tags=["training"])
ASKED = {"person": "staff-4711", "pack": "standard", "rank": "officer", "on": "2027-06-30"}


class StandingAsked(PersonNamed):
    """Whose standing is asked, against which rank, and on which day."""

    pack: str = Field("standard", max_length=80)
    rank: str | None = Field(None, max_length=80, description="the rank that they serve at, when left out")
    on: date | None = Field(None, description="today, when left out; a later day foretells")


class LineShown(BaseModel):
    """One record of the file, and what it gives."""

    entry: int
    school: str
    corrections: int
    counts: str = Field(description="yes, or why not")
    hours: int
    days: int
    rule: str | None = Field(description="path of the rule that keeps it from counting")
    record: dict[str, Any] | None = Field(description="as the school wrote it; null once the person was forgotten")


class PartShown(BaseModel):
    """A part of the requirement."""

    part: str
    hours: int
    at_least: int | None
    at_most: int | None


class OwedShown(BaseModel):
    """Training to be made up under a conditional pass."""

    case_id: str
    hours_owed: int
    due_on: date


class StandingShown(BaseModel):
    """How a training file stands against the requirement of a rank on a day."""

    person_id: str
    unit: str | None
    pack: str
    rank: str
    on: date
    in_order: bool
    in_order_until: date | None = Field(description="the last day on which what is on file suffices")
    window_from_on: date
    hours: int
    required_hours: int
    missing_hours: int
    days: int
    required_days: int | None = Field(description="days that may stand in place of the hours")
    parts: list[PartShown]
    lines: list[LineShown]
    rules: dict[str, RuleShown]
    file_version: int
    forgotten: TombstoneShown | None = Field(None, description="when and why they were forgotten: then no line is left")


class OwnStandingShown(StandingShown):
    """How the reader's own training file stands, and what they owe."""

    owed: OwedShown | None = Field(description="of several the one that is due first")


@router.post(
    "/training-standings",
    operation_id="read_training_standing",
    summary="How somebody stands by their training",
    responses=reads(StandingShown, "The standing, line by line"),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": ASKED}}}},
)
async def read_training_standing(visitor: Reads, body: StandingAsked) -> Response:
    """Against any rank and on any day, also one to come. It is a question: asked by POST, since a name is in it.

    The reading is itself recorded.
    """
    await visitor.may("read_training_standing", "training-files")
    person = await body.to_read_of(visitor)
    answer = await _standing(visitor, person, body.pack, body.rank, body.on)
    await visitor.note_access(TrainingFileRead(officer=visitor.actor.officer, person_id=person), person)
    return Response(orjson.dumps(answer), media_type=JSON)


@router.get(
    "/training-standings/mine",
    operation_id="read_own_training_standing",
    summary="How you stand by your training",
    responses=reads(OwnStandingShown, "Your standing, line by line"),
)
async def read_own_training_standing(
    visitor: Reads,
    pack: Annotated[str, Query(max_length=80)] = "standard",
    rank: Annotated[str | None, Query(max_length=80, description="also a rank that you would like to reach")] = None,
    on: Annotated[date | None, Query(description="today, when left out; a later day foretells")] = None,
) -> Response:
    """What is on your file, what of it counts, what you lack for a rank, and until when you are in order."""
    await visitor.may("read_own_training_standing", "training-files")
    mine = visitor.actor.officer
    answer = await _standing(visitor, mine, pack, rank, on)
    owed = await trainings_owed(visitor.services.pool, [mine])
    return Response(orjson.dumps(answer | {"owed": owed_shown(owed.get(mine))}), media_type=JSON)


async def _standing(
    visitor: Visitor, person: PersonId, pack_id: str, rank: str | None, on: date | None
) -> dict[str, Any]:
    services = visitor.services
    reference, pack = await pack_and_rank(visitor, pack_id, rank)
    kept = await read_training_file(services.store, services.keys, person)
    service = kept.file.service
    known = [found.id for found in pack.ranks]
    forgotten = (await shown_tombstones(services, [person])).get(person)
    wanted = rank or (service.rank if service and service.pack == pack_id else None)
    if forgotten is not None:
        wanted = wanted or known[0]  # of the forgotten no rank is known, and the tombstone is the answer
    if wanted not in known:  # a version of the pack may have dropped the rank that the register has
        raise UnknownChoice(
            f"The register does not say at which rank of {reference} they serve; name one of {', '.join(known)}.",
            field="rank",
            known=known,
        )
    found = training_standing(kept.file, pack, wanted, on or services.clock().astimezone(UTC).date())
    return summary(found) | {
        "person_id": person,
        "unit": service.unit if service else None,
        "pack": found.pack,
        "rank": found.rank,
        "on": found.on,
        "window_from_on": found.window_from_on,
        "lines": [_line(line) for line in found.lines],
        "rules": {path: citation(rule) | {"path": path} for path, rule in cited(found, pack).items()},
        "file_version": kept.version,
        "forgotten": forgotten,
    }


async def pack_and_rank(visitor: Visitor, pack_id: str, rank: str | None) -> tuple[PackReference, Pack]:
    """The version of a pack that is in force now, which must ask for training, of the rank too if one is named.

    Refuses: UnknownChoice.
    """
    reference = await visitor.services.packs.latest(pack_id, visitor.services.clock())
    pack = await visitor.services.packs.get(reference)
    known = [found.id for found in pack.ranks] if pack.training_rules else []
    if not known:
        raise UnknownChoice(f"{reference} has no rules of training. Name another pack.", field="pack")
    if rank is not None and rank not in known:
        raise UnknownChoice(
            f"“{rank}” is no rank of {reference}; name one of {', '.join(known)}.", field="rank", known=known
        )
    return reference, pack


def summary(found: TrainingStanding) -> dict[str, Any]:
    """A standing without its lines."""
    return {
        "in_order": found.in_order,
        "in_order_until": found.in_order_until,
        "hours": found.hours,
        "required_hours": found.required_hours,
        "missing_hours": found.missing_hours,
        "days": found.days,
        "required_days": found.required_days,
        "parts": [
            {"part": each.part.id, "hours": each.hours, "at_least": each.at_least, "at_most": each.at_most}
            for each in found.parts
        ],
    }


def owed_shown(owed: TrainingOwed | None) -> dict[str, Any] | None:
    """What somebody owes under a conditional pass, and by when."""
    return {"case_id": owed.case_id, "hours_owed": owed.hours_owed, "due_on": owed.due_on} if owed else None


def _line(line: StandingLine) -> dict[str, Any]:
    return {
        "entry": line.filed.entry,
        "school": line.filed.school,
        "corrections": line.filed.corrections,
        "counts": line.counts,
        "hours": line.hours,
        "days": line.days,
        "rule": line.rule,
        "record": line.filed.record.model_dump(mode="json") if line.filed.record else None,
    }
