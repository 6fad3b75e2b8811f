"""Facilities over HTTP: putting one on the register, changing it, and reading what there is and what is missing."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.listing import AfterPosition, caught_up
from api.visitor import Reads
from api.writing import API, writes
from domain.command import Command
from domain.event import Event
from domain.facility import (
    ChangeFacility,
    Facility,
    RegisterFacility,
    facility_stream,
    fold_facility,
)
from domain.facility import change_facility as decide_change
from domain.facility import register_facility as decide_registration
from domain.identity import FacilityId, short_id
from eventstore.stream_recording import Wish, record_in_stream
from projections.course import facilities, shortfalls

router = APIRouter(prefix=API, tags=["courses"])
FacilityIdInPath = Annotated[FacilityId, Path(pattern="^[0-9a-z]{12}$", description="facility id")]
HALL = {
    "title": "Lecture hall 2",
    "places": 60,
    "equipment": {"projector": 60, "computer": 24},
    "available_from_on": "2026-01-01",
}


class FacilityShown(BaseModel):
    """A facility of a school."""

    facility_id: str
    school: str
    title: str
    places: int
    equipment: dict[str, int] = Field(description="places that have it, by its name")
    available_from_on: date
    available_until_on: date | None
    booked_on: list[date] = Field(description="days to come on which a course has it")


class ShortfallShown(BaseModel):
    """A need of courses that have no facility yet."""

    need: str = Field(description="an equipment, or `places` for seats")
    courses: int = Field(description="courses to come that state needs, have no facility, and need it")
    needed: int = Field(description="places that the largest of them needs")
    available: int = Field(description="places that the best facility has")
    short: int = Field(description="what is missing there; 0 when some facility would do")


class FacilitiesShown(BaseModel):
    """The facilities, and what they lack."""

    facilities: list[FacilityShown]
    shortfalls: list[ShortfallShown]


@writes(
    router,
    "/facilities",
    status_code=201,
    summary="Register a facility",
    example=HALL,
    answers=writes_of(KeptAnswer),
)
async def register_facility(door: Writes, body: RegisterFacility) -> Response:
    """A room, a hall or a training base: how many it seats, and for how many places it has what."""
    facility_id = FacilityId(short_id("facility", str(door.command_id)))
    actor = door.visitor.actor

    def decided(facility: Facility | None) -> list[Event]:
        return decide_registration(facility, facility_id, body, actor=actor)

    return await _recorded(door, facility_id, body, decided, 201)


@writes(
    router,
    "/facilities/{facility_id}/changes",
    summary="Change a facility",
    example={**HALL, "places": 48, "reason": "The back rows were taken out for a second screen."},
    answers=writes_of(KeptAnswer),
)
async def change_facility(door: Writes, facility_id: FacilityIdInPath, body: ChangeFacility) -> Response:
    """How it is from now on; never under what a course to come needs of it."""
    decided = partial(decide_change, command=body, actor=door.visitor.actor, at=door.services.clock())
    return await _recorded(door, facility_id, body, decided, 200)


async def _recorded(
    door: Door,
    facility_id: FacilityId,
    command: Command,
    decide: Callable[[Facility | None], list[Event]],
    status: int,
) -> Response:
    stream = facility_stream(facility_id)
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(stream, command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "courses"):
        kept = await record_in_stream(
            door.services.store, door.services.keys, wish, lambda events: decide(fold_facility(events))
        )
    return door.kept(kept, {"facility_id": facility_id}, status)


@router.get(
    "/facilities",
    operation_id="read_facilities",
    summary="The facilities, and what they lack",
    responses=reads(FacilitiesShown, "Every facility, by its name"),
)
async def read_facilities(visitor: Reads, after_position: AfterPosition = None) -> Response:
    """What there is, on which days to come it is taken, and by need what is missing for courses without a facility."""
    await visitor.may("read_facilities", "courses")
    await caught_up(visitor, ("course",), after_position)
    pool, today = visitor.services.pool, visitor.services.clock().date()
    body = {"facilities": await facilities(pool, today), "shortfalls": await shortfalls(pool, today)}
    return Response(orjson.dumps(body), media_type=JSON)
