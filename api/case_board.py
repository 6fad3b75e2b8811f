"""The board over HTTP: cases by where they stand and whose turn it is."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.answers import reads
from api.listing import AN_ID, LatestFirst, NextCursor, caught_up
from api.visitor import Reads
from api.writing import API
from projections.case_board import BoardFilter, board_page

router = APIRouter(prefix=API, tags=["reading"])


class BoardCase(BaseModel):
    """A case as the board shows it."""

    case_id: str
    opened_position: int
    pack_id: str
    pack_version: int
    post_id: str
    post_title: str
    unit: str
    rank: str
    jurisdiction: str
    status: str = Field(description="open, suspended or closed")
    stage: str
    duty_holder: str | None = Field(description="who must act next; null when nobody may")
    next_timer: str | None
    due_on: date | None = Field(description="civil day on which the next clock runs out")
    provisional_by: str | None = Field(
        description="calendar versions by which days of running clocks were counted that may still change; null if none"
    )
    candidates: int
    open_objections: int
    deviations: int
    outcome: str | None
    closed_on: date | None
    version: int
    position: int


class Board(BaseModel):
    """Cases, the most recently opened first."""

    cases: list[BoardCase]
    next_cursor: NextCursor


def _filter(
    status: Annotated[str | None, Query(pattern="^(open|suspended|closed)$")] = None,
    stage: Annotated[str | None, Query(pattern=AN_ID, description="id of a stage")] = None,
    duty_holder: Annotated[str | None, Query(pattern=AN_ID, description="a role, such as `school`")] = None,
    pack: Annotated[str | None, Query(pattern=AN_ID, description="id of a pack")] = None,
    due_by: Annotated[date | None, Query(description="with a clock that ends on this day or before")] = None,
) -> BoardFilter:
    return BoardFilter(status, stage, duty_holder, pack, due_by)


@router.get(
    "/cases", operation_id="read_cases", summary="The board of cases", responses=reads(Board, "A page of the board")
)
async def read_cases(
    visitor: Reads,
    asked: Annotated[BoardFilter, Depends(_filter)],
    page: Annotated[LatestFirst, Depends()],
) -> Response:
    """Cases that match, the most recently opened first."""
    await visitor.may("read_cases", "cases")
    await caught_up(visitor, ("case_board",), page.after_position)
    rows = await board_page(visitor.services.pool, asked, before=page.before, limit=page.limit)
    return page.answer("cases", rows, [row.opened_position for row in rows])
