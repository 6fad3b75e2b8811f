"""A reviewer's hold: what runs the case stands still until the reviewer, or a higher organ, lifts it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.command import (
    Command,
    decided_by_the_body,
    held_by,
    lifts_besides,
    nobody_acts_for_themselves,
    not_by_its_runner,
    ready,
)
from domain.event import Confidential, Event
from domain.identity import SYSTEM, CandidateId, OfficerId, Role, short_id
from domain.nomination import standing_candidate
from domain.occasion import Occasion
from domain.refusal import Refusal, ReviewsOwnWork, UnknownChoice, WrongOrgan
from domain.replacing import replace
from domain.supervised import Hold


class HoldCode(StrEnum):
    """Why a case is held, as everybody may know it."""

    COMPLAINT = "complaint"
    EVIDENCE_MISSING = "evidence_missing"
    PROCEDURE = "procedure"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    QUERY_UNANSWERED = "query_unanswered"
    INQUIRY = "inquiry"
    TRAINING_CORRECTED = "training_corrected"


class PlaceHold(Command):
    """Hold a case, or one of its candidates."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    code: HoldCode
    reason: str = Field(min_length=10, max_length=4000, description="sealed for supervision; the code is public")
    candidate_id: CandidateId | None = Field(None, description="the one candidate who is held; the case when left out")


class LiftHold(Command):
    """Let a held case, or candidate, go on."""

    hold_id: str
    reason: str = Field(min_length=10, max_length=4000, description="sealed for supervision")


class HoldPlaced(CaseEvent):
    """A case, or a candidate of it, is held. `because_of`: the entry of the log that placed it by itself."""

    schema_version: ClassVar[int] = 2
    hold_id: str
    code: HoldCode
    placed_on: date
    placed_by: OfficerId
    candidate_id: CandidateId | None = None
    because_of: str | None = None
    reason: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        hold = Hold(self.hold_id, str(self.code), self.placed_by, self.placed_on, self.candidate_id)
        return replace(case, supervised=case.supervised.with_hold(hold))


class HoldLifted(CaseEvent):
    hold_id: str
    lifted_on: date
    reason: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return replace(case, supervised=case.supervised.without_hold(self.hold_id))


class NotYoursToLift(Refusal):
    rule = "house.a_hold_is_lifted_by_its_reviewer_or_a_higher_organ"


def place_hold(case: Case, command: PlaceHold, on: Occasion) -> list[Event]:
    """Supervision may hold a case or one candidate of it at any stage, by an officer who did not run it.

    A hold differs from a suspension: the clocks of duties run on, objections are taken down, reviews go on, and
    only what runs the case stands still (`domain.command.not_held`). Otherwise whoever runs the case would gain time
    by giving cause for a hold, and the public would lose days in which it may speak.

    Source: F30 of the mission (dare to hold; the runner cannot undo it).
    Refuses: WrongOrgan, ActsInOwnCase, ReviewsOwnWork, UnknownChoice.
    """
    live = ready(case, command, on)
    not_by_its_runner(live, on, ReviewsOwnWork, "hold it")
    if command.candidate_id is not None:
        standing_candidate(live, command.candidate_id)
    return [
        HoldPlaced(
            hold_id=short_id(live.id, "hold", on.command_id),
            code=command.code,
            placed_on=on.today,
            placed_by=on.actor.officer,
            candidate_id=command.candidate_id,
            reason=command.reason,
        )
    ]


def lift_hold(case: Case, command: LiftHold, on: Occasion) -> list[Event]:
    """A hold is lifted by the officer who placed it or by an organ above the stage, and by nobody who runs the case.

    That organ is the deciding body, but for its own stage (a minister's too): there it is the one who is held, and only
    supervision lifts, so that a hold whose officer has left does not stand for ever. One that was placed by itself is
    any supervising officer's to lift.

    Source: F30 of the mission (the runner cannot undo it); who stands above a stage, the house's own choice.
    Refuses: UnknownChoice, ActsInOwnCase, ReviewsOwnWork, NotYoursToLift, WrongOrgan.
    """
    live = under_way(case)
    nobody_acts_for_themselves(live, command, on)
    hold = live.supervised.holds.get(command.hold_id)
    if hold is None:
        known = list(live.supervised.holds)
        raise UnknownChoice(
            f"No hold “{command.hold_id}” stands in this case; choose one of {', '.join(known) or 'none'}.",
            field="hold_id",
            known=known,
        )
    _may_lift(live, hold, command, on)
    return [HoldLifted(hold_id=hold.id, lifted_on=on.today, reason=command.reason)]


def _may_lift(live: LiveCase, hold: Hold, command: LiftHold, on: Occasion) -> None:
    own_stage = decided_by_the_body(live, on)
    if own_stage:
        held_by(Role.SUPERVISION, command, on)
    elif not (on.acts_as(Role.SUPERVISION) or on.acts_as(Role.DECISION_BODY)):
        raise WrongOrgan(
            f"A hold is lifted by supervision or the deciding body, and you act for {on.actor.organ}. Ask them.",
            organ=on.actor.organ,
        )
    if on.actor.hands & live.run_by:
        raise ReviewsOwnWork(
            "You opened this case or nominated in it, so you cannot lift a hold on it. "
            f"The officer who placed it ({hold.placed_by}) or {lifts_besides(live, on)} may."
        )
    # at its own stage the body does not lift in supervision's clothes either
    of_itself = hold.placed_by == SYSTEM.officer and on.acts_as(Role.SUPERVISION)
    if not of_itself and hold.placed_by not in on.actor.hands and on.acts_as(Role.DECISION_BODY) is own_stage:
        raise NotYoursToLift(
            f"This hold was placed by {hold.placed_by}. Only that officer, or {lifts_besides(live, on)}, may lift it.",
            placed_by=hold.placed_by,
        )
