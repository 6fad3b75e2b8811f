"""What waits: for whoever answers, for whoever looks first; and the reasons for which something is turned away."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.answers import JSON, open_reads, reads
from api.listing import FromTheFirst, NextCursor, caught_up
from api.visitor import Reads
from api.writing import API
from domain.identity import Role
from domain.moderation_reasons import MODERATION_REASONS, PRESENT
from domain.taking_part_rule import EntryKind
from projections.taking_part import OF_A_DESK, EntryRow, inbox, moderation_queue

router = APIRouter(prefix=API, tags=["taking part"])
BEHIND = ("taking_part",)


class EntryShown(BaseModel):
    """An entry, without what is sealed."""

    entry_id: str
    kind: str = Field(description="objection, comment, recommendation or error_report")
    case_id: str
    notice_id: str | None
    status: str = Field(description="in the fixed words that whoever sent it in reads as well")
    received_on: date
    due_on: date | None = Field(description="the day by which the office must do what comes next")
    answer_by: date
    attachments: int
    messages: int
    question_waits: bool = Field(description="they were asked something and have not answered")


class Entries(BaseModel):
    """Entries that wait, the oldest due date first."""

    entries: list[EntryShown]
    next_cursor: NextCursor


class ReasonShown(BaseModel):
    reason: str
    says: dict[str, str]
    for_objections: bool = Field(description="whether it also turns an objection away")


class Reasons(BaseModel):
    """A list of reasons; it never changes under its number."""

    reasons_version: int
    reasons: list[ReasonShown]


@router.get(
    "/entries",
    operation_id="read_entries",
    summary="What waits for an answer",
    responses=reads(Entries, "A page of what waits"),
)
async def read_entries(visitor: Reads, page: Annotated[FromTheFirst, Depends()]) -> Response:
    """Supervision reads the open objections, personnel what else was sent in, whoever audits both.

    An objection stands here also while a moderator has still to look at it: it holds its case.
    """
    await visitor.may("read_entries", "entries")
    await caught_up(visitor, BEHIND, page.after_position)
    kinds = _kinds_for(visitor.actor.roles)
    rows = await inbox(visitor.services.pool, kinds, after=page.after, limit=page.limit)
    return _listed(rows, page)


@router.get(
    "/unmoderated-entries",
    operation_id="read_moderation_queue",
    summary="What waits for a moderator",
    responses=reads(Entries, "A page of the queue"),
)
async def read_moderation_queue(visitor: Reads, page: Annotated[FromTheFirst, Depends()]) -> Response:
    """What came without proof of work, or is to be shown to everybody: to be looked at within the pack's days."""
    await visitor.may("read_moderation_queue", "unmoderated-entries")
    await caught_up(visitor, BEHIND, page.after_position)
    rows = await moderation_queue(visitor.services.pool, after=page.after, limit=page.limit)
    return _listed(rows, page)


@router.get(
    "/moderation-reasons",
    operation_id="read_moderation_reasons",
    summary="For which reasons something is turned away",
    responses=open_reads(Reasons, "The list in force"),
)
async def read_moderation_reasons() -> Response:
    """The list in force. A rejection names the number of the list that it was made under."""
    reasons = [
        {"reason": found.code, "says": found.says.model_dump(), "for_objections": found.no_objection}
        for found in MODERATION_REASONS[PRESENT]
    ]
    return Response(orjson.dumps({"reasons_version": PRESENT, "reasons": reasons}), media_type=JSON)


def _kinds_for(roles: tuple[Role, ...]) -> tuple[EntryKind, ...]:
    if Role.AUDITOR in roles and Role.PERSONNEL not in roles:
        return tuple(EntryKind)
    return tuple(kind for role, kinds in OF_A_DESK.items() if role in roles for kind in kinds)


def _listed(rows: list[EntryRow], page: FromTheFirst) -> Response:
    body = {"entries": [shown(row) for row in rows], "next_cursor": page.next_cursor(len(rows))}
    return Response(orjson.dumps(body), media_type=JSON)


def shown(row: EntryRow) -> dict[str, Any]:
    """An entry as it is listed."""
    said = {name: getattr(row, name) for name in EntryShown.model_fields if name not in ("attachments", "status")}
    return said | {"attachments": row.files, "status": row.status}
