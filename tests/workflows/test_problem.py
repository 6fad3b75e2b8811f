"""A problem's workflow calls it overdue on its day, tells the deciding body after more, and ends when it is mended."""

from datetime import timedelta
from uuid import uuid5

from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from domain.command import Command
from domain.identity import Actor, OfficerId
from domain.problem_mending import AcceptRemedy, ReportRemedy
from domain.supervision_problem import problem_stream
from domain.timer import TIMERS
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.supervision_problem_recording import record_problem
from runtime.connections import House
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.domain.test_supervision_problem import OPEN, OTHER_REVIEWER, PROBLEM
from tests.examples import PERSONNEL, SUPERVISION, reference
from tests.workflows.conftest import Relived
from tests.workflows.living import BEGINNING, until
from workflows.durable_names import VERSION_SEEN

STREAM = problem_stream(PROBLEM)


async def types_of(house: House) -> list[str]:
    return [decode(row).type for row in await house.store.read_stream(STREAM)]


async def test_problem_that_nobody_mends_is_called_overdue_and_escalated_and_then_mended(
    house: House, skipping: WorkflowEnvironment, following: CaseFollowing, ahead: timedelta, relived: Relived
) -> None:
    relay = Relay(house.pool, house.store, skipping.client)
    handle = skipping.client.get_workflow_handle(STREAM)

    async def does(command: Command, actor: Actor) -> None:
        at = await skipping.get_current_time() + ahead
        command_id = uuid5(TIMERS, f"{PROBLEM}/{command.name()}")
        kept = await record_problem(
            house.recorder, PROBLEM, Asked(STREAM, command, actor, command_id, at, reference("standard"))
        )
        await relay.catch_up()
        if not isinstance(command, AcceptRemedy):

            async def seen() -> bool:
                return bool(await handle.query(VERSION_SEEN) == kept.version)

            await until(seen)

    async with appointment_worker(skipping.client, following, sandboxed=True):
        assert await skipping.get_current_time() + ahead < BEGINNING + timedelta(days=1)
        await does(OPEN, SUPERVISION)
        await skipping.sleep(timedelta(days=32))
        await until(lambda: _has(house, "remedy_overdue"))
        await skipping.sleep(timedelta(days=32))
        await until(lambda: _has(house, "problem_escalated"))
        await does(ReportRemedy(remedy="Letters now wait for the end of the notice."), PERSONNEL)
        await does(AcceptRemedy(), OTHER_REVIEWER)
        await handle.result()
    assert await types_of(house) == [
        *("problem_opened", "remedy_overdue", "problem_escalated"),
        *("remedy_reported", "remedy_accepted"),
    ]
    await relived(handle)


async def _has(house: House, kind: str) -> bool:
    return kind in await types_of(house)


async def test_clock_that_ended_while_the_engine_was_away_is_recorded_with_the_next_command(
    house: House,
) -> None:
    async def does(command: Command, actor: Actor, days: int) -> None:
        asked = Asked(
            STREAM,
            command,
            actor,
            uuid5(TIMERS, f"away/{command.name()}"),
            BEGINNING + timedelta(days=days),
            reference("standard"),
        )
        await record_problem(house.recorder, PROBLEM, asked)

    await does(OPEN, SUPERVISION, 0)
    await does(ReportRemedy(remedy="Letters now wait for the end of the notice."), PERSONNEL, 40)
    rows = [decode(row) for row in await house.store.read_stream(STREAM)]
    assert [row.type for row in rows] == ["problem_opened", "remedy_overdue", "remedy_reported"]
    assert rows[1].actor.officer == OfficerId("system")
