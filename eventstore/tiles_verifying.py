"""Recomputing a log from its published files alone, as an outsider does who trusts nobody."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from eventstore.store import EventStore, StoredEvent
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.merkle import HASH_BYTES, Edge, leaf_hash, root_of
from eventstore.transparency.note import Note, Signature, Verifier
from eventstore.transparency.proof_file import Proof
from eventstore.transparency.tile import WIDTH, Fetch, Tile, TiledLog

PAGE = 20 * WIDTH

Signed = Sequence[tuple[Verifier, Signature]]


class NotWhole(ValueError):
    """Something published is not what was signed. `position` is the first entry that is wrong, when one is."""

    def __init__(self, what: str, position: int | None = None):
        super().__init__(what if position is None else f"position {position}: {what}")
        self.position = position


@dataclass(frozen=True, slots=True)
class Whole:
    """What was found whole: up to where, by whose signatures, and how many entries and streams were followed."""

    checkpoint: Checkpoint
    signatures: Signed
    entries: int
    streams: int


@dataclass
class Chains:
    """The end of each stream, as far as its entries were followed."""

    ends: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, position: int, entry: bytes, leaf: bytes) -> None:
        """The entry follows the one before it in its stream.

        Refuses: NotWhole.
        """
        said = _read(position, entry)
        version, head = self.ends.get(said["stream"], (0, ""))
        if (said["version"], said["previous"]) != (version + 1, head):
            raise NotWhole(f"it does not follow version {version} of {said['stream']}", position)
        self.ends[said["stream"]] = said["version"], leaf.hex()


def _read(position: int, entry: bytes) -> dict[str, Any]:
    try:
        said: dict[str, Any] = orjson.loads(entry)
        _ = said["stream"], said["version"], said["previous"], said["type"]
    except (ValueError, KeyError, TypeError) as problem:
        raise NotWhole("the entry cannot be read", position) from problem
    return said


def verify_tiles(fetch: Fetch, policy: Policy, progress: Callable[[int, int], None] | None = None) -> Whole:
    """Every published entry gives its hash, the hashes give the root, the keys have signed it, every chain is whole.

    Units: `progress` hears of entries done, and of all.
    Refuses: NotWhole, DamagedTile, NotSigned, BadSignature, UnreadableNote.
    """
    checkpoint, signatures = policy.accepts(Note.parse(fetch("checkpoint")))
    edge, chains = Edge(), Chains()
    for position, entry, leaf in published(TiledLog(fetch, checkpoint.size)):
        chains.add(position, entry, leaf)
        edge.add(leaf)
        if progress is not None and (edge.size % WIDTH == 0 or edge.size == checkpoint.size):
            progress(edge.size, checkpoint.size)
    if edge.root() != checkpoint.root:
        raise NotWhole(f"the {checkpoint.size} entries do not give the root that was signed")
    return Whole(checkpoint, signatures, edge.size, len(chains.ends))


def published(log: TiledLog) -> Iterator[tuple[int, bytes, bytes]]:
    """Each entry of a log with its position and the leaf hash that its tile holds.

    Refuses: NotWhole, for the first entry that does not give the hash in its tile; DamagedTile.
    """
    for number in range((log.size + WIDTH - 1) // WIDTH):
        hashes = _tile(log, number)
        for place, entry in enumerate(log.entries(number)):
            leaf = leaf_hash(entry)
            position = number * WIDTH + place
            if leaf != _published(hashes, place):
                raise NotWhole("the entry does not give the hash that the tile holds", position)
            yield position, entry, leaf


def _tile(log: TiledLog, number: int) -> bytes:
    """The hashes of a tile, which give the hash that the tile above holds where it is full."""
    hashes = log.hashes(0, number)
    if (number + 1) * WIDTH <= log.size:
        above, place = divmod(number, WIDTH)
        given = root_of(_published(hashes, step) for step in range(WIDTH))
        if given != _published(log.hashes(1, above), place):
            raise NotWhole(
                f"{Tile(0, number).path} does not give the hash that the tile above it holds", number * WIDTH
            )
    return hashes


def verify_proof(proof: Proof, policy: Policy) -> tuple[Whole, list[dict[str, Any]]]:
    """The entries that a proof file carries are one stream's in their order, and the last of them is in the log.

    Refuses: NotWhole, WrongProof, NotSigned, BadSignature, UnreadableNote.
    """
    if proof.extra is None:
        raise NotWhole("the proof file carries no entry, so there is nothing to show")
    entries = proof.extra.split(b"\n")
    said = [_read(proof.index, entry) for entry in entries]
    for before, after in zip(entries, said[1:], strict=False):
        if after["previous"] != leaf_hash(before).hex():
            raise NotWhole(f"version {after['version']} of {after['stream']} does not follow the entry before it")
    checkpoint, signatures = proof.verify(leaf_hash(entries[-1]), policy)
    return Whole(checkpoint, signatures, len(entries), len({one["stream"] for one in said})), said


async def agrees_with_published(store: EventStore, log: TiledLog) -> None:
    """The database has, in its place, every event that was published: a past that was rewritten as a whole differs.

    Refuses: NotWhole, naming the first event that is another; DamagedTile.
    """
    position = 0
    while position < log.size:
        page = await store.read_log(position - 1, min(PAGE, log.size - position))
        for number, rows in groupby(page, lambda row: row.position // WIDTH):
            _same(list(rows), log.hashes(0, number), number * WIDTH)
        if not page:
            raise NotWhole("it was published, and the database does not have it", position)
        position = page[-1].position + 1


def _same(rows: Sequence[StoredEvent], hashes: bytes, first: int) -> None:
    at = (rows[0].position - first) * HASH_BYTES
    if b"".join(row.hash for row in rows) != hashes[at : at + len(rows) * HASH_BYTES]:
        wrong = next(row for row in rows if row.hash != _published(hashes, row.position - first))
        raise NotWhole("the database has another event than the one that was published", wrong.position)


def _published(hashes: bytes, place: int) -> bytes:
    return hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]
