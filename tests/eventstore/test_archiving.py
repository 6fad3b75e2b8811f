"""Partitions that went to files verify without the database, and against it."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from domain.nomination import CandidateNominated
from eventstore.archive_file import Archive, UnreadableArchive, archives_in
from eventstore.archiving import ArchiveDiffers, verify_archive, verify_archives, write_archive
from eventstore.keys import MemoryKeyStore
from eventstore.memory import MemoryEventStore
from eventstore.store import EventStore
from eventstore.tampering import LogTampered
from eventstore.transparency.merkle import root_of
from tests.eventstore.writing import FACT, sealed_append, write_some
from tests.stored_events.samples import sample

NAMES = [f"appointment/{n}" for n in range(3)]


def unheard(done: int, of: int) -> None:
    """Nobody listens."""


async def written(store: EventStore, folder: Path) -> list[Archive]:
    """Two archives of a log of 30 events, of which one is a nomination with a sealed part."""
    scribes = await write_some(store, *NAMES, each=9)
    one = scribes[NAMES[0]]
    await store.append(await sealed_append(one, MemoryKeyStore(), sample(CandidateNominated), FACT, FACT))
    first = await write_archive(store, folder, 0, 16, unheard)
    second = await write_archive(store, folder, 16, 30, unheard)
    assert [(first.events, first.sealed), (second.events, second.sealed)] == [(16, 0), (14, 1)]
    return archives_in(folder)


async def test_archives_verify_by_themselves_and_give_the_logs_root(store: EventStore, tmp_path: Path) -> None:
    archives = await written(store, tmp_path)
    assert [(archive.first, archive.end) for archive in archives] == [(0, 16), (16, 30)]
    found, root = await verify_archives(tmp_path, unheard)
    assert sum(archived.events for archived in found) == 30
    assert root == root_of(row[6] for row in await store.read_rows(0, 30))
    await verify_archives(tmp_path, unheard, store)


async def test_every_entry_is_in_its_archive_byte_for_byte(store: EventStore, tmp_path: Path) -> None:
    archives = await written(store, tmp_path)
    lines = b"".join(gzip.decompress(archive.path.read_bytes()) for archive in archives).split(b"\n")
    for row in await store.read_rows(0, 30):
        assert row[6].hex().encode() + b" " + row[5] in lines


async def test_the_same_events_give_the_same_file(store: EventStore, tmp_path: Path) -> None:
    (archive, _) = await written(store, tmp_path)
    before = archive.path.read_bytes()
    await write_archive(store, tmp_path, 0, 16, unheard)
    assert archive.path.read_bytes() == before


async def test_a_command_that_lies_across_the_end_goes_whole_where_it_begins(store: EventStore, tmp_path: Path) -> None:
    await written(store, tmp_path / "whole")
    first = await write_archive(store, tmp_path, 0, 28, unheard)
    assert (first.archive.first, first.archive.end) == (0, 30)


async def test_what_is_sealed_may_be_deleted_and_the_archive_still_verifies(store: EventStore, tmp_path: Path) -> None:
    _, second = await written(store, tmp_path)
    assert b"person/" in gzip.decompress(second.sealed_path.read_bytes())
    second.sealed_path.unlink()
    assert (await verify_archive(second, unheard)).sealed == 0


def changed(path: Path, old: bytes, new: bytes) -> None:
    content = gzip.decompress(path.read_bytes())
    assert content.count(old) >= 1
    path.write_bytes(gzip.compress(content.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "position"),
    [
        (b'"nomination"', b'"nominatiom"', 0),
        (b'"version":4}', b'"version":5}', 9),
        (b'"previous":"","schema"', b'"previous":"00","schema"', 0),
    ],
)
async def test_a_changed_byte_is_found_and_named(tmp_path: Path, old: bytes, new: bytes, position: int) -> None:
    first, _ = await written(MemoryEventStore(), tmp_path)
    changed(first.path, old, new)
    with pytest.raises(LogTampered) as tampered:
        await verify_archive(first, unheard)
    assert tampered.value.position == position


async def test_a_changed_sealed_part_is_found(tmp_path: Path) -> None:
    _, second = await written(MemoryEventStore(), tmp_path)
    changed(second.sealed_path, b"person/", b"person/x")
    with pytest.raises(LogTampered, match="sealed for person/x"):
        await verify_archive(second, unheard)


async def test_a_file_that_was_cut_short_or_renamed_is_no_archive(tmp_path: Path) -> None:
    first, second = await written(MemoryEventStore(), tmp_path)
    first.path.write_bytes(first.path.read_bytes()[:-40])
    content = gzip.decompress(second.path.read_bytes()).split(b"\n")
    second.path.write_bytes(gzip.compress(b"\n".join([*content[:5], *content[-2:]])))
    for archive in (first, second):
        with pytest.raises(UnreadableArchive):
            await verify_archive(archive, unheard)
    renamed = replace(second, first=0, end=14)
    second.path.rename(renamed.path)
    with pytest.raises(UnreadableArchive, match="no archive of the events that its name says"):
        await verify_archive(renamed, unheard)
    with pytest.raises(UnreadableArchive, match="no archive in"):
        await verify_archives(tmp_path / "empty", unheard)


async def test_an_archive_of_another_log_differs(tmp_path: Path) -> None:
    await written(MemoryEventStore(), tmp_path)
    other = MemoryEventStore()
    await write_some(other, *NAMES, each=10)
    with pytest.raises(ArchiveDiffers):
        await verify_archives(tmp_path, unheard, other)


async def test_an_archive_that_is_missing_leaves_the_others_without_a_common_root(tmp_path: Path) -> None:
    first, second = await written(MemoryEventStore(), tmp_path)
    first.path.unlink()
    found, root = await verify_archives(tmp_path, unheard)
    assert [archived.archive for archived in found] == [second] and root is None


async def test_a_log_that_was_changed_is_not_archived(tmp_path: Path) -> None:
    store = MemoryEventStore()
    await write_some(store, *NAMES, each=9)
    store._log[5] = replace(store._log[5], entry=store._log[5].entry.replace(b"nomination", b"nominatiom"))
    with pytest.raises(LogTampered) as tampered:
        await write_archive(store, tmp_path, 0, 20, unheard)
    assert tampered.value.position == 5
    assert archives_in(tmp_path) == []
