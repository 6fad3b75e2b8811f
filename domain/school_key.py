"""The keys by which a school vouches for its files of training records; the private half never comes here."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from pydantic import Field

from domain.command import Command
from domain.event import Event, StreamId
from domain.identity import Actor, OrganId, Role
from domain.refusal import Refusal, WrongOrgan

ED25519 = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. Source: RFC 8410 section 4."""

KEY_ID = r"^[0-9a-f]{16}$"
BEGIN, END = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"


class RevocationReason(StrEnum):
    """Why nothing is taken any more that a key signs."""

    LOST = "lost"
    DISCLOSED = "disclosed"
    REPLACED = "replaced"


class RegisterSchoolKey(Command):
    """A school registers the public half of a key by which it will sign its files."""

    public_key: str = Field(max_length=400, description="an Ed25519 public key as PEM, as openssl writes it")


class RevokeSchoolKey(Command):
    """A school revokes a key, for good; what was signed with it before stays on record."""

    key_id: str = Field(pattern=KEY_ID)
    reason: RevocationReason


class SchoolKeyRegistered(Event):
    """A school's public key, under the id that its signatures name."""

    organ: OrganId
    key_id: str
    public_key: str


class SchoolKeyRevoked(Event):
    """Nothing is taken any more that a key has signed."""

    organ: OrganId
    key_id: str
    reason: RevocationReason


class NotAPublicKey(Refusal):
    rule = "house.a_school_signs_with_a_key_of_its_own"
    unlawful = False


class KeyUnknown(Refusal):
    rule = "house.a_school_signs_with_a_key_of_its_own"


class KeyRevoked(Refusal):
    rule = "house.a_revoked_key_signs_nothing"


@dataclass(frozen=True, slots=True)
class SchoolKey:
    """A public key of a school, and why it was revoked, once it was."""

    id: str
    public_key: bytes
    revoked: RevocationReason | None = None


@dataclass(frozen=True, slots=True)
class SchoolKeys:
    """The keys of one school."""

    organ: OrganId
    by_id: Mapping[str, SchoolKey] = field(default_factory=lambda: MappingProxyType({}))

    def in_force(self, key_id: str) -> SchoolKey:
        """The key of that id, as long as it may sign.

        Refuses: KeyUnknown, KeyRevoked.
        """
        key = self.by_id.get(key_id)
        if key is None:
            raise KeyUnknown(
                f"The school {self.organ} has registered no key {key_id}. Check which key signed, or put its public "
                "half on record first with `register_school_key`.",
                key_id=key_id,
            )
        if key.revoked is not None:
            raise KeyRevoked(
                f"The key {key_id} was revoked ({key.revoked}). Name another key of the school, or make a new pair and "
                "put its public half on record with `register_school_key`.",
                key_id=key_id,
                reason=key.revoked,
            )
        return key


def school_key_stream(organ: OrganId) -> StreamId:
    """The stream of a school's keys."""
    return StreamId(f"school_key/{organ}")


def fold_school_keys(organ: OrganId, events: Iterable[Event]) -> SchoolKeys:
    """The keys that a stream has made."""
    found: dict[str, SchoolKey] = {}
    for event in events:
        match event:
            case SchoolKeyRegistered():
                found[event.key_id] = SchoolKey(event.key_id, base64.b64decode(event.public_key))
            case SchoolKeyRevoked() if event.key_id in found:
                found[event.key_id] = replace(found[event.key_id], revoked=event.reason)
    return SchoolKeys(organ, MappingProxyType(found))


def key_id_of(public_key: bytes) -> str:
    """The name of a key, which anybody can work out from it. Units: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def public_key_of(pem: str) -> bytes:
    """The 32 bytes of an Ed25519 public key.

    Source: RFC 8410 section 4, RFC 7468 section 13.
    Refuses: NotAPublicKey.
    """
    body = pem.strip()
    if body.startswith(BEGIN) and body.endswith(END):
        try:
            der = base64.b64decode("".join(body[len(BEGIN) : -len(END)].split()), validate=True)
        except binascii.Error:
            der = b""
        if der.startswith(ED25519) and len(der) == len(ED25519) + 32:
            return der[len(ED25519) :]
    raise NotAPublicKey(
        "This is no Ed25519 public key as PEM. Name the file that `openssl pkey -in school.key -pubout` writes; the "
        "private half stays with the school.",
        field="public_key",
    )


def pem_of(public_key: bytes) -> str:
    """A public key as openssl reads it."""
    return f"{BEGIN}\n{base64.b64encode(ED25519 + public_key).decode()}\n{END}\n"


def register_school_key(keys: SchoolKeys, command: RegisterSchoolKey, *, actor: Actor) -> list[Event]:
    """A school registers a key of its own; the same again changes nothing, and a revoked one never comes back.

    Refuses: WrongOrgan, NotAPublicKey, KeyRevoked.
    """
    _by_the_school(command, actor)
    public_key = public_key_of(command.public_key)
    key_id = key_id_of(public_key)
    if key_id in keys.by_id:
        keys.in_force(key_id)
        return []
    kept = base64.b64encode(public_key).decode()
    return [SchoolKeyRegistered(organ=keys.organ, key_id=key_id, public_key=kept)]


def revoke_school_key(keys: SchoolKeys, command: RevokeSchoolKey, *, actor: Actor) -> list[Event]:
    """A school revokes a key of its own, so that nothing is taken any more that it signs.

    Refuses: WrongOrgan, KeyUnknown, KeyRevoked.
    """
    _by_the_school(command, actor)
    key = keys.in_force(command.key_id)
    return [SchoolKeyRevoked(organ=keys.organ, key_id=key.id, reason=command.reason)]


def _by_the_school(command: Command, actor: Actor) -> None:
    if Role.SCHOOL not in actor.roles:
        raise WrongOrgan(
            f"`{command.name()}` is the school's: it signs what it states. Ask the school.",
            duty_holder=str(Role.SCHOOL),
            organ=actor.organ,
        )
