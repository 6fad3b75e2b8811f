"""Who held which duty in a case, by when it was due, when it was done, and whether it was met with silence."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, fields

import asyncpg

from domain.event import StreamId
from domain.identity import Actor
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import EventStore, StoredEvent
from projections.case_duties import Duties, DutyRow
from projections.projection import Connection
from projections.reading import start_of

SQL = statements("projections", "duty_register.sql")
CASES_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What a reader of the register asks for. `mine` has a visitor's own open duties and those of their organ."""

    case_id: str | None = None
    role: str | None = None
    organ: str | None = None
    officer: str | None = None
    still_open: bool | None = None
    silence: bool | None = None
    mine: Actor | None = None


class DutyRegister:
    """Keeps the register."""

    name = "duty_register"
    version = 3
    tables = ("duty_register",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, store: EventStore, packs: PackLibrary):
        self._store = store
        self._packs = packs
        self._known: OrderedDict[StreamId, Duties] = OrderedDict()

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        touched: dict[StreamId, Duties] = {}
        for stored in page:
            if stored.stream.startswith("appointment/"):
                touched[stored.stream] = await self._after(stored)
        rows = [row for duties in touched.values() for row in duties.rows.values()]
        if rows:
            columns = [[getattr(row, column.name) for row in rows] for column in fields(DutyRow)]
            await connection.execute(SQL["upsert"], *columns)
        while len(self._known) > CASES_KEPT:
            self._known.popitem(last=False)

    async def _after(self, stored: StoredEvent) -> Duties:
        known = self._known.get(stored.stream, Duties())
        if known.version < stored.version - 1:
            for earlier in await self._store.read_stream(stored.stream, known.version):
                if earlier.version < stored.version:
                    known = await self._next(known, earlier)
        if known.version < stored.version:
            known = await self._next(known, stored)
        self._known[stored.stream] = known
        self._known.move_to_end(stored.stream)
        return known

    async def _next(self, known: Duties, stored: StoredEvent) -> Duties:
        recorded = decode(stored)
        assert recorded.pack is not None
        return known.after(recorded, await self._packs.get(recorded.pack))

    def forget_cached(self) -> None:
        self._known.clear()


async def duties_page(
    pool: "asyncpg.Pool[asyncpg.Record]", asked: DutyFilter, *, before: int | None = None, limit: int = 50
) -> list[tuple[DutyRow, str | None]]:
    """Duties that match with their officers' names, those that began last first."""
    mine = asked.mine
    rows = await pool.fetch(
        SQL["page"],
        start_of(before),
        asked.case_id,
        asked.role,
        asked.organ,
        asked.officer,
        True if mine else asked.still_open,
        asked.silence,
        mine.officer if mine else None,
        [str(role) for role in mine.roles] if mine else [],
        mine.organ if mine else None,
        limit,
    )
    return [(DutyRow(*list(row.values())[:-1]), row["officer_name"]) for row in rows]
