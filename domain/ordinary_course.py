"""What a pack says of the ordinary course: nomination, notice, objections, opinions, probation."""

from typing import Literal, Self

from pydantic import model_validator

from domain.clock_rule import OnExpiry
from domain.identity import Role
from domain.law import Frozen, People, Rule, Text
from domain.particulars import Particulars
from domain.working_days import Counting, Period


class Nomination(Frozen):
    minimum_candidates: Rule[People]


class Notice(Frozen):
    minimum: Rule[Period]
    counting: Rule[Counting]
    fields: Rule[tuple[str, ...]]
    never: Rule[tuple[str, ...]]
    objections_to: Text
    correction_restarts: Rule[tuple[str, ...]] | None = None  # which corrected particulars begin the days anew

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
