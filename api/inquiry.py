"""Inquiries over HTTP: opening one into any case, putting findings on record, concluding, and reading them."""

from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.case_opening import CaseIdInPath
from api.command_answer import KeptAnswer
from api.confidential import AUDIENCES
from api.door import CASE_ID, Door, Writes
from api.listing import LatestFirst, NextCursor, caught_up
from api.problem import NotFound
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.access import SealedPartsRead
from domain.command import Command
from domain.event import Event, Recorded
from domain.identity import CaseId
from domain.inquiry import (
    ConcludeInquiry,
    InquiryNotFound,
    InquiryOpened,
    OpenInquiry,
    RecordFinding,
    inquiry_id_of,
    inquiry_stream,
)
from domain.refusal import ReviewsOwnWork
from eventstore.inquiry_recording import hides_from, opening_of, record_inquiry
from eventstore.opening import opened
from projections.inquiry import inquiries_page

router = APIRouter(prefix=API, tags=["inquiries"])
InquiryIdInPath = Annotated[str, Path(pattern=f"^{CASE_ID}$", description="inquiry id")]


class TookPartShown(BaseModel):
    officer: str = Field(description="pseudonym")
    organ: str
    acts: list[str] = Field(description="types of the events that they recorded in the case")


class InquiryShown(BaseModel):
    """An inquiry, without what is sealed."""

    inquiry_id: str
    case_id: str
    cause: str = Field(
        description="own_initiative or complaint; or what brought the case back by itself: sanction, training_lapsed, "
        "training_corrected or failed_probation"
    )
    because_of: str | None = Field(description="the sanction, training or probation that opened it by itself")
    opened_on: date
    opened_by: str
    took_part: list[TookPartShown]
    findings: int
    outcome: str | None
    concluded_on: date | None
    opened_position: int


class Inquiries(BaseModel):
    """Inquiries, the most recently opened first."""

    inquiries: list[InquiryShown]
    next_cursor: NextCursor


class InquiryStep(BaseModel):
    version: int
    type: str
    recorded_at: datetime
    officer: str
    organ: str
    what: dict[str, Any]
    hash: str


class InquiryRead(BaseModel):
    """The steps of an inquiry, opened as far as the reader's role opens them."""

    inquiry_id: str
    case_id: str
    steps: list[InquiryStep]


@writes(
    router,
    "/cases/{case_id}/inquiries",
    status_code=201,
    summary="Open an inquiry into a case",
    example={
        "cause": "own_initiative",
        "grounds": "Three letters of this year were issued on the day of the decision.",
    },
    answers=writes_of(KeptAnswer),
)
async def open_inquiry(door: Writes, case_id: CaseIdInPath, body: OpenInquiry) -> Response:
    """Into a case in whatever state, also a closed one; nobody needs to have complained. The grounds are sealed."""
    return await _record(door, case_id, inquiry_id_of(case_id, str(door.command_id)), body, 201)


@writes(
    router,
    "/inquiries/{inquiry_id}/findings",
    status_code=201,
    summary="Put a finding on record",
    example={"code": "irregularity", "text": "The register was changed after the verification."},
    answers=writes_of(KeptAnswer),
)
async def record_finding(door: Writes, inquiry_id: InquiryIdInPath, body: RecordFinding) -> Response:
    """By supervision, by somebody who did nothing in the case; for others there is none. Only the text is sealed."""
    return await _record(door, await _case_of(door, inquiry_id, body), inquiry_id, body, 201)


@writes(
    router,
    "/inquiries/{inquiry_id}/conclusions",
    summary="Conclude an inquiry",
    example={"outcome": "shortcomings", "remarks": "The register is now kept by two officers."},
    answers=writes_of(KeptAnswer),
)
async def conclude_inquiry(door: Writes, inquiry_id: InquiryIdInPath, body: ConcludeInquiry) -> Response:
    """On at least one finding, by somebody who did nothing in the case; for others there is none."""
    return await _record(door, await _case_of(door, inquiry_id, body), inquiry_id, body, 200)


async def _case_of(door: Door, inquiry_id: str, command: Command) -> CaseId:
    """The case that an inquiry is about; for whoever acted or stood in it there is none, and not even a version."""
    opening = await opening_of(door.services.store, inquiry_id)
    if opening is not None and not await hides_from(door.services.recorder, opening, door.visitor.actor):
        return opening.case_id
    if opening is not None and not door.dry_run:
        await door.visitor.note_attempt(command.name(), f"inquiry/{inquiry_id}", (ReviewsOwnWork.rule,))
    raise InquiryNotFound(f"There is no inquiry “{inquiry_id}”. Check its id, or open one.")


