"""A stretch of the log, hashed again by itself: what holds within it, and what must be joined to its neighbours.

A stretch goes from the first event of a command to the last event of another, so that no command lies in two.
Stretches can be verified in any order and in several processes; `eventstore/verifying.py` joins them.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import orjson

from eventstore.instant import instant
from eventstore.raw_reading import RawLog, RecordedCommand, Row, SealedPart, StreamEnd
from eventstore.tampering import LogTampered, Seen, look_closely, previous_in
from eventstore.transparency.merkle import subtrees_over

PAGE = 512
"""Events that are read at once. Few enough to be still in the processor's cache when they are hashed."""

AT, PREVIOUS = b'"at":"', b',"previous":"'
MOMENT = len("2026-11-23T09:00:00.000000Z")
CAUSE = re.compile(rb'","cause":"[^"\\]*"')


class Seam(NamedTuple):
    """A stream that does not lie within one stretch, or does not end there as the log says."""

    stream: str
    begun: tuple[int, str, int]
    """Version, what it says that it follows, and position of its first event in the stretch."""
    end: tuple[int, str, int]
    """Version, hash and position of its last."""
    kept: StreamEnd | None
    """What the log keeps of it."""


class Stretch(NamedTuple):
    """What was found between two positions."""

    first: int
    end: int
    streams: int
    seams: list[Seam]
    subtrees: list[tuple[int, bytes]]
    """The complete subtrees of the log's tree that the stretch falls into, as level and hash."""
    wrong: tuple[int, str] | None
    """The first event within the stretch that is wrong, and how."""


async def verify_stretch(log: RawLog, first: int, end: int) -> Stretch:
    """Every event of the commands that begin between two positions says what it said when it was recorded."""
    commands = await log.read_commands(first, end)
    if not commands:
        return Stretch(end, end, 0, [], [], None)
    first = at = commands[0].first_position
    seen, leaves, wrong = Seen(), list[bytes](), None
    sealed = await log.read_sealed_between(first, commands[-1].first_position + commands[-1].events)
    pages = _pages(commands)
    reading: asyncio.Task[_Page] | None = asyncio.create_task(_read(log, at, next(pages)))
    try:
        while reading is not None:
            page = await reading
            at += page.length
            following = next(pages, None)
            reading = None if following is None else asyncio.create_task(_read(log, at, following))
            await asyncio.sleep(0)  # the question goes out: the database answers it while this page is hashed
            leaves.extend(page.checked(seen, sealed))
    except LogTampered as found:
        wrong = found.position, found.what
        if reading is not None:  # a connection answers one question after another
            await asyncio.wait([reading])
    seams, streams = await _seams(log, seen)
    return Stretch(first, first + len(leaves), streams, seams, subtrees_over(first, leaves), wrong)


def _pages(commands: Sequence[RecordedCommand]) -> Iterator[list[RecordedCommand]]:
    page: list[RecordedCommand] = []
    events = 0
    for command in commands:
        page.append(command)
        events += command.events
        if events >= PAGE:
            yield page
            page, events = [], 0
    if page:
        yield page


async def _read(log: RawLog, first: int, commands: list[RecordedCommand]) -> "_Page":
    end = first + sum(command.events for command in commands)
    return _Page(first, commands, await log.read_rows(first, end))


class _Page(NamedTuple):
    first: int
    commands: list[RecordedCommand]
    rows: Sequence[Row]

    @property
    def length(self) -> int:
        return sum(command.events for command in self.commands)

    def checked(self, seen: Seen, every_part: dict[int, list[SealedPart]]) -> list[bytes]:
        """The leaf hashes; the parts are those of the whole stretch.

        Refuses: LogTampered.
        """
        here = every_part.keys() & range(self.first, self.first + self.length) if every_part else set[int]()
        sealed = {position: every_part[position] for position in here}
        if len(self.rows) == self.length:
            leaves = _as_recorded(self.first, self.rows, self.commands, sealed, seen)
            if leaves is not None:
                return leaves
        return look_closely(self.first, self.rows, self.commands, sealed, seen)


