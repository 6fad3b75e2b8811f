"""Group commit: the appends that wait while one transaction is being flushed share the next one.

Survives: a lost connection. Whether a group was recorded is then asked by command id, never guessed.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from eventstore.named_sql import statements
from eventstore.store import Append, Appended, ChainBroken, ClaimTaken, VersionConflict

Waiting = tuple[Append, "asyncio.Future[Appended]"]

LARGEST_GROUP = 512


class OutcomeUnknown(ConnectionError):
    """The connection was lost while a group was on its way. Repeating the command is safe."""


class GroupWriter:
    """Gathers the concurrent appends of one process into shared transactions, one in flight at a time."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]"):
        self._pool = pool
        self._waiting: list[Waiting] = []
        self._flushing: asyncio.Task[None] | None = None
        self._sql = statements("eventstore", "append.sql")["append"]

    async def append(self, append: Append) -> Appended:
        """Record one append with whatever else is waiting."""
        done: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._waiting.append((append, done))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        return await done

    async def _flush(self) -> None:
        try:
            async with self._pool.acquire() as connection:
                while self._waiting:
                    await self._flush_group(connection, self._next_group())
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
            self._fail_all_waiting(problem)
        finally:
            # Giving the connection back awaits, and an append may have joined the queue meanwhile.
            self._flushing = asyncio.create_task(self._flush()) if self._waiting else None

    def _next_group(self) -> list[Waiting]:
        """The waiting appends that may share a transaction: each with a stream, command and claim of its own."""
        group: list[Waiting] = []
        later: list[Waiting] = []
        taken: set[Any] = set()
        for place, (append, done) in enumerate(self._waiting):
            if len(group) == LARGEST_GROUP:
                later.extend(self._waiting[place:])
                break
            names = {append.stream, append.command_id} | {
                append.claim or append.stream,
                append.release or append.stream,
            }
            if taken.isdisjoint(names):
                group.append((append, done))
            else:
                later.append((append, done))
            taken |= names
        self._waiting = later
        return group

    async def _flush_group(self, connection: Any, group: list[Waiting]) -> None:
        try:
            rows = await connection.fetch(self._sql, *_columns([append for append, _ in group]))
        except asyncpg.PostgresError as problem:
            await self._one_by_one_unless_alone(connection, group, problem)
            return
        except (OSError, asyncpg.InterfaceError) as problem:
            lost = OutcomeUnknown(f"the database went away while recording: {problem}")
            _settle(group, [lost] * len(group))
            raise
        _settle(group, [_outcome(append, row) for (append, _), row in zip(group, rows, strict=True)])

    async def _one_by_one_unless_alone(self, connection: Any, group: list[Waiting], problem: Exception) -> None:
        """One bad append (an entry that the table refuses) must not take its neighbours with it."""
        if len(group) == 1 or connection.is_closed():
            _settle(group, [problem] * len(group))
            if connection.is_closed():
                raise problem
            return
        for alone in group:
            await self._flush_group(connection, [alone])

    def _fail_all_waiting(self, problem: Exception) -> None:
        waiting, self._waiting = self._waiting, []
        lost = OutcomeUnknown(f"the database cannot be reached: {problem}")
        _settle(waiting, [lost] * len(waiting))


def _settle(group: Sequence[Waiting], outcomes: Sequence[Appended | Exception]) -> None:
    for (_, done), outcome in zip(group, outcomes, strict=True):
        if done.done():  # its caller went away; what was recorded stays recorded
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)


def _outcome(append: Append, row: Sequence[Any]) -> Appended | Exception:
    outcome, actual, first_position, first_version, events, fingerprint = row
    match outcome:
        case "appended" | "repeated":
            return Appended(first_position, first_version, events, fingerprint, repeated=outcome == "repeated")
        case "conflict":
            return VersionConflict(append.stream, append.expected_version, actual)
        case "claimed":
            return ClaimTaken(str(append.claim), append.stream)
        case _:
            return ChainBroken(f"{append.stream}: its last event is not the one that was read")


def _columns(group: list[Append]) -> list[list[Any]]:
    """The group as the columns that `log.append` takes."""
    appends: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    sealed: list[tuple[Any, ...]] = []
    for place, a in enumerate(group, start=1):
        appends.append(
            (a.stream, a.expected_version, a.head, a.command_id, a.fingerprint, a.claim, a.release, len(a.events))
        )
        for nth, event in enumerate(a.events, start=1):
            events.append((place, nth, event.type, event.recorded_at, event.entry))
            sealed.extend((place, nth, part.owner, part.nonce, part.ciphertext) for part in event.sealed)
    return [*_transposed(appends, 8), *_transposed(events, 5), *_transposed(sealed, 5)]


def _transposed(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
