"""Any process is killed in the middle of the work: nothing that was acknowledged is lost or doubled."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from domain.appointment import case_stream
from domain.identity import CaseId, Role
from eventstore.verifying import verify_log
from runtime.connections import House, open_house
from runtime.temporal import connect
from tests.faults.installation import Acknowledged, Clerk, Running, installation
from tests.workflows.living import until
from workflows.durable_names import VERSION_SEEN, appointment_workflow_id

CLERKS = 3
ROLES = (Role.PERSONNEL, Role.SCHOOL, Role.SUPERVISION)
PATIENCE_SECONDS = 90.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One installation, whose processes may be killed as long as it is left working."""
    with installation(tmp_path_factory.mktemp("installation") / "data") as started:
        yield started


@asynccontextmanager
async def clerks(running: Running, number: int = CLERKS) -> AsyncIterator[list[Clerk]]:
    """Staff at work, each with a connection of their own."""
    tokens = {role: running.token(role) for role in ROLES}
    address = running.settings.public_url
    async with httpx2.AsyncClient(base_url=address, trust_env=False, timeout=15) as http:
        yield [Clerk(http, tokens, f"{running.pid}-{id(http)}-{place}") for place in range(number)]


def steps(staff: list[Clerk]) -> int:
    return sum(len(clerk.acknowledged) for clerk in staff)


async def acknowledges_more(staff: list[Clerk], more: int = 40) -> None:
    """The work goes on."""
    wanted = steps(staff) + more

    async def enough() -> bool:
        return steps(staff) >= wanted

    await until(enough, PATIENCE_SECONDS)


async def is_replaced(running: Running, name: str, killed: int) -> None:
    async def another() -> bool:
        return running.process_id(name) not in (None, killed)

    await until(another, PATIENCE_SECONDS)


async def test_every_acknowledged_step_survives_the_death_of_each_process_exactly_once(running: Running) -> None:
    stop = asyncio.Event()
    async with clerks(running) as staff, asyncio.TaskGroup() as work:
        for clerk in staff:
            work.create_task(clerk.works(stop))
        for name in ("worker", "api", "temporal", "postgres", "relay"):
            await acknowledges_more(staff)
            killed = running.send(name, signal.SIGKILL)
            await is_replaced(running, name, killed)
        await acknowledges_more(staff)
        stop.set()
    assert sum(clerk.repeats for clerk in staff) > 0, "nobody noticed that anything was killed"
    async with open_house(running.settings) as house:
        for clerk in staff:
            await each_is_recorded_once(house, clerk.acknowledged)
        await verify_log(house.store)
        engine = await connect(running.settings, house.master.payload_key)
        for clerk in staff:
            await until(lambda last=clerk.acknowledged[-1]: has_seen(engine, last), PATIENCE_SECONDS)  # type: ignore[misc]


async def each_is_recorded_once(house: House, acknowledged: list[Acknowledged]) -> None:
    """The stream has what was acknowledged, where it was said to be, and nothing else."""
    stream = case_stream(CaseId(acknowledged[0].case_id))
    positions = {event.version: event.position for event in await house.store.read_stream(stream)}
    for step in acknowledged:
        assert positions[step.version] == step.position
    assert len(positions) == sum(step.events for step in acknowledged) == acknowledged[-1].version


async def has_seen(engine: Client, step: Acknowledged) -> bool:
    try:
        handle = engine.get_workflow_handle(appointment_workflow_id(step.case_id))
        return int(await handle.query(VERSION_SEEN, result_type=int)) >= step.version
    except RPCError:
        return False


async def test_staff_record_and_read_while_the_engine_does_not_answer_and_the_case_catches_up(
    running: Running,
) -> None:
    async with clerks(running, 1) as [clerk]:
        running.send("temporal", signal.SIGSTOP)
        try:
            case = await clerk.brings_to_notice()
            last = clerk.acknowledged[-1]
            stands = await reads(clerk, case, last.position)
            assert (stands["stage"], stands["version"], clerk.repeats) == ("public_notice", last.version, 0)
            assert await reads(clerk, f"{case}/timeline", last.position)
        finally:
            running.send("temporal", signal.SIGCONT)
    async with open_house(running.settings) as house:
        engine = await connect(running.settings, house.master.payload_key)
        await until(lambda: has_seen(engine, last), PATIENCE_SECONDS)


async def reads(clerk: Clerk, path: str, position: int) -> dict[str, object]:
    """What stands there once the position is projected; "not visible yet" asks to be repeated, as a client would."""
    headers = {"Authorization": f"Bearer {clerk.tokens[Role.PERSONNEL]}"}
    answer = None

    async def is_visible() -> bool:
        nonlocal answer
        answer = await clerk.http.get(f"/api/v1/cases/{path}", params={"after_position": position}, headers=headers)
        return answer.status_code != 503

    await until(is_visible, PATIENCE_SECONDS)
    assert answer is not None and answer.status_code == 200, answer
    found: dict[str, object] = answer.json()
    return found
