"""Keeping read models up to date: one transaction a page holds the change and the checkpoint.

A projection that cannot apply an event stops with a report, and leaves the others running.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import asyncpg

from eventstore.store import EventStore
from projections.projection import Connection, Projection

LIVE = "read_model"
NEXT = "read_model_next"
PAGE = 5_000
RETRY_SECONDS = 5.0

Report = Callable[[str, str], None]
"""Told the projection's name and what happened to it."""


class OvertakenByAnother(Exception):
    """Another projector has moved this projection's checkpoint; this one reads it again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is."""

    done: int
    total: int


class Projector:
    """Runs projections over the log."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", store: EventStore, projections: Sequence[Projection]):
        self._pool = pool
        self._store = store
        self.projections = tuple(projections)

    async def run(self, report: Report) -> None:
        """Keeps every projection up to date until cancelled."""
        await asyncio.gather(*(self._keep_up(projection, report) for projection in self.projections))

    async def _keep_up(self, projection: Projection, report: Report) -> None:
        while True:
            try:
                await self._prepare(projection)
                async for _ in self._store.news():
                    await self.catch_up(projection)
            except OvertakenByAnother as problem:
                report(projection.name, str(problem))
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as problem:
                report(projection.name, f"the database is away: {problem}")
                await asyncio.sleep(RETRY_SECONDS / 5)
            except Exception as problem:  # whatever it is, the others must go on and an operator must hear of it
                projection.forget_cached()
                report(projection.name, f"stopped: {type(problem).__name__}: {problem}")
                await self._note_problem(projection, problem)
                await asyncio.sleep(RETRY_SECONDS)

    async def catch_up(self, projection: Projection) -> int:
        """Applies everything that the projection has not seen yet; gives the position that it then stands at."""
        position = await self._position(projection)
        while page := await self._store.read_log(position, PAGE):
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(f"SET LOCAL search_path = {LIVE}, pg_catalog")
                await projection.apply(connection, page)
                await _move(connection, projection, position, page[-1].position)
            position = page[-1].position
        return position

    async def prepare(self) -> None:
        """Brings every projection to the end of the log once; for tests, and for a start that must be complete."""
        for projection in self.projections:
            await self._prepare(projection)
            await self.catch_up(projection)

    async def _prepare(self, projection: Projection) -> None:
        """Makes the tables where there are none, and rebuilds those of another version."""
        row = await self._pool.fetchrow("SELECT version FROM read_model.projection WHERE name = $1", projection.name)
        if row is not None and row["version"] == projection.version:
            return
        if row is None:
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(f"SET LOCAL search_path = {LIVE}, pg_catalog")
                await connection.execute(
                    "INSERT INTO read_model.projection (name, version, position) VALUES ($1, $2, -1)",
                    projection.name,
                    projection.version,
                )
                await connection.execute(projection.definition)
            return
        await self.rebuild(projection)

    async def rebuild(self, projection: Projection, progress: Callable[[Progress], None] | None = None) -> int:
        """Builds the read model anew beside the live one, and swaps it in at once.

        Survives: a crash at any moment; the live one stays until the swap's transaction, and the next rebuild
        begins by clearing what the last one left.
        """
        projection.forget_cached()
        await self._in_next(f"{_drop(projection, NEXT)} {projection.definition}")
        position, total = -1, await self._store.size()
        page = await self._store.read_log(position, PAGE)
        while page:
            following = asyncio.create_task(self._store.read_log(page[-1].position, PAGE))  # read while we write
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute(f"SET LOCAL search_path = {NEXT}, pg_catalog")
                await connection.execute("SET LOCAL synchronous_commit = off")  # a crash has us begin again anyway
                await projection.apply(connection, page)
            position = page[-1].position
            if progress is not None:
                progress(Progress(position + 1, max(total, position + 1)))
            page = await following
        await self._swap(projection, position)
        projection.forget_cached()
        return position + 1

    async def _in_next(self, statement: str) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL search_path = {NEXT}, pg_catalog")
            await connection.execute(statement)

    async def _swap(self, projection: Projection, position: int) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_drop(projection, LIVE))
            for table in projection.tables:
                await connection.execute(f"ALTER TABLE {NEXT}.{table} SET SCHEMA {LIVE}")
            await connection.execute(
                "INSERT INTO read_model.projection (name, version, position) VALUES ($1, $2, $3) "
                "ON CONFLICT (name) DO UPDATE SET version = $2, position = $3, problem = NULL, updated_at = now()",
                projection.name,
                projection.version,
                position,
            )

    async def _position(self, projection: Projection) -> int:
        position = await self._pool.fetchval(
            "SELECT position FROM read_model.projection WHERE name = $1", projection.name
        )
        return -1 if position is None else int(position)

    async def _note_problem(self, projection: Projection, problem: Exception) -> None:
        try:
            await self._pool.execute(
                "UPDATE read_model.projection SET problem = $2, updated_at = now() WHERE name = $1",
                projection.name,
                f"{type(problem).__name__}: {problem}"[:2000],
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return  # the report has said it; the table can be told at the next attempt


def _drop(projection: Projection, schema: str) -> str:
    return " ".join(f"DROP TABLE IF EXISTS {schema}.{table};" for table in projection.tables)


async def _move(connection: Connection, projection: Projection, old: int, new: int) -> None:
    # The old position in the condition is the fence: two projectors at once cannot both apply a page.
    moved = await connection.execute(
        "UPDATE read_model.projection SET position = $3, problem = NULL, updated_at = now() "
        "WHERE name = $1 AND position = $2 AND version = $4",
        projection.name,
        old,
        new,
        projection.version,
    )
    if moved != "UPDATE 1":
        projection.forget_cached()
        raise OvertakenByAnother(f"its checkpoint is no longer at {old}; reading it again")


async def wait_until_projected(
    pool: "asyncpg.Pool[asyncpg.Record]", names: Sequence[str], position: int, seconds: float
) -> bool:
    """Whether the projections have reached a position, waiting for it no longer than `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    pause = 0.005
    while True:
        behind = await pool.fetchval(
            "SELECT count(*) FROM unnest($1::text[]) AS n (name) LEFT JOIN read_model.projection p USING (name) "
            "WHERE coalesce(p.position, -1) < $2",
            list(names),
            position,
        )
        if behind == 0:
            return True
        if asyncio.get_running_loop().time() + pause > deadline:
            return False
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.1)
