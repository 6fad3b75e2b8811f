"""How many people of each unit of origin were candidates, and how many of them were appointed: counts, and nobody.

The unit is sealed with each candidate's key. It is opened here once, when the case came to its appointment or its
end, to be counted under a keyed hash; its name is kept only once so many are counted that it tells of nobody. Somebody
forgotten before the count counts where no unit was stated.
"""

from collections.abc import Sequence
from datetime import UTC, date

import asyncpg

from domain.case_opening import CaseWithdrawn
from domain.identity import CandidateId
from domain.nomination import CandidateNominated, UnitOfOriginStated
from domain.probation import AppointmentIssued
from domain.small_group import quarter_of
from domain.stage import CaseEnded
from domain.unit_balance import UnitCount
from eventstore.codec import decode
from eventstore.keys import KeyStore, keyed_id
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection, Projection

SQL = statements("projections", "unit_balance.sql")
NOT_STATED = ""
RESULTS = (AppointmentIssued.alias, CaseEnded.alias, CaseWithdrawn.alias)


class UnitBalances(Projection):
    """Keeps the counts."""

    name = "unit_balance"
    version = 2
    tables = ("unit_balance",)
    definition = SQL["definition"]
    indexes = ""

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type in RESULTS:
                await self._count(connection, stored)

    async def _count(self, connection: Connection, result: StoredEvent) -> None:
        """Counts a case once: at its appointment, or at its end when nobody was appointed."""
        before = [row for row in await self._store.read_stream(result.stream) if row.version < result.version]
        if any(row.type == AppointmentIssued.alias for row in before):
            return
        event = decode(result).event
        appointed = event.candidate_id if isinstance(event, AppointmentIssued) else None
        quarter = quarter_of(result.recorded_at.astimezone(UTC).date())
        for candidate, unit in (await self._units(before)).items():
            unit_key = str(keyed_id(self._keys, "unit of origin", unit)) if unit else NOT_STATED
            await connection.execute(SQL["add"], unit_key, quarter, int(candidate == appointed))
            so_far = await connection.fetchrow(SQL["counted"], unit_key)
            if unit and so_far and not UnitCount(unit, *so_far).tells_of_somebody:
                await connection.execute(SQL["named"], unit_key, unit)

    async def _units(self, stream: Sequence[StoredEvent]) -> dict[CandidateId, str]:
        units: dict[CandidateId, str] = {}
        told = [row for row in stream if row.type in (CandidateNominated.alias, UnitOfOriginStated.alias)]
        for row in await opened(self._store, self._keys, told, lambda owner: owner.startswith("person/")):
            if isinstance(row.event, CandidateNominated):
                units[row.event.candidate_id] = NOT_STATED
            elif isinstance(row.event, UnitOfOriginStated):
                units[row.event.candidate_id] = row.event.unit or NOT_STATED
        return units


async def unit_counts(pool: "asyncpg.Pool[asyncpg.Record]", until: date) -> list[UnitCount]:
    """Units of origin with their counts up to a day, the small ones under a hash; `NOT_STATED` has who named none."""
    rows = await pool.fetch(SQL["until"], until)
    return [UnitCount(row["unit"], row["nominated"], row["appointed"]) for row in rows]