def _as_recorded(
    first: int,
    rows: Sequence[Row],
    commands: Sequence[RecordedCommand],
    sealed: dict[int, list[SealedPart]],
    seen: Seen,
) -> list[bytes] | None:
    """The leaf hashes of a page in which every byte that must be there is; None when anything looks different.

    An entry is canonical JSON: its fields are sorted, and no string holds a quotation mark that is not escaped. So a
    field's name and value, commas and quotation marks around them, are found as bytes. That they are the entry's own,
    and not deeper in it, is parsed once for each actor (its beginning) and each kind of event (its end).
    """
    leaves = [sha256(b"\0" + row[5]).digest() for row in rows]
    if leaves != [row[6] for row in rows]:
        return None
    begun: dict[str, tuple[int, str, int]] = {}
    ends: dict[str, tuple[int, str, int]] = {}
    between: dict[str, str] = {}
    entered = {position: _as_entered(parts) for position, parts in sealed.items()}
    nth = 0
    for command in commands:
        _, stream, position, version, events = command
        if position != first + nth or events < 1:
            return None
        before = ends.get(stream) or seen.ends.get(stream)
        if before is None:
            begun[stream] = before = version, previous_in(rows[nth][5]), position
        elif version != before[0] + 1:
            return None
        previous, opening, at = before[1], None, None
        for row_position, row_stream, row_version, kind, recorded_at, entry, leaf in rows[nth : nth + events]:
            if opening is None or recorded_at != at or not entry.startswith(opening):
                opening, at = _opening(entry, command, recorded_at), recorded_at
            if opening is None or row_position != position or row_stream != stream or row_version != version:
                return None
            ending = f'{entered.get(position, "")},"stream":"{stream}","type":"{kind}","version":{version}}}'
            if not entry.endswith(f',"previous":"{previous}"{between.get(kind)}{ending}'.encode()):
                rest = _between(entry, previous, ending)
                if rest is None:
                    return None
                between[kind] = rest
            previous, position, version = leaf.hex(), position + 1, version + 1
        nth += events
        ends[stream] = version - 1, previous, position - 1
    seen.begun.update(begun)
    seen.ends.update(ends)
    return leaves


def _between(entry: bytes, previous: str, ending: str) -> str | None:
    """What an entry says after the event that it follows, when it follows that one and ends so.

    It is the same for most events of a kind, so that the end of an entry can mostly be foretold.
    """
    begin = entry.rfind(PREVIOUS)
    try:
        # What follows is an object by itself, so this is not a field of the same name deeper in the entry.
        own = orjson.loads(b"{" + entry[begin + 1 :])["previous"] == previous
    except ValueError:
        return None
    begin += len(PREVIOUS) + len(previous) + 1
    if not own or not entry.endswith(ending.encode(), begin):
        return None
    return entry[begin : len(entry) - len(ending.encode())].decode()


def _as_entered(parts: Sequence[SealedPart]) -> str:
    """What an entry says of its sealed parts when all of them are there."""
    hashes = (
        f'{orjson.dumps(part.owner).decode()}:"{sha256(part.nonce + part.ciphertext).hexdigest()}"' for part in parts
    )
    return f',"sealed":{{{",".join(sorted(hashes))}}}'


def _opening(entry: bytes, command: RecordedCommand, recorded_at: bytes) -> bytes | None:
    """What an entry says before its data, which is the same for all events of a command, when it is as recorded."""
    head = entry.find(AT)
    begin, end = head + len(AT), head + len(AT) + MOMENT
    following = f',"command":"{command.command_id}","data":'.encode()
    data = entry.find(following, end)
    try:
        at = instant(datetime.fromisoformat(entry[begin:end].decode()))
    except (ValueError, TypeError):
        return None
    if at != recorded_at or not _is_actor(entry[:head]):
        return None
    cause = entry[end:data]
    return entry[: data + len(following)] if data > 0 and (cause == b'"' or CAUSE.fullmatch(cause)) else None


@lru_cache(maxsize=1024)
def _is_actor(head: bytes) -> bool:
    """An entry begins with its actor and nothing else, so that what follows is not deeper in it."""
    try:
        return set(orjson.loads(head + b'"at":0}')) == {"actor", "at"}
    except ValueError:
        return False


async def _seams(log: RawLog, seen: Seen) -> tuple[list[Seam], int]:
    """The streams that must be joined, in the order of their first events, and how many begin here."""
    kept = await log.ends_of(list(seen.ends))
    seams, began = [], 0
    for stream, begun in seen.begun.items():
        version, head, position = seen.ends[stream]
        began += begun[0] == 1
        whole = version, bytes.fromhex(head), begun[2], position
        if begun[:2] != (1, "") or kept.get(stream) != whole:
            seams.append(Seam(stream, begun, seen.ends[stream], kept.get(stream)))
    return seams, began
