"""Which officer a pseudonym of the log stands for."""

from collections.abc import Sequence

from domain.officer import OfficerIdentified
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "officer.sql")


class Officers(Projection):
    """Keeps the directory of those who have acted."""

    name = "officer"
    version = 2
    tables = ("officer",)
    definition = SQL["definition"]
    indexes = ""

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        named = [stored for stored in page if stored.type == OfficerIdentified.alias]
        for row in await opened(self._store, self._keys, named):
            assert isinstance(row.event, OfficerIdentified)
            await connection.execute(SQL["upsert"], row.event.officer, row.event.organ, row.event.name)
