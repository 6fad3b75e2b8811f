"""Whoever is conflicted is kept out: of every step of the case, and of the vote."""

from collections.abc import Iterable

from domain.appointment import Case, ClosedCase, LiveCase, underlying
from domain.attendance import concerned_in
from domain.command import Command
from domain.declaration import declared_before, interests_of, looked_up
from domain.identity import OfficerId
from domain.occasion import Occasion
from domain.refusal import Refusal

RECUSE, DECLARE = "conflicts.recuse", "conflicts.declare"


class ConflictedOfficer(Refusal):
    """Whoever is conflicted takes no step in the case; the attempt is kept."""

    rule = RECUSE


class ConflictUndecided(Refusal):
    """Until supervision has decided on a relation, its officer takes no step."""

    rule = DECLARE


class ConflictedMember(Refusal):
    rule = RECUSE


class ConcernedMember(Refusal):
    """Whoever stands or stood in a case, or nominated in it, is in no team that examines it."""

    rule = "house.nobody_is_examined_by_themselves"


def without_conflict(case: Case, command: Command, on: Occasion) -> None:
    """Whoever is conflicted takes no step of the case, whichever it is, and nobody takes one on their behalf.

    Source: the pack's `conflicts.recuse` and `conflicts.declare`.
    Refuses: ConflictedOfficer, ConflictUndecided.
    """
    live = underlying(case)
    if live is None or isinstance(case, ClosedCase):
        return
    hands_without_conflict(live, command, on)


def hands_without_conflict(live: LiveCase, command: Command, on: Occasion) -> None:
    """Neither whoever acts nor whoever they act for withdrew from the case, or awaits supervision's decision.

    Source: the pack's `conflicts.recuse` and `conflicts.declare`.
    Refuses: ConflictedOfficer, ConflictUndecided.
    """
    for officer in sorted(on.actor.hands):
        interests = interests_of(live, officer)
        if interests.withdraws_under is not None:
            raise ConflictedOfficer(
                f"{_you(officer, on)} withdrawn from this case for a relation to a candidate, so you cannot "
                f"`{command.name()}` in it. Another officer must do it.",
                citation=on.cite(interests.withdraws_under),
                officer=officer,
            )
        if interests.undecided and not command.declares:
            raise ConflictUndecided(
                f"{_you(officer, on)} tied to a candidate by a relation on which supervision has not decided, so you "
                f"cannot `{command.name()}` yet. Ask supervision to decide it, or another officer to act.",
                citation=on.cite(DECLARE),
                officer=officer,
            )


def voters_without_conflict(live: LiveCase, voters: Iterable[OfficerId], on: Occasion) -> None:
    """Whoever decides, as one of a body or alone, is not conflicted, has declared, and was looked up.

    Source: the pack's `conflicts`.
    Refuses: ConflictedMember, DeclarationMissing, CrossCheckMissing.
    """
    voting = sorted(set(voters))
    if out := _kept_out(live, voting):
        raise ConflictedMember(
            f"{len(out)} of those who decide are tied to a candidate, and withdrew or wait for supervision's decision. "
            "They must withdraw: record them as recused, without a statement.",
            citation=on.cite(RECUSE),
            field="members",
            members=out,
        )
    declared_before(live, live.stage, voting, on)
    looked_up(live, voting, on)


def team_without_conflict(live: LiveCase, people: Iterable[OfficerId], on: Occasion) -> None:
    """Whoever is conflicted, stands in the case or nominated in it takes no part in what goes on record of it.

    Source: the pack's `conflicts.recuse` (cn.sr2019: an inspection-team member withdraws for relatives); for whom the
    case is about, a rule of the house.
    Refuses: ConcernedMember, ConflictedMember.
    """
    stood = {str(found.person) for found in live.candidates.values()}
    if concerned := sorted({str(officer) for officer in people} & (concerned_in(live) | stood)):
        raise ConcernedMember(
            f"{len(concerned)} of those who took part stand or stood in this case, or nominated in it. "
            "Have it done again by others, then record who they were.",
            field="people",
            members=concerned,
        )
    if out := _kept_out(live, people):
        raise ConflictedMember(
            f"{len(out)} of those who took part are tied to a candidate, and withdrew or wait for supervision's "
            "decision. Have it done again by others, then record who they were.",
            citation=on.cite(RECUSE),
            field="people",
            members=out,
        )


def _kept_out(live: LiveCase, officers: Iterable[OfficerId]) -> list[str]:
    return sorted(str(officer) for officer in officers if interests_of(live, officer).kept_out)


def _you(officer: OfficerId, on: Occasion) -> str:
    return "You are" if officer == on.actor.officer else f"You act for {officer}, who is"
