"""The clocks that a pack sets: what starts them, stops them, and what their end means."""

from dataclasses import replace
from datetime import date

import pytest

from domain.appointment import ClosedCase
from domain.case_opening import ResumeCase, SuspendCase
from domain.clock import ClockExpired, ClockResumed, ClockStarted, ClockStopped
from domain.clock_pause import ClockDoesNotRun, ClockMayNotPause, PauseClock, PauseOutOfTime, ResumeClock
from domain.deviation import AllowDeviation
from domain.hold import HoldCode, PlaceHold
from domain.identity import PersonId
from domain.next_step import next_steps
from domain.nomination import WithdrawCandidate
from domain.pack import Pack
from domain.record import ConcludeStage
from domain.refusal import UnknownChoice, WrongOrgan
from domain.stage import Outcome, StageCompleted
from domain.stage_gate import ClockHasShutTheStage, MissingRecord, RecordMissing, missing_records
from domain.timer import timers
from domain.working_days import Period, Unit, before
from tests.domain.refusals import refused
from tests.domain.village import MONDAY, VILLAGE, candidates, inspected, named, opened, record, spoken_for, surveyed
from tests.examples import DECIDERS, PERSONNEL, SUPERVISION, at
from tests.lives import live, meeting, run_out
from tests.spec import Story

THURSDAY = at("2026-03-05")


def due(story: Story) -> dict[str, date]:
    return {timer.name: timer.due_on for timer in timers(story.case, VILLAGE)}


def test_a_clock_starts_by_what_has_come_and_says_when_it_ends() -> None:
    story = opened()
    assert due(story) == {"clock:patience": date(2027, 3, 2), "clock:harvest": date(2027, 4, 1)}
    story = surveyed(story)
    assert due(story)["clock:haste"] == date(2026, 3, 16), "ten working days after the survey, its own day not counted"


def test_a_record_that_is_entered_late_starts_its_clock_on_its_own_day() -> None:
    entered = record("survey", dated_on=date(2026, 3, 3), items=("wheel", "stones"), people=("ann", "bo"))
    story = opened().when(entered, PERSONNEL, at("2026-03-06"))
    assert story.then(ClockStarted).due_on == date(2026, 3, 17)


def test_what_stopped_a_clock_and_was_not_in_order_after_all_lets_it_go_on() -> None:
    story = inspected()
    assert story.then(ClockStopped).clock == "haste"
    undone = story.when(record("gathering", in_order=False, invited=30, present=20), SUPERVISION, THURSDAY)
    assert (undone.then(ClockResumed).clock, due(undone)["clock:haste"]) == ("haste", date(2026, 3, 16))


def test_nobody_is_silent_for_a_case_that_a_reviewer_holds() -> None:
    story = inspected().when(ConcludeStage(), PERSONNEL, THURSDAY)
    story = story.when(WithdrawCandidate(candidate_id=candidates(story)[1]), PERSONNEL, THURSDAY)
    held = story.when(
        PlaceHold(code=HoldCode.EVIDENCE_MISSING, reason="A lead is being followed."), SUPERVISION, THURSDAY
    )
    over = run_out(held, "clock:silence")
    assert (over.then(ClockExpired).deems, live(over).chosen, live(over).stage) == (None, None, "decision")


def test_silence_chooses_nobody_past_a_record_that_has_grown_too_old() -> None:
    story = inspected().when(ConcludeStage(), PERSONNEL, at("2026-03-30"))
    story = story.when(WithdrawCandidate(candidate_id=candidates(story)[1]), PERSONNEL, at("2026-03-30"))
    over = run_out(story, "clock:silence")
    assert (over.then(ClockExpired).deems, live(over).chosen) == (None, None)


def test_a_pause_ends_by_itself_on_the_day_that_was_named() -> None:
    story = surveyed(opened())
    for end in (date(2026, 3, 9), date(2027, 3, 11)):
        wish = PauseClock(clock="haste", until_on=end, reason="The square is under water.")
        refused(story, PauseOutOfTime, wish, SUPERVISION, at("2026-03-09"))
    wish = PauseClock(clock="haste", until_on=date(2026, 3, 16), reason="The square is under water.")
    paused = story.when(wish, SUPERVISION, at("2026-03-09"))
    steps = next_steps(paused.case, VILLAGE, date(2026, 3, 10))
    assert ("resume_clock", "haste", date(2026, 3, 16)) in [(step.step, step.what, step.by_on) for step in steps]
    over = run_out(paused, "pause:haste")
    assert due(over)["clock:haste"] == date(2026, 3, 23), "the five working days that were left"


