"""An inquiry: supervision looks into a case from outside of it, whatever state the case is in, and concludes.

It has a stream of its own, since a closed case takes no further event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from domain.appointment import LiveCase
from domain.command import Command, held_by, nobody_acts_for_themselves
from domain.event import Confidential, Event, Recorded, StreamId
from domain.identity import PUBLIC, CaseId, OfficerId, OrganId, Role, short_id
from domain.law import Frozen
from domain.occasion import Occasion
from domain.record import RecordEntered
from domain.recusal import hands_without_conflict
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan

REVERSE_REVIEWS = uuid5(NAMESPACE_URL, "investiture/reverse-review")


class Cause(StrEnum):
    """What an inquiry was opened for; all but the first two open it by themselves (reverse review)."""

    OWN_INITIATIVE = "own_initiative"
    COMPLAINT = "complaint"
    SANCTION = "sanction"
    TRAINING_LAPSED = "training_lapsed"
    TRAINING_CORRECTED = "training_corrected"
    FAILED_PROBATION = "failed_probation"


class FindingCode(StrEnum):
    IN_ORDER = "in_order"
    IRREGULARITY = "irregularity"
    VIOLATION = "violation"


class InquiryOutcome(StrEnum):
    NOTHING_FOUND = "nothing_found"
    SHORTCOMINGS = "shortcomings"
    REFERRED = "referred"


class TookPart(Frozen):
    """Somebody who acted in the case, and what they recorded in it or were recorded in (types of events)."""

    officer: OfficerId
    organ: OrganId
    acts: tuple[str, ...]


class OpenInquiry(Command):
    """Look into a case, of supervision's own accord or on a complaint."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    cause: Literal[Cause.OWN_INITIATIVE, Cause.COMPLAINT]
    grounds: str = Field(min_length=10, max_length=8000, description="sealed for supervision")


class OpenReverseReview(Command):
    """The engine's command: what came out later brings a case back."""

    by: ClassVar[Role | None] = Role.SYSTEM
    cause: Literal[Cause.SANCTION, Cause.TRAINING_LAPSED, Cause.TRAINING_CORRECTED, Cause.FAILED_PROBATION]
    because_of: str


class RecordFinding(Command):
    """Put something that the inquiry has found on record."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    code: FindingCode
    text: str = Field(min_length=3, max_length=8000, description="sealed for supervision")


class ConcludeInquiry(Command):
    """End an inquiry."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    outcome: InquiryOutcome
    remarks: str = Field(min_length=3, max_length=8000, description="sealed for supervision")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry as its events have made it."""

    id: str
    case_id: CaseId
    findings: int = 0
    outcome: str | None = None


class InquiryOpened(Event):
    inquiry_id: str
    case_id: CaseId
    cause: Cause
    opened_on: date
    because_of: str | None = None
    took_part: tuple[TookPart, ...]
    grounds: Annotated[str | None, Confidential(to="supervision")] = None


class FindingRecorded(Event):
    code: FindingCode
    found_on: date
    text: Annotated[str | None, Confidential(to="supervision")] = None


class InquiryConcluded(Event):
    outcome: InquiryOutcome
    concluded_on: date
    remarks: Annotated[str | None, Confidential(to="supervision")] = None


class InquiryNotFound(Refusal):
    rule = "house.an_inquiry_is_opened_first"


class InquiryIsOver(Refusal):
    rule = "house.a_concluded_inquiry_rests"


class NothingFoundYet(Refusal):
    rule = "house.an_inquiry_concludes_on_its_findings"


def inquiry_stream(inquiry_id: str) -> StreamId:
    """The stream of an inquiry."""
    return StreamId(f"inquiry/{inquiry_id}")


def inquiry_id_of(case_id: CaseId, because_of: str) -> str:
    """The id of an inquiry: from its case and what it is opened for, so that the same cause opens it once."""
    return short_id("inquiry", case_id, because_of)


def reverse_review_command_id(case_id: CaseId, because_of: str) -> UUID:
    """The command id of a reverse review's opening: the same from every process and after every crash."""
    return uuid5(REVERSE_REVIEWS, f"{because_of}/{case_id}")


def fold_inquiry(events: Iterable[Event]) -> Inquiry | None:
    """The inquiry that a stream of events has made."""
    inquiry: Inquiry | None = None
    for event in events:
        match event:
            case InquiryOpened():
                inquiry = Inquiry(event.inquiry_id, event.case_id)
            case FindingRecorded() if inquiry is not None:
                inquiry = replace(inquiry, findings=inquiry.findings + 1)
            case InquiryConcluded() if inquiry is not None:
                inquiry = replace(inquiry, outcome=str(event.outcome))
    return inquiry


