"""How an event becomes an entry of the log and back: canonical JSON outside, sealed parts beside it.

The entry is RFC 8785 JSON. Entries hold strings, integers, booleans, lists and objects with ASCII keys only, for
which orjson with sorted keys writes exactly that form (a property test holds it against another implementation).
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.catalogue import EVENTS
from domain.event import CommandId, Confidential, Event, PackReference, Personal, Recorded, StreamId
from domain.identity import Actor
from domain.upcasts import upcast
from eventstore.keys import NONCE_BYTES
from eventstore.raw_reading import SealedPart
from eventstore.store import LARGEST_ENTRY, NewEvent, StoredEvent
from eventstore.transparency.merkle import leaf_hash


class EntryTooLarge(ValueError):
    """The event is longer than an entry of the log may be."""


class UnknownEventType(Exception):
    """The log holds an event that this version of the program does not know; a newer one wrote it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is recorded of every event beside what it says."""

    stream: StreamId
    recorded_at: datetime
    actor: Actor
    command_id: CommandId
    pack: PackReference | None = None
    causation: str | None = None


def sealed_owners(event: Event, stream: StreamId) -> dict[str, list[str]]:
    """The sealed fields of an event that are filled, by the owner of the key that seals them."""
    owners: dict[str, list[str]] = {}
    for name, mark in type(event).sealed_fields.items():
        if getattr(event, name) is not None:
            owners.setdefault(_owner(event, stream, mark), []).append(name)
    return owners


def _owner(event: Event, stream: StreamId, mark: Personal | Confidential) -> str:
    match mark:
        case Personal(of=field):
            return f"person/{getattr(event, field)}"
        case Confidential(to=audience):
            return f"{stream}#{audience}"


def associated(stream: StreamId, version: int, owner: str) -> bytes:
    """What a sealed part is bound to, so that it cannot be moved to another event."""
    return f"{stream}\x1f{version}\x1f{owner}".encode()


def encode(
    event: Event, envelope: Envelope, version: int, previous: bytes, keys: Mapping[str, bytes]
) -> tuple[NewEvent, bytes]:
    """The event as it is stored, and its hash.

    Refuses: EntryTooLarge.
    """
    parts = tuple(
        _seal(event, names, owner, keys[owner], associated(envelope.stream, version, owner))
        for owner, names in sealed_owners(event, envelope.stream).items()
    )
    entry = canonical(_entry(event, envelope, version, previous, parts))
    if len(entry) > LARGEST_ENTRY:
        raise EntryTooLarge(f"{event.alias} would take {len(entry)} bytes, and an entry has {LARGEST_ENTRY} at most")
    return NewEvent(event.alias, envelope.recorded_at, entry, parts), leaf_hash(entry)


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON of a value without floats.

    Refuses: an integer that another reader's numbers could not hold exactly (above 2^53).
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


def _entry(
    event: Event, envelope: Envelope, version: int, previous: bytes, parts: Sequence[SealedPart]
) -> dict[str, Any]:
    actor = envelope.actor
    entry: dict[str, Any] = {
        "actor": {"officer": actor.officer, "organ": actor.organ, "roles": list(actor.roles)},
        "at": _instant(envelope.recorded_at),
        "command": envelope.command_id,
        "data": event.model_dump(mode="json", exclude=set(event.sealed_fields) or None, exclude_none=True),
        "previous": previous.hex(),
        "schema": event.schema_version,
        "stream": envelope.stream,
        "type": event.alias,
        "version": version,
    }
    if actor.on_behalf_of is not None:
        entry["actor"]["on_behalf_of"] = actor.on_behalf_of
    if envelope.causation is not None:
        entry["cause"] = envelope.causation
    if envelope.pack is not None:
        entry["pack"] = {"id": envelope.pack.id, "version": envelope.pack.version, "digest": envelope.pack.digest}
    if rules := event.rules_applied():
        entry["rules"] = list(rules)
    if parts:
        entry["sealed"] = {part.owner: hashlib.sha256(part.nonce + part.ciphertext).hexdigest() for part in parts}
    return entry


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _seal(event: Event, names: Sequence[str], owner: str, key: bytes, bound_to: bytes) -> SealedPart:
    nonce = secrets.token_bytes(NONCE_BYTES)
    hidden = event.model_dump(mode="json", include=set(names), exclude_none=True)
    return SealedPart(owner, nonce, AESGCM(key).encrypt(nonce, canonical(hidden), bound_to))


def decode(
    stored: StoredEvent, parts: Sequence[SealedPart] = (), keys: Mapping[str, bytes] | None = None
) -> Recorded[Event]:
    """The event of a stored row; sealed fields are filled where the key is at hand and the part is still there.

    Refuses: UnknownEventType.
    """
    entry = orjson.loads(stored.entry)
    data = dict(entry["data"])
    for part in parts:
        data.update(_open(part, stored, keys or {}))
    data = upcast(entry["type"], entry["schema"], data)  # after the parts: what is sealed has old shapes too
    kind = EVENTS.get(entry["type"])
    if kind is None:
        raise UnknownEventType(f"position {stored.position} holds “{entry['type']}”, which this version does not know")
    return _recorded(stored, entry, kind.model_validate(data))


def _open(part: SealedPart, stored: StoredEvent, keys: Mapping[str, bytes]) -> dict[str, Any]:
    key = keys.get(part.owner)
    if key is None:
        return {}
    try:
        plain = AESGCM(key).decrypt(part.nonce, part.ciphertext, associated(stored.stream, stored.version, part.owner))
    except InvalidTag:
        return {}  # sealed with a key that was destroyed and made anew: as unreadable as a forgotten one
    opened: dict[str, Any] = orjson.loads(plain)
    return opened


def is_destroyed(row: Recorded[Event]) -> bool:
    """Whether something was sealed in an event of which nothing is left, of one that was opened as far as it can be."""
    marks = type(row.event).sealed_fields.items()
    fields = [(_owner(row.event, row.stream, mark), getattr(row.event, name)) for name, mark in marks]
    return any(all(value is None for owner, value in fields if owner == sealed) for sealed in row.sealed)


def _recorded(stored: StoredEvent, entry: dict[str, Any], event: Event) -> Recorded[Event]:
    pack = entry.get("pack")
    return Recorded(
        position=stored.position,
        stream=stored.stream,
        version=stored.version,
        event=event,
        recorded_at=stored.recorded_at,
        actor=Actor(**entry["actor"]),
        command_id=CommandId(entry["command"]),
        causation=entry.get("cause"),
        pack=PackReference(**pack) if pack else None,
        rules=tuple(entry.get("rules", ())),
        hash=stored.hash,
        sealed=tuple(sorted(entry.get("sealed", ()))),
    )
