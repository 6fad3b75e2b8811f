"""Tiles: the tree as files that never change, 256 hashes wide, and the entries that its leaves stand for.

Source: C2SP tlog-tiles.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from eventstore.transparency.merkle import (
    HASH_BYTES,
    Edge,
    consistency_proof,
    inclusion_proof,
    root_of,
)

WIDTH = 256
HEIGHT = 8
LARGEST_ENTRY = 0xFFFF

Fetch = Callable[[str], bytes]
"""Reads a file of the log by its path below the log's address; raises FileNotFoundError for one that is not there."""


class DamagedTile(ValueError):
    """A tile is not there, or is not what a tile of its place must be. `path` says which."""

    def __init__(self, path: str, what: str):
        super().__init__(f"{path}: {what}")
        self.path = path


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands: its level, its number in it, and how many hashes it has."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{_numbered(self.number, self.width)}"

    @property
    def entries_path(self) -> str:
        """Where the entries of a tile of level 0 stand."""
        return f"tile/entries/{_numbered(self.number, self.width)}"


def _numbered(number: int, width: int) -> str:
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < WIDTH else "")


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree, partial ones last on their level; never an empty one."""
    return new_tiles(0, size)


def new_tiles(old: int, new: int) -> Iterator[Tile]:
    """The tiles that a tree has when it has grown from `old` to `new` leaves, and did not have before."""
    level = 0
    while new:
        first, full, rest = old // WIDTH, new // WIDTH, new % WIDTH
        yield from (Tile(level, number) for number in range(first, full))
        if rest and old != new:
            yield Tile(level, full, rest)
        old, new, level = old // WIDTH, full, level + 1


def grown_tiles(log: "TiledLog", leaves: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
    """The tiles that a log has when those leaves have been added to it, with their hashes, lower levels first."""
    level, size, added = 0, log.size, list(leaves)
    while added:
        number, kept = divmod(size, WIDTH)
        hashes = [*_hashes_in(log.hashes(level, number) if kept else b""), *added]
        added = []
        for place in range(0, len(hashes), WIDTH):
            tile = hashes[place : place + WIDTH]
            yield Tile(level, number + place // WIDTH, len(tile)), b"".join(tile)
            if len(tile) == WIDTH:
                added.append(root_of(tile))
        level, size = level + 1, size // WIDTH


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """The entries of a tile as one file, each behind its length."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unpack_entries(path: str, packed: bytes, width: int) -> list[bytes]:
    """The entries of such a file.

    Refuses: DamagedTile.
    """
    entries, at = [], 0
    while at + 2 <= len(packed):
        length = int.from_bytes(packed[at : at + 2], "big")
        entries.append(packed[at + 2 : at + 2 + length])
        at += 2 + length
    if at != len(packed) or len(entries) != width:
        raise DamagedTile(path, f"it does not hold {width} whole entries")
    return entries


@dataclass
class TiledLog:
    """A log of some size, read from its tiles. Tiles are remembered: they never change."""

    fetch: Fetch
    size: int
    _tiles: dict[Tile, bytes] = field(default_factory=dict)

    def hashes(self, level: int, number: int) -> bytes:
        """The hashes of a tile, one behind the other.

        Refuses: DamagedTile.
        """
        tile = Tile(level, number, min(WIDTH, (self.size >> HEIGHT * level) - number * WIDTH))
        if tile not in self._tiles:
            self._tiles[tile] = self._read(tile)
        return self._tiles[tile]

    def _read(self, tile: Tile) -> bytes:
        try:
            found = self.fetch(tile.path)
        except FileNotFoundError:
            # A partial tile may be gone once the full one is there.
            found = self._full(Tile(tile.level, tile.number), tile)[: tile.width * HASH_BYTES]
        if len(found) != tile.width * HASH_BYTES:
            raise DamagedTile(tile.path, f"it has {len(found)} bytes in place of {tile.width * HASH_BYTES}")
        return found

    def _full(self, tile: Tile, asked: Tile) -> bytes:
        try:
            return self.fetch(tile.path)
        except FileNotFoundError:
            raise DamagedTile(asked.path, "it is not there") from None

    def subtree(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree: the `Subtree` that proofs are made of.

        Refuses: DamagedTile.
        """
        tile_level, below = divmod(level, HEIGHT)
        first = index << below
        number, place = divmod(first, WIDTH)
        hashes = self.hashes(tile_level, number)
        return root_of(_hash_at(hashes, place + step) for step in range(1 << below))

    def leaf(self, index: int) -> bytes:
        """The leaf hash of an entry."""
        return self.subtree(0, index)

    def edge(self) -> Edge:
        """The right edge of the tree, from which it can grow."""
        return Edge.at(self.size, self.subtree)

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that the entry at an index is in the tree."""
        return inclusion_proof(index, self.size, self.subtree)

    def consistency(self, old: int) -> list[bytes]:
        """The proof that the tree begins with that of its first `old` entries."""
        return consistency_proof(old, self.size, self.subtree)

    def entries(self, number: int) -> list[bytes]:
        """The entries of a tile of level 0.

        Refuses: DamagedTile.
        """
        tile = Tile(0, number, min(WIDTH, self.size - number * WIDTH))
        try:
            return unpack_entries(tile.entries_path, self.fetch(tile.entries_path), tile.width)
        except FileNotFoundError:
            full = Tile(0, number)
        try:
            return unpack_entries(full.entries_path, self.fetch(full.entries_path), WIDTH)[: tile.width]
        except FileNotFoundError:
            raise DamagedTile(tile.entries_path, "it is not there") from None


def _hash_at(hashes: bytes, place: int) -> bytes:
    return hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]


def _hashes_in(hashes: bytes) -> list[bytes]:
    return [_hash_at(hashes, place) for place in range(len(hashes) // HASH_BYTES)]
