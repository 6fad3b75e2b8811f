"""The packs that were adopted: their whole text is on the log, so a case never loses the law it opened under."""

import hashlib
from datetime import datetime
from time import monotonic
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from domain.event import CommandId, PackReference
from domain.identity import SYSTEM
from domain.pack import Pack
from domain.pack_adoption import PackAdopted, pack_stream
from domain.refusal import UnknownChoice
from eventstore.codec import Envelope, canonical, decode, encode
from eventstore.store import NOTHING_BEFORE, Append, EventStore

LATEST_KEPT_SECONDS = 5.0
"""How long a process may go on opening cases under the version before the one just adopted."""


class PackTextChanged(Exception):
    """A pack's text changed while its version did not: running cases pin the old text."""


def reference_of(pack: Pack) -> PackReference:
    """What a case pins: id, version and the digest of what the pack says."""
    return PackReference(pack.id, pack.version, hashlib.sha256(text_of(pack).encode()).hexdigest())


def text_of(pack: Pack) -> str:
    """The pack as the log keeps it: canonical JSON with every value said, whatever the program takes for granted."""
    return canonical(pack.model_dump(mode="json", exclude_none=True)).decode()


class PackLibrary:
    """Adopted packs by reference; read from the log once."""

    def __init__(self, store: EventStore):
        self._store = store
        self._packs: dict[PackReference, Pack] = {}
        self._adopted: dict[str, tuple[float, list[PackReference]]] = {}

    async def get(self, reference: PackReference) -> Pack:
        """The pack that a case pinned.

        Refuses: UnknownChoice, when no such version was adopted.
        """
        if reference not in self._packs:
            await self._read(reference.id)
        if reference not in self._packs:
            raise UnknownChoice(f"No pack {reference} was adopted here.", field="pack")
        return self._packs[reference]

    async def latest(self, pack_id: str, at: datetime, jurisdiction: str | None = None) -> PackReference:
        """The newest adopted version of a pack that is in force, by the date in the jurisdiction named, or its first.

        Refuses: UnknownChoice.
        """
        asked_at, adopted = self._adopted.get(pack_id, (-LATEST_KEPT_SECONDS, []))
        if not adopted or monotonic() - asked_at > LATEST_KEPT_SECONDS:
            adopted = await self._read(pack_id)
            self._adopted[pack_id] = (monotonic(), adopted)
        if not adopted:
            raise UnknownChoice(f"No pack “{pack_id}” was adopted here. See `investiture packs list`.", field="pack")
        in_force = [reference for reference in adopted if _in_force(self._packs[reference], at, jurisdiction)]
        if not in_force:
            raise UnknownChoice(
                f"No version of “{pack_id}” is in force at {at:%-d %B %Y %H:%M %Z} yet. See `investiture packs list`.",
                field="pack",
            )
        return max(in_force, key=lambda reference: reference.version)

    async def _read(self, pack_id: str) -> list[PackReference]:
        found = []
        for stored in await self._store.read_stream(pack_stream(pack_id)):
            event = decode(stored).event
            assert isinstance(event, PackAdopted)
            reference = PackReference(event.pack_id, event.pack_version, event.digest)
            self._packs.setdefault(reference, Pack.model_validate_json(event.text))
            found.append(reference)
        return found

    async def adopt(self, pack: Pack, at: datetime) -> PackReference:
        """Puts a version on the log, once; a text that was adopted and still says the same counts, however written.

        Refuses: PackTextChanged.
        Idempotent by: the pack's id, version and what it says.
        """
        reference = reference_of(pack)
        stream = pack_stream(pack.id)
        earlier = await self._store.read_stream(stream)
        for known in await self._read(pack.id):
            if known.version == reference.version:
                if self._packs[known] == pack:
                    return known
                raise PackTextChanged(
                    f"The text of {reference} differs from the one that was adopted under this version. "
                    "Give the changed pack a new version."
                )
        adopted = PackAdopted(
            pack_id=pack.id,
            pack_version=pack.version,
            digest=reference.digest,
            effective_from=pack.effective_from,
            text=text_of(pack),
        )
        command = uuid5(NAMESPACE_URL, f"adopt/{reference}/{reference.digest}")
        envelope = Envelope(stream, at, SYSTEM, CommandId(str(command)))
        head = earlier[-1].hash if earlier else NOTHING_BEFORE
        event, _ = encode(adopted, envelope, len(earlier) + 1, head, {})
        await self._store.append(Append(stream, len(earlier), head, command, bytes.fromhex(reference.digest), (event,)))
        return reference


def _in_force(pack: Pack, at: datetime, jurisdiction: str | None) -> bool:
    place = pack.jurisdiction(jurisdiction) or pack.jurisdictions[0]
    return pack.effective_from <= at.astimezone(ZoneInfo(place.timezone)).date()
