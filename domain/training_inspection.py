"""Inspecting a school: personnel say what they found and by when it is to be mended, and the school answers each point.

The findings are public codes. What would name a person is said in the remarks, which are sealed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.training_act import NO_NAMES, ActId, NamedOrgan, TrainingActNotFound, by_personnel, on_record
from domain.working_days import latest_today

AUDIENCE = "training"
"""Whom the remarks are sealed for: personnel, the school that was inspected, and those who watch over both."""

Remarks = Annotated[str | None, Field(min_length=3, max_length=8000, description="sealed; may name people")]


class InspectionFinding(StrEnum):
    """What an inspection can find."""

    IN_ORDER = "in_order"
    ATTENDANCE_NOT_KEPT = "attendance_not_kept"
    LEAVE_OVER_LIMIT = "leave_over_limit"
    EXAMINATION_NOT_HELD = "examination_not_held"
    ASSESSMENT_MISSING = "assessment_missing"
    RECORDS_LATE = "records_late"
    TEACHERS_LACKING = "teachers_lacking"
    FACILITY_UNFIT = "facility_unfit"
    PLAN_NOT_FOLLOWED = "plan_not_followed"
    OTHER = "other"


class FindingOutcome(StrEnum):
    REMEDIED = "remedied"
    DISPUTED = "disputed"


class FindingAnswer(BaseModel):
    """What the school says of one finding: that it was mended and how, or why it does not agree."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    finding: InspectionFinding
    outcome: FindingOutcome
    text: str = Field(min_length=5, max_length=2000, description=NO_NAMES)


class InspectTraining(Command):
    """Personnel put on record what they found in a school."""

    school: NamedOrgan
    inspected: str = Field(min_length=3, max_length=1000, description=f"what was inspected; {NO_NAMES}")
    inspected_on: date
    findings: tuple[InspectionFinding, ...] = Field(min_length=1, max_length=len(InspectionFinding))
    remedy_due_on: date | None = Field(None, description="the day by which the school answers; none when in order")
    plan_id: ActId | None = Field(None, description="the plan that the school was held against")
    remarks: Remarks = None


class AnswerTrainingInspection(Command):
    """The school answers every finding of an inspection, which ends it."""

    answers: tuple[FindingAnswer, ...] = Field(min_length=1, max_length=len(InspectionFinding))
    remarks: Remarks = None


class TrainingInspected(Event):
    inspection_id: str
    school: OrganId
    inspected: str
    inspected_on: date
    findings: tuple[InspectionFinding, ...]
    remedy_due_on: date | None = None
    plan_id: str | None = None
    remarks: Annotated[str | None, Confidential(to="training")] = None


class TrainingInspectionAnswered(Event):
    """The school has answered every finding; the inspection is over."""

    inspection_id: str
    school: OrganId
    answers: tuple[FindingAnswer, ...]
    remarks: Annotated[str | None, Confidential(to="training")] = None


class InspectionDoesNotAddUp(Refusal):
    rule = "house.an_inspection_finds_and_sets_a_day"
    unlawful = False


class AnotherSchoolsInspection(Refusal):
    rule = "house.a_school_answers_for_itself"


class InspectionIsOver(Refusal):
    rule = "house.an_inspection_is_answered_once"


class FindingUnanswered(Refusal):
    """A school answers each finding, and nothing that was not found."""

    rule = "house.every_finding_is_answered"
    unlawful = False


@dataclass(frozen=True, slots=True)
class TrainingInspection:
    """An inspection as its events have made it."""

    id: str
    school: OrganId
    findings: tuple[InspectionFinding, ...]
    answered: bool = False

    @property
    def in_order(self) -> bool:
        return self.findings == (InspectionFinding.IN_ORDER,)

    @property
    def is_over(self) -> bool:
        return self.answered or self.in_order


def training_inspection_stream(inspection_id: str) -> StreamId:
    """The stream of an inspection."""
    return StreamId(f"training_inspection/{inspection_id}")


def fold_training_inspection(events: Iterable[Event]) -> TrainingInspection | None:
    """The inspection that a stream of events has made."""
    inspection: TrainingInspection | None = None
    for event in events:
        match event:
            case TrainingInspected():
                inspection = TrainingInspection(event.inspection_id, event.school, event.findings)
            case TrainingInspectionAnswered() if inspection is not None:
                inspection = replace(inspection, answered=True)
    return inspection


