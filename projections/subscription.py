"""Which subscriptions wait for a mail, a digest, or the end of their address: pseudonyms, days and positions.

Who they are is in no read model: whoever sends a mail opens the address for that one mail.
"""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from domain.event import Event
from domain.identity import PersonId
from domain.subscription import (
    ConfirmationMailed,
    DigestSent,
    Often,
    SubscriptionConfirmed,
    SubscriptionEnded,
    SubscriptionLapsed,
    SubscriptionRequested,
)
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "subscription.sql")
STREAMS = "subscription/"
PAGE = 500


class Subscriptions(Projection):
    """Keeps them."""

    name = "subscription"
    version = 1
    tables = ("subscription",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.stream.startswith(STREAMS):
                await self._apply_one(connection, decode(stored).event, stored.position)

    async def _apply_one(self, connection: Connection, event: Event, position: int) -> None:
        match event:
            case SubscriptionRequested():
                said = (event.subscriber_id, event.often, event.requested_at, position)
                await connection.execute(SQL["request"], *said)
            case ConfirmationMailed():
                await connection.execute(SQL["mailed"], event.subscriber_id, event.request)
            case SubscriptionConfirmed():
                await connection.execute(SQL["confirm"], event.subscriber_id, event.confirmed_at)
            case DigestSent():
                await connection.execute(SQL["told"], event.subscriber_id, event.on)
            case SubscriptionLapsed() | SubscriptionEnded():
                await connection.execute(SQL["over"], event.subscriber_id, position)


async def to_be_asked(pool: "asyncpg.Pool[asyncpg.Record]") -> list[PersonId]:
    """Those whose request waits for the mail that asks whether it was really them."""
    return _people(await pool.fetch(SQL["to_be_asked"], PAGE))


async def unconfirmed_since(pool: "asyncpg.Pool[asyncpg.Record]", before: datetime) -> list[PersonId]:
    """Those who were asked before an instant and have not confirmed."""
    return _people(await pool.fetch(SQL["unconfirmed"], before, PAGE))


async def to_be_told(
    pool: "asyncpg.Pool[asyncpg.Record]", often: Often, *, at: datetime, after: PersonId | None = None
) -> list[PersonId]:
    """Those who confirmed before an instant and were not told on its day; a page of them, behind one of them."""
    return _people(await pool.fetch(SQL["to_be_told"], often, at, at.date(), after or "", PAGE))


async def over_and_kept(pool: "asyncpg.Pool[asyncpg.Record]") -> list[PersonId]:
    """Those that are over and whose sealed parts still stand in the log."""
    return _people(await pool.fetch(SQL["over_and_kept"], PAGE))


def _people(rows: Sequence[asyncpg.Record]) -> list[PersonId]:
    return [PersonId(row["subscriber_id"]) for row in rows]
