"""The audit trail of the whole log over HTTP: a page by a filter, and one event with what it changed."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, RuleShown, reads
from api.audit_reading import Noted
from api.authorisation import authorise
from api.listing import AN_ID, LARGEST_POSITION, PREVIOUS, NextCursor, caught_up
from api.problem import NotFound, citation
from api.visitor import Reads, Visitor
from api.writing import API
from domain.audit_change import Change, changes_by, has_state
from domain.audit_trail import TrailFilter
from domain.event import PackReference, StreamId
from domain.identity import Role
from domain.refusal import UnknownChoice
from eventstore.codec import decode
from projections.audit_trail import Asked, TrailRow, trail_page

router = APIRouter(prefix=API, tags=["audit trail"])
BEHIND = ("audit_trail", "officer")
CLOSED = ("inquiry", "sanction", "access", "audit_search", "supervision_input", "supervision_watch")
"""Streams that are about those who run cases: they read these as little as they read inquiries."""

SPACES = ("private_note",)
"""What a department keeps for itself. Even how many there are is left out; an auditor sees that entries are there."""

EARLIEST, LATEST = date(1000, 1, 1), date(9998, 12, 31)
Named = Annotated[str | None, Field(pattern=AN_ID)]
Day = Annotated[date | None, Field(ge=EARLIEST, le=LATEST)]
Place = Annotated[int | None, Field(ge=0, le=LARGEST_POSITION)]


class Searched(TrailFilter):
    """The filter as it comes from outside."""

    case: Annotated[str | None, Field(pattern="^[0-9a-z]{12}$", description="id of a case")] = None
    kind: Named = None
    organ: Named = None
    officer: Named = None
    type: Named = None
    stage: Named = None
    rule: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._/:-]{1,120}$", description="path of a rule")] = None
    pack: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._-]{1,60}(@\d{1,6})?$")] = None
    since: Day = None
    until: Day = None
    command: Annotated[str | None, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")] = None
    from_position: Place = None
    to_position: Place = None

    def asked(self) -> TrailFilter:
        """The filter itself, without what belongs to one page of it."""
        return TrailFilter.model_validate(self.model_dump(include=set(TrailFilter.model_fields)))


class TrailAsked(Searched):
    """A page of the trail by a filter, the latest first."""

    cursor: Annotated[int | None, Field(ge=0, le=LARGEST_POSITION, description=PREVIOUS)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after_position: Annotated[
        int | None,
        Field(ge=0, le=LARGEST_POSITION, description="wait, a few seconds at most, until it can be read here"),
    ] = None


class Person(BaseModel):
    officer: str = Field(description="pseudonym in the log")
    name: str | None = Field(description="as the officer's own token said; null once forgotten")
    organ: str
    on_behalf_of: str | None


class Step(BaseModel):
    """One event of the log."""

    position: int
    stream: str
    kind: str = Field(description="kind of stream")
    case_id: str | None = Field(description="the case that it is of, or names")
    version: int = Field(description="its place in its stream")
    stage: str | None = Field(description="stage at which the case stood")
    type: str
    recorded_at: datetime
    who: Person
    what: dict[str, Any] = Field(description="what the event says, without what is sealed")
    sealed: list[str] = Field(description="owners of the sealed parts; what they say is not shown here")
    pack: str | None
    rules: list[RuleShown]
    command_id: str
    cause: str | None = Field(description="the batch that the step came in, such as `batch/0k3v0d8s1m2q`")
    technical: bool = Field(description="it only keeps the record going: who an officer is, what was read, a clock set")
    deviates: bool = Field(description="it left the rules, or was recorded under leave to")
    hash: str
    previous: str = Field(description="hash of the event before it in its stream; empty for the first")
    verify: str = Field(description="where the proof is that the published log holds it")


class TrailStep(Step):
    idle_days: int | None = Field(description="days on which nothing that matches was recorded, before this event")


class Trail(BaseModel):
    """Events of the log that match, the latest first."""

    events: list[TrailStep]
    next_cursor: NextCursor
    search: str = Field(description="the filter as an address, an export and a saved search hold it")
    closed: list[str] = Field(description="kinds of stream that your role does not read; they are left out")


class ChangeShown(BaseModel):
    field: str
    before: Any
    after: Any


class EventShown(BaseModel):
    """One event, and what it changed."""

    event: Step
    has_state: bool = Field(description="false: the events of this stream stand each by itself")
    changes: list[ChangeShown] = Field(description="fields of the folded state, by what is public of it")


@router.get(
    "/audit-events",
    operation_id="read_audit_trail",
    summary="The audit trail of the whole log",
    responses=reads(Trail, "A page of the audit trail"),
)
async def read_audit_trail(visitor: Reads, noted: Noted, page: Annotated[TrailAsked, Query()]) -> Response:
    """Who did what, for which organ, when, under which rule, with the hash; the latest first, by any filter.

    The reading itself goes on the log before the answer does; pages that follow each other are one reading.
    """
    await visitor.may("read_audit_trail", "audit-events")
    await caught_up(visitor, BEHIND, page.after_position)
    asked = Asked(page.asked(), closed_to(visitor))
    found = await trail_page(visitor.services.pool, asked, before=page.cursor, limit=page.limit + 1)
    rows = found[: page.limit]
    await noted.note(visitor, asked.search, len(rows))
    body = {
        "events": [
            await shown(visitor, row) | {"idle_days": idle} for row, idle in zip(rows, _idle(found), strict=False)
        ],
        "next_cursor": rows[-1].position if len(found) > len(rows) else None,
        "search": asked.search.in_address(),
        "closed": list(asked.closed),
    }
    return Response(orjson.dumps(body), media_type=JSON)


@router.get(
    "/audit-events/{position}",
    operation_id="read_audit_event",
    summary="One event, and what it changed",
    responses=reads(EventShown, "The event, with the fields before and after it"),
)
async def read_audit_event(
    visitor: Reads, noted: Noted, position: Annotated[int, Path(ge=0, le=LARGEST_POSITION)]
) -> Response:
    """The state of its stream is folded up to the event and with it; what differs is shown, as far as it is public."""
    await visitor.may("read_audit_trail", "audit-events")
    here = Asked(TrailFilter(from_position=position, to_position=position), closed_to(visitor))
    rows = await trail_page(visitor.services.pool, here, limit=1)
    if not rows:
        raise NotFound(f"Position {position} holds no event that you may read, or it is not visible yet.")
    (row,) = rows
    await noted.note_event(visitor, position)
    changes = await _changes(visitor, row) if has_state(row.stream) else []
    shown_changes = [{"field": it.field, "before": it.before, "after": it.after} for it in changes]
    body = {"event": await shown(visitor, row), "has_state": has_state(row.stream), "changes": shown_changes}
    return Response(orjson.dumps(body), media_type=JSON)


async def _changes(visitor: Visitor, row: TrailRow) -> list[Change]:
    stored = await visitor.services.store.read_stream(StreamId(row.stream))

    def folded() -> list[Change]:
        events = (decode(found).event for found in stored[: row.version - 1])
        return changes_by(row.stream, events, decode(stored[row.version - 1]).event)

    return await asyncio.to_thread(folded)  # twenty thousand events take most of a second, and others are waiting


def closed_to(visitor: Visitor) -> tuple[str, ...]:
    """The kinds of stream that are left out of a reader's trail."""
    judging = () if authorise(visitor.claims.roles, "read_inquiries").allowed else CLOSED
    return judging if visitor.claims.roles == {Role.AUDITOR} else (*judging, *SPACES)


