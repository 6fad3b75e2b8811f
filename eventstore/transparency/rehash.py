"""Hashing a log again from its entries, and holding every tile against what they give.

Whoever has followed a log keeps the tiles that were not full yet (its front), and hashes from there on.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import HASH_BYTES, WrongProof, leaf_hash, verify_consistency
from eventstore.transparency.tile import HEIGHT, WIDTH, DamagedTile, Tile, TiledLog, grown_tiles

TILES_AT_ONCE = 64
READERS = 8

Progress = Callable[[int, int], None]
"""Hears of the entries done, and of all."""


class Forked(ValueError):
    """The log does not begin with what it once was; the signed roots show it."""

    def __init__(self, older: Checkpoint, newer: Checkpoint):
        super().__init__(f"{newer.size} entries do not begin with the {older.size} that were signed before")
        self.older = older


@dataclass(frozen=True, slots=True)
class Front:
    """How far a log was hashed, and by level the hashes of the tile that is not full yet."""

    size: int = 0
    tiles: Mapping[int, bytes] = field(default_factory=dict)

    def log(self) -> TiledLog:
        """The log at that size, of which only the front can be read: enough to add to it and to tell its root."""
        paths = {
            Tile(level, self.size >> HEIGHT * (level + 1), len(hashes) // HASH_BYTES).path: hashes
            for level, hashes in self.tiles.items()
        }

        def fetch(path: str) -> bytes:
            if path not in paths:
                raise FileNotFoundError(path)
            return paths[path]

        return TiledLog(fetch, self.size)

    def root(self) -> bytes:
        """The root of what was hashed. Refuses: DamagedTile, for a front that was kept wrong."""
        return self.log().edge().root()

    def grown(self, leaves: Sequence[bytes]) -> tuple["Front", list[tuple[Tile, bytes]]]:
        """The front after those leaves, and every tile on the way there."""
        tiles, kept = list(grown_tiles(self.log(), leaves)), dict(self.tiles)
        for tile, hashes in tiles:
            kept.pop(tile.level, None)
            if tile.width < WIDTH:
                kept[tile.level] = hashes
        return Front(self.size + len(leaves), kept), tiles


@dataclass(frozen=True, slots=True)
class _Difference:
    """The first place where a tile has another hash than the entries give."""

    tile: Tile
    place: int

    @property
    def entries(self) -> range:
        below = HEIGHT * self.tile.level
        first = self.tile.number * WIDTH + self.place
        return range(first << below, first + 1 << below)

    def damage(self, root_fits: bool) -> DamagedTile:
        path, entries = self.tile.path, self.entries
        if root_fits:
            return DamagedTile(path, f"its hash {self.place} is wrong; the entries give the root that was signed")
        if self.tile.level:
            said = f"the entries {entries[0]} to {entries[-1]} do not give its hash {self.place}, nor the signed root"
            return DamagedTile(path, said)
        what = f"the entry at {entries[0]} does not give the hash that {path} has for it, nor the signed root"
        return DamagedTile(Tile(0, self.tile.number, self.tile.width).entries_path, what)


def examined(
    log: TiledLog, signed: Checkpoint, older: Sequence[Checkpoint], known: Front, progress: Progress | None = None
) -> Front:
    """The front of a log that begins with what it was, and whose entries and tiles give the root that was signed.

    Refuses: Forked; DamagedTile, naming the first tile or entry that is wrong.
    """
    unclear = [one for one in older if not _begins_with(log, signed, one)]
    front = _rehashed(log, signed.root, known, progress)
    if unclear:
        what = f"the tiles do not show that it begins with the {unclear[0].size} entries that were signed before"
        raise DamagedTile("tile", f"{what}, though the entries give the signed root; hashed from entry 0, one is named")
    return front


def _begins_with(log: TiledLog, signed: Checkpoint, older: Checkpoint) -> bool:
    """Whether it does; false also when the tiles are not those of the signed root, so that they show nothing."""
    try:
        verify_consistency(older.size, older.root, signed.size, signed.root, log.consistency(older.size))
    except WrongProof:
        if older.size == signed.size or log.edge().root() == signed.root:
            raise Forked(older, signed) from None
        return False
    return True


def _rehashed(log: TiledLog, root: bytes, known: Front, progress: Progress | None) -> Front:
    front, first = known, None
    with ThreadPoolExecutor(READERS) as readers:
        while front.size < log.size:
            number = front.size // WIDTH
            end = min(log.size, (number + TILES_AT_ONCE) * WIDTH)
            bundles = readers.map(log.entries, range(number, -(-end // WIDTH)))
            leaves = [leaf_hash(entry) for bundle in bundles for entry in bundle]
            _reread(log, front, leaves)
            front, tiles = front.grown(leaves[front.size % WIDTH :])
            published = [tile for tile in tiles if tile[0].width == WIDTH or front.size == log.size]
            first = first or _difference(TiledLog(log.fetch, log.size), published, readers)
            if progress is not None:
                progress(front.size, log.size)
    root_fits = front.root() == root
    if first is not None:
        raise first.damage(root_fits)
    if not root_fits:
        raise DamagedTile("checkpoint", "the entries and the tiles agree, and do not give the root that was signed")
    return front


def _reread(log: TiledLog, front: Front, leaves: Sequence[bytes]) -> None:
    """Entries that were read before, in the tile that was not full, are still what they were."""
    place = _first_difference(front.tiles.get(0, b""), b"".join(leaves[: front.size % WIDTH]))
    if place is not None:
        number = front.size // WIDTH
        path = Tile(0, number, min(WIDTH, log.size - number * WIDTH)).entries_path
        raise DamagedTile(path, f"the entry at {number * WIDTH + place} is not the one that was read before")


def _difference(log: TiledLog, tiles: Sequence[tuple[Tile, bytes]], readers: ThreadPoolExecutor) -> _Difference | None:
    """The first place where the published tiles are not those that the entries give."""
    published = readers.map(lambda tile: log.hashes(tile[0].level, tile[0].number), tiles)
    found = []
    for (tile, hashes), there in zip(tiles, published, strict=True):
        place = _first_difference(hashes, there)
        if place is not None:
            found.append(_Difference(tile, place))
    # What is wrong below shows above too, in a hash over more entries: the narrower one is named.
    return min(found, key=lambda one: (one.entries[-1], one.tile.level), default=None)


def _first_difference(one: bytes, other: bytes) -> int | None:
    if one == other:
        return None
    places = range(0, max(len(one), len(other)), HASH_BYTES)
    return next(at for at in places if one[at : at + HASH_BYTES] != other[at : at + HASH_BYTES]) // HASH_BYTES
