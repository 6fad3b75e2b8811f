"""A running case goes on under a later version only by a recorded act, and never where it would lose its place."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.appointment import NewLaw
from domain.case_move import (
    CannotMoveAwayFromAClock,
    CannotMoveBack,
    CannotMoveInAnotherOrder,
    CannotMoveOutOfItsStage,
    CannotMovePastAStage,
    CannotMoveWithItsPost,
    CannotMoveYet,
    CaseMoved,
    MoveCase,
    OwnCaseMove,
)
from domain.identity import Actor, OfficerId, Role
from domain.pack import Pack
from domain.public_notice import NoticePeriodTooShort, OpenPublicNotice
from domain.refusal import ActsInOwnCase, UnknownChoice, WrongOrgan
from domain.supervision_review import RequestOpinion
from domain.timer import timers
from eventstore.packs import reference_of
from tests.domain.refusals import refused
from tests.domain.variants import under, variant, written
from tests.examples import AUDIT, CHEN, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, opened
from tests.spec import Story

START = at("2026-03-02")
LATER = variant("standard", {"version": 2, "notice.minimum.value.n": 10})
WISH = MoveCase(to_version=2, reason="The council asked that the longer notice be kept.")
RECOUNT = WISH.model_copy(update={"clocks": "recount"})


def bound_for(story: Story, law: Pack, from_on: date = date(2026, 3, 1)) -> Story:
    return replace(story, new_law=NewLaw(reference_of(law), law, from_on))


def moved(story: Story, law: Pack, wish: MoveCase = WISH, when: datetime = START) -> Story:
    story = bound_for(story, law).when(wish, SUPERVISION, when)
    return replace(under(law, story), new_law=None)


def reordered(order: list[int], **changes: Any) -> Pack:
    content = written("standard", {"version": 2} | changes)
    content["stages"] = [content["stages"][place] | {"requires": []} for place in order]
    return Pack.model_validate(content)


def test_a_moved_case_is_under_the_later_version_and_its_event_shows_what_changes_for_it() -> None:
    before = at_stage("standard", "public_notice", START)
    story = moved(before, LATER)
    event = story.then(CaseMoved)
    assert event.from_pack == live(before).pack and event.to_pack == reference_of(LATER) == live(story).pack
    assert (event.touches, event.clocks, event.reason) == (("notice.minimum",), (), WISH.reason)
    short = OpenPublicNotice(closes_on=date(2026, 3, 9))
    assert refused(story, NoticePeriodTooShort, short, PERSONNEL, START).facts["minimum"] == 10


def test_what_was_done_stays_done() -> None:
    before = at_stage("standard", "supervision_review", START)
    story = moved(before, LATER)
    assert replace(live(story), pack=live(before).pack) == live(before)
    assert story.then(CaseMoved).touches == ()


def test_clocks_that_run_stay_as_they_were_worked_out() -> None:
    law = variant("standard", {"version": 2, "stages.4.limit.within.value.n": 60})
    before = at_stage("standard", "decision", START)
    assert live(moved(before, law)).deadline == live(before).deadline


def test_clocks_of_duties_are_counted_anew_when_the_act_says_so() -> None:
    law = variant("standard", {"version": 2, "stages.4.limit.within.value.n": 60})
    before = at_stage("standard", "decision", START)
    story = moved(before, law, RECOUNT)
    (clock,) = story.then(CaseMoved).clocks
    fresh = replace(before, pack=law)._on(SUPERVISION, START)
    assert law.stages[4].limit is not None
    due_on = fresh.due(law.stages[4].limit.within.value, start=live(before).stage_began_on).closes_on
    assert (clock.clock, clock.due_on) == ("stage:decision", due_on)
    (timer,) = timers(story.case, law)
    assert timer.due_on == due_on


def test_a_clock_that_is_counted_anew_ends_today_at_the_earliest() -> None:
    law = variant("standard", {"version": 2, "stages.4.limit.within.value.n": 1})
    before = at_stage("standard", "decision", START)
    late = at("2026-04-10")
    (clock,) = moved(before, law, RECOUNT, late).then(CaseMoved).clocks
    assert clock.due_on == late.date()


def test_only_the_approver_moves_a_case_and_nobody_their_own() -> None:
    story = bound_for(opened("standard", START), LATER)
    refused(story, WrongOrgan, WISH, SCHOOL, START)
    refused(story, WrongOrgan, WISH, AUDIT, START)
    refused(story, OwnCaseMove, WISH, SUPERVISION.model_copy(update={"officer": PERSONNEL.officer}), START)
    chen = Actor(officer=OfficerId(CHEN), organ=SUPERVISION.organ, roles=(Role.SUPERVISION,))
    refused(bound_for(at_stage("standard", "public_notice", START), LATER), ActsInOwnCase, WISH, chen, START)


def test_a_case_moves_forward_to_a_version_in_force() -> None:
    story = opened("standard", START)
    refused(story, UnknownChoice, WISH, SUPERVISION, START)
    same = variant("standard", {"version": 1})
    refused(bound_for(story, same), CannotMoveBack, WISH, SUPERVISION, START)
    tomorrow = START.date() + timedelta(days=1)
    refusal = refused(bound_for(story, LATER, tomorrow), CannotMoveYet, WISH, SUPERVISION, START)
    assert refusal.facts["effective_from"] == tomorrow


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"ranks.1.id": "clerk", "training.requirements.1.ranks": ["clerk"]}, "officer"),
        ({"jurisdictions.0.timezone": "Europe/Dublin"}, "GB-ENG"),
    ],
)
def test_a_case_keeps_its_rank_and_its_clock(change: dict[str, Any], missing: str) -> None:
    story = bound_for(opened("standard", START), variant("standard", {"version": 2} | change))
    assert refused(story, CannotMoveWithItsPost, WISH, SUPERVISION, START).facts["missing"] == [missing]


def test_a_version_without_the_present_stage_takes_no_case_in_it() -> None:
    law = reordered([0, 1, 2, 4, 5, 6])
    story = at_stage("standard", "supervision_review", START)
    refusal = refused(bound_for(story, law), CannotMoveOutOfItsStage, WISH, SUPERVISION, START)
    assert refusal.facts["stage"] == "supervision_review"
    assert live(moved(at_stage("standard", "decision", START), law)).pack.version == 2


def test_no_stage_is_passed_over_by_a_move() -> None:
    law = reordered([0, 1, 3, 2, 4, 5, 6])
    story = at_stage("standard", "public_notice", START)
    refusal = refused(bound_for(story, law), CannotMovePastAStage, WISH, SUPERVISION, START)
    assert refusal.facts["missing"] == ["supervision_review"]


@pytest.mark.parametrize("stage", ["supervision_review", "decision"])
def test_completed_stages_keep_their_order(stage: str) -> None:
    story = bound_for(at_stage("standard", stage, START), reordered([0, 1, 3, 2, 4, 5, 6]))
    refused(story, CannotMoveInAnotherOrder, WISH, SUPERVISION, START)


def test_no_running_clock_is_left_without_a_meaning() -> None:
    story = at_stage("standard", "supervision_review", START)
    story = story.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, START)
    law = variant("standard", {"version": 2, "review.opinions.0.organ": "another-office"})
    refusal = refused(bound_for(story, law), CannotMoveAwayFromAClock, WISH, SUPERVISION, START)
    assert refusal.facts["clocks"] == [f"opinion:{AUDIT.organ}"]