def _idle(rows: Sequence[TrailRow]) -> list[int | None]:
    """The whole days between each row and the one before it in time; nothing for the last, whose earlier one is not
    known here."""
    days = [(later.recorded_at.date() - earlier.recorded_at.date()).days - 1 for later, earlier in pairwise(rows)]
    return [*(max(0, found) for found in days), None]


async def shown(visitor: Visitor, row: TrailRow) -> dict[str, Any]:
    """A row as its readers are shown it."""
    return {
        "position": row.position,
        "stream": row.stream,
        "kind": row.kind,
        "case_id": row.case_id,
        "version": row.version,
        "stage": row.stage,
        "type": row.type,
        "recorded_at": row.recorded_at,
        "who": {
            "officer": row.officer,
            "name": row.officer_name,
            "organ": row.organ,
            "on_behalf_of": row.on_behalf_of,
        },
        "what": row.said,
        "sealed": list(row.sealed),
        "pack": str(row.pack) if row.pack else None,
        "rules": await cited(visitor, row.pack, row.rules),
        "command_id": row.command_id,
        "cause": row.cause,
        "technical": row.technical,
        "deviates": row.deviates,
        "hash": row.hash,
        "previous": row.previous,
        "verify": f"/log/proof/{row.position}",
    }


async def cited(visitor: Visitor, reference: PackReference | None, rules: Iterable[str]) -> list[dict[str, Any]]:
    """Rules of a pack as a reader is shown them; by their paths alone where the pack cannot be read."""
    if reference is None:
        return []
    try:
        pack = await visitor.services.packs.get(reference)
        return [citation(pack.cite(rule)) for rule in rules]
    except (UnknownChoice, KeyError):
        return [{"path": rule, "pack": str(reference)} for rule in rules]
