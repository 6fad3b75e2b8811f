"""Rules of training, guidance and coordination over HTTP. Personnel write them, and everybody reads them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import open_reads, writes_of
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.listing import LatestFirst, NextCursor, reached
from api.visitor import Services
from api.writing import API, writes
from domain.command import Command
from domain.event import Event, PackReference, StreamId
from domain.identity import short_id
from domain.training_act import (
    CoordinateTraining,
    CoordinationKind,
    IssueTrainingGuidance,
    IssueTrainingRule,
    Wording,
    training_coordination_stream,
    training_guidance_stream,
    training_rule_stream,
)
from domain.training_act import coordinate_training as decide_coordination
from domain.training_act import issue_training_guidance as decide_guidance
from domain.training_act import issue_training_rule as decide_rule
from domain.training_plan import training_plan_stream
from eventstore.stream_recording import Wish, record_in_stream
from projections.training_act import ActFilter, ActKind, ActRow, acts_page

router = APIRouter(prefix=API, tags=["planning of training"])
BEHIND = ("training_act",)
ACT_ID = f"^{CASE_ID}$"
AboutOrgan = Annotated[str | None, Query(max_length=120, description="only those about this organ or school")]
OfPlan = Annotated[str | None, Query(pattern=ACT_ID, description="only those of this plan")]


class ActAnswer(KeptAnswer):
    """What an act led to, with its id. `recorded` means: durable and hash-chained."""

    rule_id: str | None = None
    plan_id: str | None = None
    guidance_id: str | None = None
    coordination_id: str | None = None
    inspection_id: str | None = None


class ActShown(BaseModel):
    """Whose act it is, and when it was recorded."""

    organ: str
    recorded_at: datetime
    position: int = Field(description="of its first event in the log")


class TrainingRuleShown(ActShown):
    rule_id: str
    title: Wording
    text: Wording
    source: str
    effective_on: date
    replaces: str | None
    replaced_by: str | None
    still_open: bool = Field(description="nothing took its place")


class TrainingRules(BaseModel):
    """Rules of training, the latest first."""

    rules: list[TrainingRuleShown]
    next_cursor: NextCursor


class TrainingGuidanceShown(ActShown):
    guidance_id: str
    addressed_to: str
    subject: str
    text: str
    plan_id: str | None


class TrainingGuidance(BaseModel):
    """Guidance, the latest first."""

    guidance: list[TrainingGuidanceShown]
    next_cursor: NextCursor


class TrainingCoordinationShown(ActShown):
    coordination_id: str
    kind: CoordinationKind
    need: str
    needed_by: list[str]
    served_by: str
    served_how: str
    quantity: int | None
    from_on: date
    until_on: date
    plan_id: str | None


class TrainingCoordination(BaseModel):
    """What was coordinated, the latest first."""

    coordination: list[TrainingCoordinationShown]
    next_cursor: NextCursor


@dataclass(frozen=True, slots=True)
class ActList:
    """A list of acts of one kind as it is answered: under which name, with which id, and what else it shows."""

    kind: ActKind
    name: str
    id_name: str
    shows_open: bool = False

    async def answer(self, request: Request, page: LatestFirst, asked: ActFilter) -> Response:
        """A page of it, for everybody."""
        pool = services_of(request).pool
        await reached(pool, BEHIND, page.after_position)
        rows = await acts_page(pool, self.kind, asked, before=page.before, limit=page.limit)
        return page.answer(self.name, [self._shown(row) for row in rows], [row.position for row in rows])

    def _shown(self, row: ActRow) -> dict[str, Any]:
        said = {self.id_name: row.act_id, "organ": row.organ, "recorded_at": row.recorded_at, "position": row.position}
        return said | row.said | ({"still_open": row.still_open} if self.shows_open else {})


RULES = ActList(ActKind.RULE, "rules", "rule_id", shows_open=True)
GUIDANCE = ActList(ActKind.GUIDANCE, "guidance", "guidance_id")
COORDINATION = ActList(ActKind.COORDINATION, "coordination", "coordination_id")


def services_of(request: Request) -> Services:
    """What the API works with, for a read that needs no token."""
    services: Services = request.app.state.services
    return services


@writes(
    router,
    "/training-rules",
    status_code=201,
    summary="Issue a rule of training",
    example={
        "title": {"en": "Attendance is taken every half day", "zh": "每半日考勤"},
        "text": {"en": "Each school takes attendance every half day and keeps the sheets.", "zh": "各校每半日考勤。"},
        "source": "House rules on training, 2.4",
        "effective_on": "2026-12-01",
    },
    answers=writes_of(ActAnswer),
)
async def issue_training_rule(door: Writes, body: IssueTrainingRule) -> Response:
    """Of this installation, public, in one language or both. Figures that decide cases stand in packs instead."""
    known = body.replaces is None or await is_on_record(door, training_rule_stream(body.replaces))
    rule_id = short_id("training_rule", str(door.command_id))
    actor, at = door.visitor.actor, door.services.clock()

    def decided(_: Sequence[Event]) -> list[Event]:
        return decide_rule(rule_id, body, actor=actor, at=at, replaced_is_known=known)

    return await record_act(door, training_rule_stream(rule_id), body, decided, {"rule_id": rule_id})


@writes(
    router,
    "/training-guidance",
    status_code=201,
    summary="Guide an organ or a school",
    example={
        "addressed_to": "training-school",
        "subject": "Cases in the course for registrars",
        "text": "Build the exercises on contested entries of the last two years.",
    },
    answers=writes_of(ActAnswer),
)
async def issue_training_guidance(door: Writes, body: IssueTrainingGuidance) -> Response:
    """Public words of the personnel department to one organ or school, about a plan or about training at large."""
    known = await plan_is_known(door, body.plan_id)
    guidance_id = short_id("training_guidance", str(door.command_id))
    decided = partial(decide_guidance, guidance_id, body, actor=door.visitor.actor, plan_is_known=known)
    stream, named = training_guidance_stream(guidance_id), {"guidance_id": guidance_id}
    return await record_act(door, stream, body, lambda _: decided(), named)


@writes(
    router,
    "/training-coordination",
    status_code=201,
    summary="Coordinate training between organs",
    example={
        "kind": "teachers",
        "need": "teachers of administrative law",
        "needed_by": ["county-school"],
        "served_by": "training-school",
        "served_how": "Two teachers are lent for the spring term.",
        "quantity": 2,
        "from_on": "2027-03-01",
        "until_on": "2027-06-30",
    },
    answers=writes_of(ActAnswer),
)
async def coordinate_training(door: Writes, body: CoordinateTraining) -> Response:
    """What some organs need and another one serves: teachers lent, a facility shared, places given."""
    known = await plan_is_known(door, body.plan_id)
    coordination_id = short_id("training_coordination", str(door.command_id))
    decided = partial(decide_coordination, coordination_id, body, actor=door.visitor.actor, plan_is_known=known)
    stream, named = training_coordination_stream(coordination_id), {"coordination_id": coordination_id}
    return await record_act(door, stream, body, lambda _: decided(), named)


async def plan_is_known(door: Door, plan_id: str | None) -> bool:
    """Whether a plan that is named is on record."""
    return plan_id is None or await is_on_record(door, training_plan_stream(plan_id))


async def is_on_record(door: Door, stream: StreamId) -> bool:
    """Whether anything is."""
    return bool(await door.services.store.read_stream(stream))


async def record_act(
    door: Door,
    stream: StreamId,
    command: Command,
    decide: Callable[[Sequence[Event]], list[Event]],
    named: dict[str, str],
    *,
    status: int = 201,
    pack: PackReference | None = None,
) -> Response:
    """Decide an act upon its stream, record what follows, and answer with its id.

    Refuses: NotAllowed, and whatever `decide` refuses.
    """
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(stream, command, actor, door.command_id, at, pack, door.if_version, door.dry_run)
    async with door.deciding(command.name(), stream):
        kept = await record_in_stream(door.services.store, door.services.keys, wish, decide)
    return door.kept(kept, named, status)


@router.get(
    "/training-rules",
    operation_id="read_training_rules",
    summary="The rules of training",
    responses=open_reads(TrainingRules, "A page of rules"),
)
async def read_training_rules(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    still_open: Annotated[bool | None, Query(description="only those that nothing replaced, or the others")] = None,
) -> Response:
    """The latest first. No token is needed: these are acts of a public office."""
    return await RULES.answer(request, page, ActFilter(still_open=still_open))


@router.get(
    "/training-guidance",
    operation_id="read_training_guidance",
    summary="The guidance that was issued",
    responses=open_reads(TrainingGuidance, "A page of guidance"),
)
async def read_training_guidance(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    organ: AboutOrgan = None,
    plan_id: OfPlan = None,
) -> Response:
    """The latest first. No token is needed: these are acts of a public office."""
    return await GUIDANCE.answer(request, page, ActFilter(organ=organ, plan_id=plan_id))


@router.get(
    "/training-coordination",
    operation_id="read_training_coordination",
    summary="What was coordinated between organs",
    responses=open_reads(TrainingCoordination, "A page of coordination"),
)
async def read_training_coordination(
    request: Request,
    page: Annotated[LatestFirst, Depends()],
    organ: AboutOrgan = None,
    plan_id: OfPlan = None,
) -> Response:
    """The latest first. No token is needed: these are acts of a public office."""
    return await COORDINATION.answer(request, page, ActFilter(organ=organ, plan_id=plan_id))
