"""What the holder of a receipt code may read: how far their entry has come, by when what is due, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.transparency_log import proof_of
from api.visitor import Services
from domain.appointment import case_stream, underlying
from domain.event import Event
from domain.identity import CaseId
from domain.law import Language
from domain.moderation_reasons import MODERATION_REASONS
from domain.objection import ObjectionLodged
from domain.public_entry import EntryReceived
from domain.receipt_code import receipt_hash
from domain.taking_part_rule import EntryKind
from domain.working_days import Window, due
from eventstore.codec import decode
from eventstore.taking_part_recording import read_conversation
from pages.receipt_status import DueDay, EntryStatus, Said
from projections.public_notice import notice_by_id
from projections.taking_part import EntryRow, Status, entry_by_receipt
from projections.visible_notice import VisibleNotice

READ_FROM = ("taking_part", "public_notice")


@dataclass(frozen=True, slots=True)
class Held:
    """An entry and all that its holder reads of it."""

    row: EntryRow
    notice: VisibleNotice
    status: EntryStatus
    open_until: date | None
    today: date

    @property
    def may_write(self) -> bool:
        return self.open_until is None or self.today <= self.open_until


async def held_by_code(services: Services, code: str, language: Language) -> Held | None:
    """What a code stands for; None when nothing was recorded under it, as far as the read models have come."""
    row = await entry_by_receipt(services.pool, receipt_hash(code))
    notice = None
    if row is not None and row.notice_id is not None:
        notice = await notice_by_id(services.pool, row.notice_id, services.clock())
    if row is None or notice is None:
        return None
    written = await read_conversation(services.recorder, row.entry_id)
    said = [Said(not line.by_the_public, line.said_on, line.text, line.is_question) for line in written.lines]
    status = EntryStatus(
        kind=EntryKind(row.kind),
        notice_id=notice.notice_id,
        number=notice.number,
        post_title=notice.post_title,
        unit=notice.unit,
        received_on=row.received_on,
        state=_state(row),
        days=_days(row, await _first_event(services, row), notice.today),
        talk=said,
        files=row.files,
        answered_by="supervision" if row.kind == EntryKind.OBJECTION else "personnel",
        ended_on=row.ended_on or row.case_ended_on,
        reason=_reason(row, language),
        public_answer=row.public_answer,
    )
    return Held(row, notice, status, await _open_until(services, row), notice.today)


def _state(row: EntryRow) -> str:
    """How far it has come, in the words of its kind of outcome."""
    return str(row.outcome) if row.status is Status.ANSWERED and row.outcome else str(row.status)


def _reason(row: EntryRow, language: Language) -> str | None:
    reasons = MODERATION_REASONS.get(row.reasons_version or 0, ())
    return next((found.says.in_(language) for found in reasons if found.code == row.reason), None)


async def _first_event(services: Services, row: EntryRow) -> Event:
    stored = await services.store.read_log(row.position - 1, 1)
    return decode(stored[0]).event


def _days(row: EntryRow, first: Event, today: date) -> Sequence[DueDay]:
    """The days that are owed, each with how it was counted; what was turned away or has ended owes no more."""
    assert isinstance(first, ObjectionLodged | EntryReceived)
    acknowledge = first.acknowledge_by if isinstance(first, ObjectionLodged) else None
    looked_at = row.admitted_on or row.acknowledged_on or row.ended_on
    owed = (
        ("moderated", first.moderate_by if first.awaits_admission else None, looked_at),
        ("acknowledged", acknowledge, row.acknowledged_on),
        ("answered", first.answer_by, row.ended_on),
    )
    over = row.ended_on is not None or row.case_ended_on is not None
    return [
        _day(what, window, row.answer_by if what == "answered" else window.closes_on, done_on, today, over)
        for what, window, done_on in owed
        if window is not None and (done_on is not None or not over)
    ]


def _day(what: str, window: Window, by: date, done_on: date | None, today: date, over: bool) -> DueDay:
    counted = window if window.closes_on == by else None  # the days were counted anew, and the case says how
    return DueDay(what, by, counted, done_on, late=done_on is None and not over and today > by)


async def _open_until(services: Services, row: EntryRow) -> date | None:
    """The last day on which its holder may write; None while it is not answered."""
    ended_on = row.ended_on or (row.case_ended_on if row.kind == EntryKind.OBJECTION else None)
    live = underlying((await services.recorder.load(case_stream(CaseId(row.case_id)))).case)
    if ended_on is None or live is None:
        return None
    pack = await services.packs.get(live.pack)
    calendar = services.recorder.calendar_for(live.jurisdiction)
    return due(calendar, ended_on, pack.taking_part.conversation_after.value).closes_on


async def receipt_proof(services: Services, row: EntryRow) -> bytes:
    """The proof that an entry was filed: its first event as everybody reads it, with the hash of the code in it.

    Refuses: NotPublishedYet.
    """
    stored = await services.store.read_log(row.position - 1, 1)
    return bytes(await proof_of(services, row.position, [stored[0].entry]))
