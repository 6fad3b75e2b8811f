"""What the log promises, whoever keeps it.

An append names its expected version; the same command twice gives the first result; positions are dense and are
never seen out of order; every event's hash covers the one before it in its stream.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.event import StreamId
from eventstore.raw_reading import RawLog, SealedPart

NOTHING_BEFORE = b""
"""The hash that the first event of a stream follows."""

LARGEST_ENTRY = 65_535
"""Bytes that an entry may have, because tiles write its length in two."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event ready to be stored."""

    type: str
    recorded_at: datetime
    entry: bytes
    sealed: tuple[SealedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Append:
    """The events of one command on one stream, to be recorded together or not at all.

    `head` is the hash that the first of them follows. `claim` is taken for the stream, `release` given back.
    """

    stream: StreamId
    expected_version: int
    head: bytes
    command_id: UUID
    fingerprint: bytes
    events: tuple[NewEvent, ...]
    claim: str | None = None
    release: str | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a command's events stand. `repeated`: they stood there already."""

    first_position: int
    first_version: int
    events: int
    fingerprint: bytes
    repeated: bool = False

    @property
    def version(self) -> int:
        return self.first_version + self.events - 1

    @property
    def position(self) -> int:
        """Position of the last of them."""
        return self.first_position + self.events - 1


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A row of the log, as it is stored."""

    position: int
    stream: StreamId
    version: int
    type: str
    recorded_at: datetime
    entry: bytes
    hash: bytes


class VersionConflict(Exception):
    """The stream has another version than the append expected. Nothing was written."""

    def __init__(self, stream: StreamId, expected: int, actual: int):
        super().__init__(f"{stream} is at version {actual}, not {expected}")
        self.stream, self.expected, self.actual = stream, expected, actual


class ClaimTaken(Exception):
    """Another stream holds the claim. Nothing was written."""

    def __init__(self, claim: str, stream: StreamId):
        super().__init__(f"{claim} is held by another stream than {stream}")
        self.claim = claim


class ChainBroken(Exception):
    """The stream's last hash is not the one that its events give: somebody changed the past."""


class NotApproved(Exception):
    """What was to be deleted is not covered by an approval that stands in the log. Nothing was deleted."""


class AppendRefused(ValueError):
    """The log cannot hold what it was given, such as an entry that is too long. Nothing was written."""


class EventStore(RawLog, Protocol):
    """The log."""

    async def append(self, append: Append) -> Appended:
        """Record a command's events.

        Refuses: VersionConflict, ClaimTaken, ChainBroken, AppendRefused.
        Idempotent by: the command id.
        """
        ...

    async def read_stream(self, stream: StreamId, after_version: int = 0) -> list[StoredEvent]:
        """The events of one stream in order."""
        ...

    async def read_streams(self, streams: Sequence[StreamId]) -> dict[StreamId, list[StoredEvent]]:
        """The events of several streams in order; a stream without any is not there."""
        ...

    async def read_last(self, stream: StreamId) -> StoredEvent | None:
        """The last event of one stream."""
        ...

    async def read_log(self, after: int = -1, limit: int = 1000) -> list[StoredEvent]:
        """Up to `limit` events after a position, without gaps."""
        ...

    async def read_sealed(self, positions: Sequence[int]) -> dict[int, list[SealedPart]]:
        """The sealed parts of events, by position; those that were forgotten are not there."""
        ...

    async def find_command(self, command_id: UUID) -> Appended | None:
        """Where the events of a command stand, when it was recorded."""
        ...

    async def claimed_by(self, claim: str) -> StreamId | None:
        """The stream that holds a claim now, when one does."""
        ...

    async def streams_under(self, prefix: str) -> list[StreamId]:
        """Every stream whose id begins so, such as those of all inquiries."""
        ...

    async def streams_sealed_for(self, owner: str) -> list[StreamId]:
        """Every stream that holds a part sealed with the owner's key."""
        ...

    async def claimants_naming(self, name: str) -> list[StreamId]:
        """Every stream that holds a claim, as open cases do, and has the name in an entry."""
        ...

    async def entries_naming(self, name: str, types: Sequence[str]) -> list[StoredEvent]:
        """Every event of those types that has the name in its entry. It reads the whole log, so it is for rare work."""
        ...

    async def destroy_sealed(self, approval: int, owners: Sequence[str], positions: Sequence[int]) -> int:
        """Deletes the sealed parts of owners and at positions; gives how many.

        `approval`: the position of the approval that allows it, and the last word of its stream.
        Refuses: NotApproved.
        Idempotent by: the approval; a repetition gives the first number.
        """
        ...

    async def destroy_case_file(self, expiry: int) -> int:
        """Deletes the sealed parts of a case that is closed; gives how many.

        `expiry`: the position of the fact that the case's file has reached its ceiling.
        Refuses: NotApproved.
        Idempotent by: the fact; a repetition gives the first number.
        """
        ...

    async def destroy_subscription(self, end: int) -> int:
        """Deletes the sealed parts of a subscription that is over; gives how many.

        `end`: the position of the fact that it is over.
        Refuses: NotApproved.
        Idempotent by: the fact; a repetition gives the first number.
        """
        ...

    async def size(self) -> int:
        """The number of events in the log."""
        ...

    def news(self) -> AsyncIterator[None]:
        """Yields whenever the log may have grown; also now and then when it has not."""
        ...