def took_part(trail: Iterable[Recorded[Event]]) -> tuple[TookPart, ...]:
    """Everybody who acted in a case, in the order of their first act: who opened, nominated, verified, signed, decided,
    and whom a record names as having taken part, under the organ that entered it.

    Members who voted stand in sealed minutes only, which an inquiry reads for itself; the officer who recorded their
    meeting is here.

    Source: reverse review reaches everybody directly responsible (features F10; cn.sr2019: S16b, Art. 63).
    """
    acts: dict[tuple[OfficerId, OrganId], list[str]] = {}
    for recorded in trail:
        if Role.SYSTEM in recorded.actor.roles or recorded.actor == PUBLIC:
            continue
        named = recorded.event.people if isinstance(recorded.event, RecordEntered) else ()
        for officer in (*sorted(recorded.actor.hands), *named):
            done = acts.setdefault((officer, recorded.actor.organ), [])
            if recorded.type not in done:
                done.append(recorded.type)
    return tuple(TookPart(officer=officer, organ=organ, acts=tuple(done)) for (officer, organ), done in acts.items())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an inquiry is decided upon beside its own events: the case it is about, and who acted in that."""

    inquiry_id: str
    case: LiveCase
    took_part: tuple[TookPart, ...]

    @property
    def case_id(self) -> CaseId:
        return self.case.id

    def apart(self, command: Command, on: Occasion) -> None:
        """Supervision inquires, by somebody who did nothing in the case, is no candidate of it and is tied to none.

        Refuses: WrongOrgan, ActsInOwnCase, ConflictedOfficer, ConflictUndecided, ReviewsOwnWork.
        """
        held_by(Role.SUPERVISION, command, on)
        nobody_acts_for_themselves(self.case, command, on)
        hands_without_conflict(self.case, command, on)
        if on.actor.hands & {found.officer for found in self.took_part}:
            raise ReviewsOwnWork(
                f"You acted in case {self.case_id}, so you cannot `{command.name()}` about it. "
                "Another officer of supervision must do it."
            )


def open_inquiry(inquiry: Inquiry | None, command: OpenInquiry, on: Occasion, about: Circumstances) -> list[Event]:
    """Supervision opens an inquiry into any case, running or closed; nobody needs to have complained.

    Source: F31 of the mission (awareness and initiative).
    Refuses: WrongOrgan, ActsInOwnCase, ConflictedOfficer, ConflictUndecided, ReviewsOwnWork.
    """
    about.apart(command, on)
    return [_opened(about, command.cause, on, grounds=command.grounds)]


def open_reverse_review(
    inquiry: Inquiry | None, command: OpenReverseReview, on: Occasion, about: Circumstances
) -> list[Event]:
    """A cause from before the promotion, or training that it was conditional on, opens an inquiry into it, once.

    Source: cn.sr2019: accountability measures of 2010 (S16b); features F10.
    Refuses: WrongOrgan.
    Idempotent by: the inquiry's id, which its cause and its case give.
    """
    if not on.acts_as(Role.SYSTEM):
        raise WrongOrgan("A reverse review opens by itself. Open an inquiry instead, with `open_inquiry`.")
    if inquiry is not None:
        return []
    return [_opened(about, command.cause, on, because_of=command.because_of)]


def _opened(about: Circumstances, cause: Cause, on: Occasion, **more: str) -> Event:
    return InquiryOpened(
        inquiry_id=about.inquiry_id,
        case_id=about.case_id,
        cause=cause,
        opened_on=on.today,
        took_part=about.took_part,
        **more,
    )


def record_finding(inquiry: Inquiry | None, command: RecordFinding, on: Occasion, about: Circumstances) -> list[Event]:
    """A finding goes on record while the inquiry is open.

    Refuses: InquiryNotFound, InquiryIsOver, and whom `Circumstances.apart` refuses.
    """
    _open(inquiry)
    about.apart(command, on)
    return [FindingRecorded(code=command.code, found_on=on.today, text=command.text)]


def conclude_inquiry(
    inquiry: Inquiry | None, command: ConcludeInquiry, on: Occasion, about: Circumstances
) -> list[Event]:
    """An inquiry ends on at least one finding, by somebody who did nothing in the case.

    Refuses: InquiryNotFound, InquiryIsOver, NothingFoundYet, and whom `Circumstances.apart` refuses.
    """
    found = _open(inquiry)
    about.apart(command, on)
    if not found.findings:
        raise NothingFoundYet(
            f"The inquiry {found.id} has no finding yet. Record one first, also when everything is in order."
        )
    return [InquiryConcluded(outcome=command.outcome, concluded_on=on.today, remarks=command.remarks)]


def _open(inquiry: Inquiry | None) -> Inquiry:
    if inquiry is None:
        raise InquiryNotFound("There is no such inquiry. Check its id, or open one.")
    if inquiry.outcome is not None:
        raise InquiryIsOver(f"The inquiry {inquiry.id} was concluded ({inquiry.outcome}). Open another one.")
    return inquiry


INQUIRING: dict[type[Command], Callable[[Inquiry | None, Any, Occasion, Circumstances], list[Event]]] = {
    OpenInquiry: open_inquiry,
    OpenReverseReview: open_reverse_review,
    RecordFinding: record_finding,
    ConcludeInquiry: conclude_inquiry,
}
"""Every command of an inquiry with its decide function."""
