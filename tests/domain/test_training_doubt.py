"""A corrected record that a verification counted holds the candidate until a reviewer has judged it."""

from domain.case_opening import WithdrawCase
from domain.hold import HoldCode, HoldPlaced, LiftHold, NotYoursToLift, PlaceHold
from domain.identity import SYSTEM, Actor
from domain.public_notice import OpenPublicNotice
from domain.refusal import HeldByReviewer, WrongOrgan
from domain.training_doubt import DoubtTraining
from tests.domain.refusals import refused
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, only_candidate
from tests.spec import Story

START = at("2026-03-02")
BECAUSE = "correction/41"
COLLEAGUE = SUPERVISION.model_copy(update={"officer": "officer-colleague"})


def doubt(story: Story) -> DoubtTraining:
    return DoubtTraining(candidate_id=only_candidate(story), because_of=BECAUSE)


def doubted(story: Story, actor: Actor = SYSTEM) -> Story:
    return story.when(doubt(story), actor, START)


def lifting(story: Story) -> LiftHold:
    return LiftHold(hold_id=next(iter(live(story).supervised.holds)), reason="The hours still suffice without it.")


def test_the_candidate_is_held_and_the_refusal_says_who_lifts_it() -> None:
    story = doubted(at_stage("standard", "public_notice", START))
    placed = story.then(HoldPlaced)
    assert (placed.code, placed.because_of, placed.placed_by) == (HoldCode.TRAINING_CORRECTED, BECAUSE, SYSTEM.officer)
    no = refused(story, HeldByReviewer, OpenPublicNotice(), PERSONNEL, START)
    assert "training_corrected" in no.sentence and "Supervision or the deciding body may lift it" in no.sentence
    for actor in (SUPERVISION, COLLEAGUE, DECIDERS):
        assert not live(story.when(lifting(story), actor, START)).supervised.holds
    refused(story, WrongOrgan, lifting(story), SCHOOL, START)


def test_what_an_officer_placed_stays_that_officers_to_lift() -> None:
    placing = PlaceHold(code=HoldCode.TRAINING_CORRECTED, reason="The record was corrected.")
    story = at_stage("standard", "public_notice", START).when(placing, SUPERVISION, START)
    refused(story, NotYoursToLift, lifting(story), COLLEAGUE, START)


def test_a_case_that_has_ended_or_has_its_letter_is_held_no_more() -> None:
    office = at_stage("standard", "probation", START)
    assert not office.when(DoubtTraining(candidate_id=only_candidate(office), because_of=BECAUSE), SYSTEM, START).latest
    story = at_stage("standard", "public_notice", START)
    wish = doubt(story)
    ended = story.when(WithdrawCase(reason="The post was merged with another."), PERSONNEL, START)
    assert not ended.when(wish, SYSTEM, START).latest


def test_nobody_puts_training_in_doubt_by_hand() -> None:
    story = at_stage("standard", "public_notice", START)
    refused(story, WrongOrgan, doubt(story), SUPERVISION, START)
