"""Relations between an officer and a candidate: their kinds, what a pack says of them, and what is known of an officer.

It knows no case and no command.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.identity import CandidateId, OrganId, Role
from domain.law import Frozen, Rule
from domain.rule_family import demands


class RelationKind(StrEnum):
    """What can tie an officer to a candidate."""

    SPOUSE = "spouse"
    LINEAL = "lineal"
    COLLATERAL_THREE_GENERATIONS = "collateral_three_generations"
    IN_LAW = "in_law"
    BUSINESS = "business"
    DONATION = "donation"
    SAME_UNIT = "same_unit"
    NOMINATOR = "nominator"


class Relation(Frozen):
    """What ties an officer to a candidate; sealed wherever it is recorded."""

    candidate_id: CandidateId
    kind: RelationKind
    details: str | None = Field(None, max_length=1000)


class FoundRelation(Relation):
    """A relation that a check has found, and whether the officer's own declaration has it."""

    declared: bool = False


class Conflicts(Frozen):
    """Which relations keep an officer out of a case, who declares them before what, and where they are looked up."""

    recuse: Rule[tuple[RelationKind, ...]]
    declare: Rule[tuple[RelationKind, ...]]
    declare_before: Rule[tuple[str, ...]]
    cross_check: Rule[tuple[str, ...]]

    @property
    def recusing(self) -> frozenset[RelationKind]:
        """The relations that recuse by themselves: those that any family of rules names."""
        return frozenset(kind for kinds in demands(self.recuse) for kind in kinds)

    @model_validator(mode="after")
    def what_recuses_is_declared(self) -> Self:
        if missing := sorted(self.recusing - set(self.declare.value)):
            raise ValueError(f"conflicts.declare: {missing} stand in `recuse`, so they must be declared as well")
        return self


@dataclass(frozen=True, slots=True)
class Interests:
    """What a case knows of one officer's interests in it, and nothing of which they are.

    `declared_about` are the candidates that were known when the officer declared, as `roles` and for `organ`;
    `withdraws_under` is the rule by which the officer is out of the case; `undecided` are relations on which
    supervision has still to decide; `checked` are the registers in which the officer was looked up, by candidate.
    """

    declared: bool = False
    declared_about: frozenset[CandidateId] = frozenset()
    roles: frozenset[Role] = frozenset()
    organ: OrganId | None = None
    related: bool = False
    withdraws_under: str | None = None
    undecided: frozenset[str] = frozenset()
    checked: frozenset[tuple[str, CandidateId]] = frozenset()

    @property
    def kept_out(self) -> bool:
        """Whether the officer withdrew, or waits for supervision's decision."""
        return self.withdraws_under is not None or bool(self.undecided)
