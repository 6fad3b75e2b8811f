"""The acts of planning training as everybody may read them, with the targets and the needs of the plans.

A plan's targets outlast its closing, since its year is measured by them; its needs do not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import asyncpg
import orjson

from domain.event import Event, Recorded
from domain.training_act import TrainingCoordinated, TrainingGuidanceIssued, TrainingRuleIssued
from domain.training_inspection import InspectionFinding, TrainingInspected, TrainingInspectionAnswered
from domain.training_plan import PlannedTraining, PlanOutcome, TrainingPlanAdopted, TrainingPlanClosed, TrainingTargets
from eventstore.named_sql import statements
from projections.projection import Connection, EventByEvent
from projections.reading import start_of

SQL = statements("projections", "training_act.sql")
WHOLE = ""
"""The unit of a plan's own targets: all units together."""
HEARD = frozenset(
    {
        kind.alias
        for kind in (
            TrainingRuleIssued,
            TrainingPlanAdopted,
            TrainingPlanClosed,
            TrainingGuidanceIssued,
            TrainingCoordinated,
            TrainingInspected,
            TrainingInspectionAnswered,
        )
    }
)


class ActKind(StrEnum):
    """The five acts."""

    RULE = "rule"
    PLAN = "plan"
    GUIDANCE = "guidance"
    COORDINATION = "coordination"
    INSPECTION = "inspection"


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts are asked for."""

    year: int | None = None
    organ: str | None = None
    plan_id: str | None = None
    still_open: bool | None = None


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act. `organ` is whose act it is; `still_open` of a rule: nothing took its place."""

    act_id: str
    organ: str
    recorded_at: datetime
    position: int
    still_open: bool | None
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What a year is to reach in one unit, or in `WHOLE`. Units: percent."""

    year: int
    unit: str
    plan_id: str
    coverage_percent: int | None
    quality_percent: int | None


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What a plan that stands needs: equipment or rooms, for so many people at once."""

    plan_id: str
    year: int
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class _Act:
    """What the table keeps of an act beside who acted and when."""

    id: str
    kind: ActKind
    said: dict[str, Any]
    organs: tuple[str, ...] = ()
    plan_id: str | None = None
    year: int | None = None
    still_open: bool | None = None


class TrainingActs(EventByEvent):
    """Keeps the lists."""

    name = "training_act"
    version = 1
    tables = ("training_act", "training_target", "training_need")
    definition = SQL["definition"]
    indexes = SQL["indexes"]
    heard = HEARD

    async def take(self, connection: Connection, recorded: Recorded[Event]) -> None:
        if (act := _act(recorded.event)) is not None:
            who_and_when = (recorded.actor.organ, recorded.recorded_at, recorded.position)
            about = (act.year, list(act.organs), act.plan_id, act.still_open)
            await connection.execute(SQL["act"], act.id, act.kind, *who_and_when, *about, _json(act.said))
        match recorded.event:
            case TrainingRuleIssued(replaces=str() as replaced) as event:
                await connection.execute(SQL["say"], replaced, _json({"replaced_by": event.rule_id}), False)
            case TrainingPlanAdopted() as event:
                await self._plan(connection, event.plan_id, event.plan, recorded.position)
            case TrainingPlanClosed() as event:
                said = event.model_dump(mode="json", exclude={"plan_id"})
                await connection.execute(SQL["say"], event.plan_id, _json(said), False)
                await connection.execute(SQL["drop_needs"], event.plan_id)
                if event.outcome is PlanOutcome.WITHDRAWN:
                    await connection.execute(SQL["drop_targets"], event.plan_id)
            case TrainingInspectionAnswered() as event:
                answers = event.model_dump(mode="json", include={"answers"})
                said = answers | {"answered_at": recorded.recorded_at}
                await connection.execute(SQL["say"], event.inspection_id, _json(said), False)

    async def _plan(self, connection: Connection, plan_id: str, plan: PlannedTraining, position: int) -> None:
        await connection.execute(SQL["drop_targets"], plan_id)
        await connection.execute(SQL["drop_needs"], plan_id)
        for goal in _goals(plan.targets):
            await connection.execute(SQL["target"], plan_id, plan.year, plan.pack, *goal, position)
        for need in plan.needs:
            await connection.execute(SQL["need"], plan_id, plan.year, need.name, need.places)


def _goals(targets: TrainingTargets | None) -> Iterator[tuple[str, int | None, int | None]]:
    if targets is not None:
        yield WHOLE, targets.coverage_percent, targets.quality_percent
        yield from ((found.unit, found.coverage_percent, found.quality_percent) for found in targets.units)


def _act(event: Event) -> _Act | None:
    said = event.model_dump(mode="json", exclude=set(type(event).sealed_fields))
    match event:
        case TrainingRuleIssued():
            del said["rule_id"]
            return _Act(event.rule_id, ActKind.RULE, said | {"replaced_by": None}, still_open=True)
        case TrainingPlanAdopted():
            del said["plan_id"]
            said |= {"outcome": None, "came_of_it": None}
            return _Act(event.plan_id, ActKind.PLAN, said, year=event.plan.year, still_open=True)
        case TrainingGuidanceIssued():
            del said["guidance_id"]
            return _Act(event.guidance_id, ActKind.GUIDANCE, said, (event.addressed_to,), event.plan_id)
        case TrainingCoordinated():
            del said["coordination_id"]
            organs = (event.served_by, *event.needed_by)
            return _Act(event.coordination_id, ActKind.COORDINATION, said, organs, event.plan_id)
        case TrainingInspected():
            del said["inspection_id"]
            said |= {"answers": [], "answered_at": None}
            awaits = event.findings != (InspectionFinding.IN_ORDER,)
            return _Act(
                event.inspection_id,
                ActKind.INSPECTION,
                said,
                (event.school,),
                event.plan_id,
                still_open=awaits,
            )
    return None


def _json(said: dict[str, Any]) -> str:
    return orjson.dumps(said).decode()


async def acts_page(
    pool: "asyncpg.Pool[asyncpg.Record]",
    kind: ActKind,
    asked: ActFilter,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[ActRow]:
    """Acts of a kind that match, the latest first, of which the first event stands before a position."""
    filters = (asked.year, asked.organ, asked.plan_id, asked.still_open)
    rows = await pool.fetch(SQL["page"], kind, start_of(before), *filters, limit)
    return [ActRow(**{**row, "said": orjson.loads(row["said"])}) for row in rows]


async def training_targets(pool: "asyncpg.Pool[asyncpg.Record]") -> list[TargetRow]:
    """What each year is to reach, by unit; where two plans speak of the same, the later one."""
    return [TargetRow(**row) for row in await pool.fetch(SQL["targets"])]


async def training_needs(pool: "asyncpg.Pool[asyncpg.Record]") -> list[NeedRow]:
    """What the plans that stand need."""
    return [NeedRow(**row) for row in await pool.fetch(SQL["needs"])]
