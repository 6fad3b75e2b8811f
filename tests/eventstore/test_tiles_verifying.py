"""Whoever has the published files and the keys sees by themselves that nothing was changed, and where when it was."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eventstore.memory import MemoryEventStore
from eventstore.public_log import PublicLog
from eventstore.store import StoredEvent
from eventstore.tiles_verifying import NotWhole, agrees_with_published, verify_proof, verify_tiles
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.merkle import WrongProof, leaf_hash, root_of
from eventstore.transparency.note import BadSignature, Note, Signer
from eventstore.transparency.proof_file import Proof
from eventstore.transparency.tile import DamagedTile, Tile, pack_entries
from tests.eventstore.test_publishing import SIGNER, published
from tests.eventstore.writing import write_some

POLICY = Policy((SIGNER.verifier,))
ENTRIES, LEAVES = Tile(0, 1, 244).entries_path, Tile(0, 1, 244).path


@dataclass
class Copied:
    """A log of 500 events that somebody has copied, and may change."""

    store: MemoryEventStore
    public: PublicLog
    checkpoint: Checkpoint

    def entries(self) -> list[bytes]:
        return self.public.at(self.checkpoint).entries(1)

    def put_entries(self, entries: list[bytes], *, hashed: bool) -> None:
        self.public.keep(ENTRIES, pack_entries(entries))
        if hashed:
            self.public.keep(LEAVES, b"".join(leaf_hash(entry) for entry in entries))


@pytest.fixture
async def copied(tmp_path: Path) -> Copied:
    store = MemoryEventStore()
    await write_some(store, "appointment/1", "appointment/2", each=250)
    checkpoint = await published(store, tmp_path)
    shutil.copytree(tmp_path / "log", tmp_path / "copy")
    return Copied(store, PublicLog(tmp_path / "copy"), checkpoint)


async def test_a_whole_log_is_found_whole(copied: Copied) -> None:
    seen: list[int] = []
    whole = verify_tiles(copied.public.fetch, POLICY, lambda done, total: seen.append(done))
    assert (whole.entries, whole.streams, whole.checkpoint) == (500, 2, copied.checkpoint)
    assert seen == [256, 500]
    await agrees_with_published(copied.store, copied.public.at(copied.checkpoint))


def changed(entries: list[bytes]) -> list[bytes]:
    return [
        entry.replace(b"nomination", b"Nomination") if place == 44 else entry for place, entry in enumerate(entries)
    ]


def swapped(entries: list[bytes]) -> list[bytes]:
    return [*entries[:44], entries[45], entries[44], *entries[46:]]


@pytest.mark.parametrize("tamper", [changed, swapped])
async def test_a_changed_or_moved_entry_is_named(copied: Copied, tamper: Callable[[list[bytes]], list[bytes]]) -> None:
    copied.put_entries(tamper(copied.entries()), hashed=False)
    with pytest.raises(NotWhole) as found:
        verify_tiles(copied.public.fetch, POLICY)
    assert found.value.position == 300


async def test_a_changed_entry_whose_hash_was_made_anew_breaks_its_stream(copied: Copied) -> None:
    copied.put_entries(changed(copied.entries()), hashed=True)
    with pytest.raises(NotWhole, match="follow") as found:
        verify_tiles(copied.public.fetch, POLICY)
    assert found.value.position == 302


async def test_entries_of_two_streams_that_were_swapped_with_their_hashes_do_not_give_the_root(copied: Copied) -> None:
    copied.put_entries(swapped(copied.entries()), hashed=True)
    with pytest.raises(NotWhole, match="root"):
        verify_tiles(copied.public.fetch, POLICY)


async def test_a_full_tile_that_was_made_anew_is_named_by_the_one_above(copied: Copied) -> None:
    entries = copied.public.at(copied.checkpoint).entries(0)
    entries[6], entries[7] = entries[7], entries[6]
    copied.public.keep(Tile(0, 0).entries_path, pack_entries(entries))
    copied.public.keep(Tile(0, 0).path, b"".join(leaf_hash(entry) for entry in entries))
    with pytest.raises(NotWhole, match="tile/0/000") as found:
        verify_tiles(copied.public.fetch, POLICY)
    assert found.value.position == 0


async def test_an_entry_that_is_gone_is_named_by_its_tile(copied: Copied) -> None:
    copied.put_entries(copied.entries()[:-1], hashed=False)
    with pytest.raises(DamagedTile, match="tile/entries/001"):
        verify_tiles(copied.public.fetch, POLICY)


async def test_a_tail_that_was_rewritten_as_a_whole_does_not_give_the_root(copied: Copied) -> None:
    entries = copied.entries()
    copied.put_entries([*entries[:-1], entries[-1].replace(b"nomination", b"Nomination")], hashed=True)
    with pytest.raises(NotWhole, match="root"):
        verify_tiles(copied.public.fetch, POLICY)


async def test_another_log_under_its_own_key_is_not_taken_for_this_one(copied: Copied) -> None:
    forger = Signer.make(SIGNER.name)
    copied.public.keep("checkpoint", bytes(copied.checkpoint.signed([forger])))
    with pytest.raises(ValueError, match="No key that is known"):
        verify_tiles(copied.public.fetch, POLICY)
    forged = replace(copied.checkpoint, root=root_of([]))
    copied.public.keep("checkpoint", bytes(Note(forged.text, copied.checkpoint.signed([SIGNER]).signatures)))
    with pytest.raises(BadSignature):
        verify_tiles(copied.public.fetch, POLICY)


class Rewritten(MemoryEventStore):
    """A database whose owner has put another event in the place of one, with everything that follows from it."""

    instead: dict[int, bytes]

    async def read_log(self, after: int = -1, limit: int = 1000) -> list[StoredEvent]:
        rows = await super().read_log(after, limit)
        return [replace(row, hash=self.instead.get(row.position, row.hash)) for row in rows]


async def test_a_database_that_was_rewritten_differs_from_what_was_published(copied: Copied) -> None:
    rewritten = Rewritten()
    rewritten.__dict__.update(copied.store.__dict__)
    rewritten.instead = {position: bytes(32) for position in range(311, 500)}
    with pytest.raises(NotWhole) as found:
        await agrees_with_published(rewritten, copied.public.at(copied.checkpoint))
    assert found.value.position == 311
    with pytest.raises(NotWhole) as found:
        await agrees_with_published(MemoryEventStore(), copied.public.at(copied.checkpoint))
    assert found.value.position == 0


async def proof_of_case(copied: Copied) -> Proof:
    rows = [row for row in await copied.store.read_log(-1, 500) if row.stream == "appointment/2"]
    index = rows[-1].position
    hashes = tuple(copied.public.at(copied.checkpoint).inclusion(index))
    return Proof(index, hashes, copied.checkpoint.signed([SIGNER]), b"\n".join(row.entry for row in rows))


async def test_a_case_is_proved_by_one_file(copied: Copied) -> None:
    proof = await proof_of_case(copied)
    whole, entries = verify_proof(Proof.parse(bytes(proof)), POLICY)
    assert (whole.entries, whole.streams, len(entries)) == (250, 1, 250)


async def test_a_case_file_with_a_changed_or_missing_entry_proves_nothing(copied: Copied) -> None:
    proof = await proof_of_case(copied)
    assert proof.extra is not None
    entries = proof.extra.split(b"\n")
    for wrong in (
        [*entries[:9], entries[9].replace(b"nomination", b"Nomination"), *entries[10:]],
        [*entries[:9], *entries[10:]],
        [*entries[:-1], b"{}"],
        [*entries[:-1], b"nonsense"],
    ):
        with pytest.raises(NotWhole):
            verify_proof(replace(proof, extra=b"\n".join(wrong)), POLICY)
    with pytest.raises(WrongProof):
        verify_proof(replace(proof, extra=b"\n".join(entries[:-1])), POLICY)
    with pytest.raises(NotWhole):
        verify_proof(replace(proof, extra=None), POLICY)
