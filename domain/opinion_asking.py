"""Superiors, peers and subordinates are asked each for themselves about a case or unit, and never counted together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, OrganId
from domain.joint_supervision_rule import DEPARTMENTS
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.small_group import HeadCount, heads_together, hidden
from domain.supervision_problem import Subject, SubjectKind

ABOUT = (SubjectKind.CASE, SubjectKind.UNIT)


class Direction(StrEnum):
    """From where somebody is seen."""

    SUPERIOR = "superior"
    PEER = "peer"
    SUBORDINATE = "subordinate"


class Opinion(StrEnum):
    SUPPORTS = "supports"
    HAS_RESERVATIONS = "has_reservations"
    OPPOSES = "opposes"
    DOES_NOT_KNOW = "does_not_know"


NOT_ANSWERED = "not_answered"


class AskedOf(BaseModel):
    """How many people of one direction are asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    direction: Direction
    number: int = Field(ge=1, le=100_000)


class OpinionCount(BaseModel):
    """How many gave one answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opinion: Opinion
    number: int = Field(ge=0, le=100_000)


class AskOpinions(Command):
    """Ask superiors, peers and subordinates, each for themselves."""

    subject: Subject = Field(description="a case or a unit")
    asked: tuple[AskedOf, ...] = Field(min_length=1, max_length=3)

    @model_validator(mode="after")
    def each_direction_is_asked_once(self) -> Self:
        if len({found.direction for found in self.asked}) < len(self.asked):
            raise ValueError("a direction stands twice in `asked`; state each once")
        return self


class RecordOpinionCount(Command):
    """Put on record what one direction answered."""

    direction: Direction
    counts: tuple[OpinionCount, ...] = Field(
        min_length=1, max_length=4, description="sealed; shown without small cells"
    )

    @model_validator(mode="after")
    def each_answer_is_counted_once(self) -> Self:
        if len({found.opinion for found in self.counts}) < len(self.counts):
            raise ValueError("an answer stands twice in `counts`; state each once")
        return self


class OpinionsAsked(Event):
    asking_id: str
    subject: Subject
    asked: tuple[AskedOf, ...]
    organ: OrganId


class OpinionsCounted(Event):
    """What one direction answered. The counts are sealed: a small one would tell who said what."""

    direction: Direction
    counts: Annotated[tuple[OpinionCount, ...] | None, Confidential(to="opinions")] = None


class OpinionAskingNotFound(Refusal):
    rule = "house.opinions_are_asked_first"


class OpinionsAlreadyCounted(Refusal):
    rule = "house.a_direction_is_counted_once"


class MoreAnswersThanAsked(Refusal):
    rule = "house.nobody_answers_who_was_not_asked"
    unlawful = False


@dataclass(frozen=True, slots=True)
class OpinionAsking:
    """An asking as its events have made it; `counts` only as far as they could be opened."""

    id: str
    subject: Subject
    organ: OrganId
    asked: Mapping[Direction, int]
    counted: frozenset[Direction] = frozenset()
    counts: Mapping[Direction, Mapping[Opinion, int]] = field(default_factory=dict)


def opinion_asking_stream(asking_id: str) -> StreamId:
    """The stream of an asking."""
    return StreamId(f"opinion_asking/{asking_id}")


def fold_asking(events: Iterable[Event]) -> OpinionAsking | None:
    """The asking that a stream of events has made."""
    found: OpinionAsking | None = None
    for event in events:
        match event:
            case OpinionsAsked():
                asked = {each.direction: each.number for each in event.asked}
                found = OpinionAsking(event.asking_id, event.subject, event.organ, asked)
            case OpinionsCounted() if found is not None:
                said = {each.opinion: each.number for each in event.counts} if event.counts is not None else None
                counts = found.counts if said is None else {**found.counts, event.direction: said}
                found = replace(found, counted=found.counted | {event.direction}, counts=counts)
    return found


def ask_opinions(found: OpinionAsking | None, command: AskOpinions, actor: Actor, asking_id: str) -> list[Event]:
    """Either department asks superiors, peers and subordinates about a case or a unit.

    Source: F34 of the mission.
    Refuses: WrongOrgan, UnknownChoice.
    """
    _by_a_department(command, actor)
    if command.subject.kind not in ABOUT:
        raise UnknownChoice(
            f"Opinions are asked about a case or a unit, and not about a {command.subject.kind}. Choose one of those.",
            field="subject",
            known=[str(kind) for kind in ABOUT],
        )
    return [OpinionsAsked(asking_id=asking_id, organ=actor.organ, **dict(command))]


def record_opinion_count(
    found: OpinionAsking | None, command: RecordOpinionCount, actor: Actor, asking_id: str
) -> list[Event]:
    """The organ that asked puts on record what one direction answered, once.

    Refuses: WrongOrgan, OpinionAskingNotFound, UnknownChoice, OpinionsAlreadyCounted, MoreAnswersThanAsked.
    """
    _by_a_department(command, actor)
    if found is None:
        raise OpinionAskingNotFound(f"There is no asking “{asking_id}”. Check its id, or ask first.")
    if actor.organ != found.organ:
        raise WrongOrgan(f"Asking {found.id} was made by {found.organ}. Ask them to count it.", organ=actor.organ)
    if command.direction not in found.asked:
        raise UnknownChoice(
            f"No {command.direction} was asked in {found.id}; choose one of {', '.join(found.asked)}.",
            field="direction",
            known=[str(direction) for direction in found.asked],
        )
    if command.direction in found.counted:
        raise OpinionsAlreadyCounted(f"What the {command.direction}s answered is on record in {found.id}. Ask anew.")
    answered, asked = sum(each.number for each in command.counts), found.asked[command.direction]
    if answered > asked:
        raise MoreAnswersThanAsked(
            f"{answered} answers are counted and {asked} people were asked. Correct the counts.", field="counts"
        )
    return [OpinionsCounted(direction=command.direction, counts=command.counts)]


def shown_counts(asking: OpinionAsking, direction: Direction) -> dict[str, int | None]:
    """What one direction answered, by answer; a small cell is hidden, with others that it could be worked out from.

    Who did not answer is a cell too, since everybody knows how many were asked.
    """
    counts, asked = asking.counts.get(direction, {}), asking.asked[direction]
    cells = [HeadCount(str(opinion), counts.get(opinion, 0)) for opinion in Opinion]
    cells.append(HeadCount(NOT_ANSWERED, asked - sum(counts.values())))
    kept_back = hidden(cells, heads_together)
    return {cell.name: None if cell.name in kept_back else cell.size for cell in cells}


def _by_a_department(command: Command, actor: Actor) -> None:
    if not set(DEPARTMENTS) & set(actor.roles):
        raise WrongOrgan(
            f"`{command.name()}` is for personnel and supervision, and you act for {actor.organ}. Ask them to do it.",
            organ=actor.organ,
        )


OPINION_EVENTS: tuple[type[Event], ...] = (OpinionsAsked, OpinionsCounted)
ASKING: dict[type[Command], Callable[[OpinionAsking | None, Any, Actor, str], list[Event]]] = {
    AskOpinions: ask_opinions,
    RecordOpinionCount: record_opinion_count,
}
"""Every command of an asking with its decide function."""
