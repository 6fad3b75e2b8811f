"""One office decides alone: it chooses a candidate who stands, or chooses nobody, and gives its reasons."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from domain.appointment import Case, LiveCase
from domain.attendance import concerned_in
from domain.choice import DecisionNotPassed, DecisionTaken, in_its_form, may_be_decided
from domain.command import Command, ready
from domain.event import Event
from domain.identity import CandidateId
from domain.majority import Form
from domain.nomination import standing_candidate
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.recusal import voters_without_conflict
from domain.refusal import Refusal


class TakeDecision(Command):
    """Choose a candidate, as the office that decides alone."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.DECISION
    candidate_id: CandidateId = Field(max_length=60)
    decided_on: date
    reasons: str = Field(min_length=10, max_length=4000, description="sealed for the deciding body")


class DeclineToDecide(Command):
    """Choose nobody, as the office that decides alone."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.DECISION
    decided_on: date
    reasons: str = Field(min_length=10, max_length=4000, description="sealed for the deciding body")


class DecidesOwnNomination(Refusal):
    rule = "house.nobody_decides_on_their_own_nomination"


def take_decision(case: Case, command: TakeDecision, on: Occasion) -> list[Event]:
    """The office that the pack names chooses a candidate who stands, for stated reasons.

    Source: the pack's `decision.form`.
    Refuses: OutOfOrder, WrongOrgan, ActsInOwnCase, DecidedInAnotherForm, PriorConsentMissing, DecisionStands,
    MeetingNotToday, AdHocMotion, ObjectionsStillOpen, DecidesOwnNomination, DeclarationMissing, CrossCheckMissing,
    UnknownChoice.
    """
    live = _before_the_authority(case, command, on)
    chosen = standing_candidate(live, command.candidate_id)
    return [DecisionTaken(candidate_id=chosen.id, decided_on=command.decided_on, reasons=command.reasons)]


def decline_to_decide(case: Case, command: DeclineToDecide, on: Occasion) -> list[Event]:
    """The office that the pack names chooses nobody, for stated reasons, and the case ends.

    Source: the pack's `decision.form`.
    Refuses: as `take_decision`, but UnknownChoice.
    """
    _before_the_authority(case, command, on)
    return [DecisionNotPassed(decided_on=command.decided_on, reasons=command.reasons)]


def _before_the_authority(case: Case, command: TakeDecision | DeclineToDecide, on: Occasion) -> LiveCase:
    live = ready(case, command, on)
    in_its_form(Form.AUTHORITY, on)
    may_be_decided(live, command.decided_on, on, field="decided_on")
    if concerned_in(live) & on.actor.hands:
        raise DecidesOwnNomination(
            "You nominated in this case, so you cannot decide it. Another officer of the deciding office must do it.",
            officer=on.actor.officer,
        )
    voters_without_conflict(live, on.actor.hands, on)
    return live
