"""What the public may read of a notice: nothing here is more than the pack allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from pydantic import TypeAdapter

from domain.appointment import Case, LiveCase, Unopened, evolve, underlying
from domain.case_opening import CaseWithdrawn
from domain.due_date import NOTICE, DueDatesRecounted
from domain.identity import CandidateId
from domain.law import Citation, Text
from domain.nomination import CandidateNominated, CandidateWithdrawn
from domain.objection import ObjectionDisposed, ObjectionLodged
from domain.objection_admission import ObjectionRejected
from domain.pack import Pack
from domain.public_notice import PublicNoticeElapsed, PublicNoticeOpened, PublicNoticeWithdrawn
from domain.stage import CaseEnded, StageCompleted
from domain.working_days import Window
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.packs import PackLibrary
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection

SQL = statements("projections", "public_notice.sql")

Reasons = Mapping[CandidateId | None, str | None]
"""Why a candidate is an exception; under None, why everybody in the case is."""


@dataclass(frozen=True, slots=True)
class NoticeCandidate:
    """A candidate as the notice shows them: the pack's fields, in the pack's order, and no other."""

    candidate_id: str
    shown: tuple[tuple[str, str], ...]  # (field of Particulars, what it says); empty once the person was forgotten


@dataclass(frozen=True, slots=True)
class Recounted:
    """A notice's days were counted anew when their calendar was published; it never closes earlier for it."""

    on: date
    calendar_version: str
    closed_on_before: date


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A notice, as its page shows it."""

    notice_id: str
    number: str  # "2026/153": the year, and the position of its opening in the log
    case_id: str
    post_title: str
    unit: str
    rank: Text
    pack: Text
    pack_reference: str
    jurisdiction: str
    timezone: str
    opened_on: date
    window: Window
    elapsed_on: date | None
    ended_on: date | None  # it was taken down, or its case ended, before it had run its days
    candidates: tuple[NoticeCandidate, ...]
    rules: tuple[Citation, ...]
    objections_to: Text
    open_objections: int
    position: int
    hash: str
    recounted: Recounted | None = None


_AS_JSON = TypeAdapter(PublicNotice)
_RECOUNTED = TypeAdapter(Recounted)


class PublicNotices:
    """Keeps the notices. Only the candidates that a notice names, and of them only its fields, ever come in here."""

    name = "public_notice"
    version = 6
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
        case_id = stored.stream.removeprefix("appointment/")
        match stored.type:
            case PublicNoticeOpened.alias:
                await self._open(connection, stored)
            case PublicNoticeElapsed.alias:
                event = decode(stored).event
                assert isinstance(event, PublicNoticeElapsed)
                await connection.execute(SQL["elapse"], event.notice_id, event.closed_on)
            case DueDatesRecounted.alias:
                await self._recount(connection, case_id, stored)
            case ObjectionLodged.alias:
                await connection.execute(SQL["add_objection"], case_id, 1)
            case ObjectionDisposed.alias:
                await connection.execute(SQL["add_objection"], case_id, -1)
                await self._take_down_whoever_left(connection, stored)
            case ObjectionRejected.alias:
                await connection.execute(SQL["add_objection"], case_id, -1)
            case CandidateWithdrawn.alias:
                await self._take_down_whoever_left(connection, stored)
            case StageCompleted.alias:
                # Names go as soon as the notice has done its work: nobody stays named for having been a candidate.
                await connection.execute(SQL["take_names_down"], case_id)
            case CaseEnded.alias | CaseWithdrawn.alias | PublicNoticeWithdrawn.alias:
                await connection.execute(SQL["end"], case_id, _ended_on(stored))

    async def _take_down_whoever_left(self, connection: Connection, stored: StoredEvent) -> None:
        """A candidate who is out of the case is not named in it any longer."""
        stream = await self._store.read_stream(stored.stream)
        case = _folded([found for found in stream if found.version <= stored.version])
        for candidate in case.candidates.values():
            if not candidate.stands:
                await connection.execute(SQL["take_name_down"], case.id, candidate.id)

    async def _open(self, connection: Connection, stored: StoredEvent) -> None:
        notice_opened = decode(stored).event
        assert isinstance(notice_opened, PublicNoticeOpened)
        earlier = [found for found in await self._store.read_stream(stored.stream) if found.version < stored.version]
        case = _folded(earlier)
        pack = await self._packs.get(case.pack)
        shown = await self._candidates(notice_opened, earlier, stated_reasons(case, pack))
        notice = _notice(stored, notice_opened, case, pack, shown)
        text = _AS_JSON.dump_json(notice).decode()
        await connection.execute(
            SQL["insert"], notice.notice_id, case.id, stored.position, notice_opened.window.closes_on, text
        )

    async def _recount(self, connection: Connection, case_id: str, stored: StoredEvent) -> None:
        event = decode(stored).event
        assert isinstance(event, DueDatesRecounted)
        for found in event.clocks:
            if found.clock == NOTICE:
                recounted = Recounted(event.recounted_on, event.calendar_version, found.before)
                text = _RECOUNTED.dump_json(recounted).decode()
                window = found.window.model_dump_json()
                await connection.execute(SQL["recount"], case_id, found.window.closes_on, window, text)

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

    def forget_cached(self) -> None:
        pass


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
    year = stored.recorded_at.astimezone(ZoneInfo(case.timezone)).year
    return PublicNotice(
        notice_id=opened.notice_id,
        number=f"{year}/{stored.position}",
        case_id=case.id,
        post_title=case.post.title,
        unit=case.post.unit,
        rank=next(rank.title for rank in pack.ranks if rank.id == case.post.rank),
        pack=pack.title,
        pack_reference=str(case.pack),
        jurisdiction=case.jurisdiction,
        timezone=case.timezone,
        opened_on=opened.window.opens_on,
        window=opened.window,
        elapsed_on=None,
        ended_on=None,
        candidates=shown,
        rules=tuple(pack.cite(rule) for rule in opened.rules_applied()),
        objections_to=pack.notice.objections_to,
        open_objections=0,
        position=stored.position,
        hash=stored.hash.hex(),
    )


async def notice_by_id(pool: "asyncpg.Pool[asyncpg.Record]", notice_id: str) -> PublicNotice | None:
    """The notice of that id, as it stands now."""
    row = await pool.fetchrow(SQL["one"], notice_id)
    return None if row is None else _from_row(row)


async def open_notices(pool: "asyncpg.Pool[asyncpg.Record]", limit: int = 1000) -> list[PublicNotice]:
    """Notices that stand, the one that closes first at the top."""
    return [_from_row(row) for row in await pool.fetch(SQL["open"], limit)]


async def recent_notices(pool: "asyncpg.Pool[asyncpg.Record]", limit: int = 100) -> list[PublicNotice]:
    """Notices that have run their days, the latest first."""
    return [_from_row(row) for row in await pool.fetch(SQL["recent"], limit)]


async def every_notice(pool: "asyncpg.Pool[asyncpg.Record]") -> list[PublicNotice]:
    """Every notice that there ever was, in the order of the log."""
    return [_from_row(row) for row in await pool.fetch(SQL["every"])]


def _from_row(row: Any) -> PublicNotice:
    notice = _AS_JSON.validate_json(row["notice"])
    return replace(
        notice,
        elapsed_on=row["elapsed_on"],
        ended_on=row["ended_on"],
        open_objections=row["open_objections"],
    )
