"""Keeps the public notices: what comes in here is no more than the pack allows, and `visible` what goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import orjson
from pydantic import TypeAdapter

from domain.appointment import Case, LiveCase, Unopened, evolve, underlying
from domain.case_opening import CaseWithdrawn
from domain.due_date import NOTICE, DueDatesRecounted
from domain.identity import CandidateId
from domain.nomination import CandidateNominated, CandidateWithdrawn
from domain.notice_correction import PublicNoticeCorrected
from domain.notice_publishing import PublicNoticePublished
from domain.objection import ObjectionDisposed, ObjectionLodged
from domain.objection_admission import ObjectionRejected
from domain.pack import Pack
from domain.public_entry import EntryAdmitted, EntryAnswered
from domain.public_notice import PublicNoticeElapsed, PublicNoticeOpened, PublicNoticeWithdrawn
from domain.stage import CaseEnded, StageCompleted
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.packs import PackLibrary
from eventstore.store import EventStore, StoredEvent
from projections.notice_correction import corrected
from projections.projection import Connection, Projection
from projections.said_in_public import SaidInPublic, said_of_entry, said_of_objection
from projections.visible_notice import (
    Change,
    NoticeCandidate,
    NoticeVersion,
    Objections,
    PublicNotice,
    Published,
    Recounted,
    VisibleNotice,
    visible,
)

SQL = statements("projections", "public_notice.sql")

Reasons = Mapping[CandidateId | None, str | None]
"""Why a candidate is an exception; under None, why everybody in the case is."""


_AS_JSON = TypeAdapter(PublicNotice)
_RECOUNTED = TypeAdapter(Recounted)
_VERSION = TypeAdapter(NoticeVersion)
_PUBLISHED = TypeAdapter(Published)
_SAID = TypeAdapter(SaidInPublic)


class PublicNotices(Projection):
    """Keeps the notices. Only the candidates that a notice names, and of them only its fields, ever come in here."""

    name = "public_notice"
    version = 12
    tables = ("public_notice",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, store: EventStore, keys: KeyStore, packs: PackLibrary):
        self._store = store
        self._keys = keys
        self._packs = packs

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            await self._apply_one(connection, stored)

    async def _apply_one(self, connection: Connection, stored: StoredEvent) -> None:
        case_id, position = stored.stream.removeprefix("appointment/"), stored.position
        match stored.type:
            case PublicNoticeOpened.alias:
                await self._open(connection, stored)
            case PublicNoticeElapsed.alias:
                event = decode(stored).event
                assert isinstance(event, PublicNoticeElapsed)
                await connection.execute(SQL["elapse"], event.notice_id, event.closed_on, position)
            case DueDatesRecounted.alias:
                await self._recount(connection, case_id, stored)
            case PublicNoticeCorrected.alias:
                await self._correct(connection, stored)
            case ObjectionLodged.alias:
                event = decode(stored).event
                assert isinstance(event, ObjectionLodged)
                await connection.execute(SQL["add_objection"], case_id, event.objection_id, position)
            case ObjectionDisposed.alias:
                event = decode(stored).event
                assert isinstance(event, ObjectionDisposed)
                settled = (event.objection_id, str(event.outcome), position, event.disposed_on)
                await connection.execute(SQL["dispose_objection"], case_id, *settled)
                await _say(connection, case_id, said_of_objection(event), position)
                await self._take_down_whoever_left(connection, stored)
            case ObjectionRejected.alias:
                event = decode(stored).event
                assert isinstance(event, ObjectionRejected)
                settled = (event.objection_id, "rejected", position, event.rejected_on)
                await connection.execute(SQL["dispose_objection"], case_id, *settled)
            case CandidateWithdrawn.alias:
                await self._take_down_whoever_left(connection, stored)
            case StageCompleted.alias:
                # Names go as soon as the notice has done its work: nobody stays named for having been a candidate.
                await connection.execute(SQL["take_names_down"], case_id, position)
            case EntryAdmitted.alias | EntryAnswered.alias:
                await self._said(connection, stored)
            case PublicNoticePublished.alias:
                await _publish(connection, stored)
            case CaseEnded.alias | CaseWithdrawn.alias | PublicNoticeWithdrawn.alias:
                withdrawn = stored.type == PublicNoticeWithdrawn.alias
                await connection.execute(SQL["end"], case_id, _ended_on(stored), position, withdrawn)

    async def _said(self, connection: Connection, stored: StoredEvent) -> None:
        """What may be read of an entry from this event on."""
        event = decode(stored).event
        assert isinstance(event, EntryAdmitted | EntryAnswered)
        stream = await self._store.read_stream(stored.stream)
        said = said_of_entry(decode(found).event for found in stream if found.version <= stored.version)
        await _say(connection, event.case_id, said, stored.position)

    async def _take_down_whoever_left(self, connection: Connection, stored: StoredEvent) -> None:
        """A candidate who is out of the case is not named in it any longer."""
        stream = await self._store.read_stream(stored.stream)
        case = _folded([found for found in stream if found.version <= stored.version])
        for candidate in case.candidates.values():
            if not candidate.stands:
                version = _version(stored, Change.NAME_REMOVED, _day_of(stored, case.timezone))
                await connection.execute(SQL["take_name_down"], case.id, candidate.id, version, stored.position)

    async def _open(self, connection: Connection, stored: StoredEvent) -> None:
        notice_opened = decode(stored).event
        assert isinstance(notice_opened, PublicNoticeOpened)
        earlier = [found for found in await self._store.read_stream(stored.stream) if found.version < stored.version]
        case = _folded(earlier)
        pack = await self._packs.get(case.pack)
        shown = await self._candidates(notice_opened, earlier, stated_reasons(case, pack))
        notice = _notice(stored, notice_opened, case, pack, shown)
        await connection.execute(
            SQL["insert"],
            notice.notice_id,
            case.id,
            stored.position,
            notice.window.opens_on,
            notice.window.closes_on,
            notice.timezone,
            _AS_JSON.dump_json(notice).decode(),
        )

    async def _recount(self, connection: Connection, case_id: str, stored: StoredEvent) -> None:
        event = decode(stored).event
        assert isinstance(event, DueDatesRecounted)
        for found in event.clocks:
            if found.clock == NOTICE:
                on = event.recounted_on
                recounted = _RECOUNTED.dump_json(Recounted(on, event.calendar_version, found.before)).decode()
                window = found.window.model_dump_json()
                version = _version(stored, Change.RECOUNTED, on)
                closes_on, position = found.window.closes_on, stored.position
                await connection.execute(SQL["recount"], case_id, closes_on, window, recounted, version, position)

    async def _correct(self, connection: Connection, stored: StoredEvent) -> None:
        (row,) = await opened(self._store, self._keys, [stored])
        event = row.event
        assert isinstance(event, PublicNoticeCorrected) and row.pack is not None
        pack = await self._packs.get(row.pack)
        kept = _AS_JSON.validate_json(await connection.fetchval(SQL["kept"], event.notice_id))
        notice = corrected(kept, event, stored, pack.notice.fields.value)
        text = _AS_JSON.dump_json(notice).decode()
        await connection.execute(SQL["correct"], event.notice_id, event.window.closes_on, text, stored.position)

    async def _candidates(
        self, notice: PublicNoticeOpened, earlier: Sequence[StoredEvent], reasons: Reasons
    ) -> tuple[NoticeCandidate, ...]:
        nominations = [stored for stored in earlier if stored.type == CandidateNominated.alias]
        shown = {}
        for row in await opened(self._store, self._keys, nominations):
            assert isinstance(row.event, CandidateNominated)
            name = row.event.candidate_id
            shown[name] = NoticeCandidate(name, _allowed(row.event, notice.fields, reasons.get(name) or reasons[None]))
        return tuple(shown[candidate] for candidate in notice.candidates)


async def _say(connection: Connection, case_id: str, said: SaidInPublic | None, position: int) -> None:
    if said is not None:
        text = _SAID.dump_json(said).decode()
        await connection.execute(SQL["say"], case_id, said.entry_id, text, position)


async def _publish(connection: Connection, stored: StoredEvent) -> None:
    event = decode(stored).event
    assert isinstance(event, PublicNoticePublished)
    published = Published(
        text_sha256=event.text_sha256,
        size=event.size,
        root=event.root,
        cosigned_by=event.cosigned_by,
        cosigned_at=event.cosigned_at,
        by_own_witness=event.by_own_witness,
        proof=event.proof,
    )
    said = _PUBLISHED.dump_json(published).decode()
    await connection.execute(SQL["publish"], event.notice_id, event.number, said, stored.position)


def _day_of(stored: StoredEvent, timezone: str) -> date:
    return stored.recorded_at.astimezone(ZoneInfo(timezone)).date()


def _version(stored: StoredEvent, change: Change, on: date, reason: str | None = None) -> str:
    """A later version, whose number the row gives."""
    return _VERSION.dump_json(NoticeVersion(0, change, on, stored.position, stored.hash.hex(), reason)).decode()


def _ended_on(stored: StoredEvent) -> date:
    match decode(stored).event:
        case CaseEnded(ended_on=day) | CaseWithdrawn(withdrawn_on=day) | PublicNoticeWithdrawn(withdrawn_on=day):
            return day
        case other:
            raise AssertionError(f"{other.alias} ends no notice")


def stated_reasons(case: LiveCase, pack: Pack) -> Reasons:
    """Why each candidate is an exception, or the whole case is, as the notice must say.

    Source: the pack's `exceptions.….reason_is_public` (cn.sr2019: Art. 42).
    """
    public = {rule.id for rule in pack.exceptions if rule.reason_is_public.value}
    found = [proposed for proposed in case.standing_exceptions.values() if proposed.kind in public]
    return {None: None} | {proposed.candidate: proposed.reason for proposed in found}


def _allowed(event: CandidateNominated, fields: Sequence[str], reason: str | None) -> tuple[tuple[str, str], ...]:
    """The one place where a candidate's particulars become public: the notice's fields, and no other.

    The reason of an exception is the one that was proposed and decided upon, whatever the nominator wrote.
    """
    if event.particulars is None:
        return ()
    said = event.particulars.model_dump() | ({"exceptional_reason": reason} if reason else {})
    return tuple((name, said[name]) for name in fields if said[name] is not None)


def _folded(earlier: Sequence[StoredEvent]) -> LiveCase:
    case: Case = Unopened()
    for stored in earlier:
        case = evolve(case, decode(stored).event)
    live = underlying(case)
    assert live is not None, "a notice opens in a case"
    return live


def _notice(
    stored: StoredEvent,
    opened: PublicNoticeOpened,
    case: LiveCase,
    pack: Pack,
    shown: tuple[NoticeCandidate, ...],
) -> PublicNotice:
    stored_on = _day_of(stored, case.timezone)
    return PublicNotice(
        notice_id=opened.notice_id,
        number=f"{stored_on.year}/{stored.position}",
        case_id=case.id,
        post_title=case.post.title,
        unit=case.post.unit,
        rank=next(rank.title for rank in pack.ranks if rank.id == case.post.rank),
        pack=pack.title,
        pack_reference=str(case.pack),
        takes=pack.taking_part.kinds.value,
        jurisdiction=case.jurisdiction,
        timezone=case.timezone,
        opened_on=opened.window.opens_on,
        window=opened.window,
        candidates=shown,
        rules=tuple(pack.cite(rule) for rule in opened.rules_applied()),
        objections_to=pack.notice.objections_to,
        position=stored.position,
        hash=stored.hash.hex(),
        versions=(NoticeVersion(1, Change.OPENED, stored_on, stored.position, stored.hash.hex()),),
        live_until=pack.notice.names_until,
        indexed_while_live=pack.notice.may_be_indexed,
        names_end_by=pack.cite("notice.live_until") if pack.notice.live_until else None,
    )


async def notice_by_id(pool: "asyncpg.Pool[asyncpg.Record]", notice_id: str, at: datetime) -> VisibleNotice | None:
    """What anybody may read of the notice of that id at an instant."""
    row = await pool.fetchrow(SQL["one"], notice_id)
    return None if row is None else visible(notice_of(row), at)


async def notice_mark(pool: "asyncpg.Pool[asyncpg.Record]", notice_id: str, at: datetime) -> tuple[int, date] | None:
    """What a notice is visible by: the last event that changed it, and the day where it stands."""
    row = await pool.fetchrow(SQL["mark"], notice_id)
    return (row["changed_at_position"], at.astimezone(ZoneInfo(row["timezone"])).date()) if row else None


async def unpublished_notices(pool: "asyncpg.Pool[asyncpg.Record]", size: int, at: datetime) -> list[VisibleNotice]:
    """Notices that run, whose last version is in a log of `size` entries and not yet said to be published."""
    found = [visible(notice_of(row), at) for row in await pool.fetch(SQL["unpublished"], size)]
    return [notice for notice in found if notice.standing.runs]


async def notices_after(
    pool: "asyncpg.Pool[asyncpg.Record]", position: int, limit: int, at: datetime
) -> list[VisibleNotice]:
    """What anybody may read at an instant of the notices that were opened after a position, in the order of the log."""
    return [visible(notice_of(row), at) for row in await pool.fetch(SQL["after"], position, limit)]


async def every_notice(pool: "asyncpg.Pool[asyncpg.Record]", at: datetime) -> list[VisibleNotice]:
    """What anybody may read at an instant of every notice that there ever was, in the order of the log."""
    return [visible(notice_of(row), at) for row in await pool.fetch(SQL["every"])]


def notice_of(row: Any) -> PublicNotice:
    """The notice that a row keeps; no outlet is given it but through `visible`."""
    notice = _AS_JSON.validate_json(row["notice"])
    outcomes = tuple(sorted(orjson.loads(row["outcomes"]).items()))
    return replace(
        notice,
        elapsed_on=row["elapsed_on"],
        ended_on=row["ended_on"],
        objections=Objections(row["lodged"], len(row["open_objections"]), outcomes, row["settled_on"]),
        changed_at_position=row["changed_at_position"],
    )
