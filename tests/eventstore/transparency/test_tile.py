"""Tiles are where the format puts them, and everything can be proved from them alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.transparency.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from eventstore.transparency.tile import (
    DamagedTile,
    Tile,
    TiledLog,
    grown_tiles,
    new_tiles,
    pack_entries,
    tiles_of,
    unpack_entries,
)
from tests.eventstore.transparency.trees import leaves, subtrees_of


def written(hashes: list[bytes], size: int, files: dict[str, bytes], old: int = 0) -> None:
    """What a publisher leaves when the log has grown to a size."""
    subtree = subtrees_of(hashes[:size])
    for tile in new_tiles(old, size):
        first = tile.number * 256
        files[tile.path] = b"".join(subtree(tile.level * 8, first + step) for step in range(tile.width))


def reading(files: dict[str, bytes], size: int) -> TiledLog:
    def fetch(path: str) -> bytes:
        try:
            return files[path]
        except KeyError:
            raise FileNotFoundError(path) from None

    return TiledLog(fetch, size)


def test_a_number_is_a_path_in_groups_of_three() -> None:
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(2, 5, 17).path == "tile/2/005.p/17"
    assert Tile(0, 273, 112).entries_path == "tile/entries/273.p/112"


def test_a_tree_of_70000_has_the_tiles_of_the_format() -> None:
    tiles = list(tiles_of(70_000))
    by_level = {level: [tile for tile in tiles if tile.level == level] for level in range(4)}
    assert [(len(found), found[-1].width) for found in by_level.values() if found] == [(274, 112), (2, 17), (1, 1)]
    assert [(tile.level, tile.width) for tile in tiles_of(256)] == [(0, 256), (1, 1)]
    assert list(tiles_of(0)) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 1500))
def test_growing_writes_exactly_what_is_new(old: int, more: int) -> None:
    before, after = set(tiles_of(old)), set(tiles_of(old + more))
    assert set(new_tiles(old, old + more)) == after - before


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 1200), st.integers(0, 700), st.data())
def test_everything_is_proved_from_tiles_alone(old: int, more: int, data: st.DataObject) -> None:
    new = old + more
    hashes, files = leaves(new), dict[str, bytes]()
    written(hashes, old, files)
    written(hashes, new, files, old)
    log = reading(files, new)
    index = data.draw(st.integers(0, new - 1))
    assert log.edge().root() == root_of(hashes)
    assert log.leaf(index) == hashes[index]
    verify_inclusion(hashes[index], index, new, log.inclusion(index), root_of(hashes))
    verify_consistency(old, root_of(hashes[:old]), new, root_of(hashes), log.consistency(old))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1200), st.integers(0, 1200))
def test_a_log_grows_tile_by_tile_to_what_it_would_have_been_at_once(old: int, more: int) -> None:
    hashes, files, whole = leaves(old + more), dict[str, bytes](), dict[str, bytes]()
    written(hashes, old, files)
    written(hashes, old + more, whole, old)
    assert {tile.path: found for tile, found in grown_tiles(reading(files, old), hashes[old:])} == whole


def test_a_full_tile_stands_in_for_a_partial_one_that_is_gone() -> None:
    hashes, files = leaves(600), dict[str, bytes]()
    written(hashes, 300, files)
    written(hashes, 600, files, 300)
    del files["tile/0/001.p/44"]
    assert reading(files, 300).edge().root() == root_of(hashes[:300])


def test_a_tile_that_is_gone_or_cut_is_named() -> None:
    hashes, files = leaves(600), dict[str, bytes]()
    written(hashes, 600, files)
    files["tile/0/001"] = files["tile/0/001"][:-1]
    with pytest.raises(DamagedTile, match="tile/0/001"):
        reading(files, 600).leaf(300)
    del files["tile/0/001"]
    with pytest.raises(DamagedTile, match="not there"):
        reading(files, 600).leaf(300)
    with pytest.raises(DamagedTile, match=r"tile/0/001\.p/44"):
        reading(files, 300).leaf(299)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_entries_are_read_back_whole(entries: list[bytes]) -> None:
    packed = pack_entries(entries)
    assert unpack_entries("tile/entries/000", packed, len(entries)) == entries
    for wrong, width in ((packed[:-1], len(entries)), (packed + b"\0", len(entries)), (packed, len(entries) + 1)):
        with pytest.raises(DamagedTile):
            unpack_entries("tile/entries/000", wrong, width)


def test_entries_are_read_from_the_log() -> None:
    entries = [f"entry {number}".encode() for number in range(300)]
    files: dict[str, bytes] = {}
    written([leaf_hash(entry) for entry in entries], 300, files)
    files["tile/entries/000"] = pack_entries(entries[:256])
    files["tile/entries/001.p/44"] = pack_entries(entries[256:])
    log = reading(files, 300)
    assert log.entries(0) + log.entries(1) == entries
    assert (
        reading({**files, "tile/entries/001": pack_entries([*entries[256:], *[b""] * 212])}, 290).entries(1)
        == (entries[256:290])
    )
    with pytest.raises(DamagedTile):
        reading({}, 300).entries(0)
