"""Hashing the whole log again, row by row, to see that nobody changed the past.

It trusts nothing that the rows say of themselves. What it cannot see is a log that was rewritten as a whole, or
shortened together with everything that counts it: signed checkpoints kept elsewhere are for that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eventstore.raw_reading import RawLog, Standing, StreamEnd
from eventstore.stretch import Seam, Stretch, verify_stretch
from eventstore.tampering import LogTampered, follows, previous_in
from eventstore.transparency.merkle import Edge, leaf_hash

STRETCH = 20_000
"""Positions of a stretch: a second's work or less, so that progress is seen and little has to be kept."""

__all__ = ["Joined", "LogTampered", "Verified", "stretches", "verify_log"]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was hashed again and found whole."""

    events: int
    streams: int
    root: bytes
    """Root of the Merkle tree over those events."""


async def verify_log(log: RawLog, progress: Callable[[int, int], None] | None = None) -> Verified:
    """Every event up to now stands where it was recorded, says what it said, and follows the one before it.

    Refuses: LogTampered, naming the first event that is wrong.
    Units: `progress` hears of events done, and of all.
    """
    joined = Joined(log, await log.standing())
    for first, end in stretches(joined.standing.size):
        await joined.add(await verify_stretch(log, first, end))
        if progress is not None:
            progress(joined.edge.size, joined.standing.size)
    return await joined.whole()


def stretches(size: int) -> Iterator[tuple[int, int]]:
    """The positions between which a log of that size is verified piece by piece."""
    for first in range(0, size, STRETCH):
        yield first, min(first + STRETCH, size)


@dataclass(slots=True)
class _Open:
    """A stream that has not come to the end that the log knows of it."""

    begins: int
    end: tuple[int, str, int]


class Joined:
    """The stretches of a log that were verified and follow each other, from the first event on."""

    def __init__(self, log: RawLog, standing: Standing):
        self.standing = standing
        self.edge = Edge()
        self._log = log
        self._streams = 0
        self._open: dict[str, _Open] = {}

    async def add(self, stretch: Stretch) -> None:
        """The stretch follows what was joined before.

        Refuses: LogTampered.
        """
        if stretch.seams or stretch.subtrees or stretch.wrong:
            await self._goes_on_at(stretch.first)
        for seam in stretch.seams:
            if stretch.wrong is not None and seam.begun[2] >= stretch.wrong[0]:
                break
            self._follow(seam)
        if stretch.wrong is not None:
            raise LogTampered(*stretch.wrong)
        for level, subtree in stretch.subtrees:
            self.edge.graft(level, subtree)
        self._streams += stretch.streams

    async def _goes_on_at(self, first: int) -> None:
        if first > self.edge.size:
            await self._nothing_at(self.edge.size)
        if first < self.edge.size:
            raise LogTampered(first, "two commands were recorded for it")

    async def _nothing_at(self, position: int) -> None:
        there = await self._log.read_rows(position, position + 1)
        raise LogTampered(position, "no command was recorded for it" if there else "it is missing")

    def _follow(self, seam: Seam) -> None:
        found = self._open.pop(seam.stream, None) or _Open(seam.begun[2], (0, "", 0))
        follows(seam.stream, seam.begun, found.end)
        found.end = seam.end
        if not _ends_as(found, seam.kept):
            self._open[seam.stream] = found

    async def whole(self) -> Verified:
        """What was joined is all that there is, and each stream ends where the log says that it ends.

        Refuses: LogTampered.
        """
        size, streams = self.standing
        if self.edge.size < size:
            await self._nothing_at(self.edge.size)
        kept = await self._log.ends_of(list(self._open))
        for stream, found in sorted(self._open.items(), key=lambda item: item[1].end[2]):
            await self._ends(stream, found, kept.get(stream))
        if self._streams != streams:
            raise LogTampered(size, f"the log knows {streams} streams, and its events are of {self._streams}")
        await self._nothing_beyond(size)
        return Verified(size, streams, self.edge.root())

    async def _ends(self, stream: str, found: _Open, kept: StreamEnd | None) -> None:
        """It ends where the log says, or its events that came meanwhile do."""
        position = found.end[2]
        if kept is None:
            raise LogTampered(position, f"the log does not know the end of {stream}")
        for row in await self._log.rest_of(stream, found.end[0]):
            if found.end[0] == kept.version:
                break
            follows(stream, (row[2], previous_in(row[5]), row[0]), found.end)
            found.end = row[2], leaf_hash(row[5]).hex(), row[0]
        if not _ends_as(found, kept):
            raise LogTampered(position, f"{stream} ends at another event than the log says")

    async def _nothing_beyond(self, size: int) -> None:
        beyond = await self._log.read_rows(size, size + 1)
        # An event and the size that counts it are committed together, so whatever is there by now must be counted.
        if beyond and (await self._log.standing()).size <= size:
            raise LogTampered(size, "it was never counted")


def _ends_as(found: _Open, kept: StreamEnd | None) -> bool:
    version, head, position = found.end
    return kept == StreamEnd(version, bytes.fromhex(head), found.begins, position)
