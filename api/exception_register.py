"""Reading the exception register over HTTP."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, RuleShown, reads
from api.audit_trail import cited
from api.case_opening import CaseIdInPath
from api.listing import FromTheFirst, LatestFirst, NextCursor, caught_up
from api.visitor import Reads, Visitor
from api.writing import API
from projections.exception_register import KINDS, RegisterFilter, RegisterRow, register_counts, register_page

router = APIRouter(prefix=API, tags=["exceptions"])
BEHIND = ("exception_register", "case_board")


class RegisterEntry(BaseModel):
    """What left the ordinary course in a case."""

    case_id: str
    entry_id: str
    position: int
    kind: str = Field(description="exception, prior_report, deviation, breach or delay")
    code: str = Field(description="a kind or code of the pack, the clock that was missed, or undeclared_interest")
    rule: RuleShown
    reason: str | None = Field(description="as it stands in the public record")
    candidate_id: str | None
    entered_on: date
    state: str = Field(description="how it stands, such as proposed, consents, used or missed")
    organ: str | None = Field(description="the organ that consented, allowed, found or kept silent")
    unit: str | None
    post_title: str | None
    pack: str


class Exceptions(BaseModel):
    """Entries of the exception register, the latest first."""

    exceptions: list[RegisterEntry]
    next_cursor: NextCursor


class ExceptionCount(BaseModel):
    year: int
    kind: str
    code: str
    entries: int


class ExceptionCounts(BaseModel):
    """How many entries each year has."""

    counts: list[ExceptionCount]
    next_cursor: NextCursor


def _filter(
    kind: Annotated[str | None, Query(pattern=f"^({'|'.join(KINDS)})$")] = None,
    unit: Annotated[str | None, Query(max_length=200, description="where the post is")] = None,
    from_on: Annotated[date | None, Query(alias="from", description="entered on this day or later")] = None,
    to_on: Annotated[date | None, Query(alias="to", description="entered on this day or before")] = None,
) -> RegisterFilter:
    return RegisterFilter(kind, unit, None, from_on, to_on)


@router.get(
    "/exceptions",
    operation_id="read_exceptions",
    summary="The exception register",
    responses=reads(Exceptions, "A page of the register"),
)
async def read_exceptions(
    visitor: Reads,
    asked: Annotated[RegisterFilter, Depends(_filter)],
    page: Annotated[LatestFirst, Depends()],
) -> Response:
    """Exceptions, prior reports, deviations, breaches and missed dates of all cases, the latest first."""
    await visitor.may("read_exceptions", "exceptions")
    return await _page(visitor, asked, page)


@router.get(
    "/cases/{case_id}/exceptions",
    operation_id="read_case_exceptions",
    summary="What left the ordinary course in a case",
    responses=reads(Exceptions, "A page of the register"),
)
async def read_case_exceptions(
    visitor: Reads,
    case_id: CaseIdInPath,
    page: Annotated[LatestFirst, Depends()],
) -> Response:
    """The case's entries of the exception register, the latest first."""
    await visitor.may("read_case_exceptions", f"case/{case_id}")
    return await _page(visitor, RegisterFilter(case_id=case_id), page)


@router.get(
    "/exception-counts",
    operation_id="read_exception_counts",
    summary="How many a year",
    responses=reads(ExceptionCounts, "Entries of the register by year, kind and code"),
)
async def read_exception_counts(visitor: Reads, page: Annotated[FromTheFirst, Depends()]) -> Response:
    """Entries of the exception register, counted by year, kind and code, the latest year first."""
    await visitor.may("read_exception_counts", "exceptions")
    await caught_up(visitor, BEHIND, page.after_position)
    counts = await register_counts(visitor.services.pool, after=page.after, limit=page.limit)
    next_cursor = page.next_cursor(len(counts))
    return Response(orjson.dumps({"counts": counts, "next_cursor": next_cursor}), media_type=JSON)


async def _page(visitor: Visitor, asked: RegisterFilter, page: LatestFirst) -> Response:
    await caught_up(visitor, BEHIND, page.after_position)
    rows = await register_page(visitor.services.pool, asked, before=page.before, limit=page.limit)
    entries = [await _body(visitor, row) for row in rows]
    return page.answer("exceptions", entries, [row.position for row in rows])


async def _body(visitor: Visitor, row: RegisterRow) -> dict[str, Any]:
    shown = asdict(row)
    for name in ("pack_id", "pack_version", "pack_digest"):
        del shown[name]
    (rule,) = await cited(visitor, row.pack, (row.rule,))
    return {**shown, "pack": str(row.pack), "rule": rule}
