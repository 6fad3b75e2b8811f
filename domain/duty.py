"""The duty matrix of a case: each stage has one organ by its pack and one officer by that organ's word."""

from datetime import date

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves
from domain.event import Event
from domain.identity import OfficerId, OrganId
from domain.occasion import Occasion
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace


class AssignDuty(Command):
    """Name the officer of your organ who answers for a stage of the case.

    `known_in` is the organ in which the service knows that officer; None when they never acted here.
    """

    stage_id: str
    officer: OfficerId
    known_in: OrganId | None = None


class DutyAssigned(CaseEvent):
    """An organ has named who answers for a stage. Others of the organ may act for them; the silence is theirs."""

    assigned_stage: str
    officer: OfficerId
    organ: OrganId
    assigned_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, supervised=case.supervised.with_officer(self.assigned_stage, self.officer))


class OfficerOfAnotherOrgan(Refusal):
    rule = "house.an_organ_assigns_its_own_officers"


class CandidateOnDuty(Refusal):
    rule = "house.nobody_acts_in_their_own_case"


class NoDutyLeft(Refusal):
    rule = "house.a_duty_is_assigned_before_it_is_done"


def assign_duty(case: Case, command: AssignDuty, on: Occasion) -> list[Event]:
    """The organ that holds a stage names one of its officers for it, before the stage or while it runs.

    Until it has, the officer who acts first at the stage is the one on duty.

    Source: `stages.duty` in the pack (F29: one named organ and person a stage).
    Refuses: UnknownChoice, WrongOrgan, ActsInOwnCase, NoDutyLeft, OfficerOfAnotherOrgan, CandidateOnDuty.
    """
    live = under_way(case)
    nobody_acts_for_themselves(live, command, on)
    stage = next((found for found in on.pack.stages if found.id == command.stage_id), None)
    if stage is None:
        known = [found.id for found in on.pack.stages]
        raise UnknownChoice(
            f"`{on.pack.id}` has no stage “{command.stage_id}”; choose one of {', '.join(known)}.",
            field="stage_id",
            known=known,
        )
    held_by(stage.duty.holder, command, on)
    if stage.id in live.completed:
        raise NoDutyLeft(
            f"The stage “{stage.title.en}” is over, so nobody can be put on duty for it. Name a stage still to come.",
            stage=stage.id,
        )
    _may_be_on_duty(live, command, on)
    return [DutyAssigned(assigned_stage=stage.id, officer=command.officer, organ=on.actor.organ, assigned_on=on.today)]


def _may_be_on_duty(live: LiveCase, command: AssignDuty, on: Occasion) -> None:
    if command.known_in not in (None, on.actor.organ):
        raise OfficerOfAnotherOrgan(
            f"That officer acts for {command.known_in}, and you assign for {on.actor.organ}. "
            "Name an officer of your own organ.",
            field="officer",
            organ=command.known_in,
        )
    if any(candidate.person == command.officer for candidate in live.candidates.values()):
        raise CandidateOnDuty(
            "That officer is a candidate in this case, so they cannot be on duty in it. Name another officer.",
            field="officer",
        )
