"""What a case's workflow does outside itself, run for real on a log."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from temporalio.testing import ActivityEnvironment

from activities.case_following import CaseFollowing, CaseOnWatch, TimerToRunOut
from domain.appointment import case_stream
from domain.case_opening import OpenCase, ResumeCase, SuspendCase, WithdrawCase
from domain.command import Command
from domain.identity import Actor
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.public_notice import OpenPublicNotice
from domain.training_verification import VerifyTraining
from runtime.connections import House
from tests.examples import CASE, CHEN, CLERK, PERSONNEL, SCHOOL, SUPERVISION, at, reference
from tests.on_file import put_on_file

OPENED = at("2026-09-30")
NOTICE = TimerToRunOut(CASE, "public_notice", "2026-10-07")


class Recording:
    """A case that is advanced by commands with ids of their own."""

    def __init__(self, house: House):
        self.house, self.steps = house, 0

    async def __call__(self, command: Command, actor: Actor, when: datetime = OPENED) -> None:
        self.steps += 1
        command_id = uuid5(UUID(int=0), str(self.steps))
        await self.house.recorder.record(CASE, command, actor=actor, command_id=command_id, at=when)

    async def version(self) -> int:
        return (await self.house.recorder.load(case_stream(CASE))).version


@pytest.fixture
async def does(house: House) -> AsyncIterator[Recording]:
    """A case whose notice stands from 30 September to 7 October."""
    does = Recording(house)
    await does(OpenCase(case_id=CASE, pack=reference("standard"), post=CLERK), PERSONNEL)
    await does(NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Chen Example")), PERSONNEL)
    await does(CloseNominations(), PERSONNEL)
    [candidate] = (await house.recorder.load(case_stream(CASE))).case.standing  # type: ignore[union-attr]
    await put_on_file(house.recorder, CHEN, 60, OPENED)
    await does(VerifyTraining(candidate_id=candidate.id), SCHOOL)
    await does(OpenPublicNotice(), PERSONNEL)
    yield does


async def let_run_out(house: House, when: datetime, timer: TimerToRunOut = NOTICE) -> CaseOnWatch:
    """The activity, begun at an instant of the engine's clock."""
    env = ActivityEnvironment()
    env.info = replace(env.info, started_time=when)
    return await env.run(CaseFollowing(house.recorder).let_timer_run_out, timer)


async def test_case_on_watch_says_stages_to_come_and_clocks_and_no_person(house: House, does: Recording) -> None:
    watched = await CaseFollowing(house.recorder).read_case(CASE)
    assert watched.version == await does.version()
    assert [stage.id for stage in watched.stages] == [
        *("public_notice", "supervision_review", "decision", "appointment", "probation")
    ]
    [clock] = watched.clocks
    assert (clock.name, clock.due_on, clock.due_at) == (
        "public_notice",
        "2026-10-07",
        at("2026-10-08", 0, "Europe/London"),
    )
    assert CHEN not in repr(watched)


async def test_clock_is_told_in_the_engine_s_time(house: House, does: Recording) -> None:
    ahead = timedelta(days=100)
    [clock] = (await CaseFollowing(house.recorder, ahead).read_case(CASE)).clocks
    assert clock.due_at == at("2026-10-08", 0, "Europe/London") - ahead


async def test_case_that_the_log_does_not_have_is_no_fault(house: House) -> None:
    watched = await CaseFollowing(house.recorder).read_case("case99999999")
    assert (watched.version, watched.stages, watched.clocks, watched.over) == (0, [], [], False)


async def test_clock_that_ran_out_is_recorded_once_however_often_it_is_tried(house: House, does: Recording) -> None:
    after = at("2026-10-08", 1, "Europe/London")
    first = await let_run_out(house, after)
    again = await let_run_out(house, after + timedelta(hours=1))
    assert first == again
    assert first.stages[0].id == "supervision_review"
    assert first.version == await does.version()


async def test_clock_that_still_runs_is_news_and_no_fault(house: House, does: Recording) -> None:
    before = await does.version()
    watched = await let_run_out(house, at("2026-10-07", 23, "Europe/London"))
    assert [clock.name for clock in watched.clocks] == ["public_notice"]
    assert await does.version() == before


async def test_clock_of_a_resting_case_does_not_run_out(house: House, does: Recording) -> None:
    await does(SuspendCase(reason="Waiting for a ruling."), SUPERVISION)
    watched = await let_run_out(house, at("2026-10-09"))
    assert (watched.suspended, watched.clocks) == (True, [])
    await does(ResumeCase(), SUPERVISION, at("2026-10-09", 12))
    assert (await let_run_out(house, at("2026-10-09", 13))).stages[0].id == "supervision_review"


async def test_clock_of_a_case_that_has_ended_leaves_it_as_it_is(house: House, does: Recording) -> None:
    await does(WithdrawCase(reason="The post was abolished."), PERSONNEL)
    watched = await let_run_out(house, at("2026-10-09"))
    assert (watched.over, watched.outcome, watched.clocks) == (True, "withdrawn", [])


async def test_clock_that_is_gone_records_nothing(house: House, does: Recording) -> None:
    before = await does.version()
    await let_run_out(house, at("2026-10-09"), TimerToRunOut(CASE, "opinion:audit-office", "2026-10-08"))
    assert await does.version() == before
