"""Keeps every event and every shipped pack as the log stores it today: `python -m tests.stored_events.writing`.

A file that is there is never written again: it stands for logs that have been written with it.
"""

import json
from pathlib import Path
from typing import Any

from domain.catalogue import EVENTS
from domain.event import CommandId, Event, PackReference, StreamId
from domain.pack import Pack
from eventstore.codec import Envelope, encode, sealed_owners
from eventstore.packs import text_of
from runtime.packs import read_packs
from runtime.settings import PROJECT
from tests.eventstore.writing import MORNING
from tests.examples import PERSONNEL
from tests.stored_events.samples import sample

FOLDER = Path(__file__).parent
PACKS = FOLDER / "packs"
STREAM = StreamId("appointment/case00000001")
ENVELOPE = Envelope(
    STREAM,
    MORNING,
    PERSONNEL,
    CommandId("9e0aa7f1-0000-4000-8000-000000000001"),
    PackReference("standard", 1, "5e" * 32),
    "timer/public_notice",
)
PREVIOUS = bytes(range(32))
VERSION = 7


def path_of(kind: type[Event]) -> Path:
    return FOLDER / f"{kind.alias}.v{kind.schema_version}.json"


def as_stored(event: Event) -> dict[str, Any]:
    """The event as the log holds it, with the keys of what is sealed, and what it must be read as."""
    keys = {owner: bytes([place]) * 32 for place, owner in enumerate(sealed_owners(event, STREAM), start=1)}
    new, digest = encode(event, ENVELOPE, VERSION, PREVIOUS, keys)
    return {
        "type": new.type,
        "schema": event.schema_version,
        "entry": new.entry.decode(),
        "hash": digest.hex(),
        "sealed": [[part.owner, part.nonce.hex(), part.ciphertext.hex()] for part in new.sealed],
        "keys": {owner: key.hex() for owner, key in keys.items()},
        "reads_as": event.model_dump(mode="json"),
    }


def write_missing() -> list[Path]:
    """An example for each event and schema version that has none yet."""
    missing = [kind for kind in EVENTS.values() if not path_of(kind).exists()]
    for kind in missing:
        text = json.dumps(as_stored(sample(kind)), ensure_ascii=False, indent=1)
        path_of(kind).write_text(text + "\n", encoding="utf-8")
    return [path_of(kind) for kind in missing]


def path_of_pack(pack: Pack) -> Path:
    return PACKS / f"{pack.id}.v{pack.version}.json"


def write_missing_packs() -> list[Path]:
    """The text with which each shipped pack is adopted, for a version that has none kept yet."""
    missing = [pack for pack in read_packs(PROJECT / "packs") if not path_of_pack(pack).exists()]
    PACKS.mkdir(exist_ok=True)
    for pack in missing:
        path_of_pack(pack).write_text(text_of(pack) + "\n", encoding="utf-8")
    return [path_of_pack(pack) for pack in missing]


if __name__ == "__main__":
    for written in (*write_missing(), *write_missing_packs()):
        print(written.name)
