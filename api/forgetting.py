"""Forgetting over HTTP: proposed by personnel, judged by supervision, and readable as a tombstone ever after."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.listing import LatestFirst, NextCursor, caught_up
from api.person_named import PersonNamed
from api.problem import NotFound
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.access import ForgettingRead
from domain.command import Command
from domain.event import StreamId
from domain.forgetting import (
    ApproveForgetting,
    ForgettingProposed,
    ForgettingRefused,
    ForgettingState,
    Ground,
    ProposeForgetting,
    RefuseForgetting,
    WithdrawForgetting,
    forgetting_stream,
)
from domain.identity import PersonId, Role
from domain.kept_person import nothing_keeps
from domain.refusal import Refusal
from eventstore.forgetting import read_forgetting as forgetting_of
from eventstore.forgetting import record_forgetting, ties_of
from eventstore.opening import opened
from eventstore.stream_recording import Wish
from projections.forgetting import forgettings_page

router = APIRouter(prefix=API, tags=["forgetting"])
REASON = Field(min_length=10, max_length=4000, description="sealed with the person's own key, and destroyed with it")
RESOURCE = "forgettings"


class ForgettingOf(PersonNamed):
    """Whom to forget, and why."""

    ground: Ground = Field(description="public: their own request, an order of a court or authority, or retention")
    reason: str = REASON


class ForgettingRefusalOf(PersonNamed):
    """Whom not to forget, and why not."""

    reason: str = REASON


class ForgettingShown(BaseModel):
    """A wish that somebody be forgotten, and what became of it."""

    person_id: str = Field(description="pseudonym")
    state: str = Field(description="proposed, approved, refused, withdrawn or forgotten")
    ground: str = Field(description="request, order or retention")
    proposed_on: date
    proposed_by: list[str] = Field(description="pseudonyms")
    since_on: date = Field(description="the day on which it came into this state")
    approved_by: list[str] = Field(description="pseudonyms")
    sealed_parts: int | None = Field(description="how many sealed parts were destroyed, once it was done")
    proposed_position: int


class Forgettings(BaseModel):
    """Wishes that somebody be forgotten, the most recently proposed first."""

    forgettings: list[ForgettingShown]
    next_cursor: NextCursor


class ForgettingAnswer(BaseModel):
    """How it stands with forgetting somebody, read from the log itself."""

    person_id: str
    state: str
    ground: str
    since_on: date
    proposed_by: list[str]
    approved_by: list[str]
    sealed_parts: int | None
    reason: str | None = Field(description="why it was proposed; null once the person was forgotten")
    reason_against: str | None = Field(description="why it was refused, if it was; null once the person was forgotten")
    kept_by: str | None = Field(description="what keeps the person on record today; null when nothing does")


@writes(
    router,
    "/forgettings",
    status_code=201,
    summary="Propose to forget somebody",
    example={"person": "staff-4711", "ground": "request", "reason": "They asked for it in writing on 3 March 2026."},
    answers=writes_of(KeptAnswer),
)
async def propose_forgetting(door: Writes, body: ForgettingOf) -> Response:
    """By personnel, of somebody whom no open case, inquiry, service or retention floor keeps on record."""
    person = await body.to_read_of(door.visitor)
    return await _record(door, ProposeForgetting(person_id=person, ground=body.ground, reason=body.reason), person, 201)


@writes(
    router,
    "/forgetting-approvals",
    summary="Approve that somebody be forgotten",
    example={"person": "staff-4711"},
    answers=writes_of(KeptAnswer),
)
async def approve_forgetting(door: Writes, body: PersonNamed) -> Response:
    """By another officer, of supervision. Their key is destroyed soon after, which nobody can take back."""
    person = await body.to_read_of(door.visitor)
    return await _record(door, ApproveForgetting(person_id=person), person, 200)


@writes(
    router,
    "/forgetting-refusals",
    summary="Refuse to forget somebody",
    example={"person": "staff-4711", "reason": "The complaint of May is not settled."},
    answers=writes_of(KeptAnswer),
)
async def refuse_forgetting(door: Writes, body: ForgettingRefusalOf) -> Response:
    """By another officer, of supervision, who says why; it may be proposed again."""
    person = await body.to_read_of(door.visitor)
    return await _record(door, RefuseForgetting(person_id=person, reason=body.reason), person, 200)


@writes(
    router,
    "/forgetting-withdrawals",
    summary="Take back a proposal to forget somebody",
    example={"person": "staff-4711"},
    answers=writes_of(KeptAnswer),
)
async def withdraw_forgetting(door: Writes, body: PersonNamed) -> Response:
    """By personnel, as long as supervision has not judged it."""
    person = await body.to_read_of(door.visitor)
    return await _record(door, WithdrawForgetting(person_id=person), person, 200)


async def _record(door: Door, command: Command, person: PersonId, status: int) -> Response:
    actor, at = door.visitor.actor, door.services.clock()

    def wish(stream: StreamId, command: Command) -> Wish:
        return Wish(stream, command, actor, door.command_id, at, None, door.if_version, door.dry_run)

    async with door.deciding(command.name(), RESOURCE):
        kept = await record_forgetting(door.services.recorder, person, command, actor=actor, wish=wish)
    return door.kept(kept, {"person_id": person}, status)


@router.get(
    "/forgettings",
    operation_id="read_forgettings",
    summary="Who was forgotten, or is to be",
    responses=reads(Forgettings, "A page of them"),
)
async def read_forgettings(
    visitor: Reads,
    page: Annotated[LatestFirst, Depends()],
    state: Annotated[ForgettingState | None, Query(description="only those in this state")] = None,
) -> Response:
    """By pseudonym, the most recently proposed first, with the ground, the two departments' officers and the days."""
    await visitor.may("read_forgettings", RESOURCE)
    await caught_up(visitor, ("forgetting",), page.after_position)
    rows = await forgettings_page(visitor.services.pool, state, page.before, page.limit)
    return page.answer("forgettings", rows, [row.proposed_position for row in rows])


