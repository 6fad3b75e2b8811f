"""What a pack says of the ordinary course: nomination, notice, objections, opinions, probation."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import model_validator

from domain.clock_rule import OnExpiry
from domain.identity import Role
from domain.law import Frozen, People, Rule, Text
from domain.particulars import Particulars
from domain.working_days import Counting, Period


class Nomination(Frozen):
    minimum_candidates: Rule[People]


class LiveUntil(StrEnum):
    """Until when a notice names whom it proposes."""

    WINDOW_ENDS = "window_ends"
    OBJECTIONS_DISPOSED = "objections_disposed"


class Notice(Frozen):
    minimum: Rule[Period]
    counting: Rule[Counting]
    fields: Rule[tuple[str, ...]]
    never: Rule[tuple[str, ...]]
    objections_to: Text
    correction_restarts: Rule[tuple[str, ...]] | None = None  # which corrected particulars begin the days anew
    live_until: Rule[LiveUntil] | None = None
    indexed_while_live: Rule[bool] | None = None

    @property
    def names_until(self) -> LiveUntil:
        """Until when people are named; a pack that is silent names them until every objection is disposed of."""
        return self.live_until.value if self.live_until else LiveUntil.OBJECTIONS_DISPOSED

    @property
    def may_be_indexed(self) -> bool:
        """Whether search engines may take in a notice that names people; not, where the pack is silent."""
        return self.indexed_while_live is not None and self.indexed_while_live.value

    @model_validator(mode="after")
    def nothing_forbidden_is_shown(self) -> Self:
        if both := set(self.fields.value) & set(self.never.value):
            raise ValueError(f"notice: {sorted(both)} stand both in `fields` and in `never`")
        return self

    @model_validator(mode="after")
    def it_shows_what_is_known(self) -> Self:
        known = Particulars.model_fields
        if unknown := [name for name in self.fields.value if name not in known]:
            raise ValueError(f"notice.fields: {unknown} are not written about a candidate; choose from {list(known)}")
        return self


class Objections(Frozen):
    """Whose duty it is to dispose of an objection, and by when."""

    disposed_by: Literal[Role.SUPERVISION]  # the grounds are sealed for supervision: nobody else could weigh them
    acknowledged: Rule[Period]
    answered: Rule[Period]
    on_expiry: Rule[OnExpiry]

    @model_validator(mode="after")
    def no_objection_falls_by_silence(self) -> Self:
        if self.on_expiry.value not in (OnExpiry.BLOCK, OnExpiry.ESCALATE):
            raise ValueError("objections.on_expiry: a late answer disposes of no objection; write block or escalate")
        return self


class OpinionRule(Frozen):
    """An organ whose opinion supervision must ask, how long it has, and what its silence means."""

    organ: str
    title: Text
    within: Rule[Period]
    on_expiry: Rule[OnExpiry]


class Review(Frozen):
    opinions: tuple[OpinionRule, ...] = ()

    @model_validator(mode="after")
    def each_organ_is_asked_once(self) -> Self:
        organs = [rule.organ for rule in self.opinions]
        if twice := sorted({organ for organ in organs if organs.count(organ) > 1}):
            raise ValueError(f"review.opinions: {twice} stand more than once; an organ is asked once")
        return self


class Probation(Frozen):
    length: Rule[Period]
