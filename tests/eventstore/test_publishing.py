"""The log is published as it grows, goes on after any crash, and signs nothing that contradicts what it signed."""

from dataclasses import replace
from pathlib import Path

import pytest

from eventstore.memory import MemoryEventStore
from eventstore.public_log import CHECKPOINT, COSIGNED, PublicLog
from eventstore.publishing import LogContradicted, Publisher, SignerMemory
from eventstore.store import EventStore
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.merkle import leaf_hash, root_of
from eventstore.transparency.note import Note, Signer
from eventstore.transparency.proof_file import Proof
from eventstore.transparency.tile import DamagedTile, Tile
from tests.eventstore.writing import scribe, write_some

SIGNER = Signer.make("log.example/log")


def publisher_on(store: EventStore, folder: Path, *signers: Signer) -> Publisher:
    return Publisher(store, PublicLog(folder / "log"), SignerMemory(folder / "signer"), signers or (SIGNER,))


async def published(store: EventStore, folder: Path) -> Checkpoint:
    publisher = publisher_on(store, folder)
    note = await publisher.publish()
    publisher.show(note, cosigned=False)
    return Checkpoint.parse(note.text)


async def root_in(store: EventStore) -> bytes:
    return root_of(leaf_hash(row.entry) for row in await store.read_log(-1, 100_000))


@pytest.fixture
def store() -> MemoryEventStore:
    return MemoryEventStore()


async def test_it_grows_with_the_log_and_every_entry_can_be_proved(store: MemoryEventStore, tmp_path: Path) -> None:
    public = PublicLog(tmp_path / "log")
    for place, each in enumerate((1, 3, 252, 1, 300)):
        await write_some(store, f"appointment/{place}", each=each)
        checkpoint = await published(store, tmp_path)
        assert (checkpoint.size, checkpoint.root) == (await store.size(), await root_in(store))
    rows = await store.read_log(-1, 1000)
    assert [entry for tile in range(3) for entry in public.at(checkpoint).entries(tile)] == [row.entry for row in rows]
    note = public.note()
    assert note is not None
    for row in rows[::50]:
        proof = Proof(row.position, tuple(public.at(checkpoint).inclusion(row.position)), note)
        Proof.parse(bytes(proof)).verify(leaf_hash(row.entry), Policy((SIGNER.verifier,)))


async def test_narrower_tiles_go_once_the_full_one_is_there(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=200)
    first = await published(store, tmp_path)
    assert (tmp_path / "log/tile/0/000.p/200").exists()
    await write_some(store, "appointment/2", each=100)
    await published(store, tmp_path)
    assert not (tmp_path / "log/tile/0/000.p").exists() and not (tmp_path / "log/tile/entries/000.p").exists()
    assert PublicLog(tmp_path / "log").at(first).edge().root() == first.root


async def test_publishing_again_changes_nothing(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=30)
    await published(store, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    await published(store, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


async def test_an_empty_log_has_a_checkpoint_too(store: MemoryEventStore, tmp_path: Path) -> None:
    assert (await published(store, tmp_path)).size == 0
    await write_some(store, "appointment/1", each=2)
    assert (await published(store, tmp_path)).size == 2


async def test_a_crash_before_the_checkpoint_is_shown_loses_nothing(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=10)
    await published(store, tmp_path)
    await write_some(store, "appointment/2", each=400)
    await publisher_on(store, tmp_path).publish()  # signed and remembered, and then the process was killed
    await write_some(store, "appointment/3", each=5)
    checkpoint = await published(store, tmp_path)
    assert (checkpoint.size, checkpoint.root) == (415, await root_in(store))


async def test_a_log_that_was_rolled_back_is_not_signed(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=30)
    before = await published(store, tmp_path)
    older = MemoryEventStore()
    await write_some(older, "appointment/1", each=20)
    with pytest.raises(LogContradicted) as found:
        await publisher_on(older, tmp_path).publish()
    assert (found.value.code, found.value.position) == ("rolled_back", 20)
    assert Note.parse((tmp_path / "log" / CHECKPOINT).read_bytes()).text == before.text


async def test_a_log_that_grew_again_after_a_rollback_is_not_signed(store: MemoryEventStore, tmp_path: Path) -> None:
    one, other = scribe("appointment/1"), MemoryEventStore()
    for place in range(30):
        append = one.append()
        await store.append(append)
        if place < 20:  # the backup was made here
            await other.append(append)
        one = one.after(append)
    await published(store, tmp_path)
    await write_some(other, "appointment/2", each=40)
    with pytest.raises(LogContradicted) as found:
        await publisher_on(other, tmp_path).publish()
    assert (found.value.code, found.value.position) == ("rewritten", 20)


async def test_either_memory_alone_keeps_it_from_signing(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=30)
    for forgets in ("signer/last", "log/checkpoint"):
        await published(store, tmp_path)
        (tmp_path / forgets).unlink()
        with pytest.raises(LogContradicted):
            await publisher_on(MemoryEventStore(), tmp_path).publish()
        await published(store, tmp_path)


class Edited(MemoryEventStore):
    """A log of which somebody has edited a row, the hash beside it left as it was."""

    edited = -1

    async def read_log(self, after: int = -1, limit: int = 1000) -> list:  # type: ignore[type-arg]
        rows = await super().read_log(after, limit)
        return [
            replace(row, entry=row.entry.replace(b"nomination", b"Nomination")) if row.position == self.edited else row
            for row in rows
        ]


async def test_an_event_that_was_edited_before_it_was_published_is_named(tmp_path: Path) -> None:
    store = Edited()
    await write_some(store, "appointment/1", each=300)
    await published(store, tmp_path)
    await write_some(store, "appointment/2", each=10)
    store.edited = 305
    with pytest.raises(LogContradicted) as found:
        await publisher_on(store, tmp_path).publish()
    assert (found.value.code, found.value.position) == ("rewritten", 305)


async def test_tiles_that_somebody_changed_are_noticed(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=300)
    await published(store, tmp_path)
    await write_some(store, "appointment/2", each=1)
    tile = tmp_path / "log" / Tile(0, 1, 44).path
    sound = tile.read_bytes()
    tile.write_bytes(bytes(32) + sound[32:])
    with pytest.raises(LogContradicted) as found:
        await publisher_on(store, tmp_path).publish()
    assert found.value.code == "tiles_changed"
    tile.write_bytes(sound[:-1])
    with pytest.raises(DamagedTile):
        await publisher_on(store, tmp_path).publish()
    tile.write_bytes(sound)
    assert (await published(store, tmp_path)).size == 301


async def test_a_rotated_key_signs_beside_the_old_one(store: MemoryEventStore, tmp_path: Path) -> None:
    await write_some(store, "appointment/1", each=3)
    await published(store, tmp_path)
    successor = Signer.make(SIGNER.name)
    note = await publisher_on(store, tmp_path, SIGNER, successor).publish()
    assert [key for key, _ in note.signed_by([SIGNER.verifier, successor.verifier])] == [
        SIGNER.verifier,
        successor.verifier,
    ]
    publisher_on(store, tmp_path).show(note, cosigned=True)
    assert PublicLog(tmp_path / "log").note(COSIGNED) == note


@pytest.mark.parametrize(
    "path", ["../signer/0001.key", "tile/../../signer/last", "tile/0/1", "tile/0/000.p/0", "tile/64/000", "", "tile/x"]
)
def test_nothing_but_the_log_is_read_from_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "signer").mkdir()
    (tmp_path / "signer/last").write_text("secret")
    with pytest.raises(FileNotFoundError):
        PublicLog(tmp_path / "log").fetch(path)
