"""The log in PostgreSQL as verifying and archiving read it: row by row, in large pages, with nothing made of them."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from eventstore.instant import instant
from eventstore.named_sql import statements
from eventstore.raw_reading import RecordedCommand, Row, SealedPart, Standing, StreamEnd

STREAMS_AT_ONCE = 5_000


class PostgresRawLog:
    """Reads between positions, through a pool or one connection."""

    def __init__(self, database: "asyncpg.Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]"):
        self._database: Any = database
        self._raw = statements("eventstore", "read.sql")

    async def standing(self) -> Standing:
        # One statement, so that both are of one moment.
        return Standing(*await self._database.fetchrow(self._raw["standing"]))

    async def partitions(self) -> list[tuple[int, int]]:
        """Where each partition of the log begins, and where the next one does."""
        return [(first, end) for first, end in await self._database.fetch(self._raw["partitions"])]

    async def read_rows(self, first: int, end: int) -> Sequence[Row]:
        rows: Sequence[Row] = await self._database.fetch(self._raw["read_rows"], first, end)
        return rows

    async def rest_of(self, stream: str, after_version: int) -> Sequence[Row]:
        rows = await self._database.fetch(self._raw["read_stream"], stream, after_version)
        return [(*row[:4], instant(row[4]), *row[5:]) for row in rows]

    async def read_commands(self, first: int, end: int) -> list[RecordedCommand]:
        rows = await self._database.fetch(self._raw["read_commands"], first, end)
        return [RecordedCommand(*row) for row in rows]

    async def read_sealed_between(self, first: int, end: int) -> dict[int, list[SealedPart]]:
        return sealed_by_position(await self._database.fetch(self._raw["read_sealed_between"], first, end))

    async def ends_of(self, streams: Sequence[str]) -> dict[str, StreamEnd]:
        found: dict[str, StreamEnd] = {}
        for begin in range(0, len(streams), STREAMS_AT_ONCE):
            asked = streams[begin : begin + STREAMS_AT_ONCE]
            for stream, *end in await self._database.fetch(self._raw["ends_of"], asked):
                found[stream] = StreamEnd(*end)
        return found


def sealed_by_position(rows: Iterable[Any]) -> dict[int, list[SealedPart]]:
    """Sealed parts by the position of their event."""
    found: dict[int, list[SealedPart]] = {}
    for position, owner, nonce, ciphertext in rows:
        found.setdefault(position, []).append(SealedPart(owner, nonce, ciphertext))
    return found
