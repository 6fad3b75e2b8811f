"""The relay carries facts to a real engine, whatever happens to the engine, the database or itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

import runtime.relay
from activities.case_following import CaseFollowing
from domain.case_opening import ResumeCase, SuspendCase, WithdrawCase
from domain.identity import CaseId
from domain.nomination import NominateCandidate, Particulars
from runtime.clock import now
from runtime.connections import House
from runtime.embedded import free_port
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.conftest import FreshDatabase, connected
from tests.examples import CHEN, CLERK, LI, PERSONNEL, SUPERVISION
from tests.workflows.living import BEGINNING, LivedCase, real_engine, until

TABLE = "log.subscription"


def case_of(house: House, client: Client, number: int = 1) -> LivedCase:
    """A case that nobody follows yet; each fills a post of its own."""
    env = WorkflowEnvironment.from_client(client)
    case = LivedCase("standard", house, Relay(house.pool, house.store, client), env, BEGINNING - now())
    case.id = CaseId(f"case{number:08d}")
    case.post = CLERK.model_copy(update={"post_id": f"registry/clerk-{number}"})
    return case


async def signals(case: LivedCase) -> int:
    """How much news the present run of a case's workflow was brought."""
    history = await case.workflow.fetch_history()
    kind = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED
    return sum(event.event_type == kind for event in history.events)


async def is_followed(case: LivedCase) -> bool:
    try:
        await case.workflow.describe()
    except RPCError as problem:
        if problem.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE):
            return False
        raise
    return True


async def is_opened_with_two_candidates(case: LivedCase) -> None:
    await case.records(case.opening(), PERSONNEL)
    for person in (CHEN, LI):
        wish = NominateCandidate(person_id=person, particulars=Particulars(full_name="Somebody"))
        await case.records(wish, PERSONNEL)


@contextlib.asynccontextmanager
async def running(relay: Relay) -> AsyncIterator["asyncio.Queue[str]"]:
    """The relay runs for as long as the block; what it reports is queued."""
    told: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(relay.run(told.put_nowait))
    try:
        yield told
        assert not task.done(), "it gave up"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def hears(told: "asyncio.Queue[str]", words: str) -> str:
    async with asyncio.timeout(60):
        while words not in (said := await told.get()):
            pass
    return said


async def test_many_facts_of_a_case_are_one_piece_of_news(house: House, tmp_path: Path) -> None:
    async with real_engine(tmp_path, free_port()) as client:
        first, second = case_of(house, client, 1), case_of(house, client, 2)
        for case in (first, second):
            await is_opened_with_two_candidates(case)
        last = await first.relay.catch_up()
        assert last == await house.store.size() - 1
        assert [await signals(first), await signals(second)] == [1, 1]
        assert await first.relay.catch_up() == last
        assert [await signals(first), await signals(second)] == [1, 1], "what was carried is not carried again"


async def test_news_whose_checkpoint_was_lost_is_carried_twice_and_changes_nothing(
    house: House, database: FreshDatabase, tmp_path: Path
) -> None:
    async with real_engine(tmp_path, free_port()) as client:
        case = case_of(house, client)
        await is_opened_with_two_candidates(case)
        async with connected(database.superuser_url) as superuser:
            await superuser.execute(f"REVOKE INSERT, UPDATE ON {TABLE} FROM PUBLIC, investiture_app")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await case.relay.catch_up()
            await superuser.execute(f"GRANT INSERT, UPDATE ON {TABLE} TO investiture_app")
        assert await signals(case) == 1, "it was carried before it stopped"
        await case.relay.catch_up()
        assert await signals(case) == 2
        recorded = await case.events()
        async with appointment_worker(client, CaseFollowing(house.recorder, case.ahead)):
            await until(lambda: case.sees(len(recorded)))
        assert await case.events() == recorded


async def test_relay_and_staff_go_on_while_the_engine_is_away(house: House, tmp_path: Path) -> None:
    port = free_port()
    async with real_engine(tmp_path, port) as client:
        relay, case = Relay(house.pool, house.store, client), case_of(house, client)
    async with running(relay) as told:
        await is_opened_with_two_candidates(case)
        await hears(told, "waiting")
        rests = await case.records(SuspendCase(reason="Waiting for a ruling."), SUPERVISION)
        async with (
            real_engine(tmp_path, port) as back,
            appointment_worker(back, CaseFollowing(house.recorder, case.ahead)),
        ):
            await until(lambda: is_followed(case), seconds=60)
            await until(lambda: case.sees(rests.version), seconds=60)


async def test_every_open_case_is_followed_again_when_the_engine_has_lost_its_memory(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime.relay, "WATCH_SECONDS", 0.05)
    port = free_port()
    async with contextlib.AsyncExitStack() as relay_runs:
        async with real_engine(tmp_path / "first", port) as client:
            cases = [case_of(house, client, number) for number in (1, 2, 3)]
            for case in cases:
                await is_opened_with_two_candidates(case)
            await cases[2].records(WithdrawCase(reason="The post was abolished."), PERSONNEL)
            told = await relay_runs.enter_async_context(running(Relay(house.pool, house.store, client)))
            await hears(told, "followed: 2")
            await until(lambda: is_followed(cases[2]))
        async with real_engine(tmp_path / "second", port) as emptied:
            # Nobody records anything: it notices by itself.
            await hears(told, "followed: 2")
            assert [await is_followed(case) for case in cases] == [True, True, False]
            async with appointment_worker(emptied, CaseFollowing(house.recorder, cases[0].ahead)):
                await until(lambda: cases[0].sees(4))


async def test_resumption_of_a_followed_case_changes_nothing(house: House, tmp_path: Path) -> None:
    async with real_engine(tmp_path, free_port()) as client:
        case = case_of(house, client)
        await is_opened_with_two_candidates(case)
        await case.records(SuspendCase(reason="Waiting for a ruling."), SUPERVISION)
        await case.records(ResumeCase(), SUPERVISION)
        recorded = await case.events()
        seen: list[tuple[int, int]] = []
        for _ in range(2):
            resumed = await case.relay.resume(lambda done, total: seen.append((done, total)))
            assert resumed.cases == 1
        assert seen == [(1, 1), (1, 1)]
        async with appointment_worker(client, CaseFollowing(house.recorder, case.ahead)):
            await until(lambda: case.sees(len(recorded)))
        assert await case.events() == recorded
