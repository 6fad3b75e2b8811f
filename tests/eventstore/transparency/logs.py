"""Whole logs as files, written tile by tile from their leaves alone: none of our own growing is in it."""

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import leaf_hash, root_of
from eventstore.transparency.tile import WIDTH, pack_entries, tiles_of

Files = dict[str, bytes]


def entry(index: int, salt: str = "") -> bytes:
    return f"{salt}entry {index}".encode()


def published(size: int, salt: str = "", origin: str = "log.example") -> tuple[Files, Checkpoint]:
    """The files of a log of that size, without its checkpoint, and the checkpoint."""
    entries = [entry(index, salt) for index in range(size)]
    hashes = [leaf_hash(one) for one in entries]
    files, levels = Files(), [hashes]
    while len(levels[-1]) >= WIDTH:
        full = range(len(levels[-1]) // WIDTH)
        levels.append([root_of(levels[-1][place * WIDTH : (place + 1) * WIDTH]) for place in full])
    for tile in tiles_of(size):
        first = tile.number * WIDTH
        files[tile.path] = b"".join(levels[tile.level][first : first + tile.width])
        if tile.level == 0:
            files[tile.entries_path] = pack_entries(entries[first : first + tile.width])
    return files, Checkpoint(origin, size, root_of(hashes))


def changed(files: Files, path: str, old: bytes, new: bytes) -> Files:
    """The files with one place of one of them changed."""
    assert old in files[path]
    return {**files, path: files[path].replace(old, new, 1)}
