"""At every stage it can be said what would take the case on, and whose it is."""

from datetime import date

import pytest

from domain.case_opening import SuspendCase
from domain.identity import OrganId, Role
from domain.next_step import ENGINE, NextStep, next_steps
from domain.objection import Channel, LodgeObjection
from domain.public_notice import OpenPublicNotice
from domain.supervision_review import RequestOpinion
from tests.examples import AUDIT, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, run_out
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
