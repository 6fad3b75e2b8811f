"""A watch's workflow calls it late on its day, goes on waiting, and ends when it is concluded."""

from datetime import timedelta
from uuid import uuid5

from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from domain.command import Command
from domain.supervision_watch import supervision_watch_stream
from domain.timer import TIMERS
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.supervision_watch_recording import record_watch
from runtime.connections import House
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.domain.test_supervision_watch import CONCLUDE, OPEN, attend
from tests.examples import SUPERVISION, reference
from tests.workflows.conftest import Relived
from tests.workflows.living import until

WATCH = "watch0000001"
STREAM = supervision_watch_stream(WATCH)


async def test_watch_that_nobody_concludes_is_called_late_and_concluded_all_the_same(
    house: House, skipping: WorkflowEnvironment, following: CaseFollowing, ahead: timedelta, relived: Relived
) -> None:
    relay = Relay(house.pool, house.store, skipping.client)
    handle = skipping.client.get_workflow_handle(STREAM)

    async def types() -> list[str]:
        return [decode(row).type for row in await house.store.read_stream(STREAM)]

    async def does(command: Command) -> None:
        at = await skipping.get_current_time() + ahead
        command_id = uuid5(TIMERS, f"{WATCH}/{command.model_dump_json()}")
        asked = Asked(STREAM, command, SUPERVISION, command_id, at, reference("standard"))
        await record_watch(house.recorder, WATCH, asked)
        await relay.catch_up()

    async def overdue() -> bool:
        return "watch_overdue" in await types()

    async with appointment_worker(skipping.client, following, sandboxed=True):
        today = (await skipping.get_current_time() + ahead).date()
        await does(OPEN.model_copy(update={"due_on": today + timedelta(days=30)}))
        await does(attend(1))
        await skipping.sleep(timedelta(days=32))
        await until(overdue)
        assert (await relay.resume()).cases == 1
        await does(attend(2))
        await does(CONCLUDE)
        await handle.result()
    assert await types() == [
        *("watch_opened", "watch_point_attended", "watch_overdue"),
        *("watch_point_attended", "watch_concluded"),
    ]
    assert (await relay.resume()).cases == 0, "nobody follows what is over"
    await relived(handle)
