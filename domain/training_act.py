"""Acts of the personnel department that each stand for themselves: a rule of training, guidance, and coordination.

They are acts of a public office: everything in them is public, and none of them names a person.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.command import Command
from domain.event import Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.refusal import Refusal, WrongOrgan

ActId = Annotated[str, Field(pattern="^[0-9a-z]{12}$")]
NamedOrgan = Annotated[OrganId, Field(min_length=1, max_length=120)]
NO_NAMES = "public: no names of people"


class Wording(BaseModel):
    """Words in English, in Chinese, or in both."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    en: str | None = Field(None, min_length=3, max_length=8000)
    zh: str | None = Field(None, min_length=2, max_length=8000)

    @model_validator(mode="after")
    def it_says_something(self) -> Self:
        if self.en is None and self.zh is None:
            raise ValueError("says nothing; write it in `en`, in `zh`, or in both")
        return self


class CoordinationKind(StrEnum):
    """What one organ gives so that others can train."""

    TEACHERS = "teachers"
    FACILITY = "facility"
    PLACES = "places"
    MATERIALS = "materials"
    OTHER = "other"


class IssueTrainingRule(Command):
    """Personnel issue a rule of training for this installation. Figures that decide cases stand in packs."""

    title: Wording
    text: Wording
    source: str = Field(min_length=3, max_length=400, description="the instrument and article that it rests on")
    effective_on: date
    replaces: ActId | None = Field(None, description="the id of the rule that it takes the place of")


class IssueTrainingGuidance(Command):
    """Personnel guide an organ or a school."""

    addressed_to: NamedOrgan
    subject: str = Field(min_length=3, max_length=200, description=NO_NAMES)
    text: str = Field(min_length=10, max_length=8000, description=NO_NAMES)
    plan_id: ActId | None = Field(None, description="the plan that it is about")


class CoordinateTraining(Command):
    """Personnel see to it that what some organs need for training is served by others."""

    kind: CoordinationKind
    need: str = Field(min_length=3, max_length=400, description=f"what is needed; {NO_NAMES}")
    needed_by: tuple[NamedOrgan, ...] = Field(min_length=1, max_length=100)
    served_by: NamedOrgan
    served_how: str = Field(min_length=3, max_length=2000, description=f"how it is served; {NO_NAMES}")
    quantity: int | None = Field(None, ge=1, le=100_000, description="teachers, rooms, places or sets, by the kind")
    from_on: date
    until_on: date
    plan_id: ActId | None = Field(None, description="the plan that it serves")


class TrainingRuleIssued(Event):
    rule_id: str
    title: Wording
    text: Wording
    source: str
    effective_on: date
    replaces: str | None = None


class TrainingGuidanceIssued(Event):
    guidance_id: str
    addressed_to: OrganId
    subject: str
    text: str
    plan_id: str | None = None


class TrainingCoordinated(Event):
    coordination_id: str
    kind: CoordinationKind
    need: str
    needed_by: tuple[OrganId, ...]
    served_by: OrganId
    served_how: str
    quantity: int | None = None
    from_on: date
    until_on: date
    plan_id: str | None = None


class TrainingActNotFound(Refusal):
    """An act names another that was never recorded."""

    rule = "house.an_act_names_what_is_on_record"


class TrainingRuleReachesBack(Refusal):
    rule = "house.a_training_rule_changes_no_past"
    unlawful = False


class CoordinationDoesNotAddUp(Refusal):
    rule = "house.coordination_is_between_organs_for_a_time"
    unlawful = False


def training_rule_stream(rule_id: str) -> StreamId:
    return StreamId(f"training_rule/{rule_id}")


def training_guidance_stream(guidance_id: str) -> StreamId:
    return StreamId(f"training_guidance/{guidance_id}")


def training_coordination_stream(coordination_id: str) -> StreamId:
    return StreamId(f"training_coordination/{coordination_id}")


def by_personnel(command: Command, actor: Actor) -> None:
    """Rules, plans, guidance, coordination and inspection are the personnel department's.

    Source: features F23 and F24 (macro and micro functions kept apart).
    Refuses: WrongOrgan.
    """
    if Role.PERSONNEL not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is the personnel department's: whoever teaches neither plans nor inspects. Ask it.",
            duty_holder=str(Role.PERSONNEL),
            organ=actor.organ,
        )


def on_record(kind: str, named: str | None, *, known: bool) -> None:
    """What an act names must have been recorded before.

    Refuses: TrainingActNotFound.
    """
    if named is not None and not known:
        raise TrainingActNotFound(f"There is no {kind} “{named}”. Check its id in the list, or leave it out.", id=named)


def issue_training_rule(
    rule_id: str, command: IssueTrainingRule, *, actor: Actor, at: datetime, replaced_is_known: bool = True
) -> list[Event]:
    """A rule of training takes effect on a day that is not over yet, and may take the place of an earlier one.

    Source: features F24 (macro functions: make rules).
    Refuses: WrongOrgan, TrainingRuleReachesBack, TrainingActNotFound.
    """
    by_personnel(command, actor)
    on_record("training rule", command.replaces, known=replaced_is_known)
    earliest = (at - timedelta(hours=12)).date()  # where on Earth it is earliest
    if command.effective_on < earliest:
        raise TrainingRuleReachesBack(
            f"A rule that takes effect on {command.effective_on:%-d %B %Y} would change what is past already. "
            "State today or a later day; what it rests on belongs in its source.",
            field="effective_on",
            effective_on=command.effective_on,
        )
    return [TrainingRuleIssued(rule_id=rule_id, **command.model_dump())]


def issue_training_guidance(
    guidance_id: str, command: IssueTrainingGuidance, *, actor: Actor, plan_is_known: bool = True
) -> list[Event]:
    """Personnel guide an organ or a school, in words that everybody may read.

    Source: features F24 (macro functions: guide).
    Refuses: WrongOrgan, TrainingActNotFound.
    """
    by_personnel(command, actor)
    on_record("training plan", command.plan_id, known=plan_is_known)
    return [TrainingGuidanceIssued(guidance_id=guidance_id, **command.model_dump())]


def coordinate_training(
    coordination_id: str, command: CoordinateTraining, *, actor: Actor, plan_is_known: bool = True
) -> list[Event]:
    """What some organs need is served by another one, for a time.

    Source: features F24 (macro functions: coordinate and serve).
    Refuses: WrongOrgan, TrainingActNotFound, CoordinationDoesNotAddUp.
    """
    by_personnel(command, actor)
    on_record("training plan", command.plan_id, known=plan_is_known)
    if command.until_on < command.from_on:
        raise CoordinationDoesNotAddUp(
            f"It ends on {command.until_on:%-d %B %Y}, before it begins on {command.from_on:%-d %B %Y}. "
            "State the days in their order.",
            field="until_on",
        )
    if command.served_by in command.needed_by:
        raise CoordinationDoesNotAddUp(
            f"The organ {command.served_by} would serve itself, which needs no coordination. Name another one.",
            field="served_by",
        )
    if len(set(command.needed_by)) < len(command.needed_by):
        raise CoordinationDoesNotAddUp("An organ stands twice among those in need. Name each once.", field="needed_by")
    return [TrainingCoordinated(coordination_id=coordination_id, **command.model_dump())]
