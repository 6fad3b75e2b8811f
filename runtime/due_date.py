"""Counts due dates anew when a newer calendar is installed: at the start of the program that brought it.

One way only: what the read model says was counted by other calendars is decided again, under an id that case, version
and calendar give. So it does not matter who dies when: until the recount is in the log it is found missing again. A
clock that ends before this has come is not let run out by the older count: `domain.due_date.later_than_counted`.
"""

from collections.abc import Callable, Collection
from datetime import datetime

import asyncpg

from domain.appointment import LiveCase, case_stream
from domain.due_date import RecountDueDates, recount_command_id
from domain.identity import SYSTEM, CaseId
from domain.refusal import Refusal
from eventstore.contention import TooBusy
from eventstore.patience import rest
from projections.case_board import cases_counted_otherwise
from projections.reading import AWAY
from runtime.calendars import calendar_versions
from runtime.clock import now
from runtime.connections import House

RETRY_SECONDS = 1.0
# At the first start of all the projector may still be making the board of cases.
LATER: tuple[type[Exception], ...] = (*AWAY, asyncpg.UndefinedTableError, TooBusy)


class DueDates:
    """Sees to it that no date stays provisional once its calendar is published."""

    def __init__(self, house: House, clock: Callable[[], datetime] = now, versions: Collection[str] | None = None):
        self._house = house
        self._clock = clock
        self._versions = calendar_versions() if versions is None else versions
        self._looked_at: set[tuple[CaseId, int]] = set()

    async def run(self, report: Callable[[str], None]) -> None:
        """Counts anew what was counted by other calendars, at once and whenever the log has grown, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    if recounted := await self.sweep():
                        report(f"cases whose due dates were counted anew: {recounted}")
            except LATER as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def sweep(self) -> int:
        """Counts anew in every case that asks for it; gives in how many something was recorded.

        Idempotent by: the command id, from the case, its version and the calendar.
        """
        found = await cases_counted_otherwise(self._house.pool, self._versions)
        return sum([await self._recount(*case) for case in found if case not in self._looked_at])

    async def _recount(self, case_id: CaseId, version: int) -> bool:
        recorder = self._house.recorder
        case = (await recorder.load(case_stream(case_id))).case
        # A calendar that changes nothing records nothing, and the case is looked at again only when it has gone on.
        self._looked_at.add((case_id, version))
        if not isinstance(case, LiveCase):
            return False
        command_id = recount_command_id(case_id, version, recorder.calendar_for(case.jurisdiction).version)
        try:
            kept = await recorder.record(
                case_id, RecountDueDates(), actor=SYSTEM, command_id=command_id, at=self._clock()
            )
        except Refusal:  # it rests or has ended meanwhile, or its period reaches beyond the calendar
            return False
        return bool(kept.events) and not kept.repeated
