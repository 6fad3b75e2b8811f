"""What the public has sent in, how far each of it has come, and who must do what about it by when; nothing sealed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import asyncpg

from domain.attachment import AttachmentFiled
from domain.case_move import CaseMoved
from domain.case_opening import CaseResumed, CaseWithdrawn
from domain.conversation import MessageSent, ObjectorAnswered, ObjectorAsked
from domain.due_date import DueDatesRecounted
from domain.event import Event
from domain.identity import Role
from domain.objection import ObjectionDisposed, ObjectionLodged
from domain.objection_admission import REJECTED, ObjectionAcknowledged, ObjectionAdmitted, ObjectionRejected
from domain.public_entry import EntryAdmitted, EntryAnswered, EntryReceived, EntryRejected
from domain.public_notice import PublicNoticeOpened
from domain.stage import CaseEnded
from domain.taking_part_rule import EntryKind
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "taking_part.sql")
HEARD = {
    kind.alias
    for kind in (
        PublicNoticeOpened,
        CaseEnded,
        CaseWithdrawn,
        CaseResumed,
        CaseMoved,
        DueDatesRecounted,
        ObjectionLodged,
        ObjectionAcknowledged,
        ObjectionAdmitted,
        ObjectionRejected,
        ObjectionDisposed,
        EntryReceived,
        EntryAdmitted,
        EntryRejected,
        EntryAnswered,
        AttachmentFiled,
        MessageSent,
        ObjectorAsked,
        ObjectorAnswered,
    )
}
OF_A_DESK: dict[Role, tuple[EntryKind, ...]] = {
    Role.SUPERVISION: (EntryKind.OBJECTION,),
    Role.PERSONNEL: (EntryKind.COMMENT, EntryKind.RECOMMENDATION, EntryKind.ERROR_REPORT),
}
"""Whose duty it is to answer what."""


class Status(StrEnum):
    """How far an entry has come, in the fixed words in which everybody is told."""

    RECEIVED = "received"
    AWAITING_ADMISSION = "awaiting_admission"
    ADMITTED = "admitted"
    ACKNOWLEDGED = "acknowledged"
    QUESTION_ASKED = "question_asked"
    ANSWERED = "answered"
    ANSWERED_DISMISSED = "answered_dismissed"
    ANSWERED_UPHELD = "answered_upheld"
    REJECTED = "rejected"
    CASE_ENDED = "case_ended"


_ENDED = {
    "dismissed": Status.ANSWERED_DISMISSED,
    "upheld": Status.ANSWERED_UPHELD,
    REJECTED: Status.REJECTED,
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One thing that was sent in. `late` counts how often an answer or an acknowledgement came after its day."""

    entry_id: str
    kind: str
    case_id: str
    notice_id: str | None
    receipt_hash: str | None
    received_on: date
    attachments: int
    awaits_admission: bool
    moderate_by: date | None
    acknowledge_by: date | None
    answer_by: date
    acknowledged_on: date | None
    admitted_on: date | None
    ended_on: date | None
    outcome: str | None
    reason: str | None
    reasons_version: int | None
    late: int
    public_text: str | None
    public_answer: str | None
    position: int
    files: int
    messages: int
    question_waits: bool
    case_ended_on: date | None

    @property
    def status(self) -> Status:
        """How far it has come, in the fixed words."""
        if self.outcome is not None:
            return _ENDED.get(self.outcome, Status.ANSWERED)
        if self.kind == EntryKind.OBJECTION and self.case_ended_on is not None:
            return Status.CASE_ENDED
        if self.question_waits:
            return Status.QUESTION_ASKED
        if self.awaits_admission:
            return Status.AWAITING_ADMISSION
        if self.acknowledged_on is not None:
            return Status.ACKNOWLEDGED
        return Status.RECEIVED if self.admitted_on is None else Status.ADMITTED

    @property
    def due_on(self) -> date | None:
        """The day by which the office must do what comes next; None when nothing is left to do."""
        if self.outcome is not None or self.status is Status.CASE_ENDED:
            return None
        if self.awaits_admission:
            return self.moderate_by
        unacknowledged = self.acknowledged_on is None and self.acknowledge_by is not None
        return self.acknowledge_by if unacknowledged else self.answer_by


