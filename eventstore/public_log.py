"""The folder that is the public log: tiles, entries and checkpoints as files that any web server can hand out.

Whatever is in it was durable before the checkpoint that speaks of it was.
"""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from eventstore.durable_file import keep
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note
from eventstore.transparency.tile import WIDTH, Tile, TiledLog

CHECKPOINT = "checkpoint"
COSIGNED = "cosigned"
KEYS = "keys"
STATUS = "status.json"
NUMBERED = r"(?:x\d{3}/)*\d{3}"
TILE_PATH = re.compile(rf"tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])/{NUMBERED}(?:\.p/[1-9]\d{{0,2}})?")
TIMESTAMP_PATH = re.compile(r"timestamps/\d{1,19}(?:\.tsr)?")
WRITERS = 8


@dataclass(frozen=True, slots=True)
class PublicLog:
    """A log as its files."""

    folder: Path

    def fetch(self, path: str) -> bytes:
        """A file of the log, by its path below the log's address. Raises FileNotFoundError for any other."""
        by_name = path in (CHECKPOINT, COSIGNED, KEYS, STATUS)
        if not (by_name or TILE_PATH.fullmatch(path) or TIMESTAMP_PATH.fullmatch(path)):
            raise FileNotFoundError(path)
        return (self.folder / path).read_bytes()

    def note(self, name: str = CHECKPOINT) -> Note | None:
        """The checkpoint that was published last, or the last one that was cosigned."""
        try:
            return Note.parse(self.fetch(name))
        except FileNotFoundError:
            return None

    def at(self, checkpoint: Checkpoint) -> TiledLog:
        """The log as it was when a checkpoint was signed."""
        return TiledLog(self.fetch, checkpoint.size)

    def keep(self, path: str, content: bytes) -> None:
        """Replaces a file at once and durably: a reader finds the old one or the new one, whole."""
        keep(self.folder / path, content)

    def keep_tiles(self, tiles: Iterable[tuple[str, bytes]]) -> None:
        """Keeps many files that did not stand there before; all of them are durable afterwards."""
        with ThreadPoolExecutor(WRITERS) as writers:  # waiting for the disk, which takes several at a time
            list(writers.map(lambda tile: keep(self.folder / tile[0], tile[1]), tiles))

    def drop_partial(self, tile: Tile) -> None:
        """Takes away the narrower forms of a tile that is full now.

        Source: C2SP tlog-tiles, which lets partial tiles go once the full one is there.
        """
        for path in (tile.path, tile.entries_path)[: 2 if tile.level == 0 else 1]:
            narrower = self.folder / f"{path}.p"
            if tile.width == WIDTH and narrower.is_dir():
                for file in narrower.iterdir():
                    file.unlink(missing_ok=True)
                narrower.rmdir()
