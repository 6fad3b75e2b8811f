"""A part of the log as a file that verifies by itself, for keeping when the database no longer does.

Compressed text that `zcat` shows. The first line says what the file holds; then each command stands before its
events, and each event as its hash and its entry, byte for byte; the last line counts them. What is sealed is in a
file of its own beside it, which may be deleted: people may be forgotten, and everything else still verifies.
"""

import gzip
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson

from domain.event import StreamId
from eventstore.durable_file import make_folder
from eventstore.instant import instant
from eventstore.raw_reading import RawLog, RecordedCommand, Row, SealedPart, Standing, StreamEnd
from eventstore.stretch import Stretch, verify_stretch
from eventstore.tampering import LogTampered

FORM = "investiture-archive-1"
PIECE = 20_000
"""Events that are in memory at once."""
COMPRESSION = 6


class UnreadableArchive(ValueError):
    """A file is no archive of this form, or was cut short."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The two files of a part of the log."""

    folder: Path
    first: int
    end: int

    @property
    def path(self) -> Path:
        """Entries, hashes and commands."""
        return self.folder / f"events-{self.first:012}-{self.end:012}.gz"

    @property
    def sealed_path(self) -> Path:
        """What is sealed. May be deleted."""
        return self.folder / f"events-{self.first:012}-{self.end:012}.sealed.gz"


def archives_in(folder: Path) -> list[Archive]:
    """The archives of a folder, in the order of their events."""
    found = []
    for path in sorted(folder.glob("events-*-*.gz")):
        if not path.name.endswith(".sealed.gz"):
            _, first, end = path.name.removesuffix(".gz").split("-")
            found.append(Archive(folder, int(first), int(end)))
    return found


@dataclass(slots=True)
class Piece:
    """Some commands with their events, in memory, as verifying reads a log."""

    rows: list[Row] = field(default_factory=list)
    commands: list[RecordedCommand] = field(default_factory=list)
    sealed: dict[int, list[SealedPart]] = field(default_factory=dict)

    async def standing(self) -> Standing:
        return Standing(self.rows[-1][0] + 1, 0)

    async def read_rows(self, first: int, end: int) -> Sequence[Row]:
        begin = self.rows[0][0]
        return self.rows[max(first - begin, 0) : max(end - begin, 0)]

    async def read_commands(self, first: int, end: int) -> list[RecordedCommand]:
        return [command for command in self.commands if first <= command.first_position < end]

    async def read_sealed_between(self, first: int, end: int) -> dict[int, list[SealedPart]]:
        return {position: parts for position, parts in self.sealed.items() if first <= position < end}

    async def ends_of(self, streams: Sequence[str]) -> dict[str, StreamEnd]:
        return {}  # a part of a log does not know where its streams end

    async def rest_of(self, stream: str, after_version: int) -> Sequence[Row]:
        return [row for row in self.rows if row[1] == stream and row[2] > after_version]

    async def verified(self) -> Stretch:
        """What was found in it."""
        return await verify_stretch(self, self.rows[0][0], self.rows[-1][0] + 1)


async def piece_of(log: RawLog, first: int, end: int) -> Piece:
    """The commands that begin between two positions, with all their events."""
    commands = await log.read_commands(first, end)
    if not commands:
        return Piece()
    begin, last = commands[0].first_position, commands[-1]
    until = last.first_position + last.events
    rows = await log.read_rows(begin, until)
    return Piece(list(rows), commands, await log.read_sealed_between(begin, until))


class ArchiveWriter:
    """Writes the two files; they have their names only when they are whole and on the disk."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._events = 0
        make_folder(archive.folder)

    @contextmanager
    def written(self) -> Iterator["ArchiveWriter"]:
        """For the block, in which pieces are added."""
        with _gzip(self._archive.path) as self._file, _gzip(self._archive.sealed_path) as self._sealed:
            self._line(self._file, {"form": FORM, "first": self._archive.first, "end": self._archive.end})
            yield self
            self._line(self._file, {"events": self._events})

    def add(self, piece: Piece) -> None:
        """A piece that follows."""
        rows = iter(piece.rows)
        for command in piece.commands:
            self._line(self._file, {"command": list(command)})
            for _ in range(command.events):
                row = next(rows)
                self._file.write(row[6].hex().encode() + b" " + row[5] + b"\n")
        for position, parts in sorted(piece.sealed.items()):
            for part in parts:
                self._line(self._sealed, [position, part.owner, part.nonce.hex(), part.ciphertext.hex()])
        self._events += len(piece.rows)

    @staticmethod
    def _line(file: BinaryIO, said: Any) -> None:
        file.write(orjson.dumps(said) + b"\n")


@contextmanager
def _gzip(path: Path) -> Iterator[BinaryIO]:
    unfinished = path.with_name(f".{path.name}.new")
    with unfinished.open("wb") as raw:
        # Neither name nor time is written into the file: the same events give the same bytes.
        with gzip.GzipFile("", "wb", COMPRESSION, raw, mtime=0) as file:
            yield cast(BinaryIO, file)
        raw.flush()
        os.fsync(raw.fileno())
    unfinished.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)  # a name is in its folder for good only when the folder has reached the disk
    finally:
        os.close(handle)


def read_archive(archive: Archive) -> Iterator[Piece]:
    """The archive's commands and events in order, piece by piece, with the sealed parts that are still there.

    Refuses: UnreadableArchive.
    """
    sealed = _sealed_in(archive)
    following = next(sealed, None)
    try:
        with gzip.open(archive.path, "rb") as file:
            header = orjson.loads(file.readline())
            if header != {"form": FORM, "first": archive.first, "end": archive.end}:
                raise UnreadableArchive(f"{archive.path} is no archive of the events that its name says")
            position, piece, counted = archive.first, Piece(), -1
            for line in file:
                said = orjson.loads(line)
                if "command" not in said:
                    counted = said["events"]
                    break
                piece.commands.append(RecordedCommand(*said["command"]))
                for _ in range(piece.commands[-1].events):
                    piece.rows.append(_row(position, file.readline()))
                    position += 1
                while following is not None and following[0] < position:
                    piece.sealed.setdefault(following[0], []).append(following[1])
                    following = next(sealed, None)
                if len(piece.rows) >= PIECE:
                    yield piece
                    piece = Piece()
            if piece.rows:
                yield piece
    except (OSError, EOFError, ValueError, KeyError, TypeError) as problem:
        raise UnreadableArchive(f"{archive.path} cannot be read: {problem}") from problem
    if position != archive.end or counted != position - archive.first:
        raise UnreadableArchive(f"{archive.path} ends at {position}, and must hold the events before {archive.end}")


def _row(position: int, line: bytes) -> Row:
    stored, entry = bytes.fromhex(line[:64].decode()), line[65:-1]
    try:
        said = orjson.loads(entry)
        at = instant(datetime.fromisoformat(said["at"]))
        return position, StreamId(said["stream"]), said["version"], said["type"], at, entry, stored
    except (ValueError, KeyError, TypeError) as problem:
        raise LogTampered(position, "its entry cannot be read") from problem


def _sealed_in(archive: Archive) -> Iterator[tuple[int, SealedPart]]:
    if not archive.sealed_path.exists():
        return
    with gzip.open(archive.sealed_path, "rb") as file:
        for line in file:
            position, owner, nonce, ciphertext = orjson.loads(line)
            yield position, SealedPart(owner, bytes.fromhex(nonce), bytes.fromhex(ciphertext))
