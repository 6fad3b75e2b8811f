"""The log in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from domain.event import StreamId
from eventstore.group_writer import GroupWriter
from eventstore.named_sql import statements
from eventstore.raw_log import PostgresRawLog, sealed_by_position
from eventstore.raw_reading import SealedPart
from eventstore.store import Append, Appended, NotApproved, StoredEvent

POLL_SECONDS = 1.0
"""How long a lost notification can delay a reader."""


class PostgresEventStore(PostgresRawLog):
    """An event store whose truth is the table `log.event`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]"):
        super().__init__(pool)
        self._pool = pool
        self._writer = GroupWriter(pool)
        self._read = statements("eventstore", "read.sql")

    async def append(self, append: Append) -> Appended:
        return await self._writer.append(append)

    async def read_stream(self, stream: StreamId, after_version: int = 0) -> list[StoredEvent]:
        rows = await self._pool.fetch(self._read["read_stream"], stream, after_version)
        return [StoredEvent(*row) for row in rows]

    async def read_streams(self, streams: Sequence[StreamId]) -> dict[StreamId, list[StoredEvent]]:
        found: dict[StreamId, list[StoredEvent]] = {}
        for row in await self._pool.fetch(self._read["read_streams"], streams):
            stored = StoredEvent(*row)
            found.setdefault(stored.stream, []).append(stored)
        return found

    async def read_last(self, stream: StreamId) -> StoredEvent | None:
        row = await self._pool.fetchrow(self._read["read_last"], stream)
        return None if row is None else StoredEvent(*row)

    async def read_log(self, after: int = -1, limit: int = 1000) -> list[StoredEvent]:
        rows = await self._pool.fetch(self._read["read_log"], after, limit)
        return [StoredEvent(*row) for row in rows]

    async def read_sealed(self, positions: Sequence[int]) -> dict[int, list[SealedPart]]:
        if not positions:
            return {}
        return sealed_by_position(await self._pool.fetch(self._read["read_sealed"], positions))

    async def find_command(self, command_id: UUID) -> Appended | None:
        row = await self._pool.fetchrow(self._read["find_command"], command_id)
        return None if row is None else Appended(row[0], row[1], row[2], row[3], repeated=True)

    async def claimed_by(self, claim: str) -> StreamId | None:
        stream = await self._pool.fetchval(self._read["claimed_by"], claim)
        return None if stream is None else StreamId(stream)

    async def streams_under(self, prefix: str) -> list[StreamId]:
        return await self._streams("streams_under", prefix)

    async def streams_sealed_for(self, owner: str) -> list[StreamId]:
        return await self._streams("streams_sealed_for", owner)

    async def claimants_naming(self, name: str) -> list[StreamId]:
        return await self._streams("claimants_naming", name.encode())

    async def entries_naming(self, name: str, types: Sequence[str]) -> list[StoredEvent]:
        rows = await self._pool.fetch(self._read["entries_naming"], name.encode(), types)
        return [StoredEvent(*row) for row in rows]

    async def destroy_sealed(self, approval: int, owners: Sequence[str], positions: Sequence[int]) -> int:
        try:
            return int(await self._pool.fetchval(self._read["destroy_sealed"], approval, owners, positions))
        except asyncpg.InsufficientPrivilegeError as problem:
            raise NotApproved(str(problem)) from problem

    async def destroy_case_file(self, expiry: int) -> int:
        try:
            return int(await self._pool.fetchval(self._read["destroy_case_file"], expiry))
        except asyncpg.InsufficientPrivilegeError as problem:
            raise NotApproved(str(problem)) from problem

    async def destroy_subscription(self, end: int) -> int:
        try:
            return int(await self._pool.fetchval(self._read["destroy_subscription"], end))
        except asyncpg.InsufficientPrivilegeError as problem:
            raise NotApproved(str(problem)) from problem

    async def _streams(self, statement: str, asked: str | bytes) -> list[StreamId]:
        return [StreamId(row[0]) for row in await self._pool.fetch(self._read[statement], asked)]

    async def size(self) -> int:
        return int(await self._pool.fetchval(self._read["size"]))

    async def news(self) -> AsyncIterator[None]:
        grown = asyncio.Event()

        def heard(*_: Any) -> None:
            grown.set()

        async with self._pool.acquire() as connection:
            await connection.add_listener("log", heard)
            try:
                while True:
                    yield None
                    try:
                        # Not `wait_for`: told to stop in the moment of news, it goes on as if nobody had said so.
                        async with asyncio.timeout(POLL_SECONDS):
                            await grown.wait()
                    except TimeoutError:
                        await connection.execute("SELECT 1")  # a dead connection must show itself
                    grown.clear()
            finally:
                if not connection.is_closed():
                    await connection.remove_listener("log", heard)
