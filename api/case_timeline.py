"""The audit trail of a case over HTTP, from its first step on."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.answers import JSON, reads
from api.audit_reading import Noted
from api.audit_trail import BEHIND, Step, shown
from api.case_opening import CaseIdInPath
from api.listing import FromTheFirst, NextCursor, caught_up
from api.problem import NotFound
from api.visitor import Reads
from api.writing import API
from domain.audit_trail import TrailFilter
from projections.audit_trail import timeline_of

router = APIRouter(prefix=API, tags=["reading"])


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
    noted: Noted,
    case_id: CaseIdInPath,
    page: Annotated[FromTheFirst, Depends()],
) -> Response:
    """Who did what, for which organ, when, under which rule, with the hash. The reading itself goes on the log."""
    await visitor.may("read_case_timeline", f"case/{case_id}")
    await caught_up(visitor, BEHIND, page.after_position)
    rows = await timeline_of(visitor.services.pool, case_id, after_version=page.after, limit=page.limit)
    if not rows and page.after == 0:
        raise NotFound(f"There is no case “{case_id}”, or its first event is not visible yet.")
    await noted.note(visitor, TrailFilter(case=case_id, kind="appointment"), len(rows))
    steps = [await shown(visitor, row) for row in rows]
    next_cursor = page.next_cursor(len(rows))
    return Response(orjson.dumps({"case_id": case_id, "steps": steps, "next_cursor": next_cursor}), media_type=JSON)
