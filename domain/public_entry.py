"""What the public sends in beside objections: comments, recommendations, reports of an error. None holds a case."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from domain.appointment import Case, LiveCase, underlying
from domain.command import Command, held_by, nobody_acts_for_themselves
from domain.event import Confidential, Event, StreamId
from domain.identity import CaseId, Role, short_id
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.recusal import hands_without_conflict
from domain.refusal import CaseNotFound, Refusal
from domain.sender import RECEIPT, Identity, name_fits
from domain.sending_in import by_the_public, may_be_sent_in
from domain.taking_part_rule import EntryKind
from domain.working_days import Window


class EntryOutcome(StrEnum):
    """What came of an entry, as everybody may know it."""

    NOTED = "noted"
    CORRECTED = "corrected"
    NO_ERROR = "no_error"


class EntryState(StrEnum):
    RECEIVED = "received"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    ANSWERED = "answered"


class FileEntry(Command):
    """Send in a comment, a recommendation, or the report of an error in a notice."""

    by_anybody: ClassVar[bool] = True
    kind: Literal[EntryKind.COMMENT, EntryKind.RECOMMENDATION, EntryKind.ERROR_REPORT]
    text: str = Field(min_length=10, max_length=4000, description="sealed; a moderator says what of it is shown")
    sender: str | None = Field(None, max_length=300, description="name and address, sealed; left out when anonymous")
    identity: Identity | None = Field(None, description="when left out: confidential where there is a name")
    receipt_hash: str = Field(pattern=RECEIPT, description="SHA-256 of the receipt code")
    attachments: int = Field(0, ge=0, le=20, description="how many files were filed for it")
    awaits_admission: bool = Field(False, description="it came without proof of work; a comment always awaits")


class AnswerEntry(Command):
    """Say to everybody what came of an entry."""

    outcome: EntryOutcome
    public_answer: str = Field(min_length=3, max_length=2000, description="shown to all; names nobody")


class EntryReceived(Event):
    """Something was sent in about a notice. A name is for personnel, or for supervision alone, as its sender chose."""

    under: ClassVar[tuple[str, ...]] = ("taking_part.kinds", "taking_part.moderated", "taking_part.answered")
    entry_id: str
    case_id: CaseId
    notice_id: str
    kind: EntryKind
    received_on: date
    moderate_by: Window
    answer_by: Window
    receipt_hash: str
    attachments: int
    awaits_admission: bool
    identity: Identity
    text: Annotated[str | None, Confidential(to="personnel")] = None
    named_sender: Annotated[str | None, Confidential(to="personnel")] = None
    sender: Annotated[str | None, Confidential(to="supervision")] = None


class EntryAdmitted(Event):
    """A moderator passed it on; `public_text` is what everybody may read of it, in the moderator's responsibility."""

    case_id: CaseId
    admitted_on: date
    public_text: str | None = None


class EntryRejected(Event):
    case_id: CaseId
    reason: str
    reasons_version: int
    rejected_on: date


class EntryAnswered(Event):
    """The department said to everybody what came of it."""

    under: ClassVar[tuple[str, ...]] = ("taking_part.answered",)
    case_id: CaseId
    outcome: EntryOutcome
    public_answer: str
    answered_on: date
    late: bool


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """An entry as its events have made it."""

    id: str
    case_id: CaseId
    kind: EntryKind
    answer_due_on: date
    awaits_admission: bool
    state: EntryState = EntryState.RECEIVED
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class AboutEntry:
    """What an entry is decided upon beside its own events: its case, and the names that may not be published."""

    entry_id: str
    case: Case
    names: frozenset[str] = frozenset()

    @property
    def live(self) -> LiveCase:
        """The case, in whatever state it is.

        Refuses: CaseNotFound.
        """
        live = underlying(self.case)
        if live is None:
            raise CaseNotFound("There is no such case. Check the case id.")
        return live


class EntryNotFound(Refusal):
    rule = "house.an_entry_is_sent_in_first"


class EntryIsEnded(Refusal):
    rule = "house.an_entry_is_answered_once"


