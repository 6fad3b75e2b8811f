"""Why a case stands where it stands, at any moment: steps, what is missing, clocks, each with its rule."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, get_args

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from api.answers import JSON, RuleShown, reads
from api.case_opening import CaseIdInPath
from api.problem import NotFound, citation
from api.visitor import Reads, Visitor
from api.writing import API
from domain.appointment import ClosedCase, case_stream, fold, underlying
from domain.event import Event
from domain.explanation import ExplainedClock as ClockFound
from domain.explanation import ExplainedStep as StepFound
from domain.explanation import Explanation, explain
from domain.explanation import TrackedStage as StageFound
from domain.law import Citation, Language, Text
from domain.pack import Pack
from domain.working_days import LAST_YEAR
from eventstore.codec import decode
from pages.clock_words import clock_in_words
from pages.explanation import (
    holder_in_words,
    step_in_words,
    wanted_in_words,
    whose_in_words,
)
from pages.regime import regime_pages
from projections.case_board import status_of

NEAREST, FARTHEST = datetime(1000, 1, 1, tzinfo=UTC), datetime(LAST_YEAR, 12, 31, tzinfo=UTC)


def _in_the_calendar(moment: datetime) -> datetime:
    if not NEAREST <= moment <= FARTHEST:
        raise ValueError(f"is beyond the calendar; state a moment between {NEAREST.year} and {FARTHEST.year}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_the_calendar)]
router = APIRouter(prefix=API, tags=["reading"])


class TrackedStage(BaseModel):
    """A stage on the track of a case."""

    stage: str
    title: dict[str, str]
    holder: dict[str, str] = Field(description="whose duty it is")
    progress: str = Field(description="done, now, to_come; of a case that has ended: ended_here, not_reached")
    began_on: date | None
    completed_on: date | None


class ExplainedStep(BaseModel):
    """A step that would take the case on."""

    by: str = Field(description="a role, or `engine` when only a clock must end")
    who: dict[str, str] = Field(description="that in words, by language")
    step: str
    title: dict[str, str] = Field(description="the step in words, by language")
    organ: str | None
    what: str | None = Field(description="the record that is missing, with the candidate it is about")
    wants: dict[str, str] | None = Field(description="that in words, by language")
    by_on: date | None
    rule: RuleShown | None = Field(description="the rule that asks for it")


class ExplainedClock(BaseModel):
    """A clock that runs, and why it ends on its day."""

    timer: str
    title: dict[str, str] = Field(description="the clock in words, by language")
    due_on: date
    due_at: datetime
    on_expiry: str | None = Field(description="consent, block, lapse or escalate; null when its end is no silence")
    moved: bool = Field(description="the case rested, or the clock was paused, since the day was counted")
    provisional: bool = Field(description="days of a calendar that is not published yet were counted")
    why: dict[str, list[str]] | None = Field(description="how the day was counted, in sentences, by language")
    rule: RuleShown | None = Field(description="the rule that sets its length")
    meaning: RuleShown | None = Field(description="the rule that says what its end means")


class Explained(BaseModel):
    """Why a case stands where it stands, at a moment."""

    case_id: str
    post: dict[str, str | int | None] = Field(description="its title and unit")
    pack: str
    pack_title: dict[str, str]
    regime: dict[str, str] = Field(description="where the public reads these rules, by language")
    at: datetime
    status: str = Field(description="open, suspended or closed")
    outcome: str | None
    stage: str
    stage_title: dict[str, str]
    track: list[TrackedStage]
    steps: list[ExplainedStep]
    clocks: list[ExplainedClock]


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


def _stage(tracked: StageFound) -> dict[str, Any]:
    return {
        "stage": tracked.stage.id,
        "title": _text(tracked.stage.title),
        "holder": _text(holder_in_words(tracked.stage)),
        "progress": tracked.progress,
        "began_on": tracked.began_on,
        "completed_on": tracked.completed_on,
    }


def _step(found: StepFound, pack: Pack) -> dict[str, Any]:
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


def _clock(found: ClockFound, pack: Pack) -> dict[str, Any]:
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


def _why(found: ClockFound) -> dict[str, list[str]] | None:
    said = {language: found.why(language) for language in get_args(Language)}
    return {language: why for language, why in said.items() if why} or None


def _rule(cited: Citation | None) -> dict[str, Any] | None:
    return citation(cited) if cited else None
