"""Interests that officers declare and that checks find, and what supervision decides on them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, ClosedCase, LiveCase, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves, ready
from domain.declaration import CROSS_CHECK, interests_of
from domain.event import Confidential, Event
from domain.identity import OfficerId, OrganId, Role, short_id
from domain.interests import Conflicts, FoundRelation, Interests, Relation
from domain.occasion import Occasion
from domain.recusal import DECLARE, RECUSE, hands_without_conflict
from domain.refusal import Refusal, UnknownChoice


class DeclareInterests(Command):
    """Say what ties you to the candidates, or that nothing does. Everybody declares for themselves."""

    declares: ClassVar[bool] = True
    relations: tuple[Relation, ...] = Field((), max_length=50)


class CrossCheckInterests(Command):
    """Look an officer up in the registers that the pack names, and say what was found, or that nothing was."""

    officer: OfficerId
    registers: tuple[str, ...] = Field(min_length=1, max_length=20)
    found: tuple[FoundRelation, ...] = Field((), max_length=50)
    acted: bool = Field(False, description="the officer has taken a step in the case, as its log shows")


class DecideConflict(Command):
    """Decide on a relation that does not recuse by itself: does the officer withdraw, and with which plan."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    relation_id: str = Field(max_length=60)
    withdraws: bool
    plan: str = Field(min_length=10, max_length=2000)


