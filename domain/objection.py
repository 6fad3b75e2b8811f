"""An objection holds its case until somebody who did not run the case has disposed of it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Objection
from domain.command import Command, not_by_its_runner, ready
from domain.event import Confidential, Event
from domain.identity import CandidateId, ObjectionId, Role, short_id
from domain.nomination import out, standing_candidate
from domain.occasion import Occasion
from domain.pack import OnExpiry, StageKind
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace
from domain.working_days import Window


class Channel(StrEnum):
    """How an objection came in."""

    LETTER = "letter"
    TELEPHONE = "telephone"
    VISIT = "visit"
    WEB = "web"


class Disposal(StrEnum):
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class LodgeObjection(Command):
    """Take down an objection of the public. What it says is for supervision's eyes."""

    stage: ClassVar[StageKind | None] = StageKind.PUBLIC_NOTICE
    by_anybody: ClassVar[bool] = True
    by: ClassVar[Role | None] = Role.SUPERVISION
    while_resting: ClassVar[bool] = True
    channel: Channel
    grounds: str = Field(min_length=10, max_length=4000, description="time, place and facts; sealed for supervision")
    objector: str | None = Field(None, max_length=300, description="name and address, sealed; left out when anonymous")
    candidate_id: CandidateId | None = None


class DisposeObjection(Command):
    """Close an objection with an outcome and reasons."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    while_resting: ClassVar[bool] = True
    objection_id: ObjectionId
    outcome: Disposal
    reasons: str = Field(min_length=10, max_length=4000)
    against: CandidateId | None = Field(None, description="whom an upheld objection that names nobody puts out")


class ObjectionLodged(CaseEvent):
    under: ClassVar[tuple[str, ...]] = ("objections.acknowledged", "objections.answered")
    objection_id: ObjectionId
    candidate_id: CandidateId | None = None
    channel: Channel
    acknowledge_by: Window
    answer_by: Window
    grounds: Annotated[str | None, Confidential(to="supervision")] = None
    objector: Annotated[str | None, Confidential(to="supervision")] = None

    def windows(self) -> Mapping[str, Window]:
        return {f"objection:{self.objection_id}": self.answer_by}

    def apply(self, case: LiveCase) -> Case:
        answer_by = self.answer_by
        return case.with_objection(
            Objection(self.objection_id, self.candidate_id, answer_by.opens_on, answer_by.closes_on)
        )


class ObjectionDisposed(CaseEvent):
    """An objection was answered; one that was upheld puts its candidate out of the case."""

    objection_id: ObjectionId
    outcome: Disposal
    disposed_on: date
    candidate_out: CandidateId | None = None
    reasons: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        objection = replace(case.objections[self.objection_id], outcome=str(self.outcome))
        disposed = case.with_objection(objection)
        return disposed if self.candidate_out is None else out(disposed, self.candidate_out, "objection_upheld")


class ObjectionAnswerOverdue(CaseEvent):
    """The answer to an objection is late; the case stays held, and the silence counts against the duty holder."""

    under: ClassVar[tuple[str, ...]] = ("objections.answered", "objections.on_expiry")
    objection_id: ObjectionId
    due_on: date
    on_expiry: OnExpiry

    def apply(self, case: LiveCase) -> Case:
        return case.with_objection(replace(case.objections[self.objection_id], overdue=True))


class NoNoticeToObjectTo(Refusal):
    rule = "house.objections_answer_a_notice"


class CandidateNotNamed(Refusal):
    rule = "house.an_upheld_objection_puts_somebody_out"
    unlawful = False


class RanTheCase(Refusal):
    rule = "house.nobody_disposes_of_objections_to_their_own_work"


def lodge_objection(case: Case, command: LodgeObjection, on: Occasion) -> list[Event]:
    """While a notice stands, and until the case leaves it, anybody's objection is taken down.

    In a case that rests too: the public reads its notice, whose days run on.

    Source: the pack's `objections` (due dates after Directive (EU) 2019/1937 Art. 9 in `standard`).
    Refuses: OutOfOrder, WrongOrgan, NoNoticeToObjectTo, UnknownChoice.
    """
    live = ready(case, command, on)
    if live.notice is None:
        raise NoNoticeToObjectTo("No notice stands in this case yet. Wait until personnel have opened it.")
    if command.candidate_id is not None:
        standing_candidate(live, command.candidate_id)
    return [
        ObjectionLodged(
            objection_id=ObjectionId(short_id(live.id, "objection", on.command_id)),
            candidate_id=command.candidate_id,
            channel=command.channel,
            acknowledge_by=on.due(on.pack.objections.acknowledged.value),
            answer_by=on.due(on.pack.objections.answered.value),
            grounds=command.grounds,
            objector=command.objector,
        )
    ]


def dispose_objection(case: Case, command: DisposeObjection, on: Occasion) -> list[Event]:
    """Supervision closes an objection by the hand of somebody who neither opened the case nor nominated in it.

    At any stage, and in a case that rests: often it rests because of the objection. What the outcome leads to comes
    when the case is resumed.

    Refuses: WrongOrgan, UnknownChoice, RanTheCase, CandidateNotNamed.
    """
    live = ready(case, command, on)
    objection = live.objections.get(command.objection_id)
    if objection is None or objection.outcome is not None:
        known = [found.id for found in live.undisposed_objections]
        raise UnknownChoice(
            f"“{command.objection_id}” is not an open objection of this case; "
            f"choose one of {', '.join(known) or 'none'}.",
            field="objection_id",
            known=list(known),
        )
    not_by_its_runner(live, on, RanTheCase, "dispose of an objection to it")
    return [
        ObjectionDisposed(
            objection_id=objection.id,
            outcome=command.outcome,
            disposed_on=on.today,
            candidate_out=_put_out(live, objection, command) if command.outcome is Disposal.UPHELD else None,
            reasons=command.reasons,
        )
    ]


def _put_out(live: LiveCase, objection: Objection, command: DisposeObjection) -> CandidateId:
    if objection.candidate is not None:
        if command.against not in (None, objection.candidate):
            raise CandidateNotNamed(
                f"This objection is about candidate {objection.candidate}, not about {command.against}. "
                f"State {objection.candidate}, or leave `against` out.",
                field="against",
                known=[objection.candidate],
            )
        return objection.candidate
    if command.against is None:
        known = [candidate.id for candidate in live.standing]
        raise CandidateNotNamed(
            "This objection names no candidate, and upholding it puts one out of the case. "
            f"State in `against` whom it is about; choose one of {', '.join(known) or 'none'}.",
            field="against",
            known=list(known),
        )
    return standing_candidate(live, command.against, field="against").id
