"""Where every case stands: its stage, who must act next, and which clock ends first."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import asyncpg

from domain.appointment import Case, ClosedCase, LiveCase, SuspendedCase, Unopened, evolve, underlying
from domain.due_date import provisional_clocks
from domain.event import StreamId
from domain.identity import CaseId
from domain.pack import Pack
from domain.timer import timers
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection
from projections.reading import start_of

SQL = statements("projections", "case_board.sql")
CASES_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A case on the board; the fields are the columns of its table, in their order.

    `provisional_by` are the calendar versions by which days of its running clocks were counted that may still change.
    """

    case_id: str
    opened_position: int
    pack_id: str
    pack_version: int
    post_id: str
    post_title: str
    unit: str
    rank: str
    jurisdiction: str
    status: str
    stage: str
    duty_holder: str | None
    next_timer: str | None
    due_on: date | None
    provisional_by: str | None
    candidates: int
    open_objections: int
    deviations: int
    outcome: str | None
    closed_on: date | None
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a reader of the board asks for; the same object in the address, the export and a saved search."""

    status: str | None = None
    stage: str | None = None
    duty_holder: str | None = None
    pack: str | None = None
    due_by: date | None = None


@dataclass(frozen=True, slots=True)
class _Folded:
    case: Case
    opened_position: int
    version: int
    position: int


class CaseBoard:
    """Keeps the board."""

    name = "case_board"
    version = 3
    tables = ("case_board",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, store: EventStore, packs: PackLibrary):
        self._store = store
        self._packs = packs
        self._folded: OrderedDict[StreamId, _Folded] = OrderedDict()

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        touched: dict[StreamId, _Folded] = {}
        for stored in page:
            if stored.stream.startswith("appointment/"):
                touched[stored.stream] = await self._fold(stored)
        rows = [row for folded in touched.values() if (row := await self._row(folded)) is not None]
        if rows:
            columns = [[getattr(row, column.name) for row in rows] for column in fields(BoardRow)]
            await connection.execute(SQL["upsert"], *columns)
        while len(self._folded) > CASES_KEPT:
            self._folded.popitem(last=False)

    async def _fold(self, stored: StoredEvent) -> _Folded:
        known = self._folded.get(stored.stream)
        if known is None or known.version < stored.version - 1:
            known = await self._read(stored)
        if known.version < stored.version:
            case = evolve(known.case, decode(stored).event)
            opened = known.opened_position if known.version else stored.position
            known = _Folded(case, opened, stored.version, stored.position)
        self._folded[stored.stream] = known
        self._folded.move_to_end(stored.stream)
        return known

    async def _read(self, stored: StoredEvent) -> _Folded:
        """The case up to the event before this one, from its stream."""
        known = _Folded(Unopened(), stored.position, 0, -1)
        if stored.version == 1:
            return known
        for earlier in await self._store.read_stream(stored.stream):
            if earlier.version >= stored.version:
                break
            opened = known.opened_position if known.version else earlier.position
            known = _Folded(evolve(known.case, decode(earlier).event), opened, earlier.version, earlier.position)
        return known

    async def _row(self, folded: _Folded) -> BoardRow | None:
        case = underlying(folded.case)
        if case is None:
            return None
        pack = await self._packs.get(case.pack)
        moves = isinstance(folded.case, LiveCase)
        clocks = timers(case, pack) if moves else ()
        ended = folded.case if isinstance(folded.case, ClosedCase) else None
        return BoardRow(
            case_id=case.id,
            opened_position=folded.opened_position,
            pack_id=case.pack.id,
            pack_version=case.pack.version,
            post_id=case.post.post_id,
            post_title=case.post.title,
            unit=case.post.unit,
            rank=case.post.rank,
            jurisdiction=case.jurisdiction,
            status=status_of(folded.case),
            stage=case.stage,
            duty_holder=str(pack.stage(case.stage).duty.holder) if moves and case.stage else None,
            next_timer=clocks[0].name if clocks else None,
            due_on=clocks[0].due_on if clocks else None,
            provisional_by=_provisional_by(case, pack) if moves else None,
            candidates=len(case.standing),
            open_objections=len(case.undisposed_objections),
            deviations=len(case.deviations),
            outcome=ended.outcome if ended else None,
            closed_on=ended.closed_on if ended else None,
            version=folded.version,
            position=folded.position,
        )

    def forget_cached(self) -> None:
        self._folded.clear()


def _provisional_by(case: LiveCase, pack: Pack) -> str | None:
    return "; ".join(sorted({window.calendar_version for _, window in provisional_clocks(case, pack)})) or None


def status_of(case: Case) -> str:
    """open, suspended, closed, or unopened."""
    match case:
        case ClosedCase():
            return "closed"
        case SuspendedCase():
            return "suspended"
        case LiveCase():
            return "open"
        case Unopened():
            return "unopened"


async def board_page(
    pool: "asyncpg.Pool[asyncpg.Record]", asked: BoardFilter, *, before: int | None = None, limit: int = 50
) -> list[BoardRow]:
    """Cases that match, the most recently opened first, opened before a position."""
    rows = await pool.fetch(
        SQL["page"],
        start_of(before),
        asked.status,
        asked.stage,
        asked.duty_holder,
        asked.pack,
        asked.due_by,
        limit,
    )
    return [_board_row(row) for row in rows]


async def board_row(pool: "asyncpg.Pool[asyncpg.Record]", case_id: CaseId) -> BoardRow | None:
    """One case on the board."""
    row = await pool.fetchrow(SQL["one"], case_id)
    return None if row is None else _board_row(row)


async def open_case_ids(pool: "asyncpg.Pool[asyncpg.Record]") -> list[CaseId]:
    """Every case that has not ended, the oldest first."""
    return [CaseId(row["case_id"]) for row in await pool.fetch(SQL["open"])]


async def cases_counted_otherwise(
    pool: "asyncpg.Pool[asyncpg.Record]", calendar_versions: Collection[str]
) -> list[tuple[CaseId, int]]:
    """Cases in which provisional days were counted by other calendars than these, at their versions."""
    rows = await pool.fetch(SQL["counted_otherwise"], list(calendar_versions))
    return [(CaseId(row["case_id"]), row["version"]) for row in rows]


def _board_row(row: Any) -> BoardRow:
    return BoardRow(*row.values())
