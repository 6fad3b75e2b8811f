"""Roots and proofs are those of RFC 6962, by its vectors and by a second implementation on random logs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from eventstore.transparency.merkle import (
    EMPTY_ROOT,
    Edge,
    WrongProof,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.eventstore.transparency.trees import leaves, subtrees_of

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The entries and roots with which Certificate Transparency's implementations are tested, size 0 to 8."""

SIZES = st.integers(1, 300)


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_of(leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES[:size]).hex() == ROOTS[size]


def test_a_published_inclusion_proof_and_consistency_proof_come_out() -> None:
    hashes = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
    subtree = subtrees_of(hashes)
    assert [one.hex() for one in inclusion_proof(0, 8, subtree)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [one.hex() for one in consistency_proof(6, 8, subtree)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=20), min_size=1, max_size=80), st.data())
def test_a_second_implementation_agrees_on_random_logs(entries: list[bytes], data: st.DataObject) -> None:
    second = InmemoryTree(algorithm="sha256")
    for entry in entries:
        second.append_entry(entry)
    hashes = [leaf_hash(entry) for entry in entries]
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert root_of(hashes[:size]) == second.get_root(size)
    theirs = second.prove_inclusion(index + 1, size).path
    assert inclusion_proof(index, size, subtrees_of(hashes)) == list(theirs)[1:]
    verify_inclusion(hashes[index], index, size, theirs[1:], second.get_root(size))
    ours = consistency_proof(old, size, subtrees_of(hashes))
    verify_consistency(old, second.get_root(old), size, second.get_root(size), ours)


@settings(max_examples=100, deadline=None)
@given(SIZES, st.data())
def test_every_leaf_is_proved_and_no_other_is(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    root, proof = root_of(hashes), inclusion_proof(index, size, subtrees_of(hashes))
    verify_inclusion(hashes[index], index, size, proof, root)
    for wrong in _wrong_inclusions(hashes, index, size, proof):
        with pytest.raises(WrongProof):
            verify_inclusion(*wrong, root)


def _wrong_inclusions(
    hashes: list[bytes], index: int, size: int, proof: list[bytes]
) -> list[tuple[bytes, int, int, list[bytes]]]:
    other = leaf_hash(b"never recorded")
    wrong = [(other, index, size, proof), (hashes[index], size, size, proof), (hashes[index], -1, size, proof)]
    wrong.append((hashes[index], index, size, [*proof, other]))
    if proof:
        wrong.append((hashes[index], index, size, proof[:-1]))
        wrong.append((hashes[index], index, size, [other, *proof[1:]]))
    return wrong


@settings(max_examples=100, deadline=None)
@given(SIZES, st.data())
def test_growth_is_proved_and_a_rewritten_past_is_not(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    hashes, rewritten = leaves(new), leaves(new, b"other")
    proof = consistency_proof(old, new, subtrees_of(hashes))
    verify_consistency(old, root_of(hashes[:old]), new, root_of(hashes), proof)
    with pytest.raises(WrongProof):
        verify_consistency(old, root_of(hashes[:old]), new, root_of(hashes), [*proof, EMPTY_ROOT])
    if old:
        with pytest.raises(WrongProof):
            verify_consistency(old, root_of(rewritten[:old]), new, root_of(hashes), proof)
    if 0 < old < new:
        with pytest.raises(WrongProof):
            verify_consistency(old, root_of(hashes[:old]), new, root_of(rewritten), proof)
        with pytest.raises(WrongProof):
            verify_consistency(old, root_of(hashes[:old]), new, root_of(hashes), proof[:-1])


def test_a_shorter_log_does_not_extend_a_longer_one() -> None:
    with pytest.raises(WrongProof):
        verify_consistency(5, root_of(leaves(5)), 4, root_of(leaves(4)), [])
    with pytest.raises(ValueError):
        consistency_proof(5, 4, subtrees_of(leaves(4)))
    with pytest.raises(ValueError):
        inclusion_proof(4, 4, subtrees_of(leaves(4)))


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 300))
def test_an_edge_grows_to_the_same_root_from_anywhere(first: int, more: int) -> None:
    hashes = leaves(first + more)
    edge = Edge.at(first, subtrees_of(hashes))
    edge.extend(hashes[first:])
    assert (edge.size, edge.root()) == (first + more, root_of(hashes))
