"""Which officer a pseudonym of the log stands for."""

from collections.abc import Sequence

from domain.officer import OfficerIdentified
from eventstore.codec import decode
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection

SQL = statements("projections", "officer.sql")


class Officers:
    """Keeps the directory of those who have acted."""

    name = "officer"
    version = 1
    tables = ("officer",)
    definition = SQL["definition"]
    indexes = ""

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        named = [stored for stored in page if stored.type == OfficerIdentified.alias]
        parts = await self._store.read_sealed([stored.position for stored in named])
        keys = await self._keys.open_keys([part.owner for found in parts.values() for part in found])
        for stored in named:
            event = decode(stored, parts.get(stored.position, ()), keys).event
            assert isinstance(event, OfficerIdentified)
            await connection.execute(SQL["upsert"], event.officer, event.organ, event.name)

    def forget_cached(self) -> None:
        pass
