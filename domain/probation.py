"""The letter of appointment, the probation that it opens, and how that ends."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Appointed
from domain.command import Command, ready
from domain.event import Confidential, Event
from domain.identity import CandidateId
from domain.nomination import standing_candidate
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.refusal import Refusal
from domain.replacing import replace
from domain.supervision_point import every_point_is_attended
from domain.working_days import Window


class IssueAppointment(Command):
    """Issue the letter. The office begins on the effective date."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.APPOINTMENT
    effective_on: date | None = Field(None, description="first day in office; today when left out")


class ConfirmProbation(Command):
    """The appointee has passed probation."""

    concludes: ClassVar[bool] = True
    stage: ClassVar[StageKind | None] = StageKind.PROBATION


class FailProbation(Command):
    """The appointee has not passed probation."""

    stage: ClassVar[StageKind | None] = StageKind.PROBATION
    reasons: str = Field(min_length=10, max_length=4000)
    cause_predates_appointment: bool = Field(
        False, description="what it failed for began before the appointment; opens a reverse review of the case"
    )


class AppointmentIssued(CaseEvent):
    candidate_id: CandidateId
    issued_on: date
    effective_on: date
    probation: Window | None = None
    make_up: Window | None = None
    hours_owed: int = 0

    def rules_applied(self) -> tuple[str, ...]:
        opened = {"probation.length": self.probation, "training.make_up": self.make_up}
        return tuple(rule for rule, window in opened.items() if window is not None)

    def windows(self) -> Mapping[str, Window]:
        opened = {"probation": self.probation, "make_up_training": self.make_up}
        return {name: window for name, window in opened.items() if window is not None}

    def apply(self, case: LiveCase) -> Case:
        office = Appointed(
            candidate=self.candidate_id,
            effective_on=self.effective_on,
            probation_ends_on=self.probation.closes_on if self.probation else None,
            make_up_due_on=self.make_up.closes_on if self.make_up else None,
            hours_owed=self.hours_owed,
        )
        return replace(case, appointed=office)


class ProbationEnded(CaseEvent):
    """The days of probation have run; an assessment is due."""

    under: ClassVar[tuple[str, ...]] = ("probation.length",)
    ended_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, appointed=replace(case.appointed, probation_ended=True)) if case.appointed else case


class ProbationConfirmed(CaseEvent):
    confirmed_on: date

    def apply(self, case: LiveCase) -> Case:
        return replace(case, probation_outcome="confirmed")


class ProbationFailed(CaseEvent):
    schema_version: ClassVar[int] = 2
    failed_on: date
    cause_predates_appointment: bool
    reasons: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return replace(case, probation_outcome="failed")


class EffectiveDateTooEarly(Refusal):
    rule = "house.no_office_before_its_letter"


class ProbationStillRunning(Refusal):
    rule = "probation.length"


class ProbationAlreadyAssessed(Refusal):
    rule = "house.one_assessment"


def issue_appointment(case: Case, command: IssueAppointment, on: Occasion) -> list[Event]:
    """The letter follows the decision, the notice and the review; office begins no earlier than the letter.

    Source: the pack's `probation.length` and `training.make_up` (cn.sr2019: one year each).
    Refuses: OutOfOrder, WrongOrgan, PointsUnattended, EffectiveDateTooEarly, BeyondTheCalendar.
    """
    live = ready(case, command, on)
    every_point_is_attended(live, on)
    effective_on = command.effective_on or on.today
    if effective_on < on.today:
        raise EffectiveDateTooEarly(
            f"Office cannot begin on {effective_on:%-d %B %Y}, before the letter of {on.today:%-d %B %Y}. "
            "State today or a later day.",
            field="effective_on",
            today=on.today,
        )
    chosen = standing_candidate(live, live.chosen or CandidateId(""))
    owed = on.pack.training.make_up if chosen.training == "conditional" else None
    probation = on.pack.probation.length.value if on.pack.has(StageKind.PROBATION) else None
    return [
        AppointmentIssued(
            candidate_id=chosen.id,
            issued_on=on.today,
            effective_on=effective_on,
            probation=on.due(probation, start=effective_on) if probation else None,
            make_up=on.due(owed.value, start=effective_on) if owed else None,
            hours_owed=chosen.hours_owed,
        )
    ]


def confirm_probation(case: Case, command: ConfirmProbation, on: Occasion) -> list[Event]:
    """Probation is confirmed after its days have run, never before.

    Source: the pack's `probation.length` (cn.sr2019: one year).
    Refuses: OutOfOrder, WrongOrgan, ProbationStillRunning, ProbationAlreadyAssessed, PointsUnattended.
    """
    live = ready(case, command, on)
    _not_yet_assessed(live)
    ends_on = live.appointed.probation_ends_on if live.appointed else None
    if ends_on is not None and on.today <= ends_on:
        raise ProbationStillRunning(
            f"Probation runs to the end of {ends_on:%-d %B %Y}. Confirm it from the day after.",
            citation=on.cite("probation.length"),
            ends_on=ends_on,
        )
    every_point_is_attended(live, on, also_of_this_stage=True)
    return [ProbationConfirmed(confirmed_on=on.today)]


def fail_probation(case: Case, command: FailProbation, on: Occasion) -> list[Event]:
    """Probation may be failed at any time while it runs or is assessed, for stated reasons.

    Refuses: OutOfOrder, WrongOrgan, ProbationAlreadyAssessed.
    """
    live = ready(case, command, on)
    _not_yet_assessed(live)
    return [
        ProbationFailed(
            failed_on=on.today,
            cause_predates_appointment=command.cause_predates_appointment,
            reasons=command.reasons,
        )
    ]


def _not_yet_assessed(live: LiveCase) -> None:
    if live.probation_outcome is not None:
        raise ProbationAlreadyAssessed(
            f"The probation was assessed already: {live.probation_outcome}. Record the training that is owed, "
            "or wait for its date."
        )