@router.post(
    "/forgetting-readings",
    operation_id="read_forgetting",
    summary="How it stands with forgetting somebody",
    responses=reads(ForgettingAnswer, "How it stands, with the reasons as long as they can be opened"),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"person": "staff-4711"}}}}},
)
async def read_forgetting(visitor: Reads, body: PersonNamed) -> Response:
    """Read from the log itself; the reading is logged first. Of the forgotten, the tombstone is left."""
    await visitor.may("read_forgetting", RESOURCE)
    person = await body.to_read_of(visitor)
    found = await forgetting_of(visitor.services.recorder, person)
    if found is None:
        raise NotFound(f"Nobody has proposed to forget {person}. Those of whom it was stand at {API}/forgettings.")
    await visitor.note_access(ForgettingRead(officer=visitor.actor.officer, person_id=person), person)
    said = asdict(found) | await _reasons(visitor, person)
    said["person_id"] = said.pop("person")
    return Response(orjson.dumps(said | {"kept_by": await _kept_by(visitor, person)}), media_type=JSON)


async def _reasons(visitor: Visitor, person: PersonId) -> dict[str, Any]:
    services = visitor.services
    reasons: dict[str, Any] = {"reason": None, "reason_against": None}
    stored = await services.store.read_stream(forgetting_stream(person))
    for row in await opened(services.store, services.keys, stored):
        if isinstance(row.event, ForgettingProposed):
            reasons = {"reason": row.event.reason, "reason_against": None}
        elif isinstance(row.event, ForgettingRefused):
            reasons["reason_against"] = row.event.reason
    return reasons


async def _kept_by(visitor: Visitor, person: PersonId) -> str | None:
    services, supervising = visitor.services, Role.SUPERVISION in visitor.claims.roles
    try:
        nothing_keeps(person, await ties_of(services.recorder, person, services.clock(), supervising=supervising))
    except Refusal as refusal:
        return refusal.sentence
    return None
