"""Nominations under Kenya's approval Act: the four times seven days, sworn memoranda, and silence that approves."""

from datetime import date, timedelta

import pytest

from domain.appointment import ClosedCase
from domain.clock import ClockExpired, ClockStopped
from domain.conflict import DeclareInterests
from domain.decision import DecisionMeetingHeld, DecisionTaken
from domain.declaration import DeclarationMissing
from domain.identity import SYSTEM
from domain.nomination import CloseNominations
from domain.probation import IssueAppointment
from domain.record import ConcludeStage, RecordIncomplete, RecordTooEarly, StageIsOver
from domain.refusal import OutOfOrder, WrongOrgan
from domain.stage import CaseEnded, Outcome, StageBegun, StageCompleted
from domain.stage_gate import RecordMissing
from domain.timer import LetTimerRunOut, TimerStillRunning, timers
from tests.domain.refusals import refused
from tests.examples import pack
from tests.lives import live, meeting, only_candidate, run_out
from tests.regimes.hearings import (
    AUTHORITY,
    CLERK,
    DAY_0,
    HOUSE,
    ID,
    about,
    announced,
    before_the_hearing,
    day,
    heard,
    invited,
    named,
    nominated,
    notified,
    record,
    reported,
)
from tests.spec import Story


def due(story: Story) -> dict[str, int]:
    """The day, counted from the notification, on which each clock of the case ends."""
    return {timer.name: (timer.due_on - DAY_0).days for timer in timers(story.case, story.pack)}


def test_from_a_complete_notification_run_seven_fourteen_twenty_one_and_twenty_eight_days() -> None:
    assert due(nominated()) == {}
    assert due(notified()) == {"clock:memoranda": 7, "clock:hearing": 14, "clock:report": 21, "clock:house": 28}


@pytest.mark.parametrize("left_out", ["in_writing", "lodged_with_clerk", "information"])
def test_a_notification_that_lacks_one_item_starts_no_clock(left_out: str) -> None:
    items = tuple(item for item in ("in_writing", "lodged_with_clerk", "information") if item != left_out)
    said = refused(nominated(), RecordIncomplete, record("notification", items=items), AUTHORITY, day(0))
    assert said.facts["missing"] == [left_out] and said.citation and said.citation.verified
    refused(nominated(), RecordMissing, ConcludeStage(), AUTHORITY, day(0))


def test_a_notification_that_is_entered_as_not_in_order_starts_no_clock_either() -> None:
    returned = nominated().when(record("notification", in_order=False), AUTHORITY, day(0))
    assert due(returned) == {}
    completed = returned.when(record("notification"), AUTHORITY, day(3))
    assert due(completed)["clock:house"] == 31


def test_a_notification_counts_from_the_day_on_which_it_was_complete_and_not_from_its_entry() -> None:
    story = nominated().when(record("notification", dated_on=DAY_0), AUTHORITY, day(4))
    assert due(story)["clock:memoranda"] == 7


def test_a_nomination_is_closed_with_the_warning_of_the_vetting() -> None:
    said = refused(named(), RecordMissing, CloseNominations(), AUTHORITY, day(0))
    assert said.facts["missing"] == ["vetting_warning"]


def test_a_nominee_whom_the_house_approves_may_be_appointed() -> None:
    story = reported()
    decided = story.when(meeting(story, day(26), due=349, present=200, in_favour=101), HOUSE, day(26))
    assert decided.then(ClockStopped).stopped_on == DAY_0 + timedelta(days=26)
    assert decided.then(DecisionTaken).votes_needed == 101
    story = decided.when(IssueAppointment(), AUTHORITY, day(27))
    assert story.then(CaseEnded).outcome is Outcome.APPOINTED


def test_a_nominee_whom_the_house_rejects_is_not_appointed() -> None:
    story = reported()
    rejected = story.when(meeting(story, day(26), due=349, present=200, in_favour=100), HOUSE, day(26))
    assert rejected.then(CaseEnded).outcome is Outcome.NOT_PASSED
    assert isinstance(rejected.case, ClosedCase)


@pytest.mark.parametrize(("present", "quorate"), [(49, False), (50, True)])
def test_fifty_members_are_a_quorum(present: int, quorate: bool) -> None:
    story = reported()
    held = story.when(meeting(story, day(26), due=349, present=present, in_favour=present), HOUSE, day(26))
    assert held.then(DecisionMeetingHeld).quorate is quorate


def test_nobody_is_appointed_who_was_neither_approved_nor_deemed_approved() -> None:
    refused(reported(), OutOfOrder, IssueAppointment(), AUTHORITY, day(26))


def test_a_nominee_on_whom_the_house_is_silent_for_twenty_eight_days_is_deemed_approved() -> None:
    story = reported()
    refused(story, TimerStillRunning, LetTimerRunOut(timer="clock:house"), SYSTEM, day(28))
    deemed = run_out(story, "clock:house")
    assert deemed.then(ClockExpired).candidate_id == only_candidate(story)
    assert deemed.then(StageBegun).stage == "appointment"
    issued = deemed.when(IssueAppointment(), AUTHORITY, day(29))
    assert issued.then(CaseEnded).outcome is Outcome.APPOINTED


