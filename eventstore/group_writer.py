"""Group commit: the appends that wait while one transaction is being flushed share the next one.

Survives: a lost connection. Whether a group was recorded is then asked by command id, never guessed.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from eventstore.named_sql import statements
from eventstore.store import Append, Appended, AppendRefused, ChainBroken, ClaimTaken, VersionConflict

Waiting = tuple[Append, "asyncio.Future[Appended]"]

LARGEST_GROUP = 512
ALL_TOGETHER = 16

BLAMES_AN_APPEND = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ValueError,  # what the driver says of a value that does not fit its column
)
"""Errors that the group has because of one append in it; any other is nobody's fault."""


class OutcomeUnknown(ConnectionError):
    """The connection was lost while a group was on its way. Repeating the command is safe."""


class GroupWriter:
    """Gathers the concurrent appends of one process into shared transactions, one in flight at a time."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]"):
        self._pool = pool
        self._waiting: list[Waiting] = []
        self._flushing: asyncio.Task[None] | None = None
        self._in_flight = 0
        self._sql = statements("eventstore", "append.sql")["append"]

    async def append(self, append: Append) -> Appended:
        """Record one append with whatever else is waiting.

        Refuses: VersionConflict, ClaimTaken, ChainBroken, AppendRefused; OutcomeUnknown is a fault.
        """
        done: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._waiting.append((append, done))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        return await done

    async def _flush(self) -> None:
        try:
            async with self._pool.acquire() as connection:
                await self._flush_all_waiting(connection)
        except BaseException as problem:
            _settle(self._waiting, OutcomeUnknown(f"the database cannot be reached: {problem!r}"))
            self._waiting = []
            if not isinstance(problem, Exception):
                raise
        finally:
            # Giving the connection back awaits, and an append may have joined the queue meanwhile.
            self._flushing = asyncio.create_task(self._flush()) if self._waiting else None

    async def _flush_all_waiting(self, connection: Any) -> None:
        """Group after group, until nobody waits or the connection is lost."""
        sound = True
        while self._waiting and sound:
            group = self._next_group(_half(len(self._waiting) + self._in_flight))
            self._in_flight = len(group)
            sound = await self._flush_group(connection, group)
            if not self._waiting:
                await asyncio.sleep(0)  # those who have just been answered may have more, and now they wait again
        self._in_flight = 0

    def _next_group(self, largest: int) -> list[Waiting]:
        """The waiting appends that may share a transaction: each with a stream, command and claim of its own."""
        group: list[Waiting] = []
        later: list[Waiting] = []
        taken: set[Any] = set()
        for place, (append, done) in enumerate(self._waiting):
            if done.done():  # its caller went away before it was sent
                continue
            if len(group) == largest:
                later.extend(self._waiting[place:])
                break
            names = {append.stream, append.command_id, append.claim or append.stream, append.release or append.stream}
            if taken.isdisjoint(names):
                group.append((append, done))
            else:
                later.append((append, done))
            taken |= names
        self._waiting = later
        return group

    async def _flush_group(self, connection: Any, group: list[Waiting]) -> bool:
        """Everybody in the group has an answer. False: the connection cannot be trusted with another group."""
        try:
            rows = await connection.fetch(self._sql, *_arguments([append for append, _ in group]))
        except BLAMES_AN_APPEND as problem:
            return await self._one_by_one_unless_alone(connection, group, problem)
        except BaseException as problem:  # also a cancellation: nobody may be left waiting for ever
            _settle(group, OutcomeUnknown(f"the database went away while recording: {problem!r}"))
            connection.terminate()
            if not isinstance(problem, Exception):
                raise
            return False
        for (append, done), row in zip(group, rows, strict=True):
            _answer(done, _outcome(append, row))
        return True

    async def _one_by_one_unless_alone(self, connection: Any, group: list[Waiting], problem: Exception) -> bool:
        """One bad append (an entry that the table refuses) must not take its neighbours with it."""
        if len(group) == 1:
            _settle(group, AppendRefused(f"the log cannot hold what {group[0][0].stream} was given: {problem}"))
            return True
        try:
            while group:
                if not await self._flush_group(connection, [group.pop(0)]):
                    return False
            return True
        finally:
            self._waiting = group + self._waiting  # those who had no turn yet


def _half(writers: int) -> int:
    """How many appends go into the next group: half of those who keep appending.

    The other half prepares its next appends meanwhile, instead of everybody waiting for the database and it for
    everybody. When they are few, what a group costs of itself counts for more.
    """
    return min(LARGEST_GROUP, max(ALL_TOGETHER, (writers + 1) // 2))


def _settle(group: Sequence[Waiting], problem: Exception) -> None:
    for _, done in group:
        _answer(done, problem)


def _answer(done: "asyncio.Future[Appended]", outcome: Appended | Exception) -> None:
    if done.done():  # its caller went away; what was recorded stays recorded
        return
    if isinstance(outcome, Exception):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)


def _outcome(append: Append, row: Sequence[Any]) -> Appended | Exception:
    outcome, actual, position, version, events, fingerprint = row
    match outcome:
        case "appended":
            return Appended(position, append.expected_version + 1, len(append.events), append.fingerprint)
        case "repeated":
            return Appended(position, version, events, fingerprint, repeated=True)
        case "conflict":
            return VersionConflict(append.stream, append.expected_version, actual)
        case "claimed":
            return ClaimTaken(str(append.claim), append.stream)
        case _:
            return ChainBroken(f"{append.stream}: its last event is not the one that was read")


def _arguments(group: list[Append]) -> tuple[list[Any], list[Any], list[Any]]:
    """The group as `log.append` takes it: rows of appends, of events, and of what is sealed."""
    appends: list[Any] = []
    events: list[Any] = []
    parts: list[Any] = []
    for place, a in enumerate(group, start=1):
        guard = (a.stream, a.expected_version, a.head, a.command_id, a.fingerprint, a.claim, a.release, len(a.events))
        appends.append(guard)
        for nth, event in enumerate(a.events, start=1):
            events.append((place, nth, event.type, event.recorded_at, event.entry))
            parts.extend((place, nth, part.owner, part.nonce, part.ciphertext) for part in event.sealed)
    return appends, events, parts
