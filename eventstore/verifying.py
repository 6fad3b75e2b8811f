"""Hashing the whole log again, row by row, to see that nobody changed the past.

It trusts nothing that the rows say of themselves. What it cannot see is a log that was rewritten as a whole, or
shortened together with everything that counts it: signed checkpoints kept elsewhere are for that.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from domain.event import StreamId
from eventstore.store import EventStore, RecordedCommand, SealedPart, Standing, StoredEvent
from eventstore.transparency.merkle import leaf_hash

PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Verified:
    """What was hashed again and found whole."""

    events: int
    streams: int


class LogTampered(Exception):
    """The log is not what was recorded. `position` is the first event that is wrong, `what` says how."""

    def __init__(self, position: int, what: str):
        super().__init__(f"position {position}: {what}")
        self.position, self.what = position, what


async def verify_log(store: EventStore, progress: Callable[[int, int], None] | None = None) -> Verified:
    """Every event up to now stands where it was recorded, says what it said, and follows the one before it.

    Refuses: LogTampered, naming the first event that is wrong.
    Units: `progress` hears of events done, and of all.
    """
    standing = await store.standing()
    checked = _Checked(_Commands(store.read_commands()))
    page = asyncio.create_task(_page(store, 0, standing.size))
    try:
        while checked.events < standing.size:
            events, sealed = await page
            # The database reads the next page while this one is hashed.
            page = asyncio.create_task(_page(store, checked.events + len(events), standing.size))
            await checked.add(events, sealed)
            if progress is not None:
                progress(checked.events, standing.size)
    finally:
        page.cancel()
        await checked.commands.close()
    checked.ends_as(standing)
    await _nothing_beyond(store, standing.size)
    return Verified(checked.events, len(standing.heads))


async def _page(store: EventStore, first: int, size: int) -> tuple[list[StoredEvent], dict[int, list[SealedPart]]]:
    if first >= size:
        return [], {}
    events = await store.read_log(first - 1, min(PAGE, size - first))
    return events, await store.read_sealed([stored.position for stored in events])


async def _nothing_beyond(store: EventStore, size: int) -> None:
    beyond = await store.read_log(size - 1, 1)
    # An event and the size that counts it are committed together, so whatever is there by now must be counted.
    if beyond and beyond[0].position >= await store.size():
        raise LogTampered(beyond[0].position, "it was never counted")


class _Commands:
    """The recorded commands in the order of their events."""

    def __init__(self, pages: AsyncIterator[list[RecordedCommand]]):
        self._pages = pages
        self._ahead: deque[RecordedCommand] = deque()

    async def reach(self, position: int) -> None:
        """Those of events up to a position are at hand."""
        while not self._ahead or self._ahead[-1].first_position < position:
            page = await anext(self._pages, None)
            if page is None:
                return
            self._ahead.extend(page)

    def at(self, position: int) -> RecordedCommand:
        """The next command, whose events must begin here."""
        if not self._ahead or self._ahead[0].first_position != position:
            raise LogTampered(position, "no command was recorded for it")
        return self._ahead.popleft()

    async def close(self) -> None:
        if isinstance(self._pages, AsyncGenerator):
            await self._pages.aclose()


class _Checked:
    """The log as far as it was checked: how many events, and the end of each stream."""

    def __init__(self, commands: _Commands):
        self.commands = commands
        self.events = 0
        self._ends: dict[StreamId, tuple[int, str, int]] = {}
        self._command = RecordedCommand("", StreamId(""), 0, 0, 0)
        self._command_ends = 0

    async def add(self, page: Sequence[StoredEvent], sealed: dict[int, list[SealedPart]]) -> None:
        """The page follows what was checked before."""
        if not page:
            raise LogTampered(self.events, "it is missing")
        await self.commands.reach(page[-1].position)
        for stored in page:
            if stored.position != self.events:
                raise LogTampered(self.events, f"it is missing; position {stored.position} follows")
            if stored.position == self._command_ends:
                self._next_command(stored)
            entry = self._chained(stored)
            self._repeats(stored, entry)
            _sealed_as_entered(stored.position, entry.get("sealed", {}), sealed.get(stored.position, ()))
            self.events += 1

    def _next_command(self, stored: StoredEvent) -> None:
        command = self.commands.at(stored.position)
        if (command.stream, command.first_version) != (stored.stream, stored.version):
            raise LogTampered(stored.position, "its command was recorded for another event")
        self._command, self._command_ends = command, command.first_position + command.events

    def _chained(self, stored: StoredEvent) -> dict[str, Any]:
        """The entry gives the row's hash, and follows the event before it in its stream."""
        digest = leaf_hash(stored.entry)
        if digest != stored.hash:
            raise LogTampered(stored.position, "its entry does not give its hash")
        try:
            entry: dict[str, Any] = orjson.loads(stored.entry)
            previous, at = entry["previous"], datetime.fromisoformat(entry["at"])
            _ = entry["stream"], entry["version"], entry["type"], entry["command"]
        except (ValueError, KeyError, TypeError) as problem:
            raise LogTampered(stored.position, "its entry cannot be read") from problem
        version, head, _ = self._ends.get(stored.stream, (0, "", 0))
        if stored.version != version + 1:
            raise LogTampered(stored.position, f"{stored.stream} goes from version {version} to {stored.version}")
        if previous != head:
            raise LogTampered(stored.position, "it does not follow the event before it in its stream")
        if at != stored.recorded_at:
            raise LogTampered(stored.position, "its row and its entry differ in the time")
        self._ends[stored.stream] = stored.version, digest.hex(), stored.position
        return entry

    def _repeats(self, stored: StoredEvent, entry: dict[str, Any]) -> None:
        if (entry["stream"], entry["version"], entry["type"]) != (stored.stream, stored.version, stored.type):
            differ = [name for name in ("stream", "version", "type") if entry[name] != getattr(stored, name)]
            raise LogTampered(stored.position, f"its row and its entry differ in the {' and the '.join(differ)}")
        if entry["command"] != self._command.command_id or stored.stream != self._command.stream:
            raise LogTampered(stored.position, "it was not recorded by the command that it names")

    def ends_as(self, standing: Standing) -> None:
        """Each stream ends where the log says that it ends."""
        for stream, (version, head) in standing.heads.items():
            ends_at, hashed, position = self._ends.pop(stream, (0, "", standing.size))
            if (ends_at, hashed) != (version, head.hex()):
                raise LogTampered(position, f"{stream} ends at another event than the log says")
        for stream, (_, _, position) in self._ends.items():
            raise LogTampered(position, f"the log does not know the end of {stream}")


def _sealed_as_entered(position: int, entered: dict[str, str], parts: Sequence[SealedPart]) -> None:
    """Each sealed part that is there is the one that was recorded; one that is gone was forgotten."""
    for part in parts:
        if entered.get(part.owner) != sha256(part.nonce + part.ciphertext).hexdigest():
            raise LogTampered(position, f"its part sealed for {part.owner} is not the one that was recorded")
