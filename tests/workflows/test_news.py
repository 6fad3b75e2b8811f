"""What a case's workflow hears: nothing is lost, nothing makes it circle, and it lives as long as its case."""

import asyncio
from datetime import timedelta

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from activities.case_following import READ_CASE, CaseFollowing, CaseOnWatch
from domain.case_opening import ResumeCase, SuspendCase, WithdrawCase
from domain.public_notice import PublicNoticeElapsed
from eventstore.recording import Recorder
from runtime.connections import House
from runtime.temporal import appointment_worker
from tests.examples import CASE, PERSONNEL, SUPERVISION, reference
from tests.workflows.conftest import Cases
from tests.workflows.living import LivedCase, until
from workflows.appointment import AppointmentWorkflow, CaseToFollow
from workflows.durable_names import DUE, FACTS_RECORDED, ORGAN, PACK, STAGE, TASK_QUEUE, appointment_workflow_id


class SlowToAnswer(CaseFollowing):
    """Reads at once, and gives its answer when it is let."""

    def __init__(self, recorder: Recorder, ahead: timedelta):
        super().__init__(recorder, ahead)
        self.has_read, self.may_answer = asyncio.Event(), asyncio.Event()

    @activity.defn(name=READ_CASE)
    async def read_case(self, case_id: str) -> CaseOnWatch:
        found = await super().read_case(case_id)
        self.has_read.set()
        await self.may_answer.wait()
        return found


async def looks(case: LivedCase) -> int:
    """How often the workflow's present run has asked where the case stands."""
    history = await case.workflow.fetch_history()
    return sum(event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED for event in history.events)


async def test_news_that_comes_while_the_workflow_reads_is_not_lost(
    unfollowed: Cases, house: House, skipping: WorkflowEnvironment, ahead: timedelta
) -> None:
    case, slow = unfollowed("standard"), SlowToAnswer(house.recorder, ahead)
    async with appointment_worker(skipping.client, slow, sandboxed=True):
        opening = asyncio.create_task(case.is_opened())
        await slow.has_read.wait()
        rests = await case.records(SuspendCase(reason="Waiting for a ruling."), SUPERVISION)
        await case.relay.catch_up()
        slow.may_answer.set()
        await opening
        await until(lambda: case.sees(rests.version))


async def test_news_of_what_a_restored_log_no_longer_has_does_not_make_it_circle(lived: Cases) -> None:
    case = lived("standard")
    await case.is_opened()
    before = await looks(case)
    await case.workflow.signal(FACTS_RECORDED, 999)

    async def has_looked() -> bool:
        return await looks(case) > before

    await until(has_looked)
    await case.reaches("2026-10-09")
    await case.does(SuspendCase(reason="Waiting for a ruling."), SUPERVISION)
    await case.does(ResumeCase(), SUPERVISION)
    assert await looks(case) == before + 3


async def test_case_that_a_restored_log_does_not_have_is_waited_for(
    lived: Cases, skipping: WorkflowEnvironment
) -> None:
    case = lived("standard")
    await skipping.client.start_workflow(
        AppointmentWorkflow.run, CaseToFollow(CASE), id=appointment_workflow_id(CASE), task_queue=TASK_QUEUE
    )
    assert not await case.sees(1)
    assert await case.next_deadline() is None
    await case.is_opened()
    await case.is_noticed()
    deadline = await case.next_deadline()
    assert deadline is not None and deadline.name == "public_notice"


async def test_workflow_of_a_case_that_has_ended_completes_at_once_with_its_outcome(
    lived: Cases, skipping: WorkflowEnvironment
) -> None:
    case = lived("standard")
    await case.is_opened()
    await case.does(WithdrawCase(reason="The post was abolished."), PERSONNEL)
    assert await case.workflow.result() == "withdrawn"
    again = skipping.client.execute_workflow(
        AppointmentWorkflow.run, CaseToFollow(CASE), id=appointment_workflow_id(CASE), task_queue=TASK_QUEUE
    )
    assert await again == "withdrawn"


async def test_life_without_a_cache_is_the_same(
    unfollowed: Cases, following: CaseFollowing, skipping: WorkflowEnvironment
) -> None:
    case = unfollowed("standard")
    async with appointment_worker(skipping.client, following, sandboxed=True, cached_cases=0):
        await case.is_opened()
        await case.is_noticed()
        await case.reaches("2026-10-09")
        await case.becomes(PublicNoticeElapsed)
        await case.does(WithdrawCase(reason="The post was abolished."), PERSONNEL)
        assert await case.workflow.result() == "withdrawn"


async def test_engine_s_own_pages_say_what_a_case_waits_for(lived: Cases) -> None:
    case = lived("standard")
    await case.is_opened()
    await case.is_noticed()
    attributes = (await case.workflow.describe()).typed_search_attributes
    assert attributes[SearchAttributeKey.for_keyword(STAGE)] == "public_notice"
    assert attributes[SearchAttributeKey.for_keyword(ORGAN)] == "personnel"
    assert attributes[SearchAttributeKey.for_keyword(PACK)] == str(reference("standard"))
    deadline = await case.next_deadline()
    assert deadline is not None
    assert attributes[SearchAttributeKey.for_datetime(DUE)] == deadline.due_at
    told = await case.workflow.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    assert "Public notice" in told.current_details
    assert "end of 2026-10-07" in told.current_details
