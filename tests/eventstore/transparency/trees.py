"""Trees to prove things of: leaves from a number, and a tree whose subtrees are all at hand."""

from collections.abc import Callable

from eventstore.transparency.merkle import leaf_hash, root_of


def leaves(size: int, salt: bytes = b"") -> list[bytes]:
    return [leaf_hash(salt + number.to_bytes(4, "big")) for number in range(size)]


def subtrees_of(hashes: list[bytes]) -> Callable[[int, int], bytes]:
    return lambda level, index: root_of(hashes[index << level : (index + 1) << level])
