"""The verifier's own SHA-2 and Ed25519 give what the standards' examples and another implementation give."""

import hashlib
from collections.abc import Iterator
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from pages.static_files import STATIC_FILES

pytestmark = pytest.mark.browser

ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
HELPERS = """
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const hex = (found) => Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
"""
# FIPS 180-4's own examples, as NIST publishes them: message, SHA-256.
FIPS = [
    (b"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
    (b"a" * 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
]
ABC_512 = (
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
)
# RFC 8032 section 7.1, tests 1 to 3 and SHA(abc): public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        ABC_512,
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]


@pytest.fixture(scope="module")
def script(browser: Browser) -> Iterator[Page]:
    """An empty page that runs the two scripts."""
    page = browser.new_page()
    for name in ("sha2.js", "ed25519.js"):
        page.add_script_tag(content=STATIC_FILES[name].content.decode())
    page.add_script_tag(content=HELPERS)
    yield page
    page.close()


def hashed(script: Page, name: str, message: bytes) -> str:
    return str(script.evaluate(f"(message) => hex({name}(bytes(message)))", message.hex()))


def fits(script: Page, key: str, message: str, signature: str) -> bool:
    asked = [key, message, signature]
    return bool(script.evaluate("(asked) => ed25519Fits(...asked.map(bytes))", asked))


def test_hashes_are_those_of_the_standard(script: Page) -> None:
    for message, expected in FIPS:
        assert hashed(script, "sha256", message) == expected
    assert hashed(script, "sha512", b"abc") == ABC_512


def test_hashes_of_every_length_around_a_block_are_those_of_another_implementation(script: Page) -> None:
    chance = Random(6962)
    for length in (*range(0, 260, 3), *range(54, 66), *range(110, 130), 4095, 65_535):
        message = chance.randbytes(length)
        assert hashed(script, "sha256", message) == hashlib.sha256(message).hexdigest(), length
        assert hashed(script, "sha512", message) == hashlib.sha512(message).hexdigest(), length


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_signatures_of_the_standard_fit(script: Page, key: str, message: str, signature: str) -> None:
    assert fits(script, key, message, signature)
    assert not fits(script, key, message + "00", signature)


def test_what_another_implementation_signed_fits_and_no_changed_byte_does(script: Page) -> None:
    chance = Random(8032)
    for length in (0, 1, 32, 63, 64, 111, 112, 200):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        message, key = chance.randbytes(length), private.public_key().public_bytes_raw()
        signature = private.sign(message)
        assert fits(script, key.hex(), message.hex(), signature.hex())
        for place in (0, 31, 32, 63):
            changed = bytearray(signature)
            changed[place] ^= 1 << chance.randrange(8)
            assert not fits(script, key.hex(), message.hex(), changed.hex())
        other = bytearray(key)
        other[chance.randrange(32)] ^= 1
        assert not fits(script, other.hex(), message.hex(), signature.hex())


def test_no_second_form_of_a_signature_or_key_is_taken(script: Page) -> None:
    key, message, signature = RFC_8032[1]
    again = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ORDER
    assert not fits(script, key, message, signature[:64] + again.to_bytes(32, "little").hex())
    for y in (FIELD, FIELD + 1, 2):  # two that are too large, and one at which the curve has no point
        assert not fits(script, y.to_bytes(32, "little").hex(), message, signature)
    assert not fits(script, (1 | 1 << 255).to_bytes(32, "little").hex(), message, signature)
    assert not fits(script, key, message, signature[:-2]) and not fits(script, key[:-2], message, signature)
