"""A training plan: what it is to achieve, for which posts, and how one will know; with targets and needs of its year.

Nothing of a plan is edited: another version is another event, with its reason, and closing says what came of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.command import Command
from domain.event import Event, StreamId
from domain.identity import Actor
from domain.pack import Pack
from domain.refusal import Refusal, UnknownChoice
from domain.training_act import NO_NAMES, ActId, TrainingActNotFound, by_personnel

Percent = Annotated[int, Field(ge=0, le=100)]
Long = Annotated[str, Field(max_length=4000)]
Short = Annotated[str, Field(min_length=1, max_length=200)]


class Planned(BaseModel):
    """A part of a plan."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class UnitTarget(Planned):
    """What one unit is to reach where that differs from the plan's own targets."""

    unit: str = Field(min_length=1, max_length=120)
    coverage_percent: Percent | None = None
    quality_percent: Percent | None = None


class TrainingTargets(Planned):
    """What the plan's year is to reach.

    Units: `coverage_percent` of the people in service meet their hours; `quality_percent` of completed trainings are
    passed.
    """

    coverage_percent: Percent
    quality_percent: Percent
    units: tuple[UnitTarget, ...] = Field((), max_length=500)


class TrainingNeed(Planned):
    """Equipment or a kind of room that the plan needs, and for how many people at once."""

    name: str = Field(min_length=1, max_length=120, description="such as “computer room”")
    places: int = Field(ge=1, le=100_000)


class PlannedTraining(Planned):
    """What a version of a plan says."""

    title: str
    year: int
    pack: str
    objective: str
    target_ranks: tuple[str, ...]
    target_posts: tuple[str, ...]
    test: str
    targets: TrainingTargets | None = None
    needs: tuple[TrainingNeed, ...] = ()


class AdoptTrainingPlan(Command):
    """Personnel adopt a plan of training, or with `plan_id` the next version of one."""

    plan_id: ActId | None = Field(None, description="the plan of which this is the next version")
    reason: str | None = Field(None, min_length=5, max_length=1000, description=f"of the next version; {NO_NAMES}")
    title: Short
    year: int = Field(ge=2000, le=2100)
    pack: str = Field("standard", max_length=80, description="the pack whose ranks are meant")
    objective: Long | None = Field(None, description=f"what it is to achieve; {NO_NAMES}")
    target_ranks: tuple[Short, ...] = Field((), max_length=50, description="ranks of the pack")
    target_posts: tuple[Short, ...] = Field((), max_length=100, description="posts in words")
    test: Long | None = Field(None, description="how it is judged that the objective was reached")
    targets: TrainingTargets | None = None
    needs: tuple[TrainingNeed, ...] = Field((), max_length=100, description="equipment and rooms, with places")

    @model_validator(mode="after")
    def each_stands_once(self) -> Self:
        units = [target.unit for target in self.targets.units] if self.targets else []
        for what, named in (("unit", units), ("need", [need.name for need in self.needs])):
            if len(set(named)) < len(named):
                raise ValueError(f"a {what} stands twice; write each once")
        return self


class PlanOutcome(StrEnum):
    REACHED = "reached"
    PARTLY_REACHED = "partly_reached"
    NOT_REACHED = "not_reached"
    WITHDRAWN = "withdrawn"


class CloseTrainingPlan(Command):
    """Personnel close a plan by its test: what came of it."""

    outcome: PlanOutcome
    came_of_it: str = Field(min_length=10, max_length=4000, description=f"judged by the plan's test; {NO_NAMES}")


class TrainingPlanAdopted(Event):
    """A version of a plan; the first has no reason but its objective."""

    plan_id: str
    plan_version: int
    plan: PlannedTraining
    reason: str | None = None


class TrainingPlanClosed(Event):
    plan_id: str
    outcome: PlanOutcome
    came_of_it: str


class PlanIncomplete(Refusal):
    """A plan without an objective, without target posts or without a test is none."""

    rule = "house.a_plan_has_objective_posts_and_test"


class PlanLooksBack(Refusal):
    rule = "house.a_plan_is_made_before_its_year_is_over"


class NextVersionUnsound(Refusal):
    """The next version of a plan has a reason, says something new, and stays in its year."""

    rule = "house.a_plan_changes_for_a_reason"
    unlawful = False


class PlanIsClosed(Refusal):
    rule = "house.a_closed_plan_rests"


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """A plan as its events have made it."""

    id: str
    version: int
    says: PlannedTraining
    outcome: PlanOutcome | None = None


