"""A meeting's workflow settles its agenda and says when nobody came; what a meeting finds is on the register."""

from datetime import timedelta
from uuid import uuid5

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.case_following import CaseFollowing
from domain.command import Command
from domain.identity import Actor
from domain.joint_meeting import FindingMade, MinutesDrawnUp, joint_meeting_stream
from domain.joint_meeting_minutes import CloseMeeting, SignMinutes
from domain.joint_meeting_sitting import OpenMeeting
from domain.problem_mending import LaterThanTheRule
from domain.refusal import UnknownChoice
from domain.supervision_problem import ProblemOpened, problem_stream
from domain.timer import TIMERS
from eventstore.codec import decode
from eventstore.followed_recording import Asked
from eventstore.joint_meeting_recording import record_joint_meeting
from eventstore.stream_recording import Kept
from runtime.connections import House
from runtime.relay import Relay
from runtime.temporal import appointment_worker
from tests.domain.test_joint_meeting import CANCEL, CONVENE, FINDING, MEETING_ID, PLACE, RESOLUTION, there
from tests.examples import PERSONNEL, SUPERVISION, reference
from tests.workflows.conftest import Relived
from tests.workflows.living import BEGINNING, until

STREAM = joint_meeting_stream(MEETING_ID)
HELD_AFTER = timedelta(days=14)
CALL = CONVENE.model_copy(update={"held_on": (BEGINNING + HELD_AFTER).date()})


async def types_of(house: House) -> list[str]:
    return [decode(row).type for row in await house.store.read_stream(STREAM)]


async def does(house: House, command: Command, actor: Actor = SUPERVISION, after: timedelta = timedelta(0)) -> Kept:
    command_id = uuid5(TIMERS, f"{actor.officer}/{command.model_dump_json()}{command.name()}")
    asked = Asked(STREAM, command, actor, command_id, BEGINNING + after, reference("standard"))
    return await record_joint_meeting(house.recorder, MEETING_ID, asked)


async def test_meeting_that_nobody_opens_settles_its_agenda_and_is_then_said_not_to_have_been_held(
    house: House, skipping: WorkflowEnvironment, following: CaseFollowing, ahead: timedelta, relived: Relived
) -> None:
    relay = Relay(house.pool, house.store, skipping.client)
    handle = skipping.client.get_workflow_handle(STREAM)
    async with appointment_worker(skipping.client, following, sandboxed=True):
        day = await skipping.get_current_time() + ahead + HELD_AFTER
        await does(house, CALL.model_copy(update={"held_on": day.date()}))
        await does(house, PLACE)
        await relay.catch_up()
        await skipping.sleep(timedelta(days=13))
        await until(lambda: _has(house, "agenda_frozen"))
        await skipping.sleep(timedelta(days=3))
        await handle.result()
    assert await types_of(house) == ["meeting_convened", "agenda_item_placed", "agenda_frozen", "meeting_not_held"]
    await relived(handle)


async def test_the_workflow_of_a_meeting_ends_when_it_is_called_off_and_is_never_started_again(
    house: House, skipping: WorkflowEnvironment, following: CaseFollowing, relived: Relived
) -> None:
    relay = Relay(house.pool, house.store, skipping.client)
    handle = skipping.client.get_workflow_handle(STREAM)
    async with appointment_worker(skipping.client, following, sandboxed=True):
        await does(house, CALL)
        await relay.catch_up()
        await does(house, CANCEL)
        await relay.catch_up()
        await handle.result()
    assert await types_of(house) == ["meeting_convened", "meeting_cancelled"]
    assert (await relay.resume()).cases == 0
    await relived(handle)


async def _has(house: House, kind: str) -> bool:
    return kind in await types_of(house)


async def test_what_a_meeting_finds_and_resolves_is_on_the_register_and_its_minutes_are_fixed_by_the_chain(
    house: House,
) -> None:
    await does(house, CALL)
    for command in (there(PERSONNEL), there(SUPERVISION), OpenMeeting()):
        await does(house, command, after=HELD_AFTER)
    (finding,) = (await does(house, FINDING, after=HELD_AFTER)).events
    assert isinstance(finding, FindingMade)
    (opened,) = [decode(row).event for row in await house.store.read_stream(problem_stream(finding.problem_id))]
    assert isinstance(opened, ProblemOpened)
    assert opened.origin is not None and opened.origin.id == MEETING_ID
    again = await does(house, FINDING, after=HELD_AFTER)
    assert again.repeated and len(await house.store.read_stream(problem_stream(finding.problem_id))) == 1
    resolution = RESOLUTION.model_copy(update={"due_on": (BEGINNING + timedelta(days=60)).date()})
    with pytest.raises(LaterThanTheRule):
        await does(house, resolution.model_copy(update={"due_on": CALL.held_on.replace(year=2028)}), after=HELD_AFTER)
    with pytest.raises(UnknownChoice):
        await does(house, FINDING.model_copy(update={"evidence": (10**6,)}), after=HELD_AFTER)
    await does(house, resolution, after=HELD_AFTER)
    before = await house.store.read_stream(STREAM)
    assert [decode(row).type for row in before][-1] == "resolution_adopted"
    (minutes,) = (await does(house, CloseMeeting(), after=HELD_AFTER)).events
    assert isinstance(minutes, MinutesDrawnUp)
    assert (minutes.digest, minutes.through_version) == (before[-1].hash.hex(), before[-1].version)
    sign = SignMinutes(digest=minutes.digest)
    await does(house, sign, PERSONNEL, HELD_AFTER)
    await does(house, sign, SUPERVISION, HELD_AFTER + timedelta(days=30))
    assert (await types_of(house))[-4:] == [
        *("minutes_drawn_up", "minutes_signed", "minutes_unsigned", "minutes_signed", "meeting_concluded")
    ][1:]
