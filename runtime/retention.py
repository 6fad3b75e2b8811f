"""Destroys what is sealed in a case when its ceiling is reached: the fact, the parts, and then that it is done."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

import asyncpg

from domain.appointment import Case, ClosedCase, case_stream
from domain.event import Event
from domain.identity import SYSTEM, CaseId
from domain.retention import CaseFileDestroyed, CaseFileExpired, Ceiling, ceiling_of_case, retention_stream
from domain.retention_rule import Retention
from domain.working_days import before
from eventstore.contention import TooBusy
from eventstore.forgetting import open_inquiries_into
from eventstore.noting import note
from eventstore.patience import rest
from projections.projector import LeftToAnother, Projector
from projections.retention import files_kept, packs_of_closed_cases
from runtime.clock import now
from runtime.connections import House
from runtime.forgetting import of_people

LOOK_SECONDS = 3600.0
RETRY_SECONDS = 5.0
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)
CEILINGS = uuid5(NAMESPACE_URL, "investiture/retention")


class RetentionKeeper:
    """Sees to it that no file of a case is kept longer than its pack allows."""

    def __init__(self, house: House, clock: Callable[[], datetime] = now, rebuilding: Projector | None = None):
        self._house = house
        self._clock = clock
        self._projector = rebuilding or of_people(house)

    async def run(self, report: Callable[[str], None]) -> None:
        """Looks when it starts and every hour, until cancelled."""
        while True:
            try:
                if destroyed := await self.sweep():
                    report(f"files of cases destroyed: {destroyed}")
                await asyncio.sleep(LOOK_SECONDS)
            except (*DATABASE_AWAY, TooBusy, LeftToAnother) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def sweep(self) -> int:
        """Destroys the files whose time is over; gives how many. One that an open inquiry needs waits for that.

        Idempotent by: the case and its rule.
        Survives: a crash after any step.
        """
        under = await packs_of_closed_cases(self._house.pool)
        due = [found for pack, version in under for found in await self._due(pack, version)]
        gone = [(case_id, ceiling, await self._destroy(case_id, case, ceiling)) for case_id, case, ceiling in due]
        if gone:
            for projection in self._projector.projections:
                await self._projector.rebuild(projection)
        for case_id, ceiling, parts in gone:
            today = self._clock().date()
            done = CaseFileDestroyed(case_id=case_id, destroyed_on=today, rule=ceiling.rule, sealed_parts=parts)
            await self._note(case_id, done, ceiling)
        return len(gone)

    async def _due(self, pack_id: str, version: int) -> list[tuple[CaseId, ClosedCase, Ceiling]]:
        pack = (await self._house.packs.version(pack_id, version)).pack
        today = self._clock().date()
        closed_before = _latest_end(pack.retention, today) if pack.retention else None
        if closed_before is None:
            return []
        kept = await files_kept(self._house.pool, pack_id, version, closed_before)
        found = [(case_id, case) for case_id in kept if isinstance(case := await self._case(case_id), ClosedCase)]
        return [
            (case_id, case, ceiling)
            for case_id, case in found
            if (ceiling := ceiling_of_case(case, pack))
            and ceiling.last_day < today
            and not await self._inquired(case_id)
        ]

    async def _case(self, case_id: CaseId) -> Case:
        return (await self._house.recorder.load(case_stream(case_id))).case

    async def _inquired(self, case_id: CaseId) -> bool:
        return bool(await open_inquiries_into(self._house.store, {case_id}))

    async def _destroy(self, case_id: CaseId, case: ClosedCase, ceiling: Ceiling) -> int:
        """The fact first: it is what the log deletes on. Then the parts."""
        store = self._house.store
        expired = CaseFileExpired(
            case_id=case_id, ended_on=case.closed_on, kept_until=ceiling.last_day, rule=ceiling.rule
        )
        await self._note(case_id, expired, ceiling)
        (fact, *_) = await store.read_stream(retention_stream(case_id))
        return await store.destroy_case_file(fact.position)

    async def _note(self, case_id: CaseId, event: Event, ceiling: Ceiling) -> None:
        command = uuid5(CEILINGS, f"{event.alias}/{case_id}/{ceiling.rule}")
        store, keys, stream = self._house.store, self._house.keys, retention_stream(case_id)
        await note(store, keys, stream, event, actor=SYSTEM, command_id=command, at=self._clock())


def _latest_end(retention: Retention, today: date) -> date | None:
    """The latest day on which a case can have ended whose file is over; None where no file ever is."""
    parts = (retention.with_appointment, retention.without_appointment)
    ends = [before(today, part.at_most.value) for part in parts if part.at_most is not None]
    return max(ends) if ends else None