def training_plan_stream(plan_id: str) -> StreamId:
    """The stream of a plan."""
    return StreamId(f"training_plan/{plan_id}")


def fold_training_plan(events: Iterable[Event]) -> TrainingPlan | None:
    """The plan that a stream of events has made."""
    plan: TrainingPlan | None = None
    for event in events:
        match event:
            case TrainingPlanAdopted():
                plan = TrainingPlan(event.plan_id, event.plan_version, event.plan)
            case TrainingPlanClosed() if plan is not None:
                plan = replace(plan, outcome=event.outcome)
    return plan


def adopt_training_plan(
    plan_id: str, plan: TrainingPlan | None, command: AdoptTrainingPlan, *, actor: Actor, at: datetime, pack: Pack
) -> list[Event]:
    """A plan states its objective, its target posts and its test; another version of it also states why.

    Source: features F13 and F19.
    Refuses: WrongOrgan, PlanIncomplete, UnknownChoice, PlanLooksBack, TrainingActNotFound, PlanIsClosed,
    NextVersionUnsound.
    """
    by_personnel(command, actor)
    says = _complete(command)
    _ranks_are_known(says, pack)
    if says.year < at.year:
        raise PlanLooksBack(
            f"A plan for {says.year} cannot be adopted in {at.year}. State this year or a later one.",
            field="year",
            year=says.year,
        )
    if command.plan_id is not None:
        _may_follow(_open(plan, plan_id), says, command.reason)
    version = plan.version + 1 if plan else 1
    reason = command.reason if plan else None
    return [TrainingPlanAdopted(plan_id=plan_id, plan_version=version, plan=says, reason=reason)]


def close_training_plan(
    plan_id: str, plan: TrainingPlan | None, command: CloseTrainingPlan, *, actor: Actor
) -> list[Event]:
    """A plan is closed with what came of it, and rests.

    Refuses: WrongOrgan, TrainingActNotFound, PlanIsClosed.
    """
    by_personnel(command, actor)
    found = _open(plan, plan_id)
    return [TrainingPlanClosed(plan_id=found.id, outcome=command.outcome, came_of_it=command.came_of_it)]


def _complete(command: AdoptTrainingPlan) -> PlannedTraining:
    lacks = {
        "objective": not command.objective,
        "target_posts": not (command.target_ranks or command.target_posts),
        "test": not command.test,
    }
    missing = [name for name, lacking in lacks.items() if lacking]
    if missing or command.objective is None or command.test is None:
        words = ", ".join(f"its {name.replace('_', ' ')}" for name in missing)
        raise PlanIncomplete(
            f"The plan lacks {words}. A plan has an objective, target posts and a test by which one will know that "
            "the objective was reached: state what is missing.",
            field=missing[0],
            missing=missing,
        )
    said = command.model_dump(exclude={"plan_id", "reason"})
    return PlannedTraining.model_validate(said)


def _ranks_are_known(says: PlannedTraining, pack: Pack) -> None:
    known = [rank.id for rank in pack.ranks]
    unknown = [rank for rank in says.target_ranks if rank not in known]
    if unknown:
        raise UnknownChoice(
            f"“{unknown[0]}” is no rank of `{pack.id}`; choose one of {', '.join(known)}, or name the posts in words.",
            field="target_ranks",
            known=known,
        )


def _may_follow(before: TrainingPlan, says: PlannedTraining, reason: str | None) -> None:
    if reason is None:
        raise NextVersionUnsound(
            f"Version {before.version} of the plan stands; the next needs a reason. State why it changes.",
            field="reason",
        )
    if says.year != before.says.year:
        raise NextVersionUnsound(
            f"The plan is for {before.says.year}, and this is for {says.year}. Adopt a plan of its own: leave "
            "`plan_id` out.",
            field="year",
        )
    if says == before.says:
        raise NextVersionUnsound(
            f"This says what version {before.version} says already. State what is to change.", field="objective"
        )


def _open(plan: TrainingPlan | None, plan_id: str) -> TrainingPlan:
    if plan is None:
        raise TrainingActNotFound(f"There is no training plan “{plan_id}”. Check its id in the list.", id=plan_id)
    if plan.outcome is not None:
        raise PlanIsClosed(
            f"The plan was closed ({plan.outcome.replace('_', ' ')}) and rests. Adopt another one: leave `plan_id` out."
        )
    return plan
