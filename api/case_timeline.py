"""Reading the board, a case and its audit trail over HTTP."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Response

from api.answers import Board, CaseStanding, Timeline, reads
from api.case_opening import CaseIdInPath
from api.door import JSON, Reads, Visitor, next_step
from api.problem import NotFound, citation, problem
from api.writing import API
from domain.appointment import LiveCase, Notice, case_stream, underlying
from domain.event import PackReference
from domain.pack import Pack
from domain.refusal import UnknownChoice
from domain.supervision_point import unattended_points
from eventstore.recording import Receipt
from projections.case_board import BoardFilter, BoardRow, board_page, status_of
from projections.case_timeline import TimelineRow, timeline_of
from projections.projector import wait_until_projected

router = APIRouter(prefix=API, tags=["reading"])
WAIT_SECONDS = 5.0
LARGEST_POSITION = 2**53 - 1  # what every reader's numbers hold exactly
LARGEST_VERSION = 2**31 - 1
Counted = Annotated[int, Query(ge=0, le=LARGEST_VERSION, description="`next_cursor` of the page before")]
PageSize = Annotated[int, Query(ge=1, le=200)]
AN_ID = r"^[A-Za-z0-9._-]{1,60}$"
After = Annotated[
    int | None,
    Query(
        ge=0,
        le=LARGEST_POSITION,
        description="wait, a few seconds at most, until this position of the log can be read here",
    ),
]


async def caught_up(visitor: Visitor, names: tuple[str, ...], position: int | None) -> Response | None:
    """None once those read models have reached a position of the log; else the answer that says to ask again."""
    if position is None or await wait_until_projected(visitor.services.pool, names, position, WAIT_SECONDS):
        return None
    detail = f"Position {position} cannot be read here yet. Ask again; what was recorded is safe in the log."
    return problem(503, "not_projected_yet", "Not visible yet", detail)


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
    cursor: Annotated[
        int | None, Query(ge=0, le=LARGEST_POSITION, description="`next_cursor` of the page before")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after_position: After = None,
) -> Response:
    """Cases that match, the most recently opened first."""
    await visitor.may("read_cases", "cases")
    if (late := await caught_up(visitor, ("case_board",), after_position)) is not None:
        return late
    rows = await board_page(visitor.services.pool, asked, before=cursor, limit=limit)
    cases = [_board_body(row) for row in rows]
    next_cursor = rows[-1].opened_position if len(rows) == limit else None
    return Response(orjson.dumps({"cases": cases, "next_cursor": next_cursor}), media_type=JSON)


def _board_body(row: BoardRow) -> dict[str, Any]:
    return asdict(row)


@router.get(
    "/cases/{case_id}",
    operation_id="read_case",
    summary="Where a case stands",
    responses=reads(CaseStanding, "The case"),
)
async def read_case(visitor: Reads, case_id: CaseIdInPath) -> Response:
    """Read from the log itself, so it is never behind. The ETag is the version that a write may name in If-Match."""
    await visitor.may("read_case", f"case/{case_id}")
    known = await visitor.services.recorder.load(case_stream(case_id))
    case = underlying(known.case)
    if case is None:
        raise NotFound(f"There is no case “{case_id}”. The board at /api/v1/cases lists those that there are.")
    receipt = Receipt(case_id, known.version, -1, (), known.case)
    body = {
        "case_id": case_id,
        "version": known.version,
        "pack": str(case.pack),
        "post": case.post.model_dump(),
        "jurisdiction": case.jurisdiction,
        "timezone": case.timezone,
        "completed": list(case.completed),
        "candidates": [
            {"candidate_id": found.id, "training": found.training, "out_because": found.out_because}
            for found in case.candidates.values()
        ],
        "notice_id": case.notice.id if case.notice else None,
        "notice": _notice_body(case.notice),
        "open_objections": [found.id for found in case.undisposed_objections],
        "undecided_relations": dict(case.undecided_relations),
        "opinions": {found.organ: found.finding for found in case.opinions.values()},
        "chosen": case.chosen,
        "deviations": sorted(case.deviations),
        "supervised": _supervised_body(case, await visitor.services.packs.get(case.pack)),
        "status": status_of(known.case),
    } | await next_step(visitor.services.packs, receipt, visitor.services.clock())
    return Response(orjson.dumps(body), media_type=JSON, headers={"ETag": f'"{known.version}"'})


def _supervised_body(case: LiveCase, pack: Pack) -> dict[str, Any]:
    supervised = case.supervised
    holds = [
        {
            "hold_id": hold.id,
            "code": hold.code,
            "placed_on": hold.placed_on,
            "placed_by": hold.placed_by,
            "candidate_id": hold.candidate,
        }
        for hold in supervised.holds.values()
    ]
    queries = [
        {
            "query_id": query.id,
            "asked_of": query.asked_of,
            "asked_on": query.asked_on,
            "due_on": query.due_on,
            "overdue": query.overdue,
        }
        for query in supervised.open_queries
    ]
    empty = [{"stage": stage, "point": point} for stage, point in unattended_points(case, pack)]
    on_duty = dict(supervised.on_duty)
    return {"on_duty": on_duty, "unattended_points": empty, "holds": holds, "open_queries": queries}


def _notice_body(notice: Notice | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    window = notice.window
    return {"opens_on": window.opens_on, "closes_on": window.closes_on, "elapsed_on": notice.elapsed_on}


@router.get(
    "/cases/{case_id}/timeline",
    operation_id="read_case_timeline",
    summary="The audit trail of a case",
    responses=reads(Timeline, "A page of the audit trail"),
)
async def read_case_timeline(
    visitor: Reads,
    case_id: CaseIdInPath,
    cursor: Counted = 0,
    limit: PageSize = 200,
    after_position: After = None,
) -> Response:
    """Who did what, for which organ, when, under which rule, with the hash."""
    await visitor.may("read_case_timeline", f"case/{case_id}")
    if (late := await caught_up(visitor, ("case_timeline", "officer"), after_position)) is not None:
        return late
    rows = await timeline_of(visitor.services.pool, case_id, after_version=cursor, limit=limit)
    if not rows and cursor == 0:
        raise NotFound(f"There is no case “{case_id}”, or its first event is not visible yet.")
    steps = [await _step(visitor, row) for row in rows]
    next_cursor = rows[-1].version if len(rows) == limit else None
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