async def _record(door: Door, case_id: CaseId, inquiry_id: str, command: Command, status: int) -> Response:
    async with door.deciding(command.name(), f"inquiry/{inquiry_id}"):
        kept = await record_inquiry(
            door.services.recorder,
            case_id,
            inquiry_id,
            command,
            actor=door.visitor.actor,
            command_id=door.command_id,
            at=door.services.clock(),
            if_version=door.if_version,
            dry_run=door.dry_run,
        )
    return door.kept(kept, {"inquiry_id": inquiry_id, "case_id": case_id}, status)


@router.get(
    "/inquiries",
    operation_id="read_inquiries",
    summary="The inquiries",
    responses=reads(Inquiries, "A page of inquiries"),
)
async def read_inquiries(
    visitor: Reads,
    page: Annotated[LatestFirst, Depends()],
    case_id: Annotated[str | None, Query(pattern=f"^{CASE_ID}$", description="only into this case")] = None,
    still_open: Annotated[bool | None, Query(description="only those not concluded, or only those that are")] = None,
) -> Response:
    """The most recently opened first, with everybody who had acted in the case. Who is among them is not shown it."""
    await visitor.may("read_inquiries", "inquiries")
    await caught_up(visitor, ("inquiry",), page.after_position)
    pool = visitor.services.pool
    readers = visitor.actor.hands
    rows = await inquiries_page(
        pool, hidden_from=readers, case_id=case_id, still_open=still_open, before=page.before, limit=page.limit
    )
    return page.answer("inquiries", rows, [row.opened_position for row in rows])


@router.get(
    "/inquiries/{inquiry_id}",
    operation_id="read_inquiry",
    summary="One inquiry, with what is sealed in it",
    responses=reads(InquiryRead, "The inquiry, as far as you may open it"),
)
async def read_inquiry(visitor: Reads, inquiry_id: InquiryIdInPath) -> Response:
    """Read from the log itself. For whoever acted or stood in the case there is none; the reading is logged first."""
    await visitor.may("read_inquiry", f"inquiry/{inquiry_id}")
    stream = inquiry_stream(inquiry_id)
    stored = await visitor.services.store.read_stream(stream)
    if not stored:
        raise _no_such(inquiry_id)
    audiences = tuple(sorted({found for role in visitor.actor.roles for found in AUDIENCES.get(role, ())}))
    owners = {f"{stream}#{audience}" for audience in audiences}
    rows = await opened(visitor.services.store, visitor.services.keys, stored, owners.__contains__)
    case_id = await _must_be_apart(visitor, inquiry_id, rows)
    reader = visitor.actor.officer
    noted = SealedPartsRead(officer=reader, case_id=case_id, audiences=audiences, up_to_version=stored[-1].version)
    await visitor.note_access(noted, inquiry_id)
    steps = [_step(row) for row in rows]
    return Response(
        orjson.dumps({"inquiry_id": inquiry_id, "case_id": case_id, "steps": steps}),
        media_type=JSON,
        headers={"ETag": f'"{stored[-1].version}"'},
    )


async def _must_be_apart(visitor: Visitor, inquiry_id: str, rows: list[Recorded[Event]]) -> CaseId:
    first = rows[0].event
    assert isinstance(first, InquiryOpened)
    if await hides_from(visitor.services.recorder, first, visitor.actor):
        rule = "house.nobody_reads_the_inquiry_into_their_own_work"
        await visitor.note_attempt("read_inquiry", f"inquiry/{inquiry_id}", (rule,))
        raise _no_such(inquiry_id)
    return first.case_id


def _no_such(inquiry_id: str) -> NotFound:
    return NotFound(f"There is no inquiry “{inquiry_id}”. Those that there are stand at /api/v1/inquiries.")


def _step(row: Recorded[Event]) -> dict[str, Any]:
    return {
        "version": row.version,
        "type": row.type,
        "recorded_at": row.recorded_at,
        "officer": row.actor.officer,
        "organ": row.actor.organ,
        "what": row.event.model_dump(mode="json", exclude_none=True),
        "hash": row.hash.hex(),
    }
