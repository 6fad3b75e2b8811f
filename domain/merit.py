"""The criteria that the candidates of a case are measured by: from the pack's list, weighted, set before it is known
for whom they would be good."""

from datetime import date
from types import MappingProxyType
from typing import ClassVar, Self

from pydantic import Field, model_validator

from domain.appointment import Case, CaseEvent, LiveCase
from domain.command import Command, ready
from domain.event import Event
from domain.law import Frozen
from domain.merit_rule import Merit
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace

WHOLE = 100


class WeightedCriterion(Frozen):
    """A criterion and its part of the whole. Units: hundredths."""

    criterion: str = Field(max_length=60)
    weight: int = Field(ge=1, le=WHOLE)


class SetCriteria(Command):
    """Say what the candidates of this case are measured by."""

    stage: ClassVar[StageKind | None] = StageKind.NOMINATION
    criteria: tuple[WeightedCriterion, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def the_weights_are_a_whole(self) -> Self:
        named = [found.criterion for found in self.criteria]
        if len(set(named)) != len(named):
            raise ValueError("criteria: each criterion may stand only once")
        if (total := sum(found.weight for found in self.criteria)) != WHOLE:
            raise ValueError(f"criteria: the weights add up to {total}; they must add up to {WHOLE}")
        return self


class CriteriaSet(CaseEvent):
    """What the candidates of the case are measured by, for everybody to read."""

    under: ClassVar[tuple[str, ...]] = ("merit.criteria", "merit.refused")
    criteria: tuple[WeightedCriterion, ...]
    set_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, criteria=MappingProxyType({found.criterion: found.weight for found in self.criteria}))


class CriterionRefused(Refusal):
    """What was named is no merit: who somebody is related to, lives on, or comes from."""

    rule = "merit.refused"


class CriteriaMissing(Refusal):
    rule = "merit.required"


class CriteriaStand(Refusal):
    rule = "house.criteria_are_not_cut_to_a_candidate"


class NoRulesOnMerit(Refusal):
    rule = "house.the_pack_says_what_merit_is"


def set_criteria(case: Case, command: SetCriteria, on: Occasion) -> list[Event]:
    """Candidates are measured by criteria of the pack's list, which are set before anybody is nominated.

    Source: the pack's `merit.criteria` and `merit.refused`.
    Refuses: OutOfOrder, WrongOrgan, NoRulesOnMerit, CriterionRefused, UnknownChoice, CriteriaStand.
    """
    live = ready(case, command, on)
    rules = _rules(on)
    for found in command.criteria:
        _is_merit(found.criterion, rules, on)
    if live.candidates:
        raise CriteriaStand(
            f"{len(live.candidates)} people were nominated in this case already, and criteria are set before it is "
            "known for whom they would be good. Go on without a change, or withdraw the case and open another one."
        )
    return [CriteriaSet(criteria=command.criteria, set_on=on.today)]


def criteria_are_set(live: LiveCase, on: Occasion) -> None:
    """Where the pack wants criteria, nobody is nominated before there are some.

    A case that was moved under such a pack with its candidates goes on as it was: none can be set for them any more.

    Source: the pack's `merit.required`.
    Refuses: CriteriaMissing.
    """
    rules = on.pack.merit
    if rules is not None and rules.required.value and not live.criteria and not live.candidates:
        raise CriteriaMissing(
            "It is not on record what the candidates will be measured by. Ask personnel to `set_criteria`, then "
            "nominate.",
            citation=on.cite("merit.required"),
        )


def _is_merit(criterion: str, rules: Merit, on: Occasion) -> None:
    refused = next((found for found in rules.refused.value if found.id == criterion), None)
    known = [found.id for found in rules.criteria.value]
    if refused is not None:
        raise CriterionRefused(
            f"“{criterion}” ({refused.title.en}) is no merit: nobody is measured by it under `{on.pack.id}`. "
            f"Take it out, and choose one of {', '.join(known)}.",
            citation=on.cite("merit.refused"),
            field="criteria",
            criterion=criterion,
            known=known,
        )
    if criterion not in known:
        raise UnknownChoice(
            f"“{criterion}” is not on the list of criteria of `{on.pack.id}`; choose one of {', '.join(known)}.",
            field="criteria",
            known=known,
        )


def _rules(on: Occasion) -> Merit:
    if on.pack.merit is None:
        raise NoRulesOnMerit(
            f"`{on.pack.id}` has no list of criteria, so none is set under it. "
            "Go on with the stage, or open the case under a pack that has one."
        )
    return on.pack.merit
