"""A school's key files: signing with the private half, which never leaves this machine."""

import base64
import hashlib
from pathlib import Path

import typer
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from domain.school_key import key_id_of
from domain.training_import import signed_statement

HOW_TO_MAKE = "openssl genpkey -algorithm ed25519 -out school.key; openssl pkey -in school.key -pubout -out school.pub"


def signature_of(content: bytes, pack: str, key: Path) -> str:
    """Key id and signature over a file for a pack, as the header `Investiture-Signature` has them."""
    private = _private_key(key)
    key_id = key_id_of(private.public_key().public_bytes_raw())
    return f"{key_id}:{base64.b64encode(private.sign(_statement(content, pack))).decode()}"


def is_signed_by(content: bytes, pack: str, signature: str, public_key: str) -> bool:
    """Whether a signature (base64) over a file for a pack is that of a public key (PEM); nobody is asked."""
    key = load_pem_public_key(public_key.encode())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(base64.b64decode(signature), _statement(content, pack))
    except InvalidSignature:
        return False
    return True


def _statement(content: bytes, pack: str) -> bytes:
    return signed_statement(pack, hashlib.sha256(content).hexdigest())


def _private_key(file: Path) -> Ed25519PrivateKey:
    try:
        found = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as problem:
        raise _unusable(f"“{file}” cannot be read: {problem.strerror}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unusable(f"“{file}” is no private key without a password in PEM") from None
    if not isinstance(found, Ed25519PrivateKey):
        raise _unusable(f"“{file}” is no Ed25519 key")
    return found


def _unusable(why: str) -> typer.BadParameter:
    return typer.BadParameter(f"{why}. Make a pair with: {HOW_TO_MAKE}", param_hint="--sign")
