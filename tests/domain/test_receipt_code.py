"""A receipt code is read whatever way it is typed, and never mistaken for another."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.receipt_code import NotAReceiptCode, in_groups, read_receipt_code, receipt_code, receipt_hash
from tests.domain.refusals import refused_apart as refused

CODE = receipt_code(bytes(range(13)))
drawn = some.binary(min_size=13, max_size=32)


@given(drawn)
def test_a_code_is_read_as_it_is_written_in_any_case_with_any_spaces_and_dashes(drawn: bytes) -> None:
    code = receipt_code(drawn)
    for typed in (code, in_groups(code), in_groups(code).lower(), f"  {in_groups(code).replace('-', ' – ')}\n"):
        assert read_receipt_code(typed) == code


def test_letters_that_look_like_figures_are_read_as_figures() -> None:
    code = receipt_code(b"\x00\x00\x01\x04\x00\x41\x10\x04\x01\x00\x40\x10\x00")
    assert {"0", "1"} <= set(code)
    assert read_receipt_code(code.replace("0", "o").replace("1", "l")) == code
    assert read_receipt_code(code.replace("0", "O").replace("1", "I")) == code


def test_a_code_typed_on_a_chinese_keyboard_is_read() -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in in_groups(CODE))
    assert read_receipt_code(wide) == CODE


@given(drawn, some.integers(0, 20), some.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_any_one_wrong_character_is_found(drawn: bytes, at: int, wrong: str) -> None:
    code = receipt_code(drawn)
    changed = code[:at] + wrong + code[at + 1 :]
    if changed != code:
        with pytest.raises(NotAReceiptCode):
            read_receipt_code(changed)


@given(drawn, some.integers(0, 20), some.integers(0, 20))
def test_any_two_characters_that_changed_places_are_found(drawn: bytes, one: int, other: int) -> None:
    characters = list(code := receipt_code(drawn))
    characters[one], characters[other] = characters[other], characters[one]
    if (changed := "".join(characters)) != code:
        with pytest.raises(NotAReceiptCode):
            read_receipt_code(changed)


@pytest.mark.parametrize("typed", ["", "ABC", CODE + "0", CODE[:-1], CODE[:-1] + "U", "<script>alert(1)</script>"])
def test_what_is_no_code_is_refused_with_what_to_do(typed: str) -> None:
    assert refused(NotAReceiptCode, lambda: read_receipt_code(typed)).field == "code"


def test_a_code_holds_a_hundred_random_bits_and_only_its_hash_is_kept() -> None:
    first, second = receipt_code(bytes(12) + b"\x10"), receipt_code(bytes(12) + b"\x20")
    assert first != second and receipt_code(bytes(12) + b"\x1f") == first
    assert in_groups(CODE).count("-") == 6 and len(CODE) == 21
    assert receipt_hash(CODE) == hashlib.sha256(CODE.encode()).hexdigest()
