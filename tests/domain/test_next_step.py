"""At every stage it can be said what would take the case on, and whose it is."""

from datetime import date

import pytest

from domain.case_opening import SuspendCase
from domain.conflict import CrossCheckInterests, DecideConflict, DeclareInterests
from domain.identity import Actor, OrganId, Role
from domain.interests import Relation, RelationKind
from domain.next_step import ENGINE, NextStep, next_steps
from domain.objection import Channel, Disposal, DisposeObjection, LodgeObjection
from domain.public_notice import OpenPublicNotice
from domain.supervision_point import AttendSupervisionPoint, Observation
from domain.supervision_review import RequestOpinion
from tests.domain.meetings import NEXT_WEEK, START, at_decision
from tests.domain.test_reconsideration import reconsider
from tests.domain.variants import under, variant
from tests.examples import AUDIT, DECIDERS, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, meeting, only_candidate, run_out
from tests.on_record import HOLDERS
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
    assert commands(story) == [("decision_body", "declare_interests"), ("decision_body", "hold_decision_meeting")]


def test_a_relation_on_which_nobody_has_decided_waits_for_supervision() -> None:
    story = at_stage("standard", "decision", at("2026-03-02"))
    tied = Relation(candidate_id=only_candidate(story), kind=RelationKind.SAME_UNIT)
    story = story.when(DeclareInterests(relations=(tied,)), DECIDERS, at("2026-03-20"))
    step = next_steps(story.case, story.pack, TODAY)[0]
    assert (step.by, step.step, step.rule) == (Role.SUPERVISION, "decide_conflict", "conflicts.declare")
    decided = DecideConflict(relation_id=step.what or "", withdraws=False, plan="They only share a corridor.")
    assert ("supervision", "decide_conflict") not in commands(story.when(decided, SUPERVISION, at("2026-03-20")))


ASKING = {"conflicts.declare_before.value": ["supervision_review", "decision"]}


def declares(story: Story, *actors: Actor) -> Story:
    for actor in actors:
        story = story.when(DeclareInterests(), actor, NEXT_WEEK)
    return story


def test_where_declarations_are_asked_for_they_come_before_the_acts_of_the_stage_and_of_each_organ_in_it() -> None:
    story = under(variant("standard", ASKING), at_stage("standard", "supervision_review", at("2026-03-02")))
    asked = NextStep(Role.SUPERVISION, "declare_interests", rule="conflicts.declare_before")
    assert next_steps(story.case, story.pack, TODAY) == (asked,)
    story = declares(story, SUPERVISION)
    assert commands(story) == [("supervision", "request_opinion")]
    story = story.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, NEXT_WEEK)
    (organs_own,) = next_steps(story.case, story.pack, TODAY)
    assert (organs_own.step, organs_own.organ) == ("declare_interests", AUDIT.organ)
    assert commands(declares(story, AUDIT)) == [("supervision", "return_opinion")]


def test_whoever_declared_and_must_withdraw_has_not_declared_for_the_others() -> None:
    story = under(variant("standard", ASKING), at_stage("standard", "supervision_review", at("2026-03-02")))
    spouse = Relation(candidate_id=only_candidate(story), kind=RelationKind.SPOUSE)
    story = story.when(DeclareInterests(relations=(spouse,)), SUPERVISION, NEXT_WEEK)
    assert commands(story) == [("supervision", "declare_interests")]


def test_members_of_a_body_are_looked_up_one_by_one_before_it_meets_and_more_of_them_may_declare() -> None:
    story = under(variant("standard", ASKING), at_stage("standard", "decision", at("2026-03-02")))
    assert commands(story) == [("decision_body", "declare_interests")]
    story = declares(story, DECIDERS)
    declare, check = next_steps(story.case, story.pack, TODAY)
    assert (declare.step, check.by, check.step) == ("declare_interests", Role.PERSONNEL, "cross_check_interests")
    assert (check.what, check.rule) == (DECIDERS.officer, "conflicts.cross_check")
    registers = story.pack.conflicts.cross_check.value if story.pack.conflicts else ()
    story = story.when(CrossCheckInterests(officer=DECIDERS.officer, registers=registers), PERSONNEL, NEXT_WEEK)
    assert commands(story) == [("decision_body", "declare_interests"), ("decision_body", "hold_decision_meeting")]


def test_where_every_point_is_to_be_attended_those_that_stand_empty_come_before_the_letter() -> None:
    law = variant("standard", {"supervision.every_point_attended.value": True})
    story = under(law, at_stage("standard", "appointment", at("2026-03-02")))
    steps = next_steps(story.case, story.pack, TODAY)
    assert [(step.by, step.what) for step in steps] == [
        (stage.duty.watched_by, f"{stage.id} whole") for stage in law.stages if stage.id in live(story).completed
    ]
    for step in steps:
        stage, _, point = (step.what or "").partition(" ")
        wish = AttendSupervisionPoint(stage_id=stage, point=point, observation=Observation.NONE)
        story = story.when(wish, HOLDERS[Role(step.by)], NEXT_WEEK)
    assert commands(story) == [("personnel", "issue_appointment")]
