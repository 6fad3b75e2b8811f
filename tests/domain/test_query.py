"""A reviewer's query is answered by whoever runs the stage, and its silence is a fact."""

from domain.case_opening import CaseResumed, ResumeCase, SuspendCase
from domain.hold import HoldCode, PlaceHold
from domain.identity import SYSTEM, Role
from domain.next_step import next_steps
from domain.query import (
    AnswerQuery,
    NoQueriesInThisPack,
    QueryAnswered,
    QueryAnswerOverdue,
    QueryRunner,
    RunnerQueried,
)
from domain.refusal import ReviewsOwnWork, UnknownChoice, WrongOrgan
from domain.timer import LetTimerRunOut, timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, opened, run_out
from tests.spec import Story

START = at("2026-03-02")
ASK = QueryRunner(question="On which day were the hours entered into the register?")


def asked(stage: str = "training_verification", command: QueryRunner = ASK) -> Story:
    return at_stage("standard", stage, START).when(command, SUPERVISION, START)


def answering(story: Story) -> AnswerQuery:
    (query,) = live(story).supervised.queries
    return AnswerQuery(query_id=query, answer="On 3 February.")


def test_the_stages_duty_holder_owes_the_answer_by_the_packs_day() -> None:
    story = asked()
    query = story.then(RunnerQueried)
    assert (query.asked_of, query.answer_due.closes_on.isoformat()) == (Role.SCHOOL, "2026-03-16")
    owed = next_steps(story.case, story.pack, START.date())[0]
    assert (owed.by, owed.step, owed.by_on) == ("school", "answer_query", query.answer_due.closes_on)
    refused(story, WrongOrgan, answering(story), PERSONNEL, START)
    answered = story.when(answering(story), SCHOOL, START)
    assert answered.then(QueryAnswered).without_sealed().answer is None
    refused(answered, UnknownChoice, answering(story), SCHOOL, START)
    assert not [clock for clock in timers(answered.case, answered.pack) if clock.name.startswith("query:")]


def test_personnel_answer_where_supervision_itself_holds_the_stage_and_another_may_be_named() -> None:
    assert asked("supervision_review").then(RunnerQueried).asked_of is Role.PERSONNEL
    named = ASK.model_copy(update={"asked_of": Role.DECISION_BODY})
    assert asked("nomination", named).then(RunnerQueried).asked_of is Role.DECISION_BODY


def test_a_silence_past_the_day_is_recorded_once_and_a_late_answer_is_taken() -> None:
    story = asked()
    (query,) = live(story).supervised.queries
    silent = run_out(story, f"query:{query}")
    late = silent.then(QueryAnswerOverdue)
    assert (late.asked_of, late.due_on) == (Role.SCHOOL, story.then(RunnerQueried).answer_due.closes_on)
    again = silent.when(LetTimerRunOut(timer=f"query:{query}"), SYSTEM, at("2026-04-20"))
    assert again.latest == ()
    assert silent.when(answering(silent), SCHOOL, at("2026-04-20")).then(QueryAnswered)


def test_a_hold_does_not_stop_the_answer() -> None:
    story = asked().when(PlaceHold(code=HoldCode.PROCEDURE, reason="Something is odd here."), SUPERVISION, START)
    assert story.when(answering(story), SCHOOL, START).then(QueryAnswered)


def test_the_answers_clock_stands_still_while_the_case_rests() -> None:
    story = asked()
    (query,) = live(story).supervised.queries
    story = story.when(SuspendCase(reason="Waiting for a ruling."), SUPERVISION, START)
    story = story.when(ResumeCase(), SUPERVISION, at("2026-03-30"))
    moved = {clock.clock: clock.due_on.isoformat() for clock in story.then(CaseResumed).clocks}
    assert moved[f"query:{query}"] == "2026-04-15"  # ten working days on, over Good Friday and Easter Monday
    assert live(story).supervised.queries[query].due_on.isoformat() == "2026-04-15"


def test_nobody_queries_their_own_work_nor_without_a_day_for_the_answer() -> None:
    story = opened("standard", START)
    refused(story, ReviewsOwnWork, ASK, SUPERVISION.model_copy(update={"officer": PERSONNEL.officer}), START)
    without = under(variant("standard", {"supervision": None}), story)
    refused(without, NoQueriesInThisPack, ASK, SUPERVISION, START)
