"""A copy of the audit trail over HTTP, by the filter of the page: sent as it is read, and on the log that it was."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.answers import READS, Answers
from api.audit_trail import BEHIND, Searched, closed_to
from api.listing import LARGEST_POSITION, caught_up
from api.visitor import Reads
from api.writing import API
from domain.audit_trail import AuditTrailExported
from pages.audit_table import csv_lines, json_lines
from pages.ocel import ocel
from pages.xes import xes
from projections.audit_trail import Asked, TrailRow, trail_by_stream, trail_count, trail_onwards
from projections.reading import positions

router = APIRouter(prefix=API, tags=["audit trail"])
CHUNK = 65_536
"""Bytes that are gathered before they are sent."""


class Format(StrEnum):
    """What a copy is made for: a spreadsheet, a program, or a tool that mines processes."""

    CSV = "csv"
    JSONL = "jsonl"
    OCEL = "ocel"
    XES = "xes"


Rows = AsyncIterator[TrailRow]


@dataclass(frozen=True, slots=True)
class _Form:
    media_type: str
    file: str
    write: Callable[[Rows], AsyncIterator[bytes]]
    read: Callable[[Any, Asked], Rows] = trail_onwards


FORMS = {
    Format.CSV: _Form("text/csv; charset=utf-8", "audit-trail.csv", csv_lines),
    Format.JSONL: _Form("application/jsonl", "audit-trail.jsonl", json_lines),
    Format.OCEL: _Form("application/json", "audit-trail.ocel.json", ocel),
    Format.XES: _Form("application/xml", "audit-trail.xes", xes, trail_by_stream),
}
TEXT, DOCUMENT = {"type": "string"}, {"type": "object"}
KINDS = {
    form.media_type.partition(";")[0]: {"schema": DOCUMENT if form.write is ocel else TEXT} for form in FORMS.values()
}
COPIED: Answers = {200: {"description": "The copy", "content": KINDS}}


class CopyAsked(Searched):
    """A copy by a filter."""

    after_position: Annotated[
        int | None, Field(ge=0, le=LARGEST_POSITION, description="wait until this position can be read here")
    ] = None


@router.get(
    "/audit-exports/{format}",
    operation_id="export_audit_trail",
    summary="A copy of the audit trail",
    responses={**COPIED, **READS},
    response_class=StreamingResponse,
)
async def export_audit_trail(visitor: Reads, format: Format, asked: Annotated[CopyAsked, Query()]) -> StreamingResponse:
    """As CSV, JSON Lines, OCEL 2.0 (JSON) or XES. It ends at the position that could be read when it was asked for,
    so that asking again with `to_position` gives the same copy; `Investiture-Rows` says how many rows come.
    """
    await visitor.may("export_audit_trail", "audit-exports")
    await caught_up(visitor, BEHIND, asked.after_position)
    form, pool = FORMS[format], visitor.services.pool
    reached = (await positions(pool)).get("audit_trail", -1)
    search = asked.asked()
    last = min(reached, search.to_position) if search.to_position is not None else reached
    bounded = Asked(search.model_copy(update={"to_position": last}), closed_to(visitor))
    rows = await trail_count(pool, bounded)
    officer = visitor.actor.officer
    copied = AuditTrailExported(officer=officer, search=search, format=format, rows=rows, up_to_position=last)
    await visitor.note_access(copied, format, search.in_address())
    headers = {
        "Content-Disposition": f'attachment; filename="{form.file}"',
        "Investiture-Rows": str(rows),
        "Investiture-Position": str(last),
    }
    content = _gathered(form.write(form.read(pool, bounded)))
    return StreamingResponse(content, media_type=form.media_type, headers=headers)


async def _gathered(lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The lines in parts that are worth sending."""
    part = bytearray()
    async for line in lines:
        part += line
        if len(part) >= CHUNK:
            yield bytes(part)
            part.clear()
    yield bytes(part)
