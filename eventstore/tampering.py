"""What is wrong with a page of the log, named at the first event that is.

Reads each entry as JSON and asks one thing after another. It is slow, and asked only of a page in which something
is not as it must be; `eventstore/stretch.py` looks at the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from eventstore.instant import instant
from eventstore.raw_reading import RecordedCommand, Row, SealedPart
from eventstore.transparency.merkle import leaf_hash


class LogTampered(Exception):
    """The log is not what was recorded. `position` is the first event that is wrong, `what` says how."""

    def __init__(self, position: int, what: str):
        super().__init__(f"position {position}: {what}")
        self.position, self.what = position, what


@dataclass(slots=True)
class Seen:
    """The streams of a stretch as far as it was read."""

    begun: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    """Version, what it says that it follows, and position of the first event of each that was seen."""
    ends: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    """Version, hash and position of the last."""


def look_closely(
    first: int,
    rows: Sequence[Row],
    commands: Sequence[RecordedCommand],
    sealed: dict[int, list[SealedPart]],
    seen: Seen,
) -> list[bytes]:
    """The leaf hashes of a page, which holds the commands' events from `first` on; `seen` grows by it.

    Refuses: LogTampered.
    """
    leaves: list[bytes] = []
    position, left = first, iter(rows)
    for command in commands:
        if command.first_position < position:
            raise LogTampered(command.first_position, "two commands were recorded for it")
        for nth in range(command.events):
            row = next(left, None)
            if row is None or row[0] != position:
                raise LogTampered(position, "it is missing" + (f"; position {row[0]} follows" if row else ""))
            if nth == 0:
                _begins(row, command)
            entry = _chained(row, seen)
            _repeats(row, entry, command)
            sealed_as_entered(position, entry, sealed.get(position, ()))
            leaves.append(row[6])
            position += 1
    return leaves


def _begins(row: Row, command: RecordedCommand) -> None:
    if command.first_position != row[0]:
        raise LogTampered(row[0], "no command was recorded for it")
    if (command.stream, command.first_version) != (row[1], row[2]):
        raise LogTampered(row[0], "its command was recorded for another event")


def _chained(row: Row, seen: Seen) -> dict[str, Any]:
    """The entry gives the row's hash, and follows the event before it in its stream."""
    position, stream, version, _, recorded_at, raw, stored = row
    digest = leaf_hash(raw)
    if digest != stored:
        raise LogTampered(position, "its entry does not give its hash")
    try:
        entry: dict[str, Any] = orjson.loads(raw)
        previous, at = str(entry["previous"]), instant(datetime.fromisoformat(entry["at"]))
        _ = entry["stream"], entry["version"], entry["type"], entry["command"]
    except (ValueError, KeyError, TypeError) as problem:
        raise LogTampered(position, "its entry cannot be read") from problem
    before = seen.ends.get(stream)
    if before is not None:
        follows(stream, (version, previous, position), before)
    if at != recorded_at:
        raise LogTampered(position, "its row and its entry differ in the time")
    if before is None:
        seen.begun[stream] = version, previous, position
    seen.ends[stream] = version, digest.hex(), position
    return entry


def follows(stream: str, event: tuple[int, str, int], before: tuple[int, str, int]) -> None:
    """An event (its version, what it says that it follows, its position) follows the one before it in its stream.

    Refuses: LogTampered.
    """
    version, previous, position = event
    if version != before[0] + 1:
        raise LogTampered(position, f"{stream} goes from version {before[0]} to {version}")
    if previous != before[1]:
        raise LogTampered(position, "it does not follow the event before it in its stream")


def previous_in(entry: bytes) -> str:
    """What an entry says that it follows; nothing where it cannot be read."""
    try:
        return str(orjson.loads(entry)["previous"])
    except (ValueError, KeyError, TypeError):
        return ""


def _repeats(row: Row, entry: dict[str, Any], command: RecordedCommand) -> None:
    columns = {"stream": row[1], "version": row[2], "type": row[3]}
    if differ := [name for name, value in columns.items() if entry[name] != value]:
        raise LogTampered(row[0], f"its row and its entry differ in the {' and the '.join(differ)}")
    if entry["command"] != command.command_id or row[1] != command.stream:
        raise LogTampered(row[0], "it was not recorded by the command that it names")


def sealed_as_entered(position: int, entry: dict[str, Any], parts: Sequence[SealedPart]) -> None:
    """Each sealed part that is there is the one that was recorded; one that is gone was forgotten.

    Refuses: LogTampered.
    """
    entered = entry.get("sealed", {})
    for part in parts:
        if entered.get(part.owner) != sha256(part.nonce + part.ciphertext).hexdigest():
            raise LogTampered(position, f"its part sealed for {part.owner} is not the one that was recorded")
