"""Which versions of which packs were adopted here: by whom, why, and from when on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from domain.pack import Pack
from domain.pack_adoption import PackAdopted
from domain.refusal import UnknownChoice
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "pack_adoption.sql")


@dataclass(frozen=True, slots=True)
class PackAdoptionRow:
    """One adoption. `officer` is `system` for a pack that the program brought along."""

    pack_id: str
    version: int
    digest: str
    effective_from: date
    adopted_at: datetime
    reason: str
    officer: str
    organ: str
    position: int
    officer_name: str | None


class PackAdoptions(Projection):
    """Keeps the list of adoptions."""

    name = "pack_adoption"
    version = 1
    tables = ("pack_adoption",)
    definition = SQL["definition"]
    indexes = ""

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type == PackAdopted.alias:
                await self._insert(connection, stored)

    async def _insert(self, connection: Connection, stored: StoredEvent) -> None:
        recorded = decode(stored)
        event = recorded.event
        assert isinstance(event, PackAdopted)
        await connection.execute(
            SQL["insert"],
            event.pack_id,
            event.pack_version,
            event.digest,
            event.effective_from,
            recorded.recorded_at,
            event.reason,
            recorded.actor.officer,
            recorded.actor.organ,
            recorded.position,
        )


async def pack_adoptions(
    pool: "asyncpg.Pool[asyncpg.Record]", *, after: int = 0, limit: int = 200
) -> list[PackAdoptionRow]:
    """The adopted versions, by pack; a page of them, after so many."""
    return [PackAdoptionRow(**row) for row in await pool.fetch(SQL["all"], after, limit)]


async def adopted_packs(pool: "asyncpg.Pool[asyncpg.Record]") -> list[str]:
    """Every pack of which some version was adopted."""
    return [row["pack_id"] for row in await pool.fetch(SQL["packs"])]


async def packs_in_force(pool: "asyncpg.Pool[asyncpg.Record]", library: PackLibrary, at: datetime) -> dict[str, Pack]:
    """Every pack by its id, in the version that is in force at an instant."""
    found = {}
    for name in await adopted_packs(pool):
        try:
            found[name] = await library.get(await library.latest(name, at))
        except UnknownChoice:
            continue  # adopted, and not in force yet
    return found
