"""A request's workflow records the silence on its day, goes on waiting, and ends with the answer that comes late."""

from datetime import timedelta
from uuid import uuid5

from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from domain.command import Command
from domain.identity import Actor
from domain.organ_request import organ_request_stream
from domain.timer import TIMERS
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.organ_request_recording import record_organ_request
from runtime.connections import House
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.domain.test_organ_request import ANSWER, ASK, REQUEST
from tests.examples import PERSONNEL, SUPERVISION, reference
from tests.workflows.conftest import Relived
from tests.workflows.living import until

STREAM = organ_request_stream(REQUEST)


async def test_request_that_nobody_answers_is_called_overdue_and_answered_late(
    house: House, skipping: WorkflowEnvironment, following: CaseFollowing, ahead: timedelta, relived: Relived
) -> None:
    relay = Relay(house.pool, house.store, skipping.client)
    handle = skipping.client.get_workflow_handle(STREAM)

    async def types() -> list[str]:
        return [decode(row).type for row in await house.store.read_stream(STREAM)]

    async def does(command: Command, actor: Actor) -> None:
        at = await skipping.get_current_time() + ahead
        command_id = uuid5(TIMERS, f"{REQUEST}/{command.name()}")
        asked = Asked(STREAM, command, actor, command_id, at, reference("standard"))
        await record_organ_request(house.recorder, REQUEST, asked)
        await relay.catch_up()

    async def overdue() -> bool:
        return "request_overdue" in await types()

    async with appointment_worker(skipping.client, following, sandboxed=True):
        await does(ASK, SUPERVISION)
        await skipping.sleep(timedelta(days=20))
        await until(overdue)
        assert (await relay.resume()).cases == 1
        await does(ANSWER, PERSONNEL)
        await handle.result()
    assert await types() == ["organ_asked", "request_overdue", "request_answered"]
    assert (await relay.resume()).cases == 0
    await relived(handle)
