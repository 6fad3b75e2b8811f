"""Old partitions of the log go to files, and the files are read back and held against the database."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eventstore.archive_file import (
    PIECE,
    Archive,
    ArchiveWriter,
    UnreadableArchive,
    archives_in,
    piece_of,
    read_archive,
)
from eventstore.raw_reading import RawLog
from eventstore.stretch import Seam
from eventstore.tampering import LogTampered, follows
from eventstore.transparency.merkle import Edge

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive that was read back and found whole."""

    archive: Archive
    events: int
    sealed: int
    """Sealed parts that are there."""
    subtrees: tuple[tuple[int, bytes], ...]
    """The complete subtrees of the log's tree that it falls into, as level and hash, to be grafted in order."""


class ArchiveDiffers(Exception):
    """An archive is whole, and is not of this log."""


async def write_archive(log: RawLog, folder: Path, first: int, end: int, progress: Progress) -> Archived:
    """The commands that begin between two positions are in the folder, each checked before it was written.

    Refuses: LogTampered, before anything has the name of an archive.
    Survives: a crash at any moment; an archive has its name only when it is whole and on the disk.
    """
    # A partition may end within a command. The whole of it goes where it begins.
    begins = await log.read_commands(first, min(first + PIECE, end))
    ends = await log.read_commands(max(end - PIECE, first), end)
    if not begins or not ends:
        raise LogTampered(first, "no command was recorded for it")
    archive = Archive(folder, begins[0].first_position, ends[-1].first_position + ends[-1].events)
    with ArchiveWriter(archive).written() as writer:
        at = archive.first
        while at < archive.end:
            piece = await piece_of(log, at, min(at + PIECE, end))
            if not piece.rows:
                raise LogTampered(at, "no command was recorded for it")
            stretch = await piece.verified()
            if stretch.wrong is not None:
                raise LogTampered(*stretch.wrong)
            await asyncio.to_thread(writer.add, piece)
            at = stretch.end
            progress(at - archive.first, archive.end - archive.first)
    return await verify_archive(archive, progress, log)


async def verify_archive(archive: Archive, progress: Progress, log: RawLog | None = None) -> Archived:
    """Every event in the file says what it said when it was recorded; with a log at hand: and is the log's.

    Refuses: LogTampered, UnreadableArchive; ArchiveDiffers.
    """
    sealed, at = 0, archive.first
    subtrees: list[tuple[int, bytes]] = []
    open_streams: dict[str, tuple[int, str, int]] = {}
    for piece in read_archive(archive):
        stretch = await piece.verified()
        if stretch.wrong is not None:
            raise LogTampered(*stretch.wrong)
        for seam in stretch.seams:
            _goes_on(seam, open_streams, archive)
        if log is not None:
            await _is_the_logs(log, stretch.first, stretch.end, stretch.subtrees, archive)
        subtrees.extend(stretch.subtrees)
        sealed += sum(map(len, piece.sealed.values()))
        at = stretch.end
        progress(at - archive.first, archive.end - archive.first)
    return Archived(archive, at - archive.first, sealed, tuple(subtrees))


def _goes_on(seam: Seam, ends: dict[str, tuple[int, str, int]], archive: Archive) -> None:
    before = ends.get(seam.stream)
    if before is None and (seam.begun[0] == 1 or archive.first == 0):
        before = (0, "", 0)
    if before is not None:
        follows(seam.stream, seam.begun, before)
    ends[seam.stream] = seam.end


async def _is_the_logs(log: RawLog, first: int, end: int, subtrees: list[tuple[int, bytes]], archive: Archive) -> None:
    there = await (await piece_of(log, first, end)).verified()
    if there.wrong is not None:
        raise LogTampered(*there.wrong)
    if (there.first, there.end, there.subtrees) != (first, end, subtrees):
        raise ArchiveDiffers(f"{archive.path} and the log differ between {first} and {end}")


async def verify_archives(
    folder: Path, progress: Progress, log: RawLog | None = None
) -> tuple[list[Archived], bytes | None]:
    """Every archive of a folder, and the root of the tree over them when they follow each other from the first event.

    Refuses: LogTampered, UnreadableArchive; ArchiveDiffers.
    """
    found = [await verify_archive(archive, progress, log) for archive in archives_in(folder)]
    if not found:
        raise UnreadableArchive(f"There is no archive in {folder}.")
    edge = Edge()
    for done in found:
        if done.archive.first != edge.size:
            return found, None
        for level, subtree in done.subtrees:
            edge.graft(level, subtree)
    return found, edge.root()
