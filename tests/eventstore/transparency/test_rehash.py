"""A log hashed again from its entries: growth keeps a front, and any changed byte is found and named."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import leaf_hash
from eventstore.transparency.rehash import Forked, Front, examined
from eventstore.transparency.tile import WIDTH, DamagedTile, TiledLog
from tests.eventstore.transparency.logs import Files, changed, entry, published


def log_of(files: Files, size: int) -> TiledLog:
    def fetch(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(path)
        return files[path]

    return TiledLog(fetch, size)


def look(files: Files, signed: Checkpoint, *older: Checkpoint, known: Front | None = None) -> Front:
    return examined(log_of(files, signed.size), signed, older, known or Front())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 700), min_size=1, max_size=4))
def test_followed_step_by_step_it_comes_to_what_it_is_at_once(steps: list[int]) -> None:
    front, older = Front(), list[Checkpoint]()
    for size in sorted(steps):
        files, signed = published(size)
        front = look(files, signed, *older, known=front)
        assert front == look(files, signed) and front.root() == signed.root
        older.append(signed)


def test_a_log_of_three_levels_is_hashed_page_by_page_and_its_front_is_small() -> None:
    size = WIDTH**2 + 300
    files, signed = published(size)
    told: list[tuple[int, int]] = []
    front = examined(log_of(files, size), signed, (), Front(), lambda done, of: told.append((done, of)))
    assert told == [(16384, size), (32768, size), (49152, size), (65536, size), (size, size)]
    assert {level: len(hashes) for level, hashes in front.tiles.items()} == {0: 44 * 32, 1: 32, 2: 32}


WHOLE, SIGNED = published(600)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_changed_byte_of_any_file_is_found_and_its_place_named(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(WHOLE)))
    at = data.draw(st.integers(0, len(WHOLE[path]) - 1))
    flipped = bytearray(WHOLE[path])
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DamagedTile) as found:
        look({**WHOLE, path: bytes(flipped)}, SIGNED)
    assert found.value.path == path


@pytest.mark.parametrize("path", sorted(WHOLE))
def test_a_file_that_is_gone_is_named(path: str) -> None:
    with pytest.raises(DamagedTile, match=re.escape(path)):
        look({name: content for name, content in WHOLE.items() if name != path}, SIGNED)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda files: changed(files, "tile/entries/001", b"entry 300", b"entry 3OO"),
            "tile/entries/001: the entry at 300 does not give the hash that tile/0/001 has for it, nor the signed root",
        ),
        (
            lambda files: changed(files, "tile/0/001", leaf_hash(entry(300)), bytes(32)),
            "tile/0/001: its hash 44 is wrong; the entries give the root that was signed",
        ),
        (
            lambda files: changed(
                changed(files, "tile/entries/001", b"entry 300", b"entry 3OO"),
                "tile/0/001",
                leaf_hash(entry(300)),
                leaf_hash(b"entry 3OO"),
            ),
            "tile/1/000.p/2: the entries 256 to 511 do not give its hash 1, nor the signed root",
        ),
        (
            lambda files: published(600, "another past of ")[0],
            "checkpoint: the entries and the tiles agree, and do not give the root that was signed",
        ),
    ],
    ids=["an entry", "a tile", "an entry and its tile", "everything but the checkpoint"],
)
def test_what_is_wrong_is_told_apart(spoil: Callable[[Files], Files], says: str) -> None:
    with pytest.raises(DamagedTile) as found:
        look(spoil(WHOLE), SIGNED)
    assert str(found.value) == says


def test_another_past_under_a_signed_root_is_a_fork_and_names_what_it_forked_from() -> None:
    older = published(300)[1]
    for size in (300, 301, 600):
        files, signed = published(size, "another past of ")
        with pytest.raises(Forked) as found:
            look(files, signed, older)
        assert found.value.older == older


def test_entries_that_were_read_before_are_read_again_until_their_tile_is_full() -> None:
    front = look(*published(300))
    files, signed = published(310)
    with pytest.raises(DamagedTile, match="the entry at 299 "):
        look(changed(files, "tile/entries/001.p/54", b"entry 299", b"entry 29_"), signed, known=front)


def test_damage_before_the_front_is_no_fork() -> None:
    older = published(300)[1]
    front = look(*published(300))
    files = changed(WHOLE, "tile/0/000", leaf_hash(entry(7)), bytes(32))
    assert look(files, SIGNED, older, known=front) == look(WHOLE, SIGNED), "what was hashed before is not read again"
    with pytest.raises(DamagedTile, match="tile/0/000: its hash 7 is wrong"):
        look(files, SIGNED, older)
    higher = {**WHOLE, "tile/1/000.p/2": bytes(64)}
    with pytest.raises(DamagedTile, match="tile/1/000"):
        look(higher, SIGNED, older, known=front)
