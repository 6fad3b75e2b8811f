"""Opens the problems that a counted survey calls for: a low index, or one that fell, under an id that it gives.

What the read model says was counted is gone through again whenever the log grows; a problem that is there is the same.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import uuid5

import asyncpg

from domain.identity import SYSTEM
from domain.problem_mending import OpenProblem
from domain.supervision_problem import problem_stream
from domain.survey_problem import problems_of
from domain.timer import TIMERS
from eventstore.contention import TooBusy
from eventstore.followed_recording import Asked
from eventstore.patience import rest
from eventstore.supervision_problem_recording import record_problem
from eventstore.survey_recording import pack_of_survey
from projections.survey import SurveyRow, index_series
from runtime.clock import now
from runtime.connections import House

RETRY_SECONDS = 1.0
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)


class SurveyFollowUp:
    """Sees to it that every low or falling index is on the register of problems."""

    def __init__(self, house: House, clock: Callable[[], datetime] = now):
        self._house = house
        self._clock = clock
        self._done: set[str] = set()

    async def run(self, report: Callable[[str], None]) -> None:
        """Opens what is due whenever the log has grown, until cancelled."""
        while True:
            try:
                async for _ in self._house.store.news():
                    if opened := await self.sweep():
                        report(f"problems opened by an index: {opened}")
            except (*DATABASE_AWAY, TooBusy) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def sweep(self) -> int:
        """Opens every problem that a result calls for; gives how many were opened now.

        Idempotent by: the problem's id, from survey, index and kind.
        """
        series = await index_series(self._house.pool)
        return sum([await self._after(rows, at) for rows in series.values() for at in range(len(rows))])

    async def _after(self, rows: Sequence[SurveyRow], at: int) -> int:
        survey, last = rows[at], rows[at - 1].report if at else None
        if survey.survey_id in self._done or survey.report is None:
            return 0
        found = problems_of(survey.survey_id, survey.method, survey.report, last)
        opened = sum([await self._open(survey.survey_id, name, command) for name, command in found.items()])
        self._done.add(survey.survey_id)
        return opened

    async def _open(self, survey_id: str, problem_id: str, command: OpenProblem) -> bool:
        pack = await pack_of_survey(self._house.store, survey_id)
        command_id = uuid5(TIMERS, f"problem/{problem_id}/survey")
        asked = Asked(problem_stream(problem_id), command, SYSTEM, command_id, self._clock(), pack)
        kept = await record_problem(self._house.recorder, problem_id, asked)
        return bool(kept.events) and not kept.repeated
