"""Who was proposed to be forgotten, on what ground, and what became of it: pseudonyms, codes and days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from domain.event import Event
from domain.forgetting import (
    ForgettingApproved,
    ForgettingProposed,
    ForgettingRefused,
    ForgettingState,
    ForgettingWithdrawn,
    PersonForgotten,
)
from domain.identity import PersonId
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection
from projections.reading import start_of

SQL = statements("projections", "forgetting.sql")
STREAMS = "forgetting/"


@dataclass(frozen=True, slots=True)
class ForgettingRow:
    """One person's. `since_on` is the day of its state; `sealed_parts` how many were destroyed, once it was done."""

    person_id: str
    state: str
    ground: str
    proposed_on: date
    proposed_by: list[str]
    since_on: date
    approved_by: list[str]
    sealed_parts: int | None
    proposed_position: int


class Forgettings(Projection):
    """Keeps them."""

    name = "forgetting"
    version = 1
    tables = ("forgetting",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.stream.startswith(STREAMS):
                await self._apply_one(connection, decode(stored).event, stored.position)

    async def _apply_one(self, connection: Connection, event: Event, position: int) -> None:
        match event:
            case ForgettingProposed():
                said = (event.person_id, event.ground, event.proposed_on, list(event.proposed_by), position)
                await connection.execute(SQL["propose"], *said)
            case ForgettingApproved():
                await connection.execute(SQL["approve"], event.person_id, event.approved_on, list(event.approved_by))
            case ForgettingRefused(refused_on=day):
                await connection.execute(SQL["end"], event.person_id, ForgettingState.REFUSED, day)
            case ForgettingWithdrawn(withdrawn_on=day):
                await connection.execute(SQL["end"], event.person_id, ForgettingState.WITHDRAWN, day)
            case PersonForgotten():
                await connection.execute(SQL["forget"], event.person_id, event.forgotten_on, event.sealed_parts)


async def forgettings_page(
    pool: "asyncpg.Pool[asyncpg.Record]", state: str | None = None, before: int | None = None, limit: int = 50
) -> list[ForgettingRow]:
    """Those in a state, or in any, the most recently proposed first, proposed before a position."""
    return [ForgettingRow(**row) for row in await pool.fetch(SQL["page"], start_of(before), state, limit)]


async def waiting_to_be_forgotten(pool: "asyncpg.Pool[asyncpg.Record]") -> list[PersonId]:
    """Those whose forgetting is approved and not done, as far as the read model has come."""
    return [PersonId(row["person_id"]) for row in await pool.fetch(SQL["waiting"])]
