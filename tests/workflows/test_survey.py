"""A survey's workflow opens it on its day, closes it on its day, and ends when it is counted."""

from datetime import timedelta
from uuid import uuid5

from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from domain.survey import survey_stream
from domain.survey_running import CountSurvey, ProposeSurvey
from domain.timer import TIMERS
from eventstore.ballot_box import BallotBox
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.survey_recording import record_count, record_proposal
from runtime.connections import House
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.eventstore.test_ballot_box import METHOD_ID, published
from tests.examples import SUPERVISION, reference
from tests.workflows.conftest import Relived
from tests.workflows.living import until

SURVEY = "survey000002"
STREAM = survey_stream(SURVEY)


async def test_survey_opens_closes_and_is_counted(
    house: House, skipping: WorkflowEnvironment, following: CaseFollowing, ahead: timedelta, relived: Relived
) -> None:
    relay = Relay(house.pool, house.store, skipping.client)
    handle = skipping.client.get_workflow_handle(STREAM)
    await published(house)

    async def has(kind: str) -> bool:
        return kind in [decode(row).type for row in await house.store.read_stream(STREAM)]

    async with appointment_worker(skipping.client, following, sandboxed=True):
        now = await skipping.get_current_time() + ahead
        days = {"opens_on": now.date() + timedelta(days=2), "closes_on": now.date() + timedelta(days=5)}
        command = ProposeSurvey(method_id=METHOD_ID, **days)
        asked = Asked(STREAM, command, SUPERVISION, uuid5(TIMERS, "propose"), now, reference("standard"))
        await record_proposal(house.recorder, SURVEY, asked)
        await relay.catch_up()
        await skipping.sleep(timedelta(days=3))
        await until(lambda: has("survey_opened"))
        await skipping.sleep(timedelta(days=4))
        await until(lambda: has("survey_closed"))
        now = await skipping.get_current_time() + ahead
        asked = Asked(STREAM, CountSurvey(), SUPERVISION, uuid5(TIMERS, "count"), now, reference("standard"))
        await record_count(house.recorder, BallotBox(house.pool, house.keys), SURVEY, asked)
        await relay.catch_up()
        await handle.result()
    await relived(handle)