class TakingPart(Projection):
    """Keeps what the public has sent in, as far as it may be known to whoever works through it."""

    name = "taking_part"
    version = 1
    tables = ("taking_part_entry", "taking_part_conversation", "taking_part_case")
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type in HEARD:
                of = stored.stream.partition("/")[2]
                for statement, *said in _changes(decode(stored).event, of, stored.position):
                    await connection.execute(SQL[statement], *said)


def _changes(event: Event, of: str, position: int) -> Iterable[tuple[Any, ...]]:
    """The statements that an event means, each with what it says; `of` is the id of the event's stream."""
    match event:
        case PublicNoticeOpened():
            yield "noticed", of, event.notice_id
        case CaseEnded(ended_on=day) | CaseWithdrawn(withdrawn_on=day):
            yield "case_ended", of, day
        case CaseResumed(clocks=clocks) | CaseMoved(clocks=clocks):
            for moved in clocks:
                yield "due", moved.clock.removeprefix("objection:"), moved.due_on
        case DueDatesRecounted(clocks=recounted):
            for found in recounted:
                yield "due", found.clock.removeprefix("objection:"), found.after
        case AttachmentFiled():
            yield "said", of, 1, 0, None
        case MessageSent():
            yield "said", of, 0, 1, False
        case ObjectorAsked():
            yield "said", of, 0, 1, True
        case ObjectorAnswered():
            yield "said", of, 0, 1, None
        case _:
            yield from _of_an_entry(event, of, position)


def _of_an_entry(event: Event, of: str, position: int) -> Iterable[tuple[Any, ...]]:
    match event:
        case ObjectionLodged() as e:
            moderate_by = e.moderate_by.closes_on if e.moderate_by else None
            received = (e.receipt_hash, e.answer_by.opens_on, e.attachments, e.awaits_admission)
            due = (moderate_by, e.acknowledge_by.closes_on, e.answer_by.closes_on)
            yield "lodged", e.objection_id, of, *received, *due, position
        case ObjectionAcknowledged() as e:
            yield "acknowledged", e.objection_id, e.acknowledged_on, int(e.late)
        case ObjectionAdmitted() as e:
            yield "admitted", e.objection_id, e.admitted_on, None
        case ObjectionRejected() as e:
            yield "rejected", e.objection_id, e.rejected_on, e.reason, e.reasons_version
        case ObjectionDisposed() as e:
            yield "answered", e.objection_id, e.disposed_on, str(e.outcome), e.public_answer
        case EntryReceived() as e:
            received = (e.receipt_hash, e.received_on, e.attachments, e.awaits_admission)
            days = (e.moderate_by.closes_on, e.answer_by.closes_on)
            yield "received", e.entry_id, str(e.kind), e.case_id, e.notice_id, *received, *days, position
        case EntryAdmitted() as e:
            yield "admitted", of, e.admitted_on, e.public_text
        case EntryRejected() as e:
            yield "rejected", of, e.rejected_on, e.reason, e.reasons_version
        case EntryAnswered() as e:
            yield "answered", of, e.answered_on, str(e.outcome), e.public_answer


async def entry_by_receipt(pool: "asyncpg.Pool[asyncpg.Record]", receipt_hash: str) -> EntryRow | None:
    """What was sent in under a receipt, as far as the read model has come."""
    return _row(await pool.fetchrow(SQL["by_receipt"], receipt_hash))


async def entry_by_id(pool: "asyncpg.Pool[asyncpg.Record]", entry_id: str) -> EntryRow | None:
    """What was sent in under an id."""
    return _row(await pool.fetchrow(SQL["by_id"], entry_id))


async def inbox(
    pool: "asyncpg.Pool[asyncpg.Record]", kinds: Iterable[EntryKind], *, after: int = 0, limit: int = 50
) -> list[EntryRow]:
    """What waits for an answer, the oldest due date first; objections also while a moderator has still to look."""
    return [EntryRow(**row) for row in await pool.fetch(SQL["inbox"], [str(kind) for kind in kinds], after, limit)]


async def moderation_queue(pool: "asyncpg.Pool[asyncpg.Record]", *, after: int = 0, limit: int = 50) -> list[EntryRow]:
    """What waits for a moderator, the oldest due date first."""
    return [EntryRow(**row) for row in await pool.fetch(SQL["queue"], after, limit)]


def _row(row: Any) -> EntryRow | None:
    return None if row is None else EntryRow(**row)
