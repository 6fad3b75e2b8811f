"""Recording what becomes of a survey, and of its box: facts go on the log, ballots never do."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from domain.event import Event, PackReference
from domain.occasion import Occasion
from domain.supervision_problem import fold_problem, problem_stream
from domain.survey import Survey, SurveyCodesIssued, SurveyStatus, as_of, fold_survey, survey_stream
from domain.survey_ballot import Answers, Tally, flags_of, report_of, whole_answers
from domain.survey_method import SurveyMethod, SurveyMethodPublished, survey_method_stream
from domain.survey_problem import problem_ids_of
from domain.survey_running import (
    Before,
    Counted,
    CountSurvey,
    IssueSurveyCodes,
    ProposeSurvey,
    RecordIndexUse,
    SurveyNotFound,
    SurveyNotOpen,
    WithdrawSurvey,
    count_survey,
    issue_survey_codes,
    propose_survey,
    record_index_use,
    withdraw_survey,
)
from domain.timer import TIMERS
from eventstore.ballot_box import BallotBox, BoxShut, Opened
from eventstore.codec import decode
from eventstore.followed_recording import Asked, Decide, record_followed, run_out, standing_of
from eventstore.recording import Recorder
from eventstore.store import EventStore
from eventstore.stream_recording import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class CodesGiven:
    """What issuing gave. `codes` is empty when the same wish had been granted before: they are shown once."""

    kept: Kept
    batch: str
    codes: "Sequence[str]"


async def survey_of(recorder: Recorder, survey_id: str, at: "datetime") -> Survey | None:
    """A survey as it stands at a moment; nothing is recorded by looking."""
    found = (await standing_of(recorder, survey_stream(survey_id))).found
    assert found is None or isinstance(found, Survey)
    return found and as_of(found, at)


async def _let_clocks_run_out(recorder: Recorder, survey_id: str, at: "datetime") -> None:
    """Both clocks of a survey may have ended while the engine was away."""
    for _ in SurveyStatus:
        found = (await standing_of(recorder, survey_stream(survey_id))).found
        for clock in found.clocks if found else ():
            if clock.due_at <= at:
                await run_out(recorder, survey_stream(survey_id), clock.name, clock.due_on.isoformat(), at)


async def record_proposal(recorder: Recorder, survey_id: str, asked: Asked) -> Kept:
    """A survey is proposed under the last version of its method, with what became of the last one's problems.

    Refuses: what `propose_survey` refuses.
    Idempotent by: the command id.
    """
    command = asked.command
    assert isinstance(command, ProposeSurvey)
    before = await _before(recorder.store, command)
    return await record_followed(
        recorder, asked, lambda events, on: propose_survey(fold_survey(events), command, on, survey_id, before)
    )


async def _before(store: EventStore, command: ProposeSurvey) -> Before:
    published = await last_method(store, command.method_id)
    number, method = (published.number, published.method) if published else (0, None)
    if command.follows is None:
        return Before(number, method)
    last = fold_survey([decode(row).event for row in await store.read_stream(survey_stream(command.follows))])
    problems = [
        fold_problem([decode(row).event for row in await store.read_stream(problem_stream(problem_id))])
        for problem_id in problem_ids_of(command.follows)
    ]
    known = [problem for problem in problems if problem is not None]
    mended = sum(problem.mended for problem in known)
    return Before(
        number,
        method,
        mended,
        len(known) - mended,
        follows_counted=last is not None and last.status is SurveyStatus.COUNTED,
    )


async def pack_of_survey(store: EventStore, survey_id: str) -> PackReference:
    """The pack that a survey was proposed under, whose days hold for the problems that it opens."""
    pack = decode((await store.read_stream(survey_stream(survey_id)))[0]).pack
    assert pack is not None
    return pack


async def last_method(store: EventStore, method_id: str) -> SurveyMethodPublished | None:
    """The last version of a method."""
    rows = await store.read_stream(survey_method_stream(method_id))
    event = decode(rows[-1]).event if rows else None
    assert event is None or isinstance(event, SurveyMethodPublished)
    return event


async def issue_codes(recorder: Recorder, box: BallotBox, survey_id: str, asked: Asked) -> CodesGiven:
    """Codes for a class. The fact is recorded first: a crash after it leaves a batch of no codes, to be replaced.

    Refuses: what `issue_survey_codes` refuses.
    Idempotent by: the command id; a repetition gives no codes.
    """
    command = asked.command
    assert isinstance(command, IssueSurveyCodes)
    kept = await record_followed(
        recorder, asked, lambda events, on: issue_survey_codes(fold_survey(events), command, on, survey_id)
    )
    issued = next(event for event in kept.events if isinstance(event, SurveyCodesIssued))
    if kept.repeated or asked.dry_run:
        return CodesGiven(kept, issued.batch_id, ())
    await box.make(survey_id)
    codes = await box.give_out(survey_id, command.voter_class, issued.batch_id, command.codes, command.instead_of)
    return CodesGiven(kept, issued.batch_id, codes)


async def cast_ballot(
    recorder: Recorder, box: BallotBox, survey_id: str, code: str, answers: Answers, at: "datetime"
) -> bool:
    """A ballot goes into the box of an open survey; gives whether it is new.

    Refuses: SurveyNotFound, SurveyNotOpen, AnswersNotWhole, CodeUnknown, CodeUsed.
    Idempotent by: the code, with the same answers.
    """
    survey = await survey_of(recorder, survey_id, at)
    if survey is None:
        raise SurveyNotFound(f"There is no survey “{survey_id}”. Check its address.")
    if survey.status is not SurveyStatus.OPEN:
        raise SurveyNotOpen(f"Survey {survey_id} takes no ballots now. Check its days on the page of the index.")
    batches = [batch for batch, _, _ in survey.batches]
    said = whole_answers(answers, survey.method)
    try:
        return await box.cast(survey_id, code, said, batches=batches, at=at)
    except BoxShut as shut:
        raise SurveyNotOpen(shut.sentence) from shut


async def record_withdrawal(recorder: Recorder, box: BallotBox, survey_id: str, asked: Asked) -> Kept:
    """A survey is taken back, and its box with every code destroyed.

    Refuses: what `withdraw_survey` refuses.
    Survives: a crash between the two leaves codes that open nothing; repeating destroys them.
    Idempotent by: the command id.
    """
    command = asked.command
    assert isinstance(command, WithdrawSurvey)
    kept = await record_followed(
        recorder, asked, lambda events, on: withdraw_survey(fold_survey(events), command, on, survey_id)
    )
    if not asked.dry_run:
        await box.destroy(survey_id)
    return kept


async def record_count(recorder: Recorder, box: BallotBox, survey_id: str, asked: Asked) -> Kept:
    """The box is opened, its sum recorded, its keys and ballots destroyed: in this order.

    Refuses: what `count_survey` refuses.
    Survives: a crash anywhere. Before the record the box is opened again; after it, repeating destroys what is left.
    Idempotent by: the survey.
    """
    command = asked.command
    assert isinstance(command, CountSurvey)
    stands = await survey_of(recorder, survey_id, asked.at)
    counted: Counted | None = None
    may_look = stands is not None and stands.status is SurveyStatus.CLOSED and not asked.dry_run
    if may_look:
        assert stands is not None
        await _let_clocks_run_out(recorder, survey_id, asked.at)
        await record_followed(recorder, replace(asked, dry_run=True), _counts(survey_id, command, None))
        counted = _added_up(stands.method, await box.open(survey_id))
    try:
        kept = await record_followed(recorder, asked, _counts(survey_id, command, counted))
    finally:
        now = await survey_of(recorder, survey_id, asked.at)
        if now is not None and now.over:
            await box.destroy(survey_id)
    return kept


def count_command_id(survey_id: str) -> UUID:
    """A survey is counted once, whoever asks."""
    return uuid5(TIMERS, f"survey/{survey_id}/count")


def _counts(survey_id: str, command: CountSurvey, counted: Counted | None) -> Decide:
    def decide(events: "Sequence[Event]", on: Occasion) -> list[Event]:
        return count_survey(fold_survey(events), command, on, survey_id, counted)

    return decide


def _added_up(method: SurveyMethod, opened: Opened) -> Counted:
    tally = Tally()
    for voter_class, answers in opened.ballots:
        tally.add(voter_class, answers)
    flags = flags_of(method, tally, opened.minutes)
    in_house = report_of(method, tally, method.in_house, flags).model_copy(update={"flags": flags})
    # Words are no count; still, with few ballots they are known by whose they may be.
    texts = tuple(sorted(tally.texts.elements())) if in_house.ballots is not None else ()
    return Counted(opened.digest, report_of(method, tally, method.in_public, flags), in_house, texts)


async def record_use(recorder: Recorder, survey_id: str, asked: Asked) -> Kept:
    """What is done with a result.

    Refuses: what `record_index_use` refuses.
    """
    command = asked.command
    assert isinstance(command, RecordIndexUse)
    return await record_followed(
        recorder, asked, lambda events, on: record_index_use(fold_survey(events), command, on, survey_id)
    )
