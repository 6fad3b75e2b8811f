"""An engine whose time can be skipped, beside a real log."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from runtime.connections import House
from runtime.embedded import SEARCH_ATTRIBUTES
from runtime.relay import Relay
from runtime.temporal import appointment_worker, data_converter
from tests.replay.replaying import PAYLOAD_KEY, keep, replayer
from tests.workflows.living import BEGINNING, LivedCase

Cases = Callable[[str], LivedCase]
"""Makes a case under a pack."""

Relived = Callable[[WorkflowHandle[Any, Any]], Awaitable[None]]

KINDS = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Datetime": IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
TEST_SERVER = Path(sys.executable).parent / "temporal-test-server"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", metavar="RELEASE", help="keep the histories of whole lives as those of a release")


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """An engine in which a year passes as soon as nobody has anything to do."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(TEST_SERVER), data_converter=data_converter(PAYLOAD_KEY)
    )
    async with env:
        attributes = {name: KINDS[kind] for name, kind in SEARCH_ATTRIBUTES.items()}
        asked = AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=attributes)
        await env.client.operator_service.add_search_attributes(asked)
        yield env


@pytest.fixture
async def ahead(skipping: WorkflowEnvironment) -> timedelta:
    """How far the civil time of the cases is ahead of the engine's clock: they begin on a day of their own."""
    return BEGINNING - await skipping.get_current_time()


@pytest.fixture
def following(house: House, ahead: timedelta) -> CaseFollowing:
    return CaseFollowing(house.recorder, ahead)


@pytest.fixture
def unfollowed(house: House, skipping: WorkflowEnvironment, ahead: timedelta) -> Cases:
    """For a test that runs workers of its own."""
    relay = Relay(house.pool, house.store, skipping.client)
    return lambda pack_id: LivedCase(pack_id, house, relay, skipping, ahead)


@pytest.fixture
def relived(request: pytest.FixtureRequest) -> Relived:
    """What a workflow lived through is replayed, and kept as a release's where that is asked for."""

    async def again(workflow: WorkflowHandle[Any, Any]) -> None:
        history = await workflow.fetch_history()
        await replayer().replay_workflow(history)
        if release := request.config.getoption("--record", default=None):
            keep(history, release, request.node.name)

    return again


@pytest.fixture
async def lived(
    unfollowed: Cases, skipping: WorkflowEnvironment, following: CaseFollowing, relived: Relived
) -> AsyncIterator[Cases]:
    """A worker in the sandbox follows the cases; what they lived through is replayed in the end."""
    cases: list[LivedCase] = []

    def make(pack_id: str) -> LivedCase:
        cases.append(unfollowed(pack_id))
        return cases[-1]

    async with appointment_worker(skipping.client, following, sandboxed=True):
        yield make
    for case in cases:
        await relived(case.workflow)
