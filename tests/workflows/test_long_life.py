"""A case may live longer than any history of the engine: its workflow goes on in new runs."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

import workflows.clock_following
from activities.case_following import CaseFollowing
from domain.case_opening import WithdrawCase
from runtime.clock import now
from runtime.connections import House
from runtime.embedded import free_port
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.examples import PERSONNEL
from tests.workflows.living import BEGINNING, LivedCase, real_engine, until
from workflows.durable_names import STAGE


async def test_case_that_is_looked_at_often_goes_on_in_new_runs_with_its_clock(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Outside the sandbox, which would read the constant anew from its file.
    monkeypatch.setattr(workflows.clock_following, "LOOKS_A_RUN", 2)
    ahead = BEGINNING - now()
    async with real_engine(tmp_path, free_port()) as client:
        relay, env = Relay(house.pool, house.store, client), WorkflowEnvironment.from_client(client)
        case = LivedCase("standard", house, relay, env, ahead)
        async with appointment_worker(client, CaseFollowing(house.recorder, ahead)):
            await case.is_opened()
            first = await case.workflow.describe()
            await case.is_noticed()
            clock = await started_clock(case)
            latest = await case.workflow.describe()
            assert latest.run_id != first.run_id
            assert latest.typed_search_attributes[SearchAttributeKey.for_keyword(STAGE)] == "public_notice"
            length = clock.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            assert timedelta(days=7) < length < timedelta(days=8), "the rest of the notice's days"
            await case.does(WithdrawCase(reason="The post was abolished."), PERSONNEL)
            assert await case.workflow.result() == "withdrawn"


async def started_clock(case: LivedCase) -> HistoryEvent:
    """The one clock of the latest run, which a run that has only just begun has yet to start."""
    clocks: list[HistoryEvent] = []

    async def has_begun() -> bool:
        history = await case.workflow.fetch_history()
        assert len(history.events) < 25, "each run has a short history"
        clocks[:] = [event for event in history.events if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED]
        return bool(clocks)

    await until(has_begun)
    assert len(clocks) == 1
    return clocks[0]
