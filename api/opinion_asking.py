"""Opinions of superiors, peers and subordinates over HTTP: asked, counted, and shown each for itself."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.listing import LatestFirst, NextCursor, caught_up
from api.problem import NotFound
from api.training_act import record_act
from api.visitor import Reads
from api.writing import API, writes
from domain.command import Command
from domain.event import Event
from domain.identity import short_id
from domain.opinion_asking import (
    ASKING,
    AskOpinions,
    RecordOpinionCount,
    fold_asking,
    opinion_asking_stream,
    shown_counts,
)
from domain.small_group import SMALLEST_CELL
from eventstore.opening import opened
from projections.supervision_channel import askings_page

router = APIRouter(prefix=API, tags=["supervising together"])
AskingIdInPath = Annotated[str, Path(pattern=f"^{CASE_ID}$", description="asking id")]


class AskingShown(BaseModel):
    asking_id: str
    subject_kind: str
    subject_id: str
    organ: str
    asked: dict[str, int] = Field(description="how many, by direction")
    counted: list[str] = Field(description="directions whose answers are on record")
    position: int


class Askings(BaseModel):
    """Askings, the latest first."""

    askings: list[AskingShown]
    next_cursor: NextCursor


class DirectionShown(BaseModel):
    direction: str
    asked: int
    counted: bool
    destroyed: bool = Field(description="its counts went with the last candidate of the case that was forgotten")
    answers: dict[str, int | None] = Field(description="how many, by answer; null where it would tell of somebody")


class AskingRead(BaseModel):
    """One asking: each direction for itself, and never one sum of them."""

    asking_id: str
    subject_kind: str
    subject_id: str
    organ: str
    smallest_cell: int
    directions: list[DirectionShown]


@writes(
    router,
    "/opinion-askings",
    status_code=201,
    summary="Ask superiors, peers and subordinates",
    example={
        "subject": {"kind": "case", "id": "0k3v0d8s1m2q"},
        "asked": [{"direction": "superior", "number": 8}, {"direction": "peer", "number": 20}],
    },
    answers=writes_of(KeptAnswer),
)
async def ask_opinions(door: Writes, body: AskOpinions) -> Response:
    """About a case or a unit, each direction for itself."""
    return await _record(door, short_id("opinion_asking", str(door.command_id)), body, 201)


@writes(
    router,
    "/opinion-askings/{asking_id}/counts",
    summary="Put on record what one direction answered",
    example={
        "direction": "peer",
        "counts": [{"opinion": "supports", "number": 12}, {"opinion": "has_reservations", "number": 6}],
    },
    answers=writes_of(KeptAnswer),
)
async def record_opinion_count(door: Writes, asking_id: AskingIdInPath, body: RecordOpinionCount) -> Response:
    """Once a direction, by the organ that asked. The counts are sealed, and shown without small cells."""
    return await _record(door, asking_id, body)


async def _record(door: Door, asking_id: str, command: Command, status: int = 200) -> Response:
    actor = door.visitor.actor

    def decided(events: Any) -> list[Event]:
        return ASKING[type(command)](fold_asking(events), command, actor, asking_id)

    stream = opinion_asking_stream(asking_id)
    return await record_act(door, stream, command, decided, {"asking_id": asking_id}, status=status)


@router.get(
    "/opinion-askings",
    operation_id="read_opinion_askings",
    summary="About what opinions were asked",
    responses=reads(Askings, "A page of askings"),
)
async def read_opinion_askings(visitor: Reads, page: Annotated[LatestFirst, Depends()]) -> Response:
    """The latest first."""
    await visitor.may("read_opinion_askings", "opinion-askings")
    await caught_up(visitor, ("supervision_channel",), page.after_position)
    rows = await askings_page(visitor.services.pool, before=page.before, limit=page.limit)
    return page.answer("askings", rows, [row.position for row in rows])


@router.get(
    "/opinion-askings/{asking_id}",
    operation_id="read_opinion_asking",
    summary="What superiors, peers and subordinates answered",
    responses=reads(AskingRead, "Each direction for itself"),
)
async def read_opinion_asking(visitor: Reads, asking_id: AskingIdInPath) -> Response:
    """Read from the log itself. What would tell of somebody is null, for every reader."""
    await visitor.may("read_opinion_askings", "opinion-askings")
    services = visitor.services
    stored = await services.store.read_stream(opinion_asking_stream(asking_id))
    found = fold_asking(row.event for row in await opened(services.store, services.keys, stored))
    if found is None:
        raise NotFound(f"There is no asking “{asking_id}”. Those that there are stand at /api/v1/opinion-askings.")
    directions = [
        {
            "direction": direction,
            "asked": asked,
            "counted": direction in found.counted,
            "destroyed": direction in found.counted and direction not in found.counts,
            "answers": shown_counts(found, direction) if direction in found.counts else {},
        }
        for direction, asked in found.asked.items()
    ]
    about = {"subject_kind": found.subject.kind, "subject_id": found.subject.id, "organ": found.organ}
    body = {"asking_id": asking_id, **about, "smallest_cell": SMALLEST_CELL, "directions": directions}
    return Response(orjson.dumps(body), media_type=JSON)
