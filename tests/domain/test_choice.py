"""A case is decided on a day of its stage, in the pack's form, with nothing decided before and nothing held."""

from datetime import date

import pytest

from domain.appointment import SuspendedCase
from domain.case_opening import ResumeCase, SuspendCase
from domain.choice import AdHocMotion, DecidedInAnotherForm, DecisionStands, MeetingNotToday, ObjectionsStillOpen
from domain.decision import DecisionTaken
from domain.next_step import next_steps
from domain.objection import Channel, Disposal, DisposeObjection, LodgeObjection
from domain.public_notice import OpenPublicNotice
from domain.reconsideration import DecisionReconsidered
from tests.domain.meetings import NEXT_WEEK, START, at_decision
from tests.domain.refusals import refused
from tests.domain.test_authority import AUTHORITY
from tests.domain.test_reconsideration import reconsider
from tests.domain.variants import under, variant
from tests.examples import DECIDERS, PERSONNEL, SUPERVISION, at
from tests.lives import decided, live, meeting

NO_AD_HOC = {
    "decision.no_ad_hoc_motion": {
        "value": True,
        "says": {"en": "Nobody is put forward at the meeting itself.", "zh": "不得临时动议。"},
        "source": {"instrument": "house"},
        "confidence": "own_choice",
    }
}


@pytest.mark.parametrize("held_on", [date(2026, 3, 1), date(2026, 3, 4)])
def test_a_meeting_is_recorded_after_it_was_held_and_not_before_its_stage(held_on: date) -> None:
    story = at_decision()
    vote = meeting(story, START).model_copy(update={"held_on": held_on})
    assert refused(story, MeetingNotToday, vote, DECIDERS, at("2026-03-03")).field == "held_on"


def test_nobody_is_decided_who_was_not_on_the_list_before_the_day_of_the_meeting() -> None:
    story = at_decision(NO_AD_HOC)
    refusal = refused(story, AdHocMotion, meeting(story, START), DECIDERS, START)
    assert refusal.field == "held_on" and refusal.rule_path == "decision.no_ad_hoc_motion"
    tomorrow = at("2026-03-03")
    assert story.when(meeting(story, tomorrow), DECIDERS, tomorrow).then(DecisionTaken)


def test_where_one_office_decides_no_body_meets() -> None:
    story = under(variant("cn.sr2019", AUTHORITY), at_decision())
    vote = meeting(at_decision(), START)
    refusal = refused(story, DecidedInAnotherForm, vote, DECIDERS, START)
    assert refusal.citation is not None and refusal.facts["form"] == "authority"


def test_what_was_not_passed_is_reconsidered_before_it_is_voted_on_again() -> None:
    story = at_decision()
    story = story.when(meeting(story, START, in_favour=4), DECIDERS, START)
    again = meeting(story, START)
    assert refused(story, DecisionStands, again, DECIDERS, START).facts["reconsider_by"] == date(2026, 3, 16)
    reopened = story.when(reconsider(story, START), DECIDERS, START)
    assert reopened.then(DecisionReconsidered) and reopened.when(again, DECIDERS, START).then(DecisionTaken)


def test_nobody_is_chosen_while_an_objection_is_open_which_is_disposed_of_in_a_resting_case_too() -> None:
    story = decided(at_decision(), START).when(OpenPublicNotice(), PERSONNEL, START)
    lodged = LodgeObjection(channel=Channel.LETTER, grounds="In March the store was empty.")
    story = story.when(lodged, SUPERVISION, START)
    story = story.when(reconsider(story, NEXT_WEEK), DECIDERS, NEXT_WEEK)
    refusal = refused(story, ObjectionsStillOpen, meeting(story, NEXT_WEEK), DECIDERS, NEXT_WEEK)
    (objection,) = live(story).undisposed_objections
    assert refusal.facts["open_objections"] == [objection.id]
    reasons = "The delivery note was found."
    disposal = DisposeObjection(objection_id=objection.id, outcome=Disposal.DISMISSED, reasons=reasons)
    open_case = story.when(disposal, SUPERVISION, NEXT_WEEK)
    assert open_case.when(meeting(story, NEXT_WEEK), DECIDERS, NEXT_WEEK).then(DecisionTaken)

    rest = story.when(SuspendCase(reason="The store is being counted."), SUPERVISION, NEXT_WEEK)
    steps = [step.step for step in next_steps(rest.case, rest.pack, NEXT_WEEK.date())]
    assert steps == ["dispose_objection", "resume_case"]
    rest = rest.when(disposal, SUPERVISION, NEXT_WEEK)
    assert isinstance(rest.case, SuspendedCase) and live(rest).stage == "decision"
    rest = rest.when(ResumeCase(), SUPERVISION, NEXT_WEEK)
    assert rest.when(meeting(rest, NEXT_WEEK), DECIDERS, NEXT_WEEK).then(DecisionTaken)
