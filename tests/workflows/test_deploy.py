"""A new release of the workflow's code takes over a case that sleeps, and does not trip over its past."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.worker import Worker

from activities.case_following import CaseFollowing
from domain.public_notice import PublicNoticeElapsed
from runtime.temporal import appointment_worker, sandbox
from tests.replay.replaying import replayer
from tests.workflows.conftest import Cases
from tests.workflows.living import LivedCase, until
from tests.workflows.next_release import NextRelease, RashRelease
from workflows.durable_names import TASK_QUEUE


@asynccontextmanager
async def next_worker(client: Client, following: CaseFollowing) -> AsyncIterator[None]:
    activities: list[Callable[..., Any]] = [following.read_case, following.let_timer_run_out]
    async with Worker(
        client, task_queue=TASK_QUEUE, workflows=[NextRelease], activities=activities, workflow_runner=sandbox()
    ):
        yield


def older_worker(case: LivedCase, following: CaseFollowing) -> Worker:
    # Without a cache: the test server keeps asking for a worker that has cases in its cache, even after its end.
    return appointment_worker(case.env.client, following, sandboxed=True, cached_cases=0)


async def notice_runs_out(case: LivedCase) -> None:
    await case.reaches("2026-10-08", 1, "Europe/London")
    await case.becomes(PublicNoticeElapsed)
    recorded = len(await case.events())
    await until(lambda: case.sees(recorded))


async def test_new_release_goes_on_with_a_case_that_an_older_one_began(
    unfollowed: Cases, following: CaseFollowing
) -> None:
    case = unfollowed("standard")
    async with older_worker(case, following):
        await case.is_opened()
        await case.is_noticed()
    async with next_worker(case.env.client, following):
        await notice_runs_out(case)
    history = await case.workflow.fetch_history()
    marked = [event for event in history.events if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED]
    assert len(marked) == 1, "the change is in force for what came after the deploy"
    await replayer(NextRelease).replay_workflow(history)


async def test_replay_finds_a_change_that_sleeping_cases_would_trip_over(
    unfollowed: Cases, following: CaseFollowing
) -> None:
    case = unfollowed("standard")
    async with older_worker(case, following):
        await case.is_opened()
        await case.is_noticed()
        await notice_runs_out(case)
    history = await case.workflow.fetch_history()
    await replayer(NextRelease).replay_workflow(history)
    with pytest.raises(workflow.NondeterminismError):
        await replayer(RashRelease).replay_workflow(history)
