"""Inspections of schools over HTTP: personnel record them, the school answers, everybody reads what was found."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import JSON, open_reads, reads, writes_of
from api.door import Writes
from api.listing import LatestFirst, NextCursor
from api.problem import NotAllowed, NotFound
from api.training_act import (
    ACT_ID,
    AboutOrgan,
    ActAnswer,
    ActList,
    ActShown,
    OfPlan,
    plan_is_known,
    record_act,
)
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.access import InspectionRemarksRead
from domain.event import Event
from domain.identity import Role, short_id
from domain.training_inspection import (
    AUDIENCE,
    AnotherSchoolsInspection,
    AnswerTrainingInspection,
    FindingAnswer,
    InspectionFinding,
    InspectTraining,
    TrainingInspected,
    TrainingInspectionAnswered,
    fold_training_inspection,
    training_inspection_stream,
)
from domain.training_inspection import answer_training_inspection as decide_answer
from domain.training_inspection import inspect_training as decide_inspection
from eventstore.codec import decode
from eventstore.opening import opened
from projections.training_act import ActFilter, ActKind

router = APIRouter(prefix=API, tags=["planning of training"])
InspectionIdInPath = Annotated[str, Path(pattern=ACT_ID, description="inspection id")]
ALSO_READ_OTHERS = {Role.PERSONNEL, Role.SUPERVISION, Role.AUDITOR}
"""Who reads the remarks on whichever school; a school reads those on itself."""


class TrainingInspectionShown(ActShown):
    """An inspection, without what is sealed."""

    inspection_id: str
    school: str
    inspected: str
    inspected_on: date
    findings: list[InspectionFinding]
    remedy_due_on: date | None = Field(description="the day by which the school is to answer; none when in order")
    plan_id: str | None
    answers: list[FindingAnswer]
    answered_at: datetime | None
    still_open: bool = Field(description="the school has yet to answer")


class TrainingInspections(BaseModel):
    """Inspections of schools, the latest first."""

    inspections: list[TrainingInspectionShown]
    next_cursor: NextCursor


class InspectionRemark(BaseModel):
    """What is sealed in one step of an inspection."""

    type: str
    organ: str
    recorded_at: datetime
    remarks: str | None = Field(description="null when nothing was said, or when it can no longer be opened")


class InspectionRemarks(BaseModel):
    """What is sealed in an inspection."""

    inspection_id: str
    steps: list[InspectionRemark]


INSPECTIONS = ActList(ActKind.INSPECTION, "inspections", "inspection_id", shows_open=True)


@writes(
    router,
    "/training-inspections",
    status_code=201,
    summary="Record the inspection of a school",
    example={
        "school": "training-school",
        "inspected": "The attendance sheets of the spring term",
        "inspected_on": "2026-11-09",
        "findings": ["attendance_not_kept", "records_late"],
        "remedy_due_on": "2026-12-09",
        "remarks": "The sheets of one teacher were signed afterwards.",
    },
    answers=writes_of(ActAnswer),
)
async def inspect_training(door: Writes, body: InspectTraining) -> Response:
    """Findings are public codes with a day by which the school answers; the remarks are sealed and may name people."""
    known = await plan_is_known(door, body.plan_id)
    inspection_id = short_id("training_inspection", str(door.command_id))
    actor, at = door.visitor.actor, door.services.clock()

    def decided(_: Sequence[Event]) -> list[Event]:
        return decide_inspection(inspection_id, body, actor=actor, at=at, plan_is_known=known)

    stream, named = training_inspection_stream(inspection_id), {"inspection_id": inspection_id}
    return await record_act(door, stream, body, decided, named)


@writes(
    router,
    "/training-inspections/{inspection_id}/answers",
    summary="Answer an inspection",
    example={
        "answers": [
            {"finding": "attendance_not_kept", "outcome": "remedied", "text": "Two officers sign each sheet now."},
            {"finding": "records_late", "outcome": "disputed", "text": "They were sent on the last day of the term."},
        ]
    },
    answers=writes_of(ActAnswer),
)
async def answer_training_inspection(
    door: Writes, inspection_id: InspectionIdInPath, body: AnswerTrainingInspection
) -> Response:
    """By the school that was inspected, each finding once: remedied and how, or disputed and why. It is then over."""
    actor = door.visitor.actor

    def decided(events: Sequence[Event]) -> list[Event]:
        return decide_answer(inspection_id, fold_training_inspection(events), body, actor=actor)

    stream, named = training_inspection_stream(inspection_id), {"inspection_id": inspection_id}
    return await record_act(door, stream, body, decided, named, status=200)


@router.get(
    "/training-inspections",
    operation_id="read_training_inspections",
    summary="The inspections of schools",
    responses=open_reads(TrainingInspections, "A page of inspections"),
)
async def read_training_inspections(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    organ: AboutOrgan = None,
    plan_id: OfPlan = None,
    still_open: Annotated[bool | None, Query(description="only those yet to be answered, or the others")] = None,
) -> Response:
    """The latest first, without what is sealed. No token is needed: these are acts of a public office."""
    return await INSPECTIONS.answer(request, page, ActFilter(organ=organ, plan_id=plan_id, still_open=still_open))


@router.get(
    "/training-inspections/{inspection_id}/remarks",
    operation_id="read_training_inspection_remarks",
    summary="What is sealed in an inspection",
    responses=reads(InspectionRemarks, "The remarks of both sides"),
)
async def read_training_inspection_remarks(visitor: Reads, inspection_id: InspectionIdInPath) -> Response:
    """A school reads those on itself alone. The reading goes on the log before the answer does."""
    target = training_inspection_stream(inspection_id)
    await visitor.may("read_training_inspection_remarks", target)
    stored = await visitor.services.store.read_stream(target)
    if not stored:
        raise NotFound(f"There is no inspection “{inspection_id}”. They are listed at /api/v1/training-inspections.")
    await _own_or_watched(visitor, decode(stored[0]).event, target)
    sealed_for = f"{target}#{AUDIENCE}"
    rows = await opened(visitor.services.store, visitor.services.keys, stored, sealed_for.__eq__)
    noted = InspectionRemarksRead(officer=visitor.actor.officer, inspection_id=inspection_id)
    await visitor.note_access(noted, inspection_id)
    steps = [
        {
            "type": row.type,
            "organ": row.actor.organ,
            "recorded_at": row.recorded_at,
            "remarks": row.event.remarks,
        }
        for row in rows
        if isinstance(row.event, TrainingInspected | TrainingInspectionAnswered)
    ]
    return Response(orjson.dumps({"inspection_id": inspection_id, "steps": steps}), media_type=JSON)


async def _own_or_watched(visitor: Visitor, inspected: Event, target: str) -> None:
    assert isinstance(inspected, TrainingInspected)
    if ALSO_READ_OTHERS & set(visitor.actor.roles) or visitor.actor.organ == inspected.school:
        return
    rule = AnotherSchoolsInspection.rule
    await visitor.note_attempt("read_training_inspection_remarks", target, (rule,))
    why = f"The inspection was of {inspected.school}, and you act for {visitor.actor.organ}. Ask that school."
    raise NotAllowed("read_training_inspection_remarks", why, (rule,))
