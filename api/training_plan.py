"""Training plans over HTTP: adopting one or its next version, closing it, and reading them, without a token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import JSON, open_reads, writes_of
from api.door import Writes
from api.listing import LatestFirst, NextCursor
from api.problem import NotFound
from api.training_act import ACT_ID, ActAnswer, ActList, ActShown, record_act, services_of
from api.writing import API, writes
from domain.event import Event, Recorded
from domain.identity import short_id
from domain.training_plan import (
    AdoptTrainingPlan,
    CloseTrainingPlan,
    PlannedTraining,
    PlanOutcome,
    TrainingPlanAdopted,
    TrainingPlanClosed,
    fold_training_plan,
    training_plan_stream,
)
from domain.training_plan import adopt_training_plan as decide_adoption
from domain.training_plan import close_training_plan as decide_closing
from eventstore.codec import decode
from projections.training_act import ActFilter, ActKind

router = APIRouter(prefix=API, tags=["planning of training"])
PlanIdInPath = Annotated[str, Path(pattern=ACT_ID, description="plan id")]
PLAN = {
    "title": "Registrars 2027",
    "year": 2027,
    "pack": "standard",
    "objective": "Every registrar settles a contested entry alone.",
    "target_ranks": ["officer"],
    "target_posts": ["registrar"],
    "test": "Nine in ten settle three contested entries in a practical examination.",
    "targets": {
        "coverage_percent": 90,
        "quality_percent": 85,
        "units": [{"unit": "Registry", "coverage_percent": 95, "quality_percent": 90}],
    },
    "needs": [{"name": "computer room", "places": 40}],
}


class TrainingPlanShown(ActShown):
    """A plan in its present version."""

    plan_id: str
    plan_version: int
    plan: PlannedTraining
    reason: str | None = Field(description="why it was changed; of the first version none")
    outcome: PlanOutcome | None
    came_of_it: str | None
    still_open: bool = Field(description="it was not closed")


class TrainingPlans(BaseModel):
    """Plans of training, the latest first."""

    plans: list[TrainingPlanShown]
    next_cursor: NextCursor


class PlanVersion(BaseModel):
    """One version of a plan, as it was adopted."""

    plan_version: int
    plan: PlannedTraining
    reason: str | None
    organ: str
    recorded_at: datetime
    hash: str


class PlanEnd(BaseModel):
    """What came of a plan."""

    outcome: PlanOutcome
    came_of_it: str
    organ: str
    recorded_at: datetime
    hash: str


class PlanInFull(BaseModel):
    """A plan with all its versions, the first one first, and its end."""

    plan_id: str
    versions: list[PlanVersion]
    closed: PlanEnd | None


PLANS = ActList(ActKind.PLAN, "plans", "plan_id", shows_open=True)


@writes(
    router,
    "/training-plans",
    status_code=201,
    summary="Adopt a training plan, or its next version",
    example=PLAN,
    answers=writes_of(ActAnswer),
)
async def adopt_training_plan(door: Writes, body: AdoptTrainingPlan) -> Response:
    """Refused without an objective, without target posts or without a test, by the name of each that is missing.

    With `plan_id` it is the next version of that plan, with the reason why it changes; the earlier ones stay readable.
    """
    plan_id = body.plan_id or short_id("training_plan", str(door.command_id))
    actor, at = door.visitor.actor, door.services.clock()
    reference = await door.services.packs.latest(body.pack, at)
    pack = await door.services.packs.get(reference)

    def decided(events: Sequence[Event]) -> list[Event]:
        return decide_adoption(plan_id, fold_training_plan(events), body, actor=actor, at=at, pack=pack)

    return await record_act(door, training_plan_stream(plan_id), body, decided, {"plan_id": plan_id}, pack=reference)


@writes(
    router,
    "/training-plans/{plan_id}/closings",
    summary="Close a training plan",
    example={"outcome": "reached", "came_of_it": "83 of 90 registrars passed the practical examination."},
    answers=writes_of(ActAnswer),
)
async def close_training_plan(door: Writes, plan_id: PlanIdInPath, body: CloseTrainingPlan) -> Response:
    """With what came of it, judged by the plan's own test."""
    actor = door.visitor.actor

    def decided(events: Sequence[Event]) -> list[Event]:
        return decide_closing(plan_id, fold_training_plan(events), body, actor=actor)

    return await record_act(door, training_plan_stream(plan_id), body, decided, {"plan_id": plan_id}, status=200)


@router.get(
    "/training-plans",
    operation_id="read_training_plans",
    summary="The training plans",
    responses=open_reads(TrainingPlans, "A page of plans"),
)
async def read_training_plans(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    year: Annotated[int | None, Query(ge=2000, le=2100, description="only of this year")] = None,
    still_open: Annotated[bool | None, Query(description="only those not closed, or only those that are")] = None,
) -> Response:
    """The latest first, each in its present version. No token is needed: these are acts of a public office."""
    return await PLANS.answer(request, page, ActFilter(year=year, still_open=still_open))


@router.get(
    "/training-plans/{plan_id}",
    operation_id="read_training_plan",
    summary="One training plan, with all its versions",
    responses=open_reads(PlanInFull, "The plan"),
)
async def read_training_plan(request: Request, plan_id: PlanIdInPath) -> Response:
    """Read from the log itself. No token is needed."""
    stored = await services_of(request).store.read_stream(training_plan_stream(plan_id))
    if not stored:
        raise NotFound(f"There is no training plan “{plan_id}”. Those that there are stand at /api/v1/training-plans.")
    rows = [decode(row) for row in stored]
    versions = [_step(row) for row in rows if isinstance(row.event, TrainingPlanAdopted)]
    ends = [_step(row) for row in rows if isinstance(row.event, TrainingPlanClosed)]
    body = {"plan_id": plan_id, "versions": versions, "closed": ends[-1] if ends else None}
    return Response(orjson.dumps(body), media_type=JSON, headers={"ETag": f'"{rows[-1].version}"'})


def _step(row: Recorded[Event]) -> dict[str, Any]:
    said = row.event.model_dump(mode="json", exclude={"plan_id"})
    return said | {"organ": row.actor.organ, "recorded_at": row.recorded_at, "hash": row.hash.hex()}
