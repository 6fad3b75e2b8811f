"""An objection holds its case until somebody who did not run the case has disposed of it, or it was none at all."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase
from domain.case_file import Objection
from domain.command import Command, not_by_its_runner, ready
from domain.event import Confidential, Event
from domain.identity import PUBLIC, CandidateId, CaseId, ObjectionId, Role, short_id
from domain.nomination import out, standing_candidate
from domain.occasion import Occasion
from domain.pack import OnExpiry, StageKind
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace
from domain.sender import RECEIPT, name_fits
from domain.sender import Identity as Identity
from domain.working_days import Window


class Channel(StrEnum):
    """How an objection came in."""

    LETTER = "letter"
    TELEPHONE = "telephone"
    VISIT = "visit"
    WEB = "web"


class About(StrEnum):
    """What an objection is about."""

    CANDIDATE = "candidate"
    PROCEDURE = "procedure"
    PERSONNEL_DEPARTMENT = "personnel_department"


class Disposal(StrEnum):
    DISMISSED = "dismissed"
    UPHELD = "upheld"


class LodgeObjection(Command):
    """Take down an objection of the public. What it says is for supervision's eyes.

    The public files its own by `web`, with the hash of the receipt code that it was given.
    """

    stage: ClassVar[StageKind | None] = StageKind.PUBLIC_NOTICE
    by_anybody: ClassVar[bool] = True
    by: ClassVar[Role | None] = Role.SUPERVISION
    while_resting: ClassVar[bool] = True
    channel: Channel
    grounds: str = Field(min_length=10, max_length=4000, description="time, place and facts; sealed for supervision")
    objector: str | None = Field(None, max_length=300, description="name and address, sealed; left out when anonymous")
    candidate_id: CandidateId | None = None
    identity: Identity | None = Field(None, description="when left out: confidential where there is a name")
    about: About | None = Field(None, description="sealed for supervision")
    receipt_hash: str | None = Field(None, pattern=RECEIPT, description="SHA-256 of the receipt code")
    attachments: int = Field(0, ge=0, le=20, description="how many files were filed for it")
    awaits_admission: bool = Field(False, description="it came without proof of work, so that a moderator looks first")


class DisposeObjection(Command):
    """Close an objection with an outcome and reasons."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    while_resting: ClassVar[bool] = True
    objection_id: ObjectionId
    outcome: Disposal
    reasons: str = Field(min_length=10, max_length=4000)
    against: CandidateId | None = Field(None, description="whom an upheld objection that names nobody puts out")
    public_answer: str | None = Field(None, min_length=3, max_length=2000, description="shown under the notice")


class ObjectionLodged(CaseEvent):
    """An objection was taken down. A named objector's name is for personnel too, unless it is about themselves."""

    schema_version: ClassVar[int] = 2
    under: ClassVar[tuple[str, ...]] = ("objections.acknowledged", "objections.answered")
    objection_id: ObjectionId
    candidate_id: CandidateId | None = None
    channel: Channel
    acknowledge_by: Window
    answer_by: Window
    receipt_hash: str | None = None
    attachments: int = 0
    awaits_admission: bool = False
    moderate_by: Window | None = None
    grounds: Annotated[str | None, Confidential(to="supervision")] = None
    objector: Annotated[str | None, Confidential(to="supervision")] = None
    identity: Annotated[Identity | None, Confidential(to="supervision")] = None
    about: Annotated[About | None, Confidential(to="supervision")] = None
    named_objector: Annotated[str | None, Confidential(to="personnel")] = None

    def windows(self) -> Mapping[str, Window]:
        return {f"objection:{self.objection_id}": self.answer_by}

    def apply(self, case: LiveCase) -> Case:
        return case.with_objection(
            Objection(
                self.objection_id,
                self.candidate_id,
                self.answer_by.opens_on,
                self.answer_by.closes_on,
                acknowledge_due_on=self.acknowledge_by.closes_on,
                awaits_admission=self.awaits_admission,
            )
        )


class ObjectionDisposed(CaseEvent):
    """An objection was answered; one that was upheld puts its candidate out of the case."""

    schema_version: ClassVar[int] = 2
    objection_id: ObjectionId
    outcome: Disposal
    disposed_on: date
    candidate_out: CandidateId | None = None
    public_answer: str | None = None
    reasons: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        found = case.objections[self.objection_id]
        disposed = case.with_objection(replace(found, outcome=str(self.outcome), disposed_on=self.disposed_on))
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


