"""Carries facts to their workflows: signal-with-start, coalesced per case, remembered by a checkpoint.

Survives: the engine being away, restarted or emptied. Facts are recorded all the same, and carried when it is back.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from eventstore.named_sql import statements
from eventstore.patience import rest
from eventstore.store import EventStore, StoredEvent
from workflows.appointment import AppointmentWorkflow, CaseToFollow
from workflows.clock_following import StreamToFollow
from workflows.durable_names import FACTS_RECORDED, TASK_QUEUE
from workflows.joint_meeting import JointMeetingWorkflow
from workflows.organ_request import OrganRequestWorkflow
from workflows.problem import ProblemWorkflow
from workflows.supervision_watch import SupervisionWatchWorkflow
from workflows.survey import SurveyWorkflow

NAME = "relay"
PAGE = 1_000
AT_ONCE = 32
RETRY_SECONDS = 1.0
RECONCILE_SECONDS = 24 * 3600.0
WATCH_SECONDS = 10.0

SQL = statements("runtime", "relay.sql")
CASES = "appointment"

BESIDE_CASES: dict[str, Callable[..., Any]] = {
    "problem": ProblemWorkflow.run,
    "joint_meeting": JointMeetingWorkflow.run,
    "organ_request": OrganRequestWorkflow.run,
    "survey": SurveyWorkflow.run,
    "supervision_watch": SupervisionWatchWorkflow.run,
}
"""The workflow of each kind of stream that has clocks of its own, by the first part of its name."""

ENGINE_AWAY = (RPCError, OSError, RuntimeError)
DATABASE_AWAY = (OSError, asyncpg.InterfaceError, asyncpg.PostgresError)


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a resumption did."""

    cases: int


class Relay:
    """A subscription whose reader is the engine."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", store: EventStore, client: Client):
        self._pool = pool
        self._store = store
        self._client = client
        self._narrow = asyncio.Semaphore(AT_ONCE)

    async def run(self, report: Callable[[str], None]) -> None:
        """Carries facts until cancelled, and sees to it that every open case is followed.

        It looks at all open cases when it starts, once a day, and when the engine has lost its memory.
        """
        async with asyncio.TaskGroup() as both:
            both.create_task(self._carry(report))
            both.create_task(self._reconcile(report))

    async def _carry(self, report: Callable[[str], None]) -> None:
        while True:
            try:
                async for _ in self._store.news():
                    await self.catch_up()
            except (*ENGINE_AWAY, *DATABASE_AWAY) as problem:
                report(f"waiting: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def _reconcile(self, report: Callable[[str], None]) -> None:
        known, until = "", 0.0
        while True:
            try:
                memory = await self._engine_memory()
                if memory != known or time.monotonic() > until:
                    resumed = await self.resume()
                    report(f"every open case is followed: {resumed.cases}")
                    known, until = memory, time.monotonic() + RECONCILE_SECONDS
                await rest(WATCH_SECONDS)
            except (*ENGINE_AWAY, *DATABASE_AWAY) as problem:
                report(f"cannot reconcile yet: {type(problem).__name__}: {problem}")
                await rest(RETRY_SECONDS)

    async def _engine_memory(self) -> str:
        """What tells the memory of one engine from another's: a namespace made anew has another id."""
        asked = DescribeNamespaceRequest(namespace=self._client.namespace)
        described = await self._client.workflow_service.describe_namespace(asked)
        return described.namespace_info.id

    async def catch_up(self) -> int:
        """Carries everything that was not carried yet; gives the position that the relay then stands at."""
        position = await self._pool.fetchval(SQL["position"], NAME)
        position = -1 if position is None else int(position)
        while page := await self._store.read_log(position, PAGE):
            await self._signal(_coalesced(page))
            # Signal before checkpoint: if we stop here, the news is carried twice, which changes nothing.
            position = page[-1].position
            await self._pool.execute(SQL["move"], NAME, position)
        return position

    async def resume(self, progress: Callable[[int, int], None] | None = None) -> Resumed:
        """Has every open case followed from its stream, whatever the engine still remembers.

        Idempotent by: the workflow id, and versions that only grow.
        """
        rows = await self._pool.fetch(SQL["open_streams"], [CASES, *BESIDE_CASES])
        news = {row["stream"]: row["version"] for row in rows}
        for done in range(0, len(news), PAGE):
            await self._signal(dict(list(news.items())[done : done + PAGE]))
            if progress is not None:
                progress(min(done + PAGE, len(news)), len(news))
        return Resumed(len(news))

    async def _signal(self, news: Mapping[str, int]) -> None:
        try:
            async with asyncio.TaskGroup() as carriers:
                for stream, version in news.items():
                    carriers.create_task(self._signal_one(stream, version))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several

    async def _signal_one(self, stream: str, version: int) -> None:
        kind, _, name = stream.partition("/")
        workflow: Callable[..., Any] = AppointmentWorkflow.run
        followed: CaseToFollow | StreamToFollow = CaseToFollow(name)
        summary = f"Selection and appointment {name}"
        if kind != CASES:
            workflow, followed, summary = BESIDE_CASES[kind], StreamToFollow(stream), stream
        async with self._narrow:
            await self._client.start_workflow(
                workflow,
                followed,
                id=stream,
                task_queue=TASK_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=FACTS_RECORDED,
                start_signal_args=[version],
                static_summary=summary,
            )


def _coalesced(page: Sequence[StoredEvent]) -> dict[str, int]:
    """The newest version of each stream on a page that a workflow follows: however many facts, one signal."""
    followed = (CASES, *BESIDE_CASES)
    return {stored.stream: stored.version for stored in page if stored.stream.partition("/")[0] in followed}
