"""The one door to the log: never a wrong refusal, never a second answer, nothing in plain text."""

import asyncio
from base64 import b64encode
from uuid import uuid4

import pytest

from domain.appointment import ClosedCase, LiveCase
from domain.case_file import Post
from domain.case_opening import CaseOpened, OpenCase, ResumeCase, SuspendCase, WithdrawCase
from domain.identity import SYSTEM, CaseId, PersonId
from domain.nomination import AlreadyNominated, CandidateNominated, CloseNominations, NominateCandidate, Particulars
from domain.public_notice import PublicNoticeElapsed
from domain.refusal import CaseIsSuspended, CaseNotFound, OutOfOrder, WrongOrgan
from domain.timer import LetTimerRunOut
from eventstore.contention import ATTEMPTS, CommandIdReused, StaleVersion, TooBusy
from eventstore.recording import PostAlreadyInSelection, Recorder
from eventstore.store import Append, Appended, VersionConflict
from eventstore.verifying import verify_log
from runtime.connections import House
from tests.conftest import FreshDatabase
from tests.eventstore.saying import NOMINATE, OPEN, STREAM, notice_opened, say
from tests.eventstore.whole_database import everything_in
from tests.examples import CLERK, LI, SUPERVISION, reference


async def test_what_is_recorded_is_told_and_stands_in_the_log(recorder: Recorder) -> None:
    before = await recorder.store.size()
    receipt = await say(recorder, OPEN)
    assert isinstance(receipt.events[0], CaseOpened) and isinstance(receipt.case, LiveCase)
    assert receipt.version == len(receipt.events) == await recorder.store.size() - before
    assert receipt.position == await recorder.store.size() - 1
    assert not receipt.repeated


async def test_a_recorder_that_fell_behind_never_refuses_wrongly(recorder: Recorder, other: Recorder) -> None:
    await say(recorder, OPEN)
    await other.load(STREAM)
    await say(recorder, SuspendCase(reason="under examination"), actor=SUPERVISION)
    with pytest.raises(CaseIsSuspended):
        await say(other, NOMINATE)
    await say(recorder, ResumeCase(), actor=SUPERVISION)
    # `other` still believes that the case rests.
    receipt = await say(other, NOMINATE)
    assert isinstance(receipt.events[0], CandidateNominated)


async def test_a_recorder_that_fell_behind_never_grants_wrongly(recorder: Recorder, other: Recorder) -> None:
    await say(recorder, OPEN)
    await other.load(STREAM)
    await say(recorder, NOMINATE)
    with pytest.raises(AlreadyNominated):
        await say(other, NOMINATE)


async def test_a_dry_run_of_a_recorder_that_fell_behind_answers_for_the_log(
    recorder: Recorder, other: Recorder
) -> None:
    await say(recorder, OPEN)
    await other.load(STREAM)
    await say(recorder, NOMINATE)
    with pytest.raises(AlreadyNominated):
        await say(other, NOMINATE, dry_run=True)


async def test_a_clock_that_another_process_started_is_not_taken_for_gone(recorder: Recorder, other: Recorder) -> None:
    await say(recorder, OPEN)
    await other.load(STREAM)
    clock = await notice_opened(recorder)
    run_out = await say(other, LetTimerRunOut(timer=clock.name), actor=SYSTEM, at=clock.due_at)
    assert isinstance(run_out.events[0], PublicNoticeElapsed)


async def test_a_clock_that_ran_out_already_gives_its_first_answer_and_to_others_nothing(recorder: Recorder) -> None:
    await say(recorder, OPEN)
    clock, key = await notice_opened(recorder), uuid4()
    wish = LetTimerRunOut(timer=clock.name)
    first = await say(recorder, wish, actor=SYSTEM, at=clock.due_at, command_id=key)
    again = await say(recorder, wish, actor=SYSTEM, at=clock.due_at, command_id=key)
    assert again.repeated and again.events == first.events
    late = await say(recorder, wish, actor=SYSTEM, at=clock.due_at)
    assert late.events == () and not late.repeated


async def test_a_repeated_command_gets_its_first_answer(recorder: Recorder, other: Recorder) -> None:
    key = uuid4()
    first = await say(recorder, OPEN, command_id=key)
    await say(recorder, NOMINATE)
    for door in (recorder, other):
        again = await say(door, OPEN, command_id=key)
        assert again.repeated
        assert (again.version, again.position) == (first.version, first.position)
        assert [event.alias for event in again.events] == [event.alias for event in first.events]
        assert again.case == first.case


async def test_a_repeated_command_that_would_now_be_refused_gets_its_first_answer(recorder: Recorder) -> None:
    await say(recorder, OPEN)
    await say(recorder, NOMINATE)
    key = uuid4()
    first = await say(recorder, CloseNominations(), command_id=key)
    with pytest.raises(OutOfOrder):
        await say(recorder, CloseNominations())
    again = await say(recorder, CloseNominations(), command_id=key)
    assert again.repeated and again.position == first.position


