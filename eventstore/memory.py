"""The log in memory: the same promises, for tests that need no server."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from uuid import UUID

import orjson

from domain.event import StreamId
from eventstore.instant import instant
from eventstore.raw_reading import RecordedCommand, Row, SealedPart, Standing, StreamEnd
from eventstore.store import (
    LARGEST_ENTRY,
    NOTHING_BEFORE,
    Append,
    Appended,
    AppendRefused,
    ChainBroken,
    ClaimTaken,
    NotApproved,
    StoredEvent,
    VersionConflict,
)


class MemoryEventStore:
    """An event store that lives as long as its process."""

    def __init__(self) -> None:
        self._log: list[StoredEvent] = []
        self._streams: dict[StreamId, list[StoredEvent]] = {}
        self._sealed: dict[int, list[SealedPart]] = {}
        self._destroyed: dict[int, int] = {}
        self._commands: dict[UUID, Appended] = {}
        self._claims: dict[str, StreamId] = {}
        self._grown = asyncio.Condition()

    async def append(self, append: Append) -> Appended:
        earlier = self._commands.get(append.command_id)
        if earlier is not None:
            return earlier
        self._judge(append)
        appended = self._store(append)
        async with self._grown:
            self._grown.notify_all()
        return appended

    def _judge(self, append: Append) -> None:
        stream = self._streams.get(append.stream, [])
        if len(stream) != append.expected_version:
            raise VersionConflict(append.stream, append.expected_version, len(stream))
        if any(len(event.entry) > LARGEST_ENTRY for event in append.events):
            raise AppendRefused(f"{append.stream} was given an entry of more than {LARGEST_ENTRY} bytes")
        if (stream[-1].hash if stream else NOTHING_BEFORE) != append.head:
            raise ChainBroken(append.stream)
        if append.claim is not None and self._claims.get(append.claim, append.stream) != append.stream:
            raise ClaimTaken(append.claim, append.stream)

    def _store(self, append: Append) -> Appended:
        first = len(self._log)
        for nth, event in enumerate(append.events, start=1):
            stored = StoredEvent(
                position=len(self._log),
                stream=append.stream,
                version=append.expected_version + nth,
                type=event.type,
                recorded_at=event.recorded_at,
                entry=event.entry,
                hash=hashlib.sha256(b"\x00" + event.entry).digest(),
            )
            self._log.append(stored)
            self._streams.setdefault(append.stream, []).append(stored)
            if event.sealed:
                self._sealed[stored.position] = list(event.sealed)
        if append.claim is not None:
            self._claims[append.claim] = append.stream
        if append.release is not None and self._claims.get(append.release) == append.stream:
            del self._claims[append.release]
        appended = Appended(first, append.expected_version + 1, len(append.events), append.fingerprint)
        self._commands[append.command_id] = replace(appended, repeated=True)
        return appended

    async def read_stream(self, stream: StreamId, after_version: int = 0) -> list[StoredEvent]:
        return self._streams.get(stream, [])[after_version:]

    async def read_streams(self, streams: Sequence[StreamId]) -> dict[StreamId, list[StoredEvent]]:
        return {stream: list(self._streams[stream]) for stream in streams if stream in self._streams}

    async def read_last(self, stream: StreamId) -> StoredEvent | None:
        return next(reversed(self._streams.get(stream, [])), None)

    async def read_log(self, after: int = -1, limit: int = 1000) -> list[StoredEvent]:
        return self._log[after + 1 : after + 1 + limit]

    async def read_sealed(self, positions: Sequence[int]) -> dict[int, list[SealedPart]]:
        return {position: self._sealed[position] for position in positions if position in self._sealed}

    async def find_command(self, command_id: UUID) -> Appended | None:
        return self._commands.get(command_id)

    async def claimed_by(self, claim: str) -> StreamId | None:
        return self._claims.get(claim)

    async def streams_under(self, prefix: str) -> list[StreamId]:
        return sorted(stream for stream in self._streams if stream.startswith(prefix))

    async def streams_sealed_for(self, owner: str) -> list[StreamId]:
        return sorted(
            {
                self._log[position].stream
                for position, parts in self._sealed.items()
                if any(part.owner == owner for part in parts)
            }
        )

    async def claimants_naming(self, name: str) -> list[StreamId]:
        held = sorted(set(self._claims.values()))
        return [stream for stream in held if any(name.encode() in stored.entry for stored in self._streams[stream])]

    async def entries_naming(self, name: str, types: Sequence[str]) -> list[StoredEvent]:
        return [stored for stored in self._log if stored.type in types and name.encode() in stored.entry]

    async def destroy_sealed(self, approval: int, owners: Sequence[str], positions: Sequence[int]) -> int:
        approved = self._log[approval]
        if approval in self._destroyed:
            return self._destroyed[approval]
        if approved.type != "forgetting_approved" or approved != self._streams[approved.stream][-1]:
            raise NotApproved(f"position {approval} is no approval to forget somebody that still stands")
        kept = {
            position: [part for part in parts if part.owner not in owners and position not in positions]
            for position, parts in self._sealed.items()
        }
        self._destroyed[approval] = sum(len(parts) - len(kept[position]) for position, parts in self._sealed.items())
        self._sealed = {position: parts for position, parts in kept.items() if parts}
        return self._destroyed[approval]

    async def destroy_case_file(self, expiry: int) -> int:
        fact = self._log[expiry]
        of = StreamId(f"appointment/{fact.stream.partition('/')[2]}")
        if expiry in self._destroyed:
            return self._destroyed[expiry]
        if fact.type != "case_file_expired" or of in self._claims.values():
            raise NotApproved(f"position {expiry} is not the end of the time of a case that is closed")
        case_id = of.partition("/")[2]
        positions = [stored.position for stored in self._log if stored.stream == of or _sent_in(stored, case_id)]
        self._destroyed[expiry] = sum(len(self._sealed.pop(position, [])) for position in positions)
        return self._destroyed[expiry]

    async def destroy_subscription(self, end: int) -> int:
        fact = self._log[end]
        if end in self._destroyed:
            return self._destroyed[end]
        if fact.type not in ("subscription_ended", "subscription_lapsed"):
            raise NotApproved(f"position {end} is not the end of a subscription")
        positions = [stored.position for stored in self._streams[fact.stream]]
        self._destroyed[end] = sum(len(self._sealed.pop(position, [])) for position in positions)
        return self._destroyed[end]

    async def size(self) -> int:
        return len(self._log)

    async def standing(self) -> Standing:
        return Standing(len(self._log), len(self._streams))

    async def ends_of(self, streams: Sequence[str]) -> dict[str, StreamEnd]:
        found = {stream: events for stream in streams if (events := self._streams.get(StreamId(stream)))}
        return {
            stream: StreamEnd(len(events), events[-1].hash, events[0].position, events[-1].position)
            for stream, events in found.items()
        }

    async def read_rows(self, first: int, end: int) -> list[Row]:
        return [_row(stored) for stored in self._log[first:end]]

    async def rest_of(self, stream: str, after_version: int) -> list[Row]:
        return [_row(stored) for stored in await self.read_stream(StreamId(stream), after_version)]

    async def read_sealed_between(self, first: int, end: int) -> dict[int, list[SealedPart]]:
        return await self.read_sealed(range(first, end))

    async def read_commands(self, first: int, end: int) -> list[RecordedCommand]:
        return [
            RecordedCommand(
                str(command), self._log[at.first_position].stream, at.first_position, at.first_version, at.events
            )
            for command, at in self._commands.items()
            if first <= at.first_position < end
        ]

    async def news(self) -> AsyncIterator[None]:
        seen = -1
        while True:
            async with self._grown:
                await self._grown.wait_for(lambda: len(self._log) > seen)  # noqa: B023
            seen = len(self._log)
            yield None


def _row(stored: StoredEvent) -> Row:
    return (
        *(stored.position, stored.stream, stored.version, stored.type),
        *(instant(stored.recorded_at), stored.entry, stored.hash),
    )


def _sent_in(stored: StoredEvent, case_id: str) -> bool:
    """Whether an event is about what the public sent in about a case."""
    of_the_public = stored.stream.startswith(("conversation/", "public_entry/"))
    return of_the_public and orjson.loads(stored.entry)["data"].get("case_id") == case_id
