"""Whether a candidate has the training that the post's rank asks for, and making it up afterwards."""

from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.command import Command, ready, waiver_used
from domain.event import Event
from domain.identity import CandidateId, Role
from domain.nomination import out, standing_candidate
from domain.occasion import Occasion
from domain.pack import OnExpiry, StageKind
from domain.refusal import Refusal
from domain.rule_family import demands
from domain.working_days import Period, Unit


class TrainingResult(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    CONDITIONAL = "conditional"


class VerifyTraining(Command):
    """The school states a candidate's hours; below the requirement, it may ask for a conditional pass."""

    stage: ClassVar[StageKind | None] = StageKind.TRAINING_VERIFICATION
    candidate_id: CandidateId
    hours: int = Field(ge=0, le=100_000, description="hours completed within the pack's window before today")
    basis: str = Field(
        min_length=3,
        max_length=300,
        description="register entry or certificate that the hours rest on; stands in the public record: no names",
    )
    conditional: bool = Field(False, description="ask for a conditional pass, to be made up after the appointment")


class RecordMakeUpTraining(Command):
    """The school states that the training owed has been made up."""

    stage: ClassVar[StageKind | None] = StageKind.PROBATION
    by: ClassVar[Role | None] = Role.SCHOOL
    hours: int = Field(ge=0, le=100_000, description="hours completed since the appointment")
    basis: str = Field(min_length=3, max_length=300, description="stands in the public record: no names")


class TrainingVerified(CaseEvent):
    """A candidate's hours against those required; `deviation` is the rule that was waived for hours that fell short."""

    candidate_id: CandidateId
    result: TrainingResult
    hours: int
    required_hours: int
    window_from_on: date
    window_to_on: date
    requirement: str
    basis: str
    deviation: str | None = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"{self.requirement}.hours", f"{self.requirement}.window")

    def apply(self, case: LiveCase) -> Case:
        owed = self.required_hours - self.hours if self.result is TrainingResult.CONDITIONAL else 0
        candidate = replace(case.candidates[self.candidate_id], training=str(self.result), hours_owed=owed)
        verified = case.with_candidate(candidate)
        return out(verified, self.candidate_id, "not_trained") if self.result is TrainingResult.NOT_MET else verified


class MakeUpTrainingRecorded(CaseEvent):
    under: ClassVar[tuple[str, ...]] = ("training.make_up",)
    recorded_on: date
    hours: int
    basis: str

    def apply(self, case: LiveCase) -> Case:
        return replace(case, appointed=replace(case.appointed, made_up=True)) if case.appointed else case


class MakeUpTrainingExpired(CaseEvent):
    """The make-up deadline has passed without the training."""

    under: ClassVar[tuple[str, ...]] = ("training.make_up", "training.on_make_up_expiry")
    due_on: date
    on_expiry: OnExpiry

    def apply(self, case: LiveCase) -> Case:
        if case.appointed is None:
            return case
        office = replace(
            case.appointed,
            make_up_expired=True,
            make_up_lapsed=self.on_expiry is OnExpiry.LAPSE,
            made_up=self.on_expiry is OnExpiry.CONSENT,
        )
        return replace(case, appointed=office)


class TrainingAlreadyVerified(Refusal):
    rule = "house.one_verification_a_candidate"


class ConditionalPassNotAllowed(Refusal):
    rule = "training.make_up"


class NothingToMakeUp(Refusal):
    rule = "training.make_up"


class StillShortOfHours(Refusal):
    rule = "training.make_up"


def verify_training(case: Case, command: VerifyTraining, on: Occasion) -> list[Event]:
    """Training is met at the required hours; below them it is not met, or met on condition of making it up.

    Source: the pack's requirement for the rank (cn.sr2019: Training Regulations Art. 14, make-up SR-2019 Art. 8(5)).
    Units: hours.
    Refuses: OutOfOrder, WrongOrgan, UnknownChoice, TrainingAlreadyVerified, ConditionalPassNotAllowed.
    """
    live = ready(case, command, on)
    candidate = standing_candidate(live, command.candidate_id)
    if candidate.training is not None:
        raise TrainingAlreadyVerified(
            f"The training of {candidate.id} was already verified: {candidate.training}. "
            "Verify the candidates who are still to be verified.",
            result=candidate.training,
        )
    path, requirement = on.pack.training_requirement(live.post.rank)
    required = max(demands(requirement.hours))
    waived = waiver_used(live, f"{path}.hours", holds=command.hours >= required)
    return [
        TrainingVerified(
            candidate_id=candidate.id,
            result=TrainingResult.MET if waived else _result(command, on, path, required),
            hours=command.hours,
            required_hours=required,
            window_from_on=window_start(on.today, requirement.window.value),
            window_to_on=on.today,
            requirement=path,
            basis=command.basis,
            deviation=waived,
        )
    ]


def _result(command: VerifyTraining, on: Occasion, path: str, required: int) -> TrainingResult:
    if command.hours >= required:
        return TrainingResult.MET
    if not command.conditional:
        return TrainingResult.NOT_MET
    if on.pack.training.make_up is None:
        raise ConditionalPassNotAllowed(
            f"`{on.pack.id}` knows no conditional pass: {required} hours are required and {command.hours} were "
            "completed. Record the training as not met, or wait until it is complete."
            f"{on.pack.both_sides(f'{path}.hours')}",
            citation=on.cite(f"{path}.hours"),
            hours=command.hours,
            required_hours=required,
        )
    return TrainingResult.CONDITIONAL


def window_start(today: date, window: Period) -> date:
    """First day of the window that ends today.

    Units: as the period says; a year or month goes back by the calendar.
    """
    match window.unit:
        case Unit.YEAR:
            return _months_before(today, 12 * window.n)
        case Unit.MONTH:
            return _months_before(today, window.n)
        case Unit.DAY | Unit.WORKING_DAY:
            return today - timedelta(days=window.n - 1)


def _months_before(today: date, months: int) -> date:
    month = today.year * 12 + today.month - 1 - months
    first = date(month // 12, month % 12 + 1, 1)
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    same_day = min(today.day, (following - first).days)
    return first.replace(day=same_day) + timedelta(days=1)


def record_make_up_training(case: Case, command: RecordMakeUpTraining, on: Occasion) -> list[Event]:
    """The training owed is made up once the hours that were missing at the verification are complete.

    Source: the pack's `training.make_up`.
    Units: hours since the appointment.
    Refuses: OutOfOrder, WrongOrgan, NothingToMakeUp, StillShortOfHours.
    """
    live = ready(case, command, on)
    office = live.appointed
    if office is None or office.make_up_due_on is None or office.made_up:
        raise NothingToMakeUp(
            "Nothing is owed: the training was complete, or has been made up since. Go on with the probation.",
            citation=on.cite("training.make_up") if on.pack.training.make_up else None,
        )
    if command.hours < office.hours_owed:
        raise StillShortOfHours(
            f"{command.hours} hours were completed since the appointment and {office.hours_owed} are owed. "
            f"Complete them by {office.make_up_due_on:%-d %B %Y}.",
            citation=on.cite("training.make_up") if on.pack.training.make_up else None,
            hours=command.hours,
            hours_owed=office.hours_owed,
            due_on=office.make_up_due_on,
        )
    return [MakeUpTrainingRecorded(recorded_on=on.today, hours=command.hours, basis=command.basis)]
