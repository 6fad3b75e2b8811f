"""The log as verifying and archiving read it: rows between two positions, with nothing made of them.

It knows no event and no type of the domain, so that a process that verifies a stretch has started before it is missed.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class SealedPart(NamedTuple):
    """What only the holder of its owner's key can read. The entry has SHA-256(nonce || ciphertext) of it."""

    owner: str
    nonce: bytes
    ciphertext: bytes


class RecordedCommand(NamedTuple):
    """Which events a command led to, as the log keeps it beside them."""

    command_id: str
    stream: str
    first_position: int
    first_version: int
    events: int


class StreamEnd(NamedTuple):
    """What the log keeps beside a stream's events: its version and last hash, and where it begins and ends."""

    version: int
    head: bytes
    first_position: int
    last_position: int


class Standing(NamedTuple):
    """The log at one moment: how many events it has, and in how many streams."""

    size: int
    streams: int


Row = tuple[int, str, int, str, bytes, bytes, bytes]
"""A stored event for readers of very many: the fields of `StoredEvent` in their order, its time an `instant`."""


class RawLog(Protocol):
    """The log as verifying and archiving read it: everything between two positions, of which the second is left out."""

    async def standing(self) -> Standing:
        """The size of the log and the number of its streams, at one moment."""
        ...

    async def read_rows(self, first: int, end: int) -> Sequence[Row]:
        """Events in the order of their positions."""
        ...

    async def read_commands(self, first: int, end: int) -> list[RecordedCommand]:
        """The commands whose first event is there, in the order of their events."""
        ...

    async def read_sealed_between(self, first: int, end: int) -> dict[int, list[SealedPart]]:
        """The sealed parts of events, by position; those that were forgotten are not there."""
        ...

    async def ends_of(self, streams: Sequence[str]) -> dict[str, StreamEnd]:
        """What the log keeps of streams beside their events."""
        ...

    async def rest_of(self, stream: str, after_version: int) -> Sequence[Row]:
        """The events of one stream in order, however they are kept."""
        ...
