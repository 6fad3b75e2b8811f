"""At every stage it can be said what would take the case on, and whose it is."""

from datetime import date

import pytest

from domain.case_opening import SuspendCase
from domain.conflict import DecideConflict, DeclareInterests
from domain.identity import OrganId, Role
from domain.interests import Relation, RelationKind
from domain.next_step import ENGINE, NextStep, next_steps
from domain.objection import Channel, Disposal, DisposeObjection, LodgeObjection
from domain.public_notice import OpenPublicNotice
from domain.supervision_review import RequestOpinion
from tests.domain.meetings import NEXT_WEEK, START, at_decision
from tests.domain.test_reconsideration import reconsider
from tests.examples import AUDIT, DECIDERS, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, meeting, only_candidate, run_out
from tests.spec import Story

TODAY = date(2026, 3, 2)


def commands(story: Story) -> list[tuple[str, str]]:
    return [(str(step.by), step.step) for step in next_steps(story.case, story.pack, TODAY)]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("nomination", [("personnel", "nominate_candidate")]),
        ("training_verification", [("school", "verify_training")]),
        ("public_notice", [("personnel", "open_public_notice")]),
        ("supervision_review", [("supervision", "request_opinion")]),
        ("decision", [("decision_body", "hold_decision_meeting")]),
        ("appointment", [("personnel", "issue_appointment")]),
        ("probation", [(ENGINE, "probation")]),
    ],
)
def test_each_stage_says_who_takes_it_on(stage: str, expected: list[tuple[str, str]]) -> None:
    assert commands(at_stage("standard", stage, at("2026-03-02"))) == expected


def test_a_running_notice_waits_for_its_clock_and_an_objection_for_supervision() -> None:
    story = at_stage("standard", "public_notice", at("2026-03-02")).when(
        OpenPublicNotice(), PERSONNEL, at("2026-03-02")
    )
    assert commands(story) == [(ENGINE, "public_notice")]
    objection = LodgeObjection(channel=Channel.LETTER, grounds="In March the store was empty.")
    story = story.when(objection, SUPERVISION, at("2026-03-03"))
    assert commands(story) == [("supervision", "dispose_objection"), (ENGINE, "public_notice")]
    assert commands(run_out(story, "public_notice")) == [("supervision", "dispose_objection")]


def test_an_opinion_that_was_asked_waits_for_its_organ() -> None:
    story = at_stage("standard", "supervision_review", at("2026-03-02"))
    story = story.when(RequestOpinion(organ=OrganId("audit-office")), SUPERVISION, at("2026-03-20"))
    (step,) = next_steps(story.case, story.pack, TODAY)
    assert (step.by, step.step, step.organ) == (Role.SUPERVISION, "return_opinion", AUDIT.organ)
    assert step.by_on is not None


def test_an_appointment_on_condition_waits_for_the_school_too() -> None:
    story = at_stage("standard", "probation", at("2026-03-02"), hours=3, conditional=True)
    assert ("school", "record_make_up_training") in commands(story)


def test_a_suspended_case_waits_for_its_resumption_and_an_ended_one_for_nothing() -> None:
    story = at_stage("standard", "decision", at("2026-03-02"))
    rest = SuspendCase(reason="A court is seized of the matter.")
    resting = story.when(rest, SUPERVISION, at("2026-05-02"))
    assert next_steps(resting.case, resting.pack, TODAY) == (NextStep(Role.SUPERVISION, "resume_case"),)
    assert next_steps(run_out(story, "stage:decision").case, story.pack, TODAY) == ()


def test_an_objection_that_is_open_once_the_case_is_back_at_its_decision_waits_for_supervision() -> None:
    story = at_decision()
    story = story.when(meeting(story, START), DECIDERS, START).when(OpenPublicNotice(), PERSONNEL, NEXT_WEEK)
    letter = LodgeObjection(channel=Channel.LETTER, grounds="The listed results belong to somebody else.")
    story = story.when(letter, SUPERVISION, NEXT_WEEK).when(reconsider(story, NEXT_WEEK), DECIDERS, NEXT_WEEK)
    (step,) = next_steps(story.case, story.pack, NEXT_WEEK.date())
    objection = next(iter(live(story).objections))
    assert (step.by, step.step, step.what) == (Role.SUPERVISION, "dispose_objection", objection)
    dismissed = DisposeObjection(objection_id=objection, outcome=Disposal.DISMISSED, reasons="They are their own.")
    story = story.when(dismissed, SUPERVISION, NEXT_WEEK)
    assert commands(story) == [("decision_body", "hold_decision_meeting")]


def test_a_relation_on_which_nobody_has_decided_waits_for_supervision() -> None:
    story = at_stage("standard", "decision", at("2026-03-02"))
    tied = Relation(candidate_id=only_candidate(story), kind=RelationKind.SAME_UNIT)
    story = story.when(DeclareInterests(relations=(tied,)), DECIDERS, at("2026-03-20"))
    step = next_steps(story.case, story.pack, TODAY)[0]
    assert (step.by, step.step, step.rule) == (Role.SUPERVISION, "decide_conflict", "conflicts.declare")
    decided = DecideConflict(relation_id=step.what or "", withdraws=False, plan="They only share a corridor.")
    assert ("supervision", "decide_conflict") not in commands(story.when(decided, SUPERVISION, at("2026-03-20")))