def test_what_a_clock_waits_for_stops_it_in_time_or_late() -> None:
    stopped = inspected().then(ClockStopped)
    assert (stopped.clock, stopped.stopped_on, stopped.late) == ("haste", date(2026, 3, 5), False)
    late = run_out(spoken_for(named(surveyed(opened()))), "clock:haste").when(record("crying"), PERSONNEL, MONDAY)
    gathering = record("gathering", invited=3, present=3)
    assert late.when(gathering, SUPERVISION, at("2026-03-20")).then(ClockStopped).late


def test_a_missed_target_demands_a_statement_of_delay() -> None:
    story = run_out(spoken_for(named(surveyed(opened()))), "clock:haste").when(record("crying"), PERSONNEL, MONDAY)
    story = story.when(record("gathering", invited=3, present=3), SUPERVISION, at("2026-03-20"))
    said = refused(story, RecordMissing, ConcludeStage(), PERSONNEL, at("2026-03-20"))
    assert said.facts["missing"] == ["excuse"]
    story.when(record("excuse"), PERSONNEL, at("2026-03-20")).when(ConcludeStage(), PERSONNEL, at("2026-03-20"))
    assert not [timer for timer in timers(inspected().case, VILLAGE) if timer.name == "clock:haste"]


def test_silence_that_consents_chooses_the_only_one_who_stands() -> None:
    story = inspected().when(ConcludeStage(), PERSONNEL, THURSDAY)
    assert due(story)["clock:silence"] == date(2026, 3, 19)
    withdrawn = story.when(WithdrawCandidate(candidate_id=candidates(story)[1]), PERSONNEL, THURSDAY)
    deemed = run_out(withdrawn, "clock:silence")
    assert deemed.then(ClockExpired).candidate_id == candidates(story)[0]
    assert (live(deemed).chosen, live(deemed).stage) == (candidates(story)[0], "appointment")


def test_a_body_that_decides_after_its_silence_chose_nobody_has_decided_itself() -> None:
    story = run_out(inspected().when(ConcludeStage(), PERSONNEL, THURSDAY), "clock:silence")
    story = story.when(WithdrawCandidate(candidate_id=candidates(story)[1]), PERSONNEL, at("2026-03-20"))
    decided = story.when(meeting(story, at("2026-03-20")), DECIDERS, at("2026-03-20"))
    assert decided.then(StageCompleted).silence_of is None


def test_silence_chooses_nobody_among_several() -> None:
    story = run_out(inspected().when(ConcludeStage(), PERSONNEL, THURSDAY), "clock:silence")
    assert (live(story).chosen, live(story).stage) == (None, "decision")


def test_a_clock_that_counts_back_from_the_vacancy_blocks_what_comes_too_late() -> None:
    story = inspected(vacant_on=date(2026, 7, 1))
    assert due(story)["clock:harvest"] == date(2026, 5, 1)
    story.when(ConcludeStage(), PERSONNEL, THURSDAY)
    late = run_out(inspected(vacant_on=date(2026, 5, 5)), "clock:harvest")
    said = refused(late, ClockHasShutTheStage, ConcludeStage(), PERSONNEL, at("2026-03-06"))
    assert (said.rule_path, said.facts["due_on"]) == ("clocks.harvest.on_expiry", date(2026, 3, 5))
    waiver = AllowDeviation(rule="clocks.harvest.on_expiry", code="flood", reason="The river took the bridge.")
    ended = late.when(waiver, SUPERVISION, at("2026-03-06")).when(ConcludeStage(), PERSONNEL, at("2026-03-06"))
    assert ended.then(StageCompleted).deviations == ("clocks.harvest.on_expiry",)


def test_a_target_that_was_over_when_the_case_opened_is_late_at_once() -> None:
    story = opened(vacant_on=date(2026, 4, 1))
    assert story.then(ClockExpired).due_on == date(2026, 2, 1)
    assert "clock:harvest" not in due(story)


def test_what_comes_after_its_day_is_late_although_the_engine_still_sleeps() -> None:
    story = spoken_for(named(surveyed(opened()))).when(record("crying"), PERSONNEL, MONDAY)
    gathering = record("gathering", invited=3, present=3)
    late = story.when(gathering, SUPERVISION, at("2026-03-20"))
    assert late.then(ClockStopped).late
    assert refused(late, RecordMissing, ConcludeStage(), PERSONNEL, at("2026-03-20")).facts["missing"] == ["excuse"]


