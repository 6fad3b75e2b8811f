"""Every step and clock of a case says which rule asks for it, and every day how it was counted."""

from datetime import date, timedelta

import pytest

from domain.case_opening import ResumeCase, SuspendCase
from domain.date_words import in_words
from domain.explanation import Explanation, explain
from domain.public_notice import OpenPublicNotice
from domain.query import QueryRunner
from domain.supervision_review import RequestOpinion
from tests.domain.village import inspected, named, opened, surveyed
from tests.examples import CO_MANAGING, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage
from tests.spec import Story

EARLY = at("2026-01-01")
NOW = at("2026-03-02")


def told(story: Story) -> Explanation:
    return explain([(EARLY, event) for event in story.events], story.pack, NOW)


def test_what_is_missing_names_the_record_who_enters_it_and_the_rule_that_asks() -> None:
    (step,) = told(opened()).steps
    assert (step.step.by, step.step.step, step.step.what) == ("personnel", "enter_record", "survey")
    assert step.asked_by is not None and step.asked_by.rule == "records.survey.needed"
    assert step.asked_by.instrument.en == "Custom of the village"


def test_a_clock_says_how_its_day_was_counted_and_what_its_end_means() -> None:
    found = {clock.timer.name: clock for clock in told(surveyed(opened())).clocks}
    haste = found["clock:haste"]
    assert haste.window is not None and haste.window.counted == 10 and not haste.moved
    assert (haste.on_expiry, haste.meant_by and haste.meant_by.rule) == ("escalate", "clocks.haste.on_expiry")


def test_a_query_and_its_clock_cite_the_rule_by_which_it_is_answered() -> None:
    story = at_stage("standard", "training_verification", NOW)
    story = story.when(QueryRunner(question="On which day was it entered?"), SUPERVISION, NOW)
    (clock,) = [clock for clock in told(story).clocks if clock.timer.name.startswith("query:")]
    (step,) = [step for step in told(story).steps if step.step.step == "answer_query"]
    for rule in (clock.set_by, step.asked_by):
        assert rule is not None and rule.rule == "supervision.query_answered"


def test_a_clock_before_the_vacancy_has_a_rule_and_no_window() -> None:
    found = {clock.timer.name: clock for clock in told(inspected(date(2026, 12, 1))).clocks}
    assert found["clock:harvest"].window is None and found["clock:harvest"].set_by is not None


def test_a_reminder_says_of_which_deadline_it_reminds_and_which_rule_sets_both() -> None:
    found = {
        clock.timer.name: clock
        for clock in told(at_stage("cn.sr2019", "probation", NOW, conditional=True, hours=310)).clocks
    }
    reminder, deadline = found["make_up_reminder"], found["make_up_training"]
    assert reminder.set_by is not None and reminder.set_by.rule == "training.remind_before"
    assert deadline.set_by is not None and deadline.set_by.rule == "training.make_up"
    assert deadline.meant_by is not None and deadline.meant_by.rule == "training.on_make_up_expiry"
    assert reminder.why("en") == [f"It lies 2 months before the deadline, which is {in_words(deadline.timer.due_on)}."]
    assert reminder.why("zh") == [f"于截止日{in_words(deadline.timer.due_on, 'zh')}前2个月提醒。"]
    assert reminder.window is None and not reminder.moved and reminder.on_expiry is None


def test_a_clock_that_a_rest_has_moved_says_so() -> None:
    story = surveyed(opened()).when(SuspendCase(reason="The court is seized."), SUPERVISION, NOW)
    story = story.when(ResumeCase(), SUPERVISION, NOW + timedelta(days=9))
    assert {clock.timer.name for clock in told(story).clocks if clock.moved} == {"clock:haste", "clock:patience"}


def test_the_case_is_told_as_it_stood_at_a_moment() -> None:
    story = named(surveyed(opened()))
    hours = [(NOW + timedelta(hours=place), event) for place, event in enumerate(story.events)]
    assert explain(hours, story.pack, NOW + timedelta(hours=1)).steps[0].step.what == "survey"
    assert explain(hours, story.pack, EARLY).steps == ()


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
@pytest.mark.parametrize(
    "stage", ["nomination", "training_verification", "public_notice", "supervision_review", "decision", "probation"]
)
def test_every_step_and_clock_of_a_shipped_pack_cites_its_rule(pack_id: str, stage: str) -> None:
    story = at_stage(pack_id, stage, NOW)
    if stage == "public_notice":
        story = story.when(OpenPublicNotice(), PERSONNEL, at("2026-05-11"))
    if (pack_id, stage) == ("cn.sr2019", "supervision_review"):
        story = story.when(RequestOpinion(organ=CO_MANAGING.organ), SUPERVISION, NOW)
    found = told(story)
    assert found.steps
    bare = [step.step.step for step in found.steps if step.asked_by is None]
    assert bare in ([], ["conclude_supervision_review"]), "steps that no rule of the pack has a value for"
    assert all(clock.set_by is not None and clock.window is not None for clock in found.clocks)
