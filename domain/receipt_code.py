"""The code that somebody without an account comes back with: how it is written, read and known again by its hash.

The code itself is kept nowhere. Whoever has it may read what became of an entry and go on with its conversation.
"""

import hashlib
import unicodedata

from domain.identity import ALPHABET
from domain.refusal import Refusal

RANDOM_CHARACTERS = 20
GROUP = 3
CODE_BYTES = 13
"""Units: bytes that a code is made of; of their 104 bits it takes the first 100."""

_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VALUES = {character: value for value, character in enumerate(ALPHABET.upper())}


class NotAReceiptCode(Refusal):
    """What was typed cannot be a receipt code."""

    rule = "house.a_receipt_code_is_typed_whole"
    unlawful = False


def receipt_code(drawn: bytes) -> str:
    """The code made of random bytes: twenty characters and one that finds mistakes, in the form in which it is hashed.

    Units: 5 bits a character, so 100 random bits.
    """
    number = int.from_bytes(drawn[:CODE_BYTES], "big") >> 4
    values = [(number >> (5 * place)) & 31 for place in range(RANDOM_CHARACTERS)]
    return "".join(ALPHABET[value].upper() for value in (*values, _check(values)))


def in_groups(code: str) -> str:
    """The code as people copy it: seven groups of three."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_receipt_code(typed: str) -> str:
    """The code that somebody typed, whatever their case, spaces and dashes, and with O for 0 and I or L for 1.

    Refuses: NotAReceiptCode.
    """
    text = unicodedata.normalize("NFKC", typed).upper().translate(_LOOKS_LIKE)
    code = "".join(character for character in text if unicodedata.category(character)[0] not in "ZPC")
    if unknown := next((character for character in code if character not in _VALUES), None):
        raise NotAReceiptCode(
            f"“{unknown}” stands in no receipt code; check it against what you wrote down.", field="code"
        )
    if len(code) != RANDOM_CHARACTERS + 1:
        raise NotAReceiptCode(
            f"A receipt code has {RANDOM_CHARACTERS + 1} letters and digits, and this has {len(code)}; "
            "check that none is missing.",
            field="code",
        )
    values = [_VALUES[character] for character in code]
    if _check(values[:-1]) != values[-1]:
        raise NotAReceiptCode(
            "This code has a mistake in it; check each group against what you wrote down.", field="code"
        )
    return code


def receipt_hash(code: str) -> str:
    """What is kept of a code: nobody can go back from it, because there are 2^100 codes to try."""
    return hashlib.sha256(code.encode("ascii")).hexdigest()


def _check(values: list[int]) -> int:
    """A weighted sum over the field of 32 elements: it tells any one wrong character, and any two that changed places.

    Source: Reed-Solomon with one check symbol; x^5 + x^2 + 1 is primitive, so that no two places weigh the same.
    """
    total = 0
    for value in values:
        total ^= value
        total = (total << 1) ^ (0b100101 if total & 16 else 0)
    return total
