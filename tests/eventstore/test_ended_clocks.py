"""Clocks that have ended but were not recorded yet: every command is decided on the case after them."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.appointment import LiveCase
from domain.decision import Ballot, HoldDecisionMeeting, Member, Said, Statement
from domain.identity import SYSTEM, OfficerId
from domain.refusal import CaseHasEnded
from domain.supervision_review import (
    ConcludeSupervisionReview,
    Conclusion,
    Finding,
    OpinionNotRequested,
    OpinionOverdue,
    RequestOpinion,
    ReturnOpinion,
)
from domain.timer import LetTimerRunOut, Timer, timer_command_id, timers
from eventstore.recording import Recorder
from eventstore.verifying import verify_log
from tests.eventstore.saying import OPEN, STREAM, notice_opened, say
from tests.examples import AUDIT, CASE, DECIDERS, SUPERVISION, pack

A_MOMENT = timedelta(seconds=1)
CLEARED = ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="Everybody has answered.")
ANSWER = ReturnOpinion(organ=AUDIT.organ, finding=Finding.OBJECTION, text="Accounts are missing.")


async def live(recorder: Recorder) -> LiveCase:
    case = (await recorder.load(STREAM)).case
    assert isinstance(case, LiveCase)
    return case


async def clock(recorder: Recorder, name: str) -> Timer:
    return next(found for found in timers(await live(recorder), pack("standard")) if found.name == name)


async def recorded_types(recorder: Recorder) -> list[str]:
    return [stored.type for stored in await recorder.store.read_stream(STREAM)]


async def engine_records(recorder: Recorder, ended: Timer) -> None:
    """What the engine does when it comes at last."""
    command_id = timer_command_id(CASE, ended.name, ended.due_on.isoformat())
    late = ended.due_at + timedelta(hours=3)
    wish = LetTimerRunOut(timer=ended.name)
    answer = await say(recorder, wish, actor=SYSTEM, at=late, command_id=command_id)
    assert answer.repeated


async def asked_for_an_opinion(recorder: Recorder) -> Timer:
    """The clock of an opinion; the notice before it has ended."""
    await say(recorder, OPEN)
    notice = await notice_opened(recorder)
    after = notice.due_at + A_MOMENT
    await say(recorder, RequestOpinion(organ=AUDIT.organ), actor=SUPERVISION, at=after)
    return await clock(recorder, f"opinion:{AUDIT.organ}")


async def awaiting_decision(recorder: Recorder) -> Timer:
    """The clock of the deciding body's limit; silence of the audit office was consent."""
    opinion = await asked_for_an_opinion(recorder)
    await say(recorder, CLEARED, actor=SUPERVISION, at=opinion.due_at + A_MOMENT)
    return await clock(recorder, "stage:decision")


async def meeting(recorder: Recorder, limit: Timer) -> HoldDecisionMeeting:
    (candidate,) = (await live(recorder)).candidates
    people = [OfficerId(f"member-{number}") for number in range(3)]
    return HoldDecisionMeeting(
        held_on=limit.due_on,
        members=tuple(Member(member=one, chief=one == people[0]) for one in people),
        ballots=(
            Ballot(
                candidate_id=candidate, statements=tuple(Said(member=one, says=Statement.AGREE) for one in people[::-1])
            ),
        ),
    )


async def test_a_step_after_the_notice_s_last_day_is_decided_on_the_case_after_it(recorder: Recorder) -> None:
    await asked_for_an_opinion(recorder)
    types = await recorded_types(recorder)
    assert types.count("public_notice_elapsed") == 1
    assert types.index("public_notice_elapsed") < types.index("opinion_requested")


async def test_an_opinion_after_silence_became_consent_is_refused(recorder: Recorder) -> None:
    opinion = await asked_for_an_opinion(recorder)
    await say(recorder, ANSWER, actor=AUDIT, at=opinion.due_at - A_MOMENT, dry_run=True)
    with pytest.raises(OpinionNotRequested):
        await say(recorder, ANSWER, actor=AUDIT, at=opinion.due_at)
    assert (await recorded_types(recorder))[-1] == "opinion_overdue"


async def test_a_meeting_after_a_lapsed_limit_is_refused_because_the_case_has_ended(
    recorder: Recorder, other: Recorder
) -> None:
    limit = await awaiting_decision(recorder)
    await other.load(STREAM)
    held = await meeting(recorder, limit)
    with pytest.raises(CaseHasEnded):
        await say(recorder, held, actor=DECIDERS, at=limit.due_at)
    assert (await recorded_types(recorder))[-2:] == ["stage_limit_expired", "case_ended"]
    size = await recorder.store.size()
    with pytest.raises(CaseHasEnded):
        await say(other, held, actor=DECIDERS, at=limit.due_at)
    assert await recorder.store.size() == size


async def test_the_engine_that_comes_afterwards_finds_it_and_doubles_nothing(
    recorder: Recorder, other: Recorder
) -> None:
    limit = await awaiting_decision(recorder)
    with pytest.raises(CaseHasEnded):
        await say(recorder, await meeting(recorder, limit), actor=DECIDERS, at=limit.due_at)
    size = await recorder.store.size()
    for door in (recorder, other):
        await engine_records(door, limit)
    assert await recorder.store.size() == size
    await verify_log(recorder.store)


async def test_the_engine_s_own_record_is_found_by_a_step_that_comes_afterwards(
    recorder: Recorder, other: Recorder
) -> None:
    opinion = await asked_for_an_opinion(recorder)
    await other.load(STREAM)
    command_id = timer_command_id(CASE, opinion.name, opinion.due_on.isoformat())
    wish = LetTimerRunOut(timer=opinion.name)
    first = await say(recorder, wish, actor=SYSTEM, at=opinion.due_at, command_id=command_id)
    assert isinstance(first.events[0], OpinionOverdue)
    await say(other, CLEARED, actor=SUPERVISION, at=opinion.due_at + A_MOMENT)
    assert (await recorded_types(recorder)).count("opinion_overdue") == 1


async def test_a_dry_run_is_decided_after_them_and_records_none(recorder: Recorder) -> None:
    limit = await awaiting_decision(recorder)
    before = await recorder.store.standing()
    with pytest.raises(CaseHasEnded):
        await say(recorder, await meeting(recorder, limit), actor=DECIDERS, at=limit.due_at, dry_run=True)
    assert await recorder.store.standing() == before
    assert isinstance((await recorder.load(STREAM)).case, LiveCase)


async def test_a_repeated_command_gets_its_first_answer_though_a_clock_has_ended_since(recorder: Recorder) -> None:
    opinion, key = await asked_for_an_opinion(recorder), uuid4()
    in_time = opinion.due_at - A_MOMENT
    first = await say(recorder, ANSWER, actor=AUDIT, at=in_time, command_id=key)
    again = await say(recorder, ANSWER, actor=AUDIT, at=opinion.due_at + timedelta(days=300), command_id=key)
    assert again.repeated and again.position == first.position


async def test_two_doors_that_find_the_same_ended_clock_record_it_once(recorder: Recorder, other: Recorder) -> None:
    opinion = await asked_for_an_opinion(recorder)
    late = opinion.due_at + A_MOMENT
    doors = (recorder, other) * 4
    answers = await asyncio.gather(*(say(door, ANSWER, actor=AUDIT, at=late) for door in doors), return_exceptions=True)
    assert {type(answer) for answer in answers} == {OpinionNotRequested}
    assert (await recorded_types(recorder)).count("opinion_overdue") == 1
