"""A record that a verification counted was corrected: the case shows it, and waits until a reviewer has judged it."""

from typing import ClassVar

from domain.appointment import Case, ClosedCase, under_way
from domain.command import Command
from domain.event import Event
from domain.hold import HoldCode, HoldPlaced
from domain.identity import CandidateId, Role, short_id
from domain.occasion import Occasion
from domain.refusal import WrongOrgan


class DoubtTraining(Command):
    """The engine's command: what a candidate's verification rests on has changed."""

    by: ClassVar[Role | None] = Role.SYSTEM
    candidate_id: CandidateId
    because_of: str


def doubt_training(case: Case, command: DoubtTraining, on: Occasion) -> list[Event]:
    """The candidate is held until supervision or the deciding body has judged what the correction means.

    Of somebody in office an inquiry opens instead; in a case that has ended nothing waits any more.

    Source: a rule of the house: what was verified stays on record, and nobody goes on as though it still held.
    Refuses: WrongOrgan, CaseNotFound, CaseIsSuspended.
    """
    if not on.acts_as(Role.SYSTEM):
        raise WrongOrgan(
            "Training is put in doubt by itself, when a record that was counted is corrected. Correct the record.",
            duty_holder=str(Role.SYSTEM),
        )
    if isinstance(case, ClosedCase):
        return []
    live = under_way(case)
    if live.appointed is not None or command.candidate_id not in live.candidates:
        return []
    return [
        HoldPlaced(
            hold_id=short_id(live.id, "hold", command.because_of),
            code=HoldCode.TRAINING_CORRECTED,
            placed_on=on.today,
            placed_by=on.actor.officer,
            candidate_id=command.candidate_id,
            because_of=command.because_of,
        )
    ]
