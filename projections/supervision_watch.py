"""What supervision watches beyond cases, and whom each watch is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.supervision_watch import WATCH_EVENTS, WatchConcluded, WatchOpened, WatchOverdue, WatchPointAttended
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection, Projection
from projections.reading import Pool, start_of

SQL = statements("projections", "supervision_watch.sql")
HEARD = {kind.alias for kind in WATCH_EVENTS}


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One watch, without what is sealed."""

    watch_id: str
    subject_kind: str
    subject_id: str
    organ: str
    assigned_to: str
    points: list[str]
    attended: list[int]
    opened_on: date
    due_on: date | None
    overdue: bool
    outcome: str | None
    concluded_on: date | None
    position: int


class SupervisionWatches(Projection):
    """Keeps the watches. Of what is sealed it opens whom they are about, as pseudonyms."""

    name = "supervision_watch"
    version = 1
    tables = ("supervision_watch", "supervision_watch_person")
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        heard = [stored for stored in page if stored.type in HEARD]
        for row in await opened(self._store, self._keys, heard):
            of = row.stream.partition("/")[2]
            match row.event:
                case WatchOpened() as event:
                    about = (event.watch_id, event.subject.kind, event.subject.id, event.organ, event.assigned_to)
                    said = (list(event.points), event.opened_on, event.due_on, row.position)
                    await connection.execute(SQL["opened"], *about, *said)
                    await connection.execute(SQL["about"], of, list(event.people or ()))
                case WatchPointAttended() as event:
                    await connection.execute(SQL["attended"], of, event.point)
                case WatchOverdue():
                    await connection.execute(SQL["overdue"], of)
                case WatchConcluded() as event:
                    await connection.execute(SQL["concluded"], of, event.outcome, event.concluded_on)


async def watches_page(
    pool: "Pool[Any]",
    *,
    hidden_from: Sequence[str] = (),
    still_open: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[WatchRow]:
    """Watches, the latest first; none that is about somebody it is hidden from."""
    rows = await pool.fetch(SQL["page"], start_of(before), still_open, list(hidden_from), limit)
    return [WatchRow(**row) for row in rows]
