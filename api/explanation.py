"""Why a case stands where it stands, at any moment: steps, what is missing, clocks, each with its rule."""

from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime

from api.answers import Explained, reads
from api.case_opening import CaseIdInPath
from api.door import JSON, Reads, Visitor
from api.problem import NotFound, citation
from api.writing import API
from domain.appointment import case_stream, fold, underlying
from domain.event import Event
from domain.explanation import ExplainedClock, ExplainedStep, Explanation, explain
from domain.law import Citation
from domain.working_days import Window
from eventstore.codec import decode
from projections.case_board import status_of

router = APIRouter(prefix=API, tags=["reading"])


@router.get(
    "/cases/{case_id}/explanation",
    operation_id="explain_case",
    summary="Why a case stands where it stands",
    responses=reads(Explained, "The explanation"),
)
async def explain_case(
    visitor: Reads,
    case_id: CaseIdInPath,
    at: Annotated[
        AwareDatetime | None, Query(description="a moment, with its offset from UTC; now when left out")
    ] = None,
) -> Response:
    """What may be done next and by whom, what is missing and which rule asks for it, and why each clock ends when."""
    await visitor.may("read_case", f"case/{case_id}")
    moment = at or visitor.services.clock()
    recorded = await _recorded(visitor, case_id)
    case = underlying(fold(event for recorded_at, event in recorded if recorded_at <= moment))
    if case is None:
        raise NotFound(f"There was no case “{case_id}” at {moment.isoformat()}. Name a later moment, or another case.")
    found = explain(recorded, await visitor.services.packs.get(case.pack), moment)
    body = {
        "case_id": case_id,
        "pack": str(case.pack),
        "status": status_of(found.case),
        "stage": case.stage,
        **_shown(found),
    }
    return Response(orjson.dumps(body), media_type=JSON)


async def _recorded(visitor: Visitor, case_id: CaseIdInPath) -> list[tuple[datetime, Event]]:
    rows = await visitor.services.store.read_stream(case_stream(case_id))
    return [(row.recorded_at, decode(row).event) for row in rows]


def _shown(found: Explanation) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "steps": [_step(step) for step in found.steps],
        "clocks": [_clock(clock) for clock in found.clocks],
    }


def _step(found: ExplainedStep) -> dict[str, Any]:
    step = found.step
    return {
        "by": step.by,
        "step": step.step,
        "organ": step.organ,
        "what": step.what,
        "by_on": step.by_on,
        "rule": _rule(found.asked_by),
    }


def _clock(found: ExplainedClock) -> dict[str, Any]:
    return {
        "timer": found.timer.name,
        "due_on": found.timer.due_on,
        "due_at": found.timer.due_at.isoformat(),
        "on_expiry": found.on_expiry,
        "moved": found.moved,
        "provisional": found.window is not None and found.window.provisional,
        "why": _why(found.window),
        "rule": _rule(found.set_by),
        "meaning": _rule(found.meant_by),
    }


def _why(window: Window | None) -> dict[str, list[str]] | None:
    return {"en": window.explain("en"), "zh": window.explain("zh")} if window else None


def _rule(cited: Citation | None) -> dict[str, Any] | None:
    return citation(cited) if cited else None