def inspect_training(
    inspection_id: str, command: InspectTraining, *, actor: Actor, at: datetime, plan_is_known: bool = True
) -> list[Event]:
    """Personnel record what they found in a school, and the day by which it answers.

    Source: features F24 (macro functions: supervise and inspect).
    Refuses: WrongOrgan, ReviewsOwnWork, TrainingActNotFound, InspectionDoesNotAddUp.
    """
    by_personnel(command, actor)
    if command.school == actor.organ:
        raise ReviewsOwnWork(f"The organ {actor.organ} cannot inspect itself. Another organ of personnel must do it.")
    on_record("training plan", command.plan_id, known=plan_is_known)
    _findings_stand_together(command.findings)
    _days_follow(command, at)
    return [TrainingInspected(inspection_id=inspection_id, **command.model_dump())]


def answer_training_inspection(
    inspection_id: str, inspection: TrainingInspection | None, command: AnswerTrainingInspection, *, actor: Actor
) -> list[Event]:
    """The school that was inspected answers each finding, once; that is the inspection's end.

    Source: features F24 and F25.
    Refuses: TrainingActNotFound, WrongOrgan, AnotherSchoolsInspection, InspectionIsOver, FindingUnanswered.
    """
    if Role.SCHOOL not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is the inspected school's: whoever inspects does not answer for it. Ask the school.",
            duty_holder=str(Role.SCHOOL),
            organ=actor.organ,
        )
    if inspection is None:
        raise TrainingActNotFound(
            f"There is no inspection “{inspection_id}”. Check its id in the list.", id=inspection_id
        )
    if inspection.school != actor.organ:
        raise AnotherSchoolsInspection(
            f"The school {inspection.school} was inspected, and you act for {actor.organ}. Ask that school to answer."
        )
    if inspection.is_over:
        how = "found everything in order" if inspection.in_order else "was answered"
        raise InspectionIsOver(f"The inspection {how}, so nothing is left to answer. Check its id in the list.")
    _answers_fit(inspection.findings, command.answers)
    answered = TrainingInspectionAnswered(
        inspection_id=inspection.id, school=inspection.school, answers=command.answers, remarks=command.remarks
    )
    return [answered]


def _findings_stand_together(findings: tuple[InspectionFinding, ...]) -> None:
    if len(set(findings)) < len(findings):
        raise InspectionDoesNotAddUp("A finding stands twice. Name each once.", field="findings")
    if InspectionFinding.IN_ORDER in findings and len(findings) > 1:
        raise InspectionDoesNotAddUp(
            "The school cannot be in order and have findings. Leave `in_order` out, or name it alone.", field="findings"
        )


def _days_follow(command: InspectTraining, at: datetime) -> None:
    if command.inspected_on > latest_today(at):
        raise InspectionDoesNotAddUp(
            f"The inspection of {command.inspected_on:%-d %B %Y} is still to come. Record it when it was held.",
            field="inspected_on",
        )
    in_order = command.findings == (InspectionFinding.IN_ORDER,)
    if in_order and command.remedy_due_on is not None:
        raise InspectionDoesNotAddUp(
            "Everything is in order, so nothing is due. Leave `remedy_due_on` out.", field="remedy_due_on"
        )
    if not in_order and (command.remedy_due_on is None or command.remedy_due_on <= command.inspected_on):
        raise InspectionDoesNotAddUp(
            f"What was found on {command.inspected_on:%-d %B %Y} is to be answered by a later day. State it in "
            "`remedy_due_on`.",
            field="remedy_due_on",
        )


def _answers_fit(findings: tuple[InspectionFinding, ...], answers: tuple[FindingAnswer, ...]) -> None:
    answered = [answer.finding for answer in answers]
    if sorted(answered) != sorted(findings):
        raise FindingUnanswered(
            f"The inspection found {', '.join(findings)}, and the answer speaks of {', '.join(answered)}. "
            "State for each finding once that it was remedied, or why it is disputed.",
            field="answers",
            found=list(findings),
        )
