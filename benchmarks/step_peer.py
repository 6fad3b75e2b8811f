"""The peer of a step: the same decided and durable step, carried by a Temporal update with a local activity."""

import asyncio
import os
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.common import RetryPolicy
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from benchmarks.on_file import studied
from domain.case_file import Post
from domain.case_opening import OpenCase
from domain.command import Command
from domain.event import PackReference
from domain.identity import Actor, CandidateId, CaseId, OfficerId, OrganId, PersonId, Role, short_id
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.public_notice import OpenPublicNotice
from domain.training_file import training_file_stream
from domain.training_record import RecordTraining, record_training
from domain.training_rules import TrainingTerms
from domain.training_verification import VerifyTraining
from eventstore.recording import Recorder
from eventstore.stream_recording import Wish
from eventstore.training_recording import record_in_training_file
from runtime.clock import now
from runtime.connections import open_house
from runtime.settings import load_settings
from runtime.temporal import connect

QUEUE = "benchmark-steps"
STEPS_A_CASE = 6
PERSONNEL = Actor(officer=OfficerId("bench-personnel"), organ=OrganId("personnel"), roles=(Role.PERSONNEL,))
SCHOOL = Actor(officer=OfficerId("bench-school"), organ=OrganId("school"), roles=(Role.SCHOOL,))


@dataclass(frozen=True)
class PeerStep:
    """Which step of which case; the activity makes the command of it, so that little travels."""

    case_id: str
    place: int


class PeerActivities:
    """The step itself, through the same doors to the log as the API's."""

    def __init__(self, recorder: Recorder, pack: PackReference, terms: TrainingTerms):
        self._recorder = recorder
        self._pack = pack
        self._terms = terms

    @activity.defn
    async def carry_step(self, step: PeerStep) -> int:
        actor, command = self._steps(step.case_id)[step.place]
        command_id = uuid5(NAMESPACE_URL, f"bench/{step.case_id}/{step.place}")
        if isinstance(command, RecordTraining):
            return await self._put_on_file(command, actor, command_id)
        receipt = await self._recorder.record(CaseId(step.case_id), command, actor=actor, command_id=command_id)
        return receipt.position

    async def _put_on_file(self, command: RecordTraining, actor: Actor, command_id: UUID) -> int:
        at, person = now(), command.person_id
        wish = Wish(training_file_stream(person), command, actor, command_id, at, self._pack)
        decided = partial(record_training, command=command, actor=actor, at=at, terms=self._terms)
        kept = await record_in_training_file(self._recorder.store, self._recorder.keys, person, wish, decided)
        return kept.position

    def _steps(self, case_id: str) -> tuple[tuple[Actor, Command], ...]:
        post = Post(post_id=f"bench/{case_id}", title="Clerk", unit="Registry", rank="officer")
        person = PersonId(f"person-{case_id}")
        shown = Particulars(full_name="Amina Okafor", present_post="Senior Clerk", results="Cleared the backlog.")
        candidate = CandidateId(short_id(case_id, person))
        return (
            (PERSONNEL, OpenCase(case_id=CaseId(case_id), pack=self._pack, post=post)),
            (PERSONNEL, NominateCandidate(person_id=person, particulars=shown)),
            (PERSONNEL, CloseNominations()),
            (SCHOOL, RecordTraining(person_id=person, record=studied(64, now().date()))),
            (SCHOOL, VerifyTraining(candidate_id=candidate)),
            (PERSONNEL, OpenPublicNotice()),
        )


@workflow.defn(name="BenchmarkSteps")
class PeerWorkflow:
    """A case that is advanced by updates."""

    def __init__(self) -> None:
        self._steps = 0

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self._steps == STEPS_A_CASE)

    @workflow.update
    async def step(self, step: PeerStep) -> int:
        position = await workflow.execute_local_activity_method(
            PeerActivities.carry_step,
            step,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
        self._steps += 1
        return position


async def carry_updates(callers: int, seconds: float) -> float:
    """Steps a second that so many callers carried by updates; worker and clients in this one process."""
    settings = load_settings()
    async with open_house(settings) as house:
        client = await connect(settings, house.master.payload_key)
        reference = await house.packs.latest("standard", now())
        terms = TrainingTerms.of([(await house.packs.get(reference)).training_rules])
        activities = PeerActivities(house.recorder, reference, terms)
        worker = Worker(
            client,
            task_queue=QUEUE,
            workflows=[PeerWorkflow],
            activities=[activities.carry_step],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        async with worker:
            await _carry_case(client)  # warm
            began = perf_counter()
            counts = await asyncio.gather(*(_caller(client, began + seconds) for _ in range(callers)))
            return sum(counts) / (perf_counter() - began)


async def _caller(client: Client, until: float) -> int:
    steps = 0
    while perf_counter() < until:
        steps += await _carry_case(client)
    return steps


async def _carry_case(client: Client) -> int:
    case_id = f"{os.getpid():x}{uuid4().hex[:8]}"
    handle = await client.start_workflow(PeerWorkflow.run, id=f"bench/{case_id}", task_queue=QUEUE)
    for place in range(STEPS_A_CASE):
        await handle.execute_update(PeerWorkflow.step, PeerStep(case_id, place))
    return STEPS_A_CASE
