"""A case that lives in a real log and in a real engine, whose time a test can let pass."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.case_following import Clock
from domain.appointment import LiveCase, case_stream, underlying
from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.command import Command
from domain.event import Event
from domain.identity import Actor, CandidateId, CaseId
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.public_notice import OpenPublicNotice
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, Finding, RequestOpinion, ReturnOpinion
from domain.training_verification import VerifyTraining
from eventstore.codec import decode
from eventstore.recording import Receipt
from runtime.connections import House
from runtime.embedded import temporal_server
from runtime.relay import Relay
from runtime.supervisor import supervised
from runtime.temporal import data_converter
from tests.examples import CASE, CHEN, CLERK, DECIDERS, DIRECTOR, PERSONNEL, SCHOOL, SUPERVISION, at, pack, reference
from tests.lives import meeting
from tests.on_file import put_on_file
from tests.on_record import past_records
from tests.replay.replaying import PAYLOAD_KEY
from tests.spec import Story
from workflows.appointment import AppointmentWorkflow
from workflows.durable_names import NEXT_DEADLINE, VERSION_SEEN, appointment_workflow_id

E = TypeVar("E", bound=Event)

PATIENCE_SECONDS = 60.0
BEGINNING = at("2026-09-30")
"""The last working day before China's National Day holidays."""


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
    """Waits for a condition, and gives up in time."""
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def real_engine(folder: Path, port: int) -> AsyncIterator[Client]:
    """The engine of an installation, its state in the folder; gone after the block."""
    async with supervised(folder / "logs", lambda sentence: None) as supervisor:
        await supervisor.start(temporal_server(folder, port))
        yield await Client.connect(f"127.0.0.1:{port}", data_converter=data_converter(PAYLOAD_KEY))


@dataclass
class LivedCase:
    """One case, advanced as staff would, followed by its workflow.

    `ahead` is how far its civil time is ahead of the engine's clock.
    """

    pack_id: str
    house: House
    relay: Relay
    env: WorkflowEnvironment
    ahead: timedelta
    id: CaseId = CASE
    post: Post | None = None
    steps: int = 0

    @property
    def workflow(self) -> "WorkflowHandle[AppointmentWorkflow, str]":
        return self.env.client.get_workflow_handle_for(AppointmentWorkflow.run, appointment_workflow_id(self.id))

    async def now(self) -> datetime:
        """Civil time, as an instant."""
        return await self.env.get_current_time() + self.ahead

    async def records(self, command: Command, actor: Actor) -> Receipt:
        """A step that is recorded and not yet carried to the workflow."""
        self.steps += 1
        return await self.house.recorder.record(
            self.id, command, actor=actor, command_id=self._command_id(), at=await self.now()
        )

    def _command_id(self) -> UUID:
        return uuid5(UUID(int=0), f"{self.id}/{self.steps}")

    async def does(self, command: Command, actor: Actor) -> Receipt:
        """A step that is recorded, carried, and seen by the workflow."""
        receipt = await self.records(command, actor)
        await self.relay.catch_up()
        if await self.outcome() is None:
            await until(lambda: self.sees(receipt.version))
        return receipt

    async def sees(self, version: int) -> bool:
        """Whether the workflow has read that version."""
        try:
            seen: int = await self.workflow.query(VERSION_SEEN, result_type=int, rpc_timeout=timedelta(seconds=1))
        except RPCError as problem:
            # The test server asks a worker or a run that is gone until the caller gives up, and then another.
            if problem.status not in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
                raise
            return False
        return seen >= version

    async def next_deadline(self) -> Clock | None:
        """The clock that the workflow waits for."""
        found: Clock | None = await self.workflow.query(NEXT_DEADLINE, result_type=Clock)
        return found

    async def reaches(self, day: str, hour: int = 9, timezone: str = "Asia/Shanghai") -> None:
        """Time passes until an hour of a civil day."""
        await self.env.sleep(at(day, hour, timezone) - await self.now())

    async def events(self) -> list[Event]:
        """What is recorded of it, in order."""
        stored = await self.house.store.read_stream(case_stream(self.id))
        return [decode(event).event for event in stored]

    async def recorded(self, kind: type[E]) -> list[E]:
        """Those of its events that are of a kind."""
        return [event for event in await self.events() if isinstance(event, kind)]

    async def becomes(self, kind: type[E]) -> E:
        """An event of that kind, which time brings about."""
        await until(lambda: self._has(kind))
        return (await self.recorded(kind))[-1]

    async def _has(self, kind: type[Event]) -> bool:
        return bool(await self.recorded(kind))

    async def recorded_at(self, kind: type[Event]) -> datetime:
        """The instant that the log gives for the last event of that kind."""
        stored = await self.house.store.read_stream(case_stream(self.id))
        return [event.recorded_at for event in stored if isinstance(decode(event).event, kind)][-1]

    async def live(self) -> LiveCase:
        found = underlying((await self.house.recorder.load(case_stream(self.id))).case)
        assert found is not None
        return found

    async def outcome(self) -> str | None:
        case = (await self.house.recorder.load(case_stream(self.id))).case
        return getattr(case, "outcome", None)

    async def only_candidate(self) -> CandidateId:
        return next(iter((await self.live()).candidates))

    def opening(self) -> OpenCase:
        """The command that opens it."""
        post = self.post or (DIRECTOR if self.pack_id == "cn.sr2019" else CLERK)
        jurisdiction = pack(self.pack_id).jurisdictions[0].id
        return OpenCase(case_id=self.id, pack=reference(self.pack_id), post=post, jurisdiction=jurisdiction)

    async def is_opened(self) -> None:
        await self.does(self.opening(), PERSONNEL)

    async def is_past_records(self) -> None:
        """It comes to its next stage with acts of its own, with what that needs on record."""
        law = pack(self.pack_id)
        while found := past_records(live := await self.live(), law, await self.today(live.timezone)):
            await self.does(*found)

    async def today(self, timezone: str) -> date:
        return (await self.now()).astimezone(ZoneInfo(timezone)).date()

    async def is_nominated(self, name: str = "Chen Example") -> None:
        await self.is_past_records()
        await self.does(NominateCandidate(person_id=CHEN, particulars=Particulars(full_name=name)), PERSONNEL)
        await self.does(CloseNominations(), PERSONNEL)

    async def is_trained(self, hours: int = 600) -> None:
        candidate = await self.only_candidate()
        await put_on_file(self.house.recorder, CHEN, hours, await self.now())
        await self.does(VerifyTraining(candidate_id=candidate, conditional=hours < 550), SCHOOL)
        await self.is_past_records()

    async def is_noticed(self, name: str = "Chen Example") -> None:
        """From its opening until its notice stands, in the standard order."""
        await self.is_nominated(name)
        await self.is_trained()
        await self.does(OpenPublicNotice(), PERSONNEL)

    async def is_reviewed(self, *organs: Actor) -> None:
        """The organs answer as soon as they are asked, and the review is concluded."""
        for organ in organs:
            await self.does(RequestOpinion(organ=organ.organ), SUPERVISION)
            await self.does(ReturnOpinion(organ=organ.organ, finding=Finding.NO_OBJECTION, text="None."), organ)
        await self.is_cleared()

    async def is_cleared(self) -> None:
        await self.does(ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order."), SUPERVISION)

    async def is_decided(self) -> None:
        await self.is_past_records()
        live = await self.live()
        story = Story(pack(self.pack_id), live.jurisdiction, live.timezone, case=live)
        await self.does(meeting(story, await self.now()), DECIDERS)