class ReceiptMisplaced(Refusal):
    rule = "house.what_the_public_files_has_a_receipt"
    unlawful = False


def objection_id_of(case_id: CaseId, command_id: str) -> ObjectionId:
    """The id of the objection that a command lodges: known before it is recorded, so that files can go before it."""
    return ObjectionId(short_id(case_id, "objection", command_id))


def lodge_objection(case: Case, command: LodgeObjection, on: Occasion) -> list[Event]:
    """While a notice stands, and until the case leaves it, anybody's objection is taken down, by letter or by the web.

    In a case that rests too: the public reads its notice, whose days run on. One that awaits a moderator holds the
    case like any other: nobody gains a day by what a stranger could not prove.

    Source: the pack's `objections` (due dates after Directive (EU) 2019/1937 Art. 9 in `standard`).
    Refuses: OutOfOrder, WrongOrgan, NoNoticeToObjectTo, UnknownChoice, ReceiptMisplaced, NameMisplaced.
    """
    live = ready(case, command, on)
    if live.notice is None:
        raise NoNoticeToObjectTo("No notice stands in this case yet. Wait until personnel have opened it.")
    if command.candidate_id is not None:
        standing_candidate(live, command.candidate_id)
    _receipt_fits(command, on)
    identity = name_fits(command.identity, command.objector, field="objector")
    for_personnel = identity is Identity.NAMED and command.about is not About.PERSONNEL_DEPARTMENT
    return [
        ObjectionLodged(
            objection_id=objection_id_of(live.id, on.command_id),
            candidate_id=command.candidate_id,
            channel=command.channel,
            acknowledge_by=on.due(on.pack.objections.acknowledged.value),
            answer_by=on.due(on.pack.objections.answered.value),
            receipt_hash=command.receipt_hash,
            attachments=command.attachments,
            awaits_admission=command.awaits_admission,
            moderate_by=on.due(on.pack.taking_part.moderated.value) if command.awaits_admission else None,
            grounds=command.grounds,
            objector=command.objector,
            identity=identity,
            about=command.about,
            named_objector=command.objector if for_personnel else None,
        )
    ]


def _receipt_fits(command: LodgeObjection, on: Occasion) -> None:
    """What the public files comes by the web and has a receipt; what an officer takes down has neither."""
    by_the_public = on.actor == PUBLIC
    if by_the_public and (command.receipt_hash is None or command.channel is not Channel.WEB):
        raise ReceiptMisplaced(
            "The public files by `web` and with a receipt. State the channel `web` and the hash of the code.",
            field="receipt_hash" if command.receipt_hash is None else "channel",
        )
    if not by_the_public and (command.receipt_hash or command.attachments or command.awaits_admission):
        raise ReceiptMisplaced(
            "Only what the public files itself has a receipt, files and a moderator who looks first. Leave out "
            "`receipt_hash`, `attachments` and `awaits_admission`.",
            field="receipt_hash",
        )


def open_objection(live: LiveCase, objection_id: ObjectionId) -> Objection:
    """An objection of the case that nobody has disposed of or rejected.

    Refuses: UnknownChoice.
    """
    objection = live.objections.get(objection_id)
    if objection is None or objection.outcome is not None:
        known = [found.id for found in live.undisposed_objections]
        raise UnknownChoice(
            f"“{objection_id}” is not an open objection of this case; choose one of {', '.join(known) or 'none'}.",
            field="objection_id",
            known=list(known),
        )
    return objection


def dispose_objection(case: Case, command: DisposeObjection, on: Occasion) -> list[Event]:
    """Supervision closes an objection by the hand of somebody who neither opened the case nor nominated in it.

    At any stage, and in a case that rests: often it rests because of the objection. What the outcome leads to comes
    when the case is resumed.

    Refuses: WrongOrgan, UnknownChoice, RanTheCase, CandidateNotNamed, PublicAnswerNamesSomebody.
    """
    live = ready(case, command, on)
    objection = open_objection(live, command.objection_id)
    if command.public_answer is not None:
        refuse_personal_data(command.public_answer, field="public_answer")
    not_by_its_runner(live, on, RanTheCase, "dispose of an objection to it")
    return [
        ObjectionDisposed(
            objection_id=objection.id,
            outcome=command.outcome,
            disposed_on=on.today,
            candidate_out=_put_out(live, objection, command) if command.outcome is Disposal.UPHELD else None,
            public_answer=command.public_answer,
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
