"""The packs that were adopted: their whole text is on the log, so a case never loses the law it opened under."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import monotonic
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from domain.event import CommandId, PackReference
from domain.identity import SYSTEM, Actor
from domain.pack import Pack
from domain.pack_adoption import SHIPPED, Adoption, PackAdopted, adopt_pack, pack_stream
from domain.refusal import UnknownChoice
from eventstore.codec import Envelope, canonical, decode, encode
from eventstore.store import NOTHING_BEFORE, Append, EventStore, StoredEvent, VersionConflict

LATEST_KEPT_SECONDS = 5.0
"""How long a process may go on opening cases under the version before the one just adopted."""


@dataclass(frozen=True, slots=True)
class AdoptedPack:
    """A version of a pack as it was adopted: by whom, why, and from when cases open under it.

    `position` is None for one that is only tried; `known`: it had been adopted before, by whom it says.
    """

    reference: PackReference
    pack: Pack
    effective_from: date
    reason: str
    actor: Actor
    at: datetime
    text: str
    position: int | None
    known: bool = True


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
        self._adopted: dict[str, tuple[float, list[AdoptedPack]]] = {}

    async def get(self, reference: PackReference) -> Pack:
        """The pack that a case pinned.

        Refuses: UnknownChoice, when no such version was adopted.
        """
        if reference not in self._packs:
            await self.adopted(reference.id)
        if reference not in self._packs:
            raise UnknownChoice(f"No pack {reference} was adopted here.", field="pack")
        return self._packs[reference]

    async def latest(self, pack_id: str, at: datetime, jurisdiction: str | None = None) -> PackReference:
        """The newest adopted version of a pack that is in force, by the date in the jurisdiction named, or its first.

        Refuses: UnknownChoice.
        """
        asked_at, adopted = self._adopted.get(pack_id, (-LATEST_KEPT_SECONDS, []))
        if not adopted or monotonic() - asked_at > LATEST_KEPT_SECONDS:
            adopted = await self.adopted(pack_id)
            self._adopted[pack_id] = (monotonic(), adopted)
        if not adopted:
            raise UnknownChoice(f"No pack “{pack_id}” was adopted here. See `investiture packs list`.", field="pack")
        in_force = [
            found.reference for found in adopted if found.effective_from <= today_of(found.pack, at, jurisdiction)
        ]
        if not in_force:
            raise UnknownChoice(
                f"No version of “{pack_id}” is in force at {at:%-d %B %Y %H:%M %Z} yet. See `investiture packs list`.",
                field="pack",
            )
        return max(in_force, key=lambda reference: reference.version)

    async def version(self, pack_id: str, version: int) -> AdoptedPack:
        """One adopted version.

        Refuses: UnknownChoice.
        """
        adopted = await self.adopted(pack_id)
        found = next((found for found in adopted if found.reference.version == version), None)
        if found is None:
            known = [str(found.reference.version) for found in adopted]
            raise UnknownChoice(
                f"Version {version} of “{pack_id}” was not adopted here; choose one of {', '.join(known) or 'none'}.",
                field="version",
                known=known,
            )
        return found

    async def adopted(self, pack_id: str) -> list[AdoptedPack]:
        """Every adopted version of a pack, as the log has them now."""
        return [self._remembered(stored) for stored in await self._store.read_stream(pack_stream(pack_id))]

    def _remembered(self, stored: StoredEvent) -> AdoptedPack:
        recorded = decode(stored)
        event = recorded.event
        assert isinstance(event, PackAdopted)
        reference = PackReference(event.pack_id, event.pack_version, event.digest)
        if reference not in self._packs:
            self._packs[reference] = Pack.model_validate_json(event.text)
        return AdoptedPack(
            reference=reference,
            pack=self._packs[reference],
            effective_from=event.effective_from,
            reason=event.reason,
            actor=recorded.actor,
            at=recorded.recorded_at,
            text=event.text,
            position=recorded.position,
        )

    async def adopt(
        self,
        pack: Pack,
        at: datetime,
        *,
        actor: Actor = SYSTEM,
        reason: str = SHIPPED,
        effective_from: date | None = None,
        dry_run: bool = False,
    ) -> AdoptedPack:
        """Puts a version on the log, once; a text that was adopted and still says the same counts, however written.

        Refuses: PackTextChanged, PackVersionOutOfTurn, AdoptionReachesBack.
        Idempotent by: the pack's id, version and what it says.
        """
        wish = Adoption(reason, today_of(pack, at), effective_from, by_program=actor == SYSTEM)
        while True:
            earlier = await self._store.read_stream(pack_stream(pack.id))
            for known in map(self._remembered, earlier):
                if known.pack == pack:
                    return known
            reference, text = reference_of(pack), text_of(pack)
            before = [event for stored in earlier if isinstance(event := decode(stored).event, PackAdopted)]
            event = adopt_pack(pack, reference.digest, text, before, wish)
            made = AdoptedPack(reference, pack, event.effective_from, reason, actor, at, text, None, known=False)
            if dry_run:
                return made
            try:
                return await self._append(event, made, earlier)
            except VersionConflict:  # somebody else adopted a version meanwhile
                continue

    async def _append(self, event: PackAdopted, made: AdoptedPack, earlier: list[StoredEvent]) -> AdoptedPack:
        stream, digest = pack_stream(event.pack_id), event.digest
        command = uuid5(NAMESPACE_URL, f"adopt/{made.reference}/{digest}")
        envelope = Envelope(stream, made.at, made.actor, CommandId(str(command)))
        head = earlier[-1].hash if earlier else NOTHING_BEFORE
        new, _ = encode(event, envelope, len(earlier) + 1, head, {})
        appended = await self._store.append(Append(stream, len(earlier), head, command, bytes.fromhex(digest), (new,)))
        self._adopted.pop(event.pack_id, None)
        found = await self.version(event.pack_id, event.pack_version)
        return replace(found, known=appended.repeated)


def today_of(pack: Pack, at: datetime, jurisdiction: str | None = None) -> date:
    """The civil date at a moment where a pack applies: in the jurisdiction named, or in its first."""
    place = pack.jurisdiction(jurisdiction) or pack.jurisdictions[0]
    return at.astimezone(ZoneInfo(place.timezone)).date()
