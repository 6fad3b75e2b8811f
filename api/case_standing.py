"""Where a case stands now, over HTTP."""

from datetime import date
from typing import Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.case_opening import CaseIdInPath
from api.command_answer import Clock, NextStep, next_step
from api.problem import NotFound
from api.tombstone import TombstoneShown, shown_tombstones
from api.visitor import Reads
from api.writing import API
from domain.appointment import LiveCase, case_stream, underlying
from domain.case_file import Notice
from domain.pack import Pack
from domain.supervision_point import unattended_points
from projections.case_board import status_of

router = APIRouter(prefix=API, tags=["reading"])


class CandidateStanding(BaseModel):
    candidate_id: str
    training: str | None = Field(description="what the school verified; null before")
    out_because: str | None = Field(description="why they are no longer in it; null while they are")
    forgotten: TombstoneShown | None = Field(
        None, description="when and why they were forgotten; null while they are not"
    )


class NoticeWindow(BaseModel):
    """The days that the case's notice stands, or stood."""

    opens_on: date
    closes_on: date
    elapsed_on: date | None


class HoldStanding(BaseModel):
    hold_id: str
    code: str
    placed_on: date
    placed_by: str = Field(description="pseudonym of the officer who may lift it")
    candidate_id: str | None = Field(description="the one candidate who is held; null when it is the case")


class OpenQuery(BaseModel):
    query_id: str
    asked_of: str
    asked_on: date
    due_on: date
    overdue: bool


class SupervisionPointOf(BaseModel):
    stage: str
    point: str


class SupervisedStanding(BaseModel):
    """What the supervision of a case has left in it."""

    on_duty: dict[str, str] = Field(description="the officer whom an organ assigned, by stage")
    unattended_points: list[SupervisionPointOf] = Field(description="of stages over or under way")
    holds: list[HoldStanding]
    open_queries: list[OpenQuery]


class CaseStanding(BaseModel):
    """A case as the log has it now."""

    case_id: str
    version: int
    pack: str
    post: dict[str, str | int | None]
    jurisdiction: str
    timezone: str
    status: str = Field(description="open, suspended or closed")
    stage: str
    outcome: str | None = None
    completed: list[str]
    candidates: list[CandidateStanding]
    notice_id: str | None
    notice: NoticeWindow | None
    open_objections: list[str]
    undecided_relations: dict[str, str] = Field(description="officers by the relation that waits to be decided")
    opinions: dict[str, str | None]
    chosen: str | None
    deviations: list[str]
    supervised: SupervisedStanding
    next: NextStep | None = None
    clocks: list[Clock] = []


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
    forgotten = await shown_tombstones(visitor.services, [found.person for found in case.candidates.values()])
    body = {
        "case_id": case_id,
        "version": known.version,
        "pack": str(case.pack),
        "post": case.post.model_dump(),
        "jurisdiction": case.jurisdiction,
        "timezone": case.timezone,
        "completed": list(case.completed),
        "candidates": [
            {
                "candidate_id": found.id,
                "training": found.training,
                "out_because": found.out_because,
                "forgotten": forgotten.get(found.person),
            }
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
    } | await next_step(visitor.services.packs, known.case, visitor.services.clock())
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