class EntryAwaitsAdmission(Refusal):
    rule = "house.a_moderator_looks_before_anybody_else"


def public_entry_stream(entry_id: str) -> StreamId:
    """The stream of something that the public sent in."""
    return StreamId(f"public_entry/{entry_id}")


def public_entry_id_of(case_id: CaseId, command_id: str) -> str:
    """The id of the entry that a command files: known before it is recorded, so that files can go before it."""
    return short_id("public_entry", case_id, command_id)


def fold_entry(events: Iterable[Event]) -> PublicEntry | None:
    """The entry that a stream of events has made."""
    found: PublicEntry | None = None
    for event in events:
        if isinstance(event, EntryReceived):
            due_on, waits = event.answer_by.closes_on, event.awaits_admission
            found = PublicEntry(event.entry_id, event.case_id, event.kind, due_on, waits)
        elif found is not None:
            found = _after(found, event)
    return found


def _after(found: PublicEntry, event: Event) -> PublicEntry:
    match event:
        case EntryAdmitted():
            return replace(found, state=EntryState.ADMITTED, awaits_admission=False)
        case EntryRejected(rejected_on=day):
            return replace(found, state=EntryState.REJECTED, awaits_admission=False, ended_on=day)
        case EntryAnswered(answered_on=day):
            return replace(found, state=EntryState.ANSWERED, ended_on=day)
    return found


def file_entry(found: PublicEntry | None, command: FileEntry, on: Occasion, about: AboutEntry) -> list[Event]:
    """The public sends something in; what is to be shown to all always awaits a moderator.

    Source: the pack's `taking_part`.
    Refuses: WrongOrgan, NameMisplaced, and whatever `may_be_sent_in` refuses.
    """
    by_the_public(command, on)
    live = may_be_sent_in(command.kind, about.case, on)
    assert live.notice is not None
    identity = name_fits(command.identity, command.sender, field="sender")
    rules = on.pack.taking_part
    named = identity is Identity.NAMED
    return [
        EntryReceived(
            entry_id=about.entry_id,
            case_id=live.id,
            notice_id=live.notice.id,
            kind=command.kind,
            received_on=on.today,
            moderate_by=on.due(rules.moderated.value),
            answer_by=on.due(rules.answered.value),
            receipt_hash=command.receipt_hash,
            attachments=command.attachments,
            awaits_admission=command.awaits_admission or command.kind is EntryKind.COMMENT,
            identity=identity,
            text=command.text,
            named_sender=command.sender if named else None,
            sender=None if named else command.sender,
        )
    ]


def answer_entry(found: PublicEntry | None, command: AnswerEntry, on: Occasion, about: AboutEntry) -> list[Event]:
    """Personnel say to everybody what came of an entry that no moderator keeps waiting.

    Source: features F45; the pack's `taking_part.answered`.
    Refuses: WrongOrgan, ActsInOwnCase, ConflictedOfficer, ConflictUndecided, EntryNotFound, EntryIsEnded,
    EntryAwaitsAdmission, PublicAnswerNamesSomebody.
    """
    held_by(Role.PERSONNEL, command, on)
    nobody_acts_for_themselves(about.live, command, on)
    hands_without_conflict(about.live, command, on)
    entry = open_entry(found, about)
    if entry.awaits_admission:
        raise EntryAwaitsAdmission(f"The entry {entry.id} awaits a moderator. Wait until it was admitted.")
    refuse_personal_data(command.public_answer, field="public_answer", names=about.names)
    return [
        EntryAnswered(
            case_id=entry.case_id,
            outcome=command.outcome,
            public_answer=command.public_answer,
            answered_on=on.today,
            late=on.today > entry.answer_due_on,
        )
    ]


def open_entry(found: PublicEntry | None, about: AboutEntry) -> PublicEntry:
    if found is None:
        raise EntryNotFound(f"Nothing was sent in under “{about.entry_id}”. Check the id.")
    if found.ended_on is not None:
        raise EntryIsEnded(
            f"The entry {found.id} was {found.state} on {found.ended_on:%-d %B %Y}. Read it; nothing is left to do."
        )
    return found