@pytest.mark.parametrize("each_candidate", [True, False])
def test_silence_stands_for_a_record_and_never_for_one_that_found_something(each_candidate: bool) -> None:
    law = silent_on_honesty(each_candidate)
    story = replace(named(surveyed(opened())), pack=law).when(record("crying"), PERSONNEL, MONDAY)
    first, second = candidates(story)
    found = record("honesty", candidate_id=first if each_candidate else None, in_order=False)
    answered = story.when(found, DECIDERS, MONDAY)
    silent, spoken = run_out(story, "clock:wait"), run_out(answered, "clock:wait")
    whom = [(first, second), (second,)] if each_candidate else [(), ()]
    ends = [next(event for event in told.latest if isinstance(event, ClockExpired)) for told in (silent, spoken)]
    assert [end.silent_on for end in ends] == whom
    assert not any(missing.record.id == "honesty" for missing in missing_in(silent))
    assert [end.deems for end in ends] == ["record:honesty", "record:honesty" if each_candidate else None]
    assert any(missing.why == "not_in_order" for missing in missing_in(spoken)) != each_candidate


def silent_on_honesty(each_candidate: bool) -> Pack:
    """The village, where silence about somebody's honesty consents after a month."""
    written = VILLAGE.model_dump(mode="json")
    honesty = next(rule for rule in written["records"] if rule["id"] == "honesty")
    honesty |= {"each_candidate": each_candidate, "puts_out": each_candidate, "signed_by": None}
    silence = next(clock for clock in written["clocks"] if clock["id"] == "silence")
    wait = silence | {"id": "wait", "starts": "record:crying", "until": "record:honesty"}
    return Pack.model_validate(written | {"clocks": [*written["clocks"], wait]})


def missing_in(story: Story) -> tuple[MissingRecord, ...]:
    case = live(story)
    return missing_records(case, story.pack, case.stage, date(2026, 3, 17))


def test_a_case_ends_where_its_clock_lapses() -> None:
    story = run_out(opened(), "clock:patience")
    assert isinstance(story.case, ClosedCase) and story.case.outcome == Outcome.LAPSED


def test_a_clock_pauses_with_a_reason_where_the_pack_lets_it() -> None:
    story = surveyed(opened())
    end = date(2026, 3, 30)
    pause = PauseClock(clock="haste", until_on=end, reason="The square is under water.")
    refused(story, WrongOrgan, pause, PERSONNEL, MONDAY)
    refused(
        story, UnknownChoice, PauseClock(clock="silence", until_on=end, reason="It has not begun."), SUPERVISION, MONDAY
    )
    refused(
        story, ClockMayNotPause, PauseClock(clock="patience", until_on=end, reason="We are tired."), SUPERVISION, MONDAY
    )
    refused(story, ClockDoesNotRun, ResumeClock(clock="haste"), SUPERVISION, MONDAY)
    paused = story.when(pause, SUPERVISION, at("2026-03-09"))
    assert "clock:haste" not in due(paused)
    refused(paused, ClockDoesNotRun, pause, SUPERVISION, at("2026-03-09"))
    resumed = paused.when(ResumeClock(clock="haste"), SUPERVISION, at("2026-03-16"))
    assert resumed.then(ClockResumed).due_on == date(2026, 3, 23), "the five working days that were left"


def test_a_rest_of_the_case_moves_a_clock_and_not_one_before_the_vacancy() -> None:
    story = surveyed(opened(vacant_on=date(2026, 7, 1)))
    story = story.when(SuspendCase(reason="The court is seized."), SUPERVISION, at("2026-03-09"))
    assert due(story) == {}
    story = story.when(ResumeCase(), SUPERVISION, at("2026-03-16"))
    assert due(story)["clock:haste"] == date(2026, 3, 23)
    assert due(story)["clock:harvest"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        (Period(n=10, unit=Unit.DAY), date(2026, 2, 18)),
        (Period(n=8, unit=Unit.MONTH), date(2025, 6, 28)),
        (Period(n=12, unit=Unit.MONTH), date(2025, 2, 28)),
        (Period(n=2, unit=Unit.YEAR), date(2024, 2, 28)),
    ],
)
def test_a_period_before_a_day_ends_on_the_same_day_of_an_earlier_month(period: Period, day: date) -> None:
    assert before(date(2026, 2, 28), period) == day


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="days, months or years"):
        before(date(2026, 2, 28), Period(n=3, unit=Unit.WORKING_DAY))


def test_a_person_out_of_the_case_starts_no_clock_for_the_others() -> None:
    story = named(surveyed(opened()), PersonId("person-a"), PersonId("person-b"), PersonId("person-c"))
    assert len(candidates(story)) == 3
