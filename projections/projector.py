"""Keeping read models up to date: one transaction a page holds the change and the checkpoint.

A projection that cannot apply an event stops with a report, and leaves the others running.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from eventstore.named_sql import statements
from eventstore.patience import rest
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection, Projection, SetBased
from projections.reading import AWAY

SQL = statements("projections", "projector.sql")
LIVE = "read_model"
NEXT = "read_model_next"
PAGE = 5_000
RETRY_SECONDS = 5.0
AWAY_SECONDS = 1.0
BREATH_SECONDS = 0.02
AT_ONCE = 3
SIDE_BY_SIDE = 2
"""Ranges of a read model that are made at once: as many as the smallest installation has cores."""
LONGEST_STATEMENT_SECONDS = 3600.0
UNHEARD: tuple[type[Exception], ...] = (*AWAY, asyncpg.PostgresError)

Report = Callable[[str, str], None]
"""Told the projection's name and what happened to it."""


class OvertakenByAnother(Exception):
    """Another projector has moved this projection's checkpoint; this one reads it again."""


class LeftToAnother(Exception):
    """A newer program keeps this read model, or another process rebuilds it just now."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is."""

    done: int
    total: int


class Projector:
    """Runs projections over the log."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        store: EventStore,
        projections: Sequence[Projection],
        retry_seconds: float = RETRY_SECONDS,
    ):
        self._pool = pool
        self._store = store
        self.projections = tuple(projections)
        self._retry_seconds = retry_seconds
        # Whoever holds a connection may need another one to read with: all of them at once would empty the pool.
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._one_rebuild = asyncio.Lock()

    async def run(self, report: Report) -> None:
        """Keeps every projection up to date until cancelled."""
        bells = [asyncio.Event() for _ in self.projections]
        keeping = [self._keep_up(one, bell, report) for one, bell in zip(self.projections, bells, strict=True)]
        async with asyncio.TaskGroup() as everything:
            for work in (self._listen(bells, report), *keeping):
                everything.create_task(work)

    async def _listen(self, bells: Iterable[asyncio.Event], report: Report) -> None:
        """One listener wakes all; when the database is away, each finds that out for itself."""
        while True:
            try:
                async for _ in self._store.news():
                    _ring(bells)
            except Exception as problem:  # whatever it is: without a listener nobody would hear of anything again
                report("listener", f"the log cannot be heard: {type(problem).__name__}: {problem}")
                _ring(bells)
                await rest(AWAY_SECONDS)

    async def _keep_up(self, projection: Projection, bell: asyncio.Event, report: Report) -> None:
        while True:
            try:
                await self._prepare(projection)
                await self.catch_up(projection)
                await self._note_problem(projection, None)
                while True:
                    await bell.wait()
                    bell.clear()
                    await self.catch_up(projection)
                    # Whoever writes alone is heard at once; of many writes in a row those of a breath are one page.
                    await rest(BREATH_SECONDS)
            except OvertakenByAnother:
                continue
            except LeftToAnother as problem:
                report(projection.name, str(problem))
                await rest(self._retry_seconds)
            except AWAY as problem:
                report(projection.name, f"the database is away: {problem}")
                await rest(AWAY_SECONDS)
            except Exception as problem:  # whatever it is, the others must go on and an operator must hear of it
                said = f"{type(problem).__name__}: {problem}"[:2000]
                report(projection.name, f"stopped: {said}")
                await self._note_problem(projection, said)
                await rest(self._retry_seconds)

    async def catch_up(self, projection: Projection) -> int:
        """Applies everything that the projection has not seen yet; gives the position that it then stands at.

        Refuses: OvertakenByAnother.
        """
        position = await self._position(projection)
        while page := await self._store.read_log(position, PAGE):
            try:
                await self._apply(projection, page, position)
            except BaseException:
                projection.forget_cached()
                raise
            position = page[-1].position
        return position

    async def _apply(self, projection: Projection, page: Sequence[StoredEvent], position: int) -> None:
        async with self._transaction(LIVE) as connection:
            # The fence comes first: of two projectors at once the second waits here, and then finds the page applied.
            if await connection.fetchval(SQL["fence"], projection.name, position, projection.version) is None:
                raise OvertakenByAnother(f"{projection.name} is no longer at {position}")
            await projection.apply(connection, page)
            await connection.execute(SQL["move"], projection.name, page[-1].position)

    async def prepare(self) -> None:
        """Brings every projection to the end of the log once; for tests, and for a start that must be complete."""
        for projection in self.projections:
            await self._prepare(projection)
            await self.catch_up(projection)

    async def _prepare(self, projection: Projection) -> None:
        """Makes the tables where there are none, and rebuilds those of an older version.

        Refuses: LeftToAnother.
        """
        version = await self._pool.fetchval(SQL["version"], projection.name)
        if version is None:
            await self._begin(projection)
        elif version < projection.version:
            await self.rebuild(projection)
        elif version > projection.version:
            raise LeftToAnother(f"left to a newer program, which keeps version {version}; rebuild it to go back")

    async def _begin(self, projection: Projection) -> None:
        async with self._transaction(LIVE) as connection:
            if await connection.fetchval(SQL["begin"], projection.name, projection.version) is not None:
                await connection.execute(f"{projection.definition}; {projection.indexes}")

    async def rebuild(self, projection: Projection, progress: Callable[[Progress], None] | None = None) -> int:
        """Builds the read model anew beside the live one, and swaps it in at once.

        Survives: a crash at any moment; the live one stays until the swap's transaction, and the next rebuild
        begins by clearing what the last one left.
        Refuses: LeftToAnother, while another process rebuilds it.
        """
        async with self._one_rebuild, self._alone(projection):
            projection.forget_cached()
            await self._in_next(f"{_drop(projection, NEXT)} {projection.definition}")
            position = await self._fill(projection, progress)
            # Made from full tables, which costs half of keeping them while they grow.
            await self._in_next(f"{projection.indexes}; ANALYZE {', '.join(projection.tables)}")
            position = await self._swap(projection, position)
            projection.forget_cached()
        return position + 1

    @asynccontextmanager
    async def _alone(self, projection: Projection) -> AsyncIterator[None]:
        async with self._pool.acquire() as connection:
            # Given back here, since the pool keeps its sessions as they are; and by a crash with the connection.
            if not await connection.fetchval(SQL["rebuild_alone"], projection.name):
                raise LeftToAnother("another process rebuilds it just now")
            try:
                yield
            finally:
                if not connection.is_closed():
                    await connection.execute(SQL["rebuild_over"], projection.name)

    async def _fill(self, projection: Projection, progress: Callable[[Progress], None] | None) -> int:
        position, total = -1, await self._store.size()
        if isinstance(projection, SetBased):
            position = await self._fill_side_by_side(projection, total, progress)
        page = await self._store.read_log(position, PAGE)
        while page:
            following = asyncio.create_task(self._store.read_log(page[-1].position, PAGE))  # read while we write
            try:
                async with self._building() as connection:
                    await projection.apply(connection, page)
                position = page[-1].position
                if progress is not None:
                    progress(Progress(position + 1, max(total, position + 1)))
                page = await following
            finally:
                following.cancel()
        return position

    async def _fill_side_by_side(
        self, projection: SetBased, total: int, progress: Callable[[Progress], None] | None
    ) -> int:
        firsts, done = iter(range(0, total, PAGE)), 0

        async def side() -> None:
            nonlocal done
            for first in firsts:
                end = min(first + PAGE, total)
                async with self._building() as connection:
                    await projection.apply_between(connection, first, end - 1)
                done += end - first
                if progress is not None:
                    progress(Progress(done, total))

        try:
            async with asyncio.TaskGroup() as sides:
                for _ in range(SIDE_BY_SIDE):
                    sides.create_task(side())
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        return total - 1

    @asynccontextmanager
    async def _building(self) -> AsyncIterator[Connection]:
        async with self._transaction(NEXT) as connection:
            await connection.execute("SET LOCAL synchronous_commit = off")  # a crash has us begin again anyway
            yield connection

    async def _in_next(self, statement: str) -> None:
        async with self._transaction(NEXT) as connection:
            await connection.execute("SET LOCAL statement_timeout = 0")
            await connection.execute(statement, timeout=LONGEST_STATEMENT_SECONDS)

    async def _swap(self, projection: Projection, position: int) -> int:
        async with self._transaction(NEXT) as connection:
            live = await connection.fetchval(SQL["hold"], projection.name)
            # What the live one took in meanwhile comes along: nobody who has read it may miss it afterwards.
            while live is not None and position < live:
                page = await self._store.read_log(position, PAGE)
                await projection.apply(connection, page)
                position = page[-1].position
            await connection.execute(_drop(projection, LIVE))
            for table in projection.tables:
                await connection.execute(f"ALTER TABLE {NEXT}.{table} SET SCHEMA {LIVE}")
            await connection.execute(SQL["swapped"], projection.name, projection.version, position)
        return position

    @asynccontextmanager
    async def _transaction(self, schema: str) -> AsyncIterator[Connection]:
        async with self._turns, self._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL search_path = {schema}, pg_catalog")
            yield connection

    async def _position(self, projection: Projection) -> int:
        position = await self._pool.fetchval(SQL["position"], projection.name)
        return -1 if position is None else int(position)

    async def _note_problem(self, projection: Projection, said: str | None) -> None:
        try:
            await self._pool.execute(SQL["note_problem"], projection.name, said)
        except UNHEARD:
            return  # the report has said it; the table can be told at the next attempt


def _ring(bells: Iterable[asyncio.Event]) -> None:
    for bell in bells:
        bell.set()


def _drop(projection: Projection, schema: str) -> str:
    return " ".join(f"DROP TABLE IF EXISTS {schema}.{table};" for table in projection.tables)


async def wait_until_projected(
    pool: "asyncpg.Pool[asyncpg.Record]", names: Sequence[str], position: int, seconds: float
) -> bool:
    """Whether the projections have reached a position, waiting for it no longer than `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    pause = 0.005
    while True:
        if await pool.fetchval(SQL["behind"], list(names), position) == 0:
            return True
        if asyncio.get_running_loop().time() + pause > deadline:
            return False
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.1)
