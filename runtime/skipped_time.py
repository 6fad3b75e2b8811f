"""Living through months in seconds: the real rules, log and workflows on the engine's time-skipping server."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from domain.appointment import Case, LiveCase, case_stream
from domain.command import Command
from domain.identity import Actor, CaseId
from domain.timer import Timer, timers
from eventstore.recording import Receipt
from runtime.connections import House
from runtime.relay import Relay
from runtime.temporal import appointment_worker, data_converter, engine_library
from workflows.durable_names import DUE, ORGAN, PACK, STAGE, VERSION_SEEN, appointment_workflow_id

SEARCH_ATTRIBUTES = {
    STAGE: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    ORGAN: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    PACK: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    DUE: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}
PATIENCE_SECONDS = 30.0
A_MOMENT = timedelta(seconds=1)


class EngineTooSlow(Exception):
    """The engine did not do in time what its clocks ask for."""


@asynccontextmanager
async def skipping_engine(payload_key: bytes) -> AsyncIterator[WorkflowEnvironment]:
    """The engine's time-skipping server, from the wheel beside the interpreter."""
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(payload_key),
        runtime=engine_library(),
        test_server_existing_path=str(Path(sys.executable).parent / "temporal-test-server"),
    )
    async with environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=environment.client.namespace, search_attributes=SEARCH_ATTRIBUTES)
        )
        yield environment


@dataclass
class SkippedTime:
    """A civil time of its own, and the cases that live in it.

    `ahead` is how far that civil time is ahead of the engine's clock (behind, when negative).
    """

    house: House
    environment: WorkflowEnvironment
    ahead: timedelta
    cases: set[CaseId] = field(default_factory=set)
    commands: int = 0

    @classmethod
    @asynccontextmanager
    async def beginning(cls, house: House, at: datetime) -> AsyncIterator["SkippedTime"]:
        """Skipped time that begins at an instant, with a worker that follows its cases."""
        async with skipping_engine(house.master.payload_key) as environment:
            ahead = at - await environment.get_current_time()
            worker = appointment_worker(environment.client, CaseFollowing(house.recorder, ahead))
            async with worker:
                yield cls(house, environment, ahead)

    async def now(self) -> datetime:
        """The civil time that it is here."""
        return (await self.environment.get_current_time()).astimezone(UTC) + self.ahead

    async def record(self, case_id: CaseId, command: Command, actor: Actor) -> Receipt:
        """A command of staff, now; given back when the case's workflow has heard of it."""
        self.commands += 1
        receipt = await self.house.recorder.record(
            case_id,
            command,
            actor=actor,
            command_id=uuid5(NAMESPACE_URL, f"investiture/example/{case_id}/{self.commands}"),
            at=await self.now(),
        )
        self.cases.add(case_id)
        await self._followed(case_id)
        return receipt

    async def go_to(self, instant: datetime) -> None:
        """Lets time pass until an instant; every clock that ends before it runs out at its own time."""
        while (due := await self._next_clock()) is not None and due[1].due_at <= instant:
            case_id, clock = due
            await self._sleep_until(clock.due_at + A_MOMENT)
            await self._run_out(case_id, clock)
        await self._sleep_until(instant)

    async def case(self, case_id: CaseId) -> Case:
        """Where a case stands."""
        return (await self.house.recorder.load(case_stream(case_id))).case

    async def _sleep_until(self, instant: datetime) -> None:
        left = instant - await self.now()
        if left > timedelta(0):
            await self.environment.sleep(left)

    async def _next_clock(self) -> tuple[CaseId, Timer] | None:
        running = [(case_id, clock) for case_id in self.cases for clock in await self._clocks(case_id)]
        return min(running, key=lambda found: (found[1].due_at, found[0], found[1].name), default=None)

    async def _clocks(self, case_id: CaseId) -> tuple[Timer, ...]:
        case = await self.case(case_id)
        return timers(case, await self.house.packs.get(case.pack)) if isinstance(case, LiveCase) else ()

    async def _run_out(self, case_id: CaseId, clock: Timer) -> None:
        """Waits until the engine has recorded the end of a clock."""

        async def recorded() -> bool:
            return clock.name not in {running.name for running in await self._clocks(case_id)}

        await self.until(recorded, f"{clock.name} of {case_id} to run out")
        await self._followed(case_id)

    async def carry(self) -> None:
        """What was recorded is carried to the workflows that follow it."""
        await Relay(self.house.pool, self.house.store, self.environment.client).catch_up()

    async def _followed(self, case_id: CaseId) -> None:
        """Waits until the case's workflow has read what was recorded, so that its clocks are set."""
        await self.carry()
        version = (await self.house.recorder.load(case_stream(case_id))).version
        handle = self.environment.client.get_workflow_handle(appointment_workflow_id(case_id))

        async def seen() -> bool:
            try:
                return bool(await handle.query(VERSION_SEEN, result_type=int) >= version)
            except RPCError:
                return False

        await self.until(seen, f"the workflow of {case_id} to see version {version}")

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        """Waits for something that the engine does, and gives up in time."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while not await condition():
            if asyncio.get_running_loop().time() > deadline:
                raise EngineTooSlow(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
            await asyncio.sleep(0.01)