def test_the_silence_of_the_house_approves_although_the_committee_was_silent_too() -> None:
    deemed = run_out(before_the_hearing(), "clock:house")
    passed_over = [event for event in deemed.latest if isinstance(event, StageCompleted)]
    assert [(event.stage, event.silence_of) for event in passed_over] == [
        ("hearing", "house"),
        ("report", "house"),
        ("decision", "house"),
    ]
    assert all(event.rules_applied() == ("clocks.house.on_expiry",) for event in passed_over)
    assert live(deemed).stage == "appointment" and not timers(deemed.case, deemed.pack)
    assert deemed.when(IssueAppointment(), AUTHORITY, day(29)).then(CaseEnded).outcome is Outcome.APPOINTED


def test_the_public_has_seven_days_to_write() -> None:
    story = notified().when(record("invitation"), CLERK, day(1))
    said = refused(story, RecordTooEarly, record("memoranda"), CLERK, day(7))
    assert said.facts["earliest_on"] == DAY_0 + timedelta(days=8)
    late = run_out(story, "clock:memoranda").when(record("memoranda"), CLERK, day(8))
    stopped = late.then(ClockStopped)
    assert (stopped.clock, stopped.late) == ("memoranda", True)


def test_a_memorandum_is_sworn_and_carries_its_evidence() -> None:
    unsworn = record("memoranda", items=("each_with_evidence",))
    assert refused(invited(), RecordIncomplete, unsworn, CLERK, day(7)).facts["missing"] == ["each_sworn"]
    hidden = record("invitation", items=("nominee_and_office", "to_the_clerk"))
    refused(notified(), RecordIncomplete, hidden, CLERK, day(0))


def test_late_memoranda_are_not_taken_up() -> None:
    refused(before_the_hearing(), StageIsOver, record("memoranda"), CLERK, day(9))


def test_memoranda_and_the_clerks_notice_come_before_the_hearing() -> None:
    story = invited().when(DeclareInterests(), CLERK, day(5))
    assert refused(story, RecordTooEarly, record("hearing"), CLERK, day(6)).facts["after"] == "hearing_notice"
    story = announced()
    assert refused(story, RecordTooEarly, record("hearing"), CLERK, day(6)).facts["after"] == "memoranda"
    story = before_the_hearing()
    same_day = refused(story, RecordTooEarly, record("hearing"), CLERK, day(7))
    assert same_day.facts["earliest_on"] == DAY_0 + timedelta(days=8)
    story.when(record("hearing"), CLERK, day(8))


def test_whoever_holds_the_hearing_has_declared() -> None:
    said = refused(invited(), DeclarationMissing, record("hearing_notice"), CLERK, day(5))
    assert said.rule_path == "conflicts.declare_before" and said.facts["missing"] == [CLERK.officer]


def test_a_hearing_cannot_end_before_the_nominee_could_reply_on_oath() -> None:
    story = before_the_hearing().when(record("hearing"), CLERK, day(12))
    story = story.when(about(story, "examination"), CLERK, day(12))
    said = refused(story, RecordMissing, ConcludeStage(), CLERK, day(12))
    assert said.facts["missing"] == [f"right_of_reply/{only_candidate(story)}"]
    unsworn = about(story, "right_of_reply", items=("memoranda_put",))
    assert refused(story, RecordIncomplete, unsworn, CLERK, day(12)).facts["missing"] == ["answer_on_oath"]
    story = story.when(about(story, "right_of_reply"), CLERK, day(12)).when(ConcludeStage(), CLERK, day(12))
    assert live(story).stage == "report"


def test_a_nominee_is_examined_on_every_matter_of_the_act() -> None:
    story = before_the_hearing()
    without_tax = tuple(item for item in about(story, "examination").items if item != "tax")
    said = refused(story, RecordIncomplete, about(story, "examination", items=without_tax), CLERK, day(12))
    assert said.facts["missing"] == ["tax"]


def test_the_house_decides_on_a_report() -> None:
    story = heard()
    refused(story, OutOfOrder, meeting(story, day(13), due=349), HOUSE, day(13))
    refused(story, RecordMissing, ConcludeStage(), CLERK, day(13))
    refused(story, WrongOrgan, record("report"), AUTHORITY, day(13))


def test_a_committee_that_is_late_is_counted_and_the_time_of_the_house_runs_on() -> None:
    story = run_out(before_the_hearing(), "clock:hearing")
    assert live(story).stage == "hearing" and due(story) == {"clock:report": 21, "clock:house": 28}


def test_twenty_eight_days_are_not_shown_as_law_while_two_texts_disagree() -> None:
    law = pack(ID)
    for path in ("clocks.house.within", "clocks.report.within", "clocks.house.on_expiry"):
        assert not law.rule(path).confidence.verified
    assert "14 days" in law.rule("clocks.house.within").says.en and "十四日" in law.rule("clocks.house.within").says.zh
    assert law.jurisdictions[0].timezone == "Africa/Nairobi" and date(2021, 1, 1) == law.effective_from
