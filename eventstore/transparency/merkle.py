"""The Merkle tree over the log's entries: roots, proofs that an entry is in it, proofs that it only grew.

Nothing here knows what an entry says. Source: RFC 6962 section 2.1; the verifying side is RFC 9162 section 2.1.3.2
and 2.1.4.2, which say the same tree's checks step by step.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree of a level (of 2^level leaves) by its index at that level."""


class WrongProof(ValueError):
    """A proof does not lead to the root that it is held against."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry: its leaf in the log's tree, and what the next event of its stream follows."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash above two hashes."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Edge:
    """A growing tree of which only the right edge is kept: enough to add leaves and to tell the root.

    `peaks` are the hashes of the complete subtrees that the tree falls into, largest first.
    """

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def at(cls, size: int, subtree: Subtree) -> "Edge":
        """The edge of a tree whose subtrees can be read."""
        return cls(size, [subtree(level, index) for level, index in complete_subtrees(0, size)])

    def add(self, leaf: bytes) -> None:
        """The tree has one leaf more."""
        self.graft(0, leaf)

    def graft(self, level: int, root: bytes) -> None:
        """The tree has 2^level leaves more, whose complete subtree has that hash.

        Refuses: ValueError where no subtree of that level can stand.
        """
        filled, astray = divmod(self.size, 1 << level)
        if astray:
            raise ValueError(f"no complete subtree of 2^{level} leaves begins at {self.size}")
        while filled & 1:
            root = node_hash(self.peaks.pop(), root)
            filled >>= 1
        self.peaks.append(root)
        self.size += 1 << level

    def extend(self, leaves: Iterable[bytes]) -> None:
        """The tree has those leaves more, in their order."""
        for leaf in leaves:
            self.add(leaf)

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return _above(self.peaks) if self.peaks else EMPTY_ROOT


def subtrees_over(first: int, leaves: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """The complete subtrees that leaves from a position on fall into, as level and hash, to be grafted in order."""
    before: list[tuple[int, bytes]] = []
    after: list[tuple[int, bytes]] = []
    level, hashes = 0, list(leaves)
    while hashes:
        if first & 1:
            before.append((level, hashes.pop(0)))
            first += 1
        if len(hashes) & 1:
            after.append((level, hashes.pop()))
        hashes = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
        level, first = level + 1, first >> 1
    return [*before, *reversed(after)]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root of a tree from its leaf hashes."""
    hashes = list(leaves)
    while len(hashes) > 1:
        # Level by level, which is the same tree as split at powers of two: whoever has no pair goes up as it is.
        paired = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=False)
        ]
        hashes = paired + hashes[2 * len(paired) :]
    return hashes[0] if hashes else EMPTY_ROOT


def complete_subtrees(first: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees, as level and index, that the leaves from `first` to before `end` fall into.

    `first` must be where a split of the tree begins, which is what the recursion of RFC 6962 only ever asks for.
    """
    while first < end:
        level = (end - first).bit_length() - 1
        yield level, first >> level
        first += 1 << level


def _above(hashes: Sequence[bytes]) -> bytes:
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def _root_between(first: int, end: int, subtree: Subtree) -> bytes:
    return _above([subtree(level, index) for level, index in complete_subtrees(first, end)])


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves."""
    return 1 << ((leaves - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from a leaf to the root of a tree, from the leaf's sibling up.

    Source: RFC 6962 section 2.1.1. Refuses: ValueError for a leaf that the tree does not have.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none at {index}")
    first, end, beside = 0, size, []
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first = middle
    return [_root_between(*leaves, subtree) for leaves in reversed(beside)]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show that a tree of `new` leaves begins with the tree of its first `old` ones.

    Source: RFC 6962 section 2.1.2. Refuses: ValueError when `old` is not between 0 and `new`.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    if old in (0, new):
        return []
    first, end, whole, beside = 0, new, True, []
    while end != old:
        middle = first + _split(end - first)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first, whole = middle, False
    proof = [_root_between(*leaves, subtree) for leaves in reversed(beside)]
    return proof if whole else [_root_between(first, end, subtree), *proof]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """The leaf stands at its index in the tree of that size and root.

    Source: RFC 9162 section 2.1.3.2. Refuses: WrongProof.
    """
    if not 0 <= index < size:
        raise WrongProof(f"a tree of {size} leaves has none at {index}")
    node, last, found = index, size - 1, leaf
    for beside in proof:
        if last == 0:
            raise WrongProof("the proof is longer than the way to the root")
        if node & 1 or node == last:
            found = node_hash(beside, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        node, last = node >> 1, last >> 1
    if last != 0:
        raise WrongProof("the proof ends before the root")
    if found != root:
        raise WrongProof(f"the entry at {index} is not the one that the tree of {size} holds there")


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """The newer tree begins with the older one: nothing in it was changed, moved or taken out.

    Source: RFC 9162 section 2.1.4.2. Refuses: WrongProof.
    """
    if old > new:
        raise WrongProof(f"a tree of {new} leaves does not begin with one of {old}")
    if old in (0, new):
        if proof or (old == new and old_root != new_root) or (old == 0 and old_root != EMPTY_ROOT):
            raise WrongProof(f"two trees of {old} and {new} leaves are told apart by their roots alone")
        return
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    _grown(hashes, old, old_root, new, new_root)


def _grown(hashes: Sequence[bytes], old: int, old_root: bytes, new: int, new_root: bytes) -> None:
    if not hashes:
        raise WrongProof("the proof is empty")
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    older = newer = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            raise WrongProof("the proof is longer than the way to the root")
        if node & 1 or node == last:
            older, newer = node_hash(beside, older), node_hash(beside, newer)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            newer = node_hash(newer, beside)
        node, last = node >> 1, last >> 1
    if last != 0 or older != old_root or newer != new_root:
        raise WrongProof(f"the tree of {new} leaves does not begin with the tree of {old}")
