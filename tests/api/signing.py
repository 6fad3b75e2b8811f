"""A school's key pair, and its signature over a file, as the header names both."""

import base64
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.school_key import key_id_of, pem_of
from domain.training_import import signed_statement


class SchoolPair:
    """A pair of keys; the same number gives the same one."""

    def __init__(self, number: int = 1):
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public = self._private.public_key().public_bytes_raw()
        self.id, self.pem = key_id_of(public), pem_of(public)

    def signs(self, content: bytes, pack: str = "standard") -> str:
        statement = signed_statement(pack, sha256(content).hexdigest())
        return f"{self.id}:{base64.b64encode(self._private.sign(statement)).decode()}"