async def test_the_same_key_with_another_command_is_refused(recorder: Recorder) -> None:
    key = uuid4()
    await say(recorder, OPEN)
    await say(recorder, NOMINATE, command_id=key)
    another = NominateCandidate(person_id=LI, particulars=Particulars(full_name="Li Na"))
    for command in (another, WithdrawCase(reason="no longer needed")):
        with pytest.raises(CommandIdReused):
            await say(recorder, command, command_id=key)


async def test_the_same_command_sent_many_times_at_once_is_recorded_once(recorder: Recorder, other: Recorder) -> None:
    await say(recorder, OPEN)
    before, key = await recorder.store.size(), uuid4()
    answers = await asyncio.gather(*(say(door, NOMINATE, command_id=key) for door in (recorder, other) * 4))
    assert sum(not answer.repeated for answer in answers) == 1
    assert len({answer.position for answer in answers}) == 1
    assert await recorder.store.size() == before + 1


async def test_commands_of_many_at_once_are_all_recorded_in_turn(recorder: Recorder, other: Recorder) -> None:
    await say(recorder, OPEN)
    people = [PersonId(f"person-{number}") for number in range(6)]
    wishes = [NominateCandidate(person_id=one, particulars=Particulars(full_name=one)) for one in people]
    await asyncio.gather(*(say(door, wish) for door, wish in zip((recorder, other) * 3, wishes, strict=True)))
    known = await recorder.load(STREAM)
    assert isinstance(known.case, LiveCase)
    assert {candidate.person for candidate in known.case.candidates.values()} == set(people)
    await verify_log(recorder.store)


async def test_a_case_that_others_change_all_the_time_is_given_up_after_a_bounded_number_of_tries(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(recorder, OPEN)
    tries = 0

    async def always_late(append: Append) -> Appended:
        nonlocal tries
        tries += 1
        raise VersionConflict(append.stream, append.expected_version, append.expected_version + 1)

    monkeypatch.setattr(recorder.store, "append", always_late)
    with pytest.raises(TooBusy):
        await say(recorder, NOMINATE)
    assert tries == ATTEMPTS


async def test_a_command_for_another_version_of_the_case_is_refused(recorder: Recorder, other: Recorder) -> None:
    opened = await say(recorder, OPEN)
    await other.load(STREAM)
    nominated = await say(recorder, NOMINATE, if_version=opened.version)
    with pytest.raises(StaleVersion) as stale:
        await say(recorder, CloseNominations(), if_version=opened.version)
    assert stale.value.facts["version"] == nominated.version
    # `other` has not read the nomination yet, and must not hold that against a caller who has.
    await say(other, CloseNominations(), if_version=nominated.version)


async def test_a_dry_run_tells_what_would_follow_and_writes_nothing(recorder: Recorder) -> None:
    await say(recorder, OPEN)
    before = await recorder.store.standing()
    receipt = await say(recorder, NOMINATE, dry_run=True)
    assert receipt.dry_run and isinstance(receipt.events[0], CandidateNominated)
    assert await recorder.store.standing() == before
    with pytest.raises(WrongOrgan):
        await say(recorder, NOMINATE, dry_run=True, actor=SUPERVISION)
    await say(recorder, NOMINATE)


async def test_a_post_has_one_open_case_until_that_one_ends(recorder: Recorder, other: Recorder) -> None:
    await say(recorder, OPEN)
    second = CaseId("case00000002")
    again = OpenCase(case_id=second, pack=reference("standard"), post=CLERK)
    with pytest.raises(PostAlreadyInSelection):
        await say(other, again, case_id=second)
    elsewhere = Post(post_id="registry/clerk-2", title="Clerk", unit="Registry", rank=CLERK.rank)
    third = CaseId("case00000003")
    await say(other, OpenCase(case_id=third, pack=reference("standard"), post=elsewhere), case_id=third)
    ended = await say(recorder, WithdrawCase(reason="the post was abolished"))
    assert isinstance(ended.case, ClosedCase)
    assert isinstance((await say(other, again, case_id=second)).case, LiveCase)


async def test_a_case_that_was_never_opened_is_not_found(recorder: Recorder) -> None:
    with pytest.raises(CaseNotFound):
        await say(recorder, NOMINATE)
    assert {row.stream for row in await recorder.store.read_log()} == {"pack/standard"}


async def test_personal_data_stand_nowhere_in_plain_text(house: House, database: FreshDatabase) -> None:
    names = ["Ольга Планкина", "陈静静", "Chen Planted-Secret"]
    await say(house.recorder, OPEN)
    for name in names:
        particulars = Particulars(full_name=name, birth_year_month="1975-08", results=f"what {name} did")
        person = await house.keys.subject_for(f"id:{name}")
        await say(house.recorder, NominateCandidate(person_id=person, particulars=particulars))
    dump = await everything_in(database.superuser_url) + await everything_in(database.keys_superuser_url)
    assert b"candidate_nominated" in dump and b"1975-08" not in dump
    for name in names:
        spellings = [name.encode(), name.encode("utf-16-le"), b64encode(name.encode()), name.encode().hex().encode()]
        assert not any(spelling in dump for spelling in spellings)