class InterestsDeclared(CaseEvent):
    """An officer has declared. That a declaration was made is public, what it says is not."""

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = (DECLARE,)
    officer: OfficerId
    roles: tuple[Role, ...]
    organ: OrganId | None = None
    declared_on: date
    withdraws: bool
    to_decide: tuple[str, ...]
    relations: Annotated[tuple[Relation, ...] | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        known = interests_of(case, self.officer)
        related = known.related or self.withdraws or bool(self.to_decide)
        declared = replace(
            known,
            declared=True,
            declared_about=known.declared_about | frozenset(case.candidates),
            roles=known.roles | frozenset(self.roles),
            organ=self.organ,
            related=related,
        )
        return case.with_interests(self.officer, _with_relations(declared, self.withdraws, self.to_decide))


class InterestsCrossChecked(CaseEvent):
    """An officer was looked up in registers.

    Several are named at once, so that the log of an officer who must withdraw does not tell in which one it stood.
    """

    under: ClassVar[tuple[str, ...]] = (CROSS_CHECK,)
    officer: OfficerId
    registers: tuple[str, ...]
    checked_on: date
    withdraws: bool
    to_decide: tuple[str, ...]
    found: Annotated[tuple[FoundRelation, ...] | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        known = interests_of(case, self.officer)
        fresh = frozenset((register, candidate) for register in self.registers for candidate in case.candidates)
        checked = replace(known, checked=known.checked | fresh)
        return case.with_interests(self.officer, _with_relations(checked, self.withdraws, self.to_decide))


class UndeclaredRelationFound(CaseEvent):
    """A breach by itself: an officer who acted, or had declared, left out a relation that there is."""

    under: ClassVar[tuple[str, ...]] = (DECLARE,)
    officer: OfficerId
    found_on: date
    relation: Annotated[Relation | None, Confidential(to="supervision")] = None


class ConflictDecided(CaseEvent):
    """Supervision has decided whether an officer withdraws for a relation that was declared or found."""

    under: ClassVar[tuple[str, ...]] = (DECLARE,)
    relation_id: str
    officer: OfficerId
    withdraws: bool
    decided_on: date
    plan: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        known = interests_of(case, self.officer)
        decided = replace(known, undecided=known.undecided - {self.relation_id})
        if self.withdraws and decided.withdraws_under is None:
            decided = replace(decided, withdraws_under=DECLARE)
        return case.with_interests(self.officer, decided)


class NobodyChecksThemselves(Refusal):
    rule = "house.nobody_checks_their_own_interests"


class NoRulesOnConflicts(Refusal):
    rule = "house.the_pack_says_what_a_conflict_is"


def declare_interests(case: Case, command: DeclareInterests, on: Occasion) -> list[Event]:
    """An officer declares relations to candidates, or none; one of a kind that recuses puts the officer out at once.

    Source: the pack's `conflicts.declare` and `conflicts.recuse`.
    Refuses: CaseNotFound, CaseIsSuspended, CaseHasEnded, ActsInOwnCase, NoRulesOnConflicts, UnknownChoice.
    """
    live = under_way(case)
    nobody_acts_for_themselves(live, command, on)
    rules = _rules(on)
    _candidates_are_known(live, command.relations)
    return [
        InterestsDeclared(
            officer=on.actor.officer,
            roles=on.actor.roles,
            organ=on.actor.organ,
            declared_on=on.today,
            withdraws=_recuses(rules, command.relations),
            to_decide=_to_decide(live, rules, command.relations, on),
            relations=command.relations,
        )
    ]


def cross_check_interests(case: Case, command: CrossCheckInterests, on: Occasion) -> list[Event]:
    """Personnel or supervision look an officer up; what was found and not declared is a breach of its own.

    It is one when the officer had declared already, or has acted in the case. Once the case has ended, nobody has to
    withdraw from it any more: supervision records the breach, and what follows of it is for an inquiry.

    Source: the pack's `conflicts.cross_check`.
    Refuses: WrongOrgan, ActsInOwnCase, NobodyChecksThemselves, NoRulesOnConflicts, UnknownChoice; when the case has
    ended, CaseHasEnded to personnel, ConflictedOfficer, ConflictUndecided.
    """
    live = _looked_into(case, command, on)
    nobody_acts_for_themselves(live, command, on)
    held_by(Role.SUPERVISION if on.acts_as(Role.SUPERVISION) else Role.PERSONNEL, command, on)
    rules = _rules(on)
    if command.officer in on.actor.hands:
        raise NobodyChecksThemselves("You cannot check your own interests. Another officer must do it.")
    _registers_are_known(rules, command, on)
    _candidates_are_known(live, command.found)
    known = interests_of(live, command.officer)
    fresh = tuple(found for found in command.found if not found.declared)
    _declared_before(command, known)
    ended = isinstance(case, ClosedCase)
    checked = InterestsCrossChecked(
        officer=command.officer,
        registers=command.registers,
        checked_on=on.today,
        withdraws=_recuses(rules, command.found) and not ended,
        to_decide=() if ended else _to_decide(live, rules, fresh, on),
        found=command.found,
    )
    breach = known.declared or command.acted or command.officer in live.run_by
    return [checked, *(_breaches(command.officer, fresh, rules, on) if breach else ())]


def decide_conflict(case: Case, command: DecideConflict, on: Occasion) -> list[Event]:
    """Supervision decides on a relation that awaits it; until then its officer takes no step.

    Source: the pack's `conflicts.declare`.
    Refuses: WrongOrgan, ActsInOwnCase, UnknownChoice.
    """
    live = ready(case, command, on)
    waiting = live.undecided_relations
    if command.relation_id not in waiting:
        known = sorted(waiting)
        raise UnknownChoice(
            f"“{command.relation_id}” is no relation that waits to be decided in this case; "
            f"choose one of {', '.join(known) or 'none'}.",
            field="relation_id",
            known=known,
        )
    return [
        ConflictDecided(
            relation_id=command.relation_id,
            officer=waiting[command.relation_id],
            withdraws=command.withdraws,
            decided_on=on.today,
            plan=command.plan,
        )
    ]


def _looked_into(case: Case, command: Command, on: Occasion) -> LiveCase:
    if not (isinstance(case, ClosedCase) and on.acts_as(Role.SUPERVISION)):
        return under_way(case)
    hands_without_conflict(case.case, command, on)
    return case.case


def _rules(on: Occasion) -> Conflicts:
    if on.pack.conflicts is None:
        raise NoRulesOnConflicts(
            f"`{on.pack.id}` says nothing about conflicts of interests, so none is recorded under it. "
            "Go on with the stage, or open the case under a pack that does."
        )
    return on.pack.conflicts


def _recuses(rules: Conflicts, relations: Iterable[Relation]) -> bool:
    return any(relation.kind in rules.recusing for relation in relations)


def _to_decide(live: LiveCase, rules: Conflicts, relations: Iterable[Relation], on: Occasion) -> tuple[str, ...]:
    """Ids for the relations that supervision decides on; they tell neither the candidate nor the kind."""
    return tuple(
        short_id(live.id, "relation", on.command_id, str(place))
        for place, relation in enumerate(relations)
        if relation.kind not in rules.recusing
    )


def _breaches(
    officer: OfficerId, undeclared: Iterable[FoundRelation], rules: Conflicts, on: Occasion
) -> list[UndeclaredRelationFound]:
    return [
        UndeclaredRelationFound(
            officer=officer,
            found_on=on.today,
            relation=Relation(candidate_id=found.candidate_id, kind=found.kind, details=found.details),
        )
        for found in undeclared
        if found.kind in rules.declare.value
    ]


def _with_relations(known: Interests, withdraws: bool, to_decide: tuple[str, ...]) -> Interests:
    under = known.withdraws_under or (RECUSE if withdraws else None)
    return replace(known, withdraws_under=under, undecided=known.undecided | frozenset(to_decide))


def _candidates_are_known(live: LiveCase, relations: Iterable[Relation]) -> None:
    for relation in relations:
        if relation.candidate_id not in live.candidates:
            known = sorted(live.candidates)
            raise UnknownChoice(
                f"“{relation.candidate_id}” is no candidate of this case; choose one of {', '.join(known) or 'none'}.",
                field="candidate_id",
                known=list(known),
            )


def _registers_are_known(rules: Conflicts, command: CrossCheckInterests, on: Occasion) -> None:
    known = list(rules.cross_check.value)
    if unknown := [name for name in command.registers if name not in known]:
        raise UnknownChoice(
            f"“{unknown[0]}” is no register that `{on.pack.id}` has interests checked against; "
            f"choose one of {', '.join(known) or 'none'}.",
            field="registers",
            known=known,
        )


def _declared_before(command: CrossCheckInterests, known: Interests) -> None:
    if not known.related and any(found.declared for found in command.found):
        raise UnknownChoice(
            "The officer has declared no relation in this case, so none of those found was declared. "
            "State what was found with `declared` as false.",
            field="found",
        )
