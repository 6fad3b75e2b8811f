"""The audit trail of a case over HTTP."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.answers import JSON, RuleShown, reads
from api.case_opening import CaseIdInPath
from api.listing import FromTheFirst, NextCursor, caught_up
from api.problem import NotFound, citation
from api.visitor import Reads, Visitor
from api.writing import API
from domain.event import PackReference
from domain.refusal import UnknownChoice
from projections.case_timeline import TimelineRow, timeline_of

router = APIRouter(prefix=API, tags=["reading"])


class Person(BaseModel):
    officer: str = Field(description="pseudonym in the log")
    name: str | None = Field(description="as the officer's own token said; null once forgotten")
    organ: str
    on_behalf_of: str | None


class Step(BaseModel):
    """One event of a case."""

    position: int
    version: int
    type: str
    recorded_at: datetime
    who: Person
    what: dict[str, Any] = Field(description="what the event says, without what is sealed")
    sealed: list[str] = Field(description="owners of the sealed parts; what they say is not shown here")
    rules: list[RuleShown]
    command_id: str
    cause: str | None = Field(description="the batch that the step came in, such as `batch/0k3v0d8s1m2q`")
    hash: str
    previous: str = Field(description="hash of the event before it in this case; empty for the first")


class Timeline(BaseModel):
    """Steps of a case, in order."""

    case_id: str
    steps: list[Step]
    next_cursor: NextCursor


@router.get(
    "/cases/{case_id}/timeline",
    operation_id="read_case_timeline",
    summary="The audit trail of a case",
    responses=reads(Timeline, "A page of the audit trail"),
)
async def read_case_timeline(
    visitor: Reads,
    case_id: CaseIdInPath,
    page: Annotated[FromTheFirst, Depends()],
) -> Response:
    """Who did what, for which organ, when, under which rule, with the hash."""
    await visitor.may("read_case_timeline", f"case/{case_id}")
    await caught_up(visitor, ("case_timeline", "officer"), page.after_position)
    rows = await timeline_of(visitor.services.pool, case_id, after_version=page.after, limit=page.limit)
    if not rows and page.after == 0:
        raise NotFound(f"There is no case “{case_id}”, or its first event is not visible yet.")
    steps = [await _step(visitor, row) for row in rows]
    next_cursor = page.next_cursor(len(rows))
    return Response(orjson.dumps({"case_id": case_id, "steps": steps, "next_cursor": next_cursor}), media_type=JSON)


async def _step(visitor: Visitor, row: TimelineRow) -> dict[str, Any]:
    return {
        "position": row.position,
        "version": row.version,
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
        "rules": await cited(visitor, row.pack, row.rules),
        "command_id": row.command_id,
        "cause": row.cause,
        "hash": row.hash,
        "previous": row.previous,
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
