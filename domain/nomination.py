"""Nominating candidates for a post, and closing the list."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Candidate
from domain.command import Command, gate, ready
from domain.event import Event, Personal
from domain.identity import CandidateId, OfficerId, PersonId, Role, short_id
from domain.merit import criteria_are_set
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.particulars import Particulars as Particulars
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace
from domain.rule_family import demands

UNIT = "where they serve now, in the words of the register of units; sealed, and only counted"


class NominateCandidate(Command):
    """Put somebody forward."""

    stage: ClassVar[StageKind | None] = StageKind.NOMINATION
    person_id: PersonId
    particulars: Particulars
    unit_of_origin: str | None = Field(None, min_length=1, max_length=120, description=UNIT)

    def whom(self) -> frozenset[CandidateId]:
        """It puts somebody new forward, and takes nobody who stands any further."""
        return frozenset()


class WithdrawCandidate(Command):
    """Take a candidate off the list, at their own wish or the nominator's."""

    by: ClassVar[Role | None] = Role.PERSONNEL
    candidate_id: CandidateId


class CloseNominations(Command):
    """Nobody else can be put forward."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.NOMINATION


class CandidateNominated(CaseEvent):
    candidate_id: CandidateId
    person_id: PersonId
    nominated_by: OfficerId
    particulars: Annotated[Particulars | None, Personal(of="person_id")] = None

    def apply(self, case: LiveCase) -> Case:
        return case.with_candidate(Candidate(self.candidate_id, self.person_id, self.nominated_by))


class UnitOfOriginStated(CaseEvent):
    """Where a candidate serves now. Beside a single name on a list a unit can tell who it is, so it is sealed."""

    candidate_id: CandidateId
    person_id: PersonId
    unit: Annotated[str | None, Personal(of="person_id")] = None


class CandidateWithdrawn(CaseEvent):
    candidate_id: CandidateId
    withdrawn_on: date

    def apply(self, case: LiveCase) -> Case:
        return out(case, self.candidate_id, "withdrawn")


class NominationsClosed(CaseEvent):
    """The list is closed; `deviation` is the rule that was waived for a list that is too short."""

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = ("nomination.minimum_candidates",)
    closed_on: date
    candidates: int
    deviation: str | None = None

    def apply(self, case: LiveCase) -> Case:
        return replace(case, nominations_closed=True)


class AlreadyNominated(Refusal):
    rule = "house.one_nomination_a_person"


class TooFewCandidates(Refusal):
    rule = "nomination.minimum_candidates"


class NobodyNominatesThemselves(Refusal):
    rule = "house.nobody_acts_in_their_own_case"


def out(case: LiveCase, candidate_id: CandidateId, because: str) -> LiveCase:
    """The case after a candidate is no longer in it."""
    return case.with_candidate(replace(case.candidates[candidate_id], out_because=because))


def standing_candidate(case: LiveCase, candidate_id: CandidateId, field: str = "candidate_id") -> Candidate:
    """The candidate of that id, who must still be in the case.

    Refuses: UnknownChoice.
    """
    found = case.candidates.get(candidate_id)
    if found is None or not found.stands:
        known = [candidate.id for candidate in case.standing]
        raise UnknownChoice(
            f"“{candidate_id}” is not a candidate who stands in this case; choose one of {', '.join(known) or 'none'}.",
            field=field,
            known=list(known),
        )
    return found


def nominate_candidate(case: Case, command: NominateCandidate, on: Occasion) -> list[Event]:
    """Personnel put somebody other than themselves forward, once.

    Refuses: OutOfOrder, WrongOrgan, CriteriaMissing, AlreadyNominated, NobodyNominatesThemselves.
    """
    live = ready(case, command, on)
    criteria_are_set(live, on)
    if command.person_id in on.actor.hands:
        raise NobodyNominatesThemselves("You cannot nominate yourself. Another officer of personnel must do it.")
    candidate_id = CandidateId(short_id(live.id, command.person_id))
    if candidate_id in live.candidates:
        raise AlreadyNominated(
            f"This person was already nominated in this case, as {candidate_id}. Nominate somebody else.",
            candidate_id=candidate_id,
        )
    nominated = CandidateNominated(
        candidate_id=candidate_id,
        person_id=command.person_id,
        nominated_by=on.actor.officer,
        particulars=command.particulars,
    )
    if command.unit_of_origin is None:
        return [nominated]
    unit = UnitOfOriginStated(candidate_id=candidate_id, person_id=command.person_id, unit=command.unit_of_origin)
    return [nominated, unit]


def withdraw_candidate(case: Case, command: WithdrawCandidate, on: Occasion) -> list[Event]:
    """A candidate may leave until somebody is appointed.

    Refuses: UnknownChoice, WrongOrgan, CandidateAlreadyAppointed.
    """
    live = ready(case, command, on)
    standing_candidate(live, command.candidate_id)
    if live.appointed is not None and live.appointed.candidate == command.candidate_id:
        raise CandidateAlreadyAppointed("This candidate has been appointed; record the end of the probation instead.")
    return [CandidateWithdrawn(candidate_id=command.candidate_id, withdrawn_on=on.today)]


class CandidateAlreadyAppointed(Refusal):
    rule = "house.an_appointment_is_not_withdrawn"


def close_nominations(case: Case, command: CloseNominations, on: Occasion) -> list[Event]:
    """The list closes when it has as many names as the pack asks for.

    Source: the pack's `nomination.minimum_candidates`.
    Refuses: OutOfOrder, WrongOrgan, CriteriaMissing, TooFewCandidates.
    """
    live = ready(case, command, on)
    minimum = max(demands(on.pack.nomination.minimum_candidates))
    count = len(live.standing)
    shortfall = TooFewCandidates(
        f"There are {count} candidates, and the rule asks for at least {minimum}. Nominate {minimum - count} more."
        f"{on.pack.both_sides('nomination.minimum_candidates')}",
        citation=on.cite("nomination.minimum_candidates"),
        candidates=count,
        minimum=minimum,
    )
    waived = gate(live, shortfall, holds=count >= minimum)
    return [NominationsClosed(closed_on=on.today, candidates=count, deviation=waived)]
