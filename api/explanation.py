"""Why a case stands where it stands, at any moment: steps, what is missing, clocks, each with its rule."""

from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime

from api.answers import Explained, reads
from api.case_opening import CaseIdInPath
from api.door import JSON, Reads, Services, Visitor
from api.problem import NotFound, citation
from api.public_notice import HTML, language_of, missing
from api.writing import API
from domain.appointment import ClosedCase, case_stream, fold, underlying
from domain.event import Event
from domain.explanation import ExplainedClock, ExplainedStep, Explanation, TrackedStage, explain
from domain.law import Citation, Text
from domain.pack import Pack
from domain.working_days import LAST_YEAR
from eventstore.codec import decode
from pages.explanation import (
    clock_in_words,
    explanation_page,
    holder_in_words,
    step_in_words,
    wanted_in_words,
    whose_in_words,
)
from pages.regime import regime_pages
from pages.response_headers import asking_headers
from projections.case_board import status_of

NEAREST, FARTHEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 31, tzinfo=UTC)


def _in_the_calendar(moment: datetime) -> datetime:
    if not NEAREST <= moment <= FARTHEST:
        raise ValueError(f"is beyond the calendar; state a moment between {NEAREST.year} and {FARTHEST.year}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_the_calendar)]
router = APIRouter(prefix=API, tags=["reading"])
page = APIRouter(include_in_schema=False)


@page.api_route("/{language}/explain", methods=["GET", "HEAD"])
async def explanation(request: Request, language: str) -> Response:
    """The page on which staff ask; it holds nothing of any case, so it is open to everybody."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    shown = explanation_page(spoken, public_url=services.public_url)
    return Response(shown, headers=asking_headers(spoken), media_type=HTML)


@router.get(
    "/cases/{case_id}/explanation",
    operation_id="explain_case",
    summary="Why a case stands where it stands",
    responses=reads(Explained, "The explanation"),
)
async def explain_case(
    visitor: Reads,
    case_id: CaseIdInPath,
    at: Annotated[Moment | None, Query(description="a moment, with its offset from UTC; now when left out")] = None,
) -> Response:
    """What may be done next and by whom, what is missing and which rule asks for it, and why each clock ends when."""
    await visitor.may("read_case", f"case/{case_id}")
    moment = at or visitor.services.clock()
    recorded = await _recorded(visitor, case_id)
    case = underlying(fold(event for recorded_at, event in recorded if recorded_at <= moment))
    if case is None:
        raise NotFound(f"There was no case “{case_id}” at {moment.isoformat()}. Name a later moment, or another case.")
    pack = await visitor.services.packs.get(case.pack)
    found = explain(recorded, pack, moment)
    body = {
        "case_id": case_id,
        "post": {"title": case.post.title, "unit": case.post.unit},
        "pack": str(case.pack),
        "pack_title": _text(pack.title),
        "regime": regime_pages(str(case.pack)),
        "status": status_of(found.case),
        "outcome": found.case.outcome if isinstance(found.case, ClosedCase) else None,
        "stage": case.stage,
        "stage_title": _text(pack.stage(case.stage).title),
        **_shown(found, pack),
    }
    return Response(orjson.dumps(body), media_type=JSON)


async def _recorded(visitor: Visitor, case_id: CaseIdInPath) -> list[tuple[datetime, Event]]:
    rows = await visitor.services.store.read_stream(case_stream(case_id))
    return [(row.recorded_at, decode(row).event) for row in rows]


def _shown(found: Explanation, pack: Pack) -> dict[str, Any]:
    return {
        "at": found.at.isoformat(),
        "track": [_stage(tracked) for tracked in found.track],
        "steps": [_step(step, pack) for step in found.steps],
        "clocks": [_clock(clock, pack) for clock in found.clocks],
    }


def _stage(tracked: TrackedStage) -> dict[str, Any]:
    return {
        "stage": tracked.stage.id,
        "title": _text(tracked.stage.title),
        "holder": _text(holder_in_words(tracked.stage)),
        "progress": tracked.progress,
        "began_on": tracked.began_on,
        "completed_on": tracked.completed_on,
    }


def _step(found: ExplainedStep, pack: Pack) -> dict[str, Any]:
    step = found.step
    return {
        "by": step.by,
        "who": _text(whose_in_words(step)),
        "step": step.step,
        "title": _text(step_in_words(step, pack)),
        "organ": step.organ,
        "what": step.what,
        "wants": _text(wanted_in_words(step, pack)),
        "by_on": step.by_on,
        "rule": _rule(found.asked_by),
    }


def _clock(found: ExplainedClock, pack: Pack) -> dict[str, Any]:
    return {
        "timer": found.timer.name,
        "title": _text(clock_in_words(found.timer.name, pack)),
        "due_on": found.timer.due_on,
        "due_at": found.timer.due_at.isoformat(),
        "on_expiry": found.on_expiry,
        "moved": found.moved,
        "provisional": found.window is not None and found.window.provisional,
        "why": _why(found),
        "rule": _rule(found.set_by),
        "meaning": _rule(found.meant_by),
    }


def _text(said: Text | None) -> dict[str, str] | None:
    return said.model_dump() if said else None


def _why(found: ExplainedClock) -> dict[str, list[str] | None] | None:
    return {"en": found.why("en"), "zh": found.why("zh")} if found.window else None


def _rule(cited: Citation | None) -> dict[str, Any] | None:
    return citation(cited) if cited else None
