"""A case passes the stages of its pack one after another, and a stage's silence means what the pack says."""

from datetime import date

import pytest

from domain.appointment import LiveCase
from domain.identity import SYSTEM
from domain.nomination import CloseNominations
from domain.pack import OnExpiry, Pack
from domain.stage import CaseEnded, Outcome, StageBegun, StageCompleted, StageLimitExpired
from domain.supervision_review import ConcludeSupervisionReview, Conclusion
from domain.timer import LetTimerRunOut, timers
from tests.domain.variants import under, variant
from tests.examples import DECIDERS, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, meeting, nominated, opened, past_records, reviewed, run_out, trained
from tests.spec import Story

START = at("2026-03-02")
CLEARED = ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order.")


def limited(on_expiry: OnExpiry) -> Story:
    """A case at the decision, whose limit of three working days has that meaning."""
    changes = {
        "stages.decision.limit.within.value": {"n": 3, "unit": "working_day"},
        "stages.decision.limit.on_expiry.value": str(on_expiry),
    }
    story = under(variant("cn.sr2019", changes), at_stage("cn.sr2019", "supervision_review", START))
    return past_records(reviewed(story, START), START)


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_one_stage_is_complete_before_the_next_begins(pack_id: str) -> None:
    story = at_stage(pack_id, "probation", START)
    moves = [(event.stage, type(event)) for event in story.events if isinstance(event, StageBegun | StageCompleted)]
    stages = [stage.id for stage in story.pack.stages]
    assert moves == [(stage, kind) for stage in stages for kind in (StageBegun, StageCompleted)][:-1]


def test_a_limit_is_worked_out_when_its_stage_begins() -> None:
    begun = [event for event in limited(OnExpiry.LAPSE).events if isinstance(event, StageBegun)][-1]
    assert begun.limit is not None and begun.on_expiry is OnExpiry.LAPSE
    assert begun.limit.closes_on == date(2026, 3, 5)


def test_a_stage_without_a_limit_has_no_clock() -> None:
    story = opened("standard", START)
    assert story.then(StageBegun).limit is None
    assert timers(story.case, story.pack) == ()


def test_a_limit_that_lapses_ends_the_case() -> None:
    story = run_out(limited(OnExpiry.LAPSE), "stage:decision")
    assert story.then(StageLimitExpired).rules_applied() == (
        "stages.decision.limit.within",
        "stages.decision.limit.on_expiry",
    )
    assert story.then(CaseEnded).outcome is Outcome.LAPSED


@pytest.mark.parametrize("on_expiry", [OnExpiry.BLOCK, OnExpiry.ESCALATE])
def test_a_limit_that_blocks_or_escalates_leaves_the_duty_where_it_is(on_expiry: OnExpiry) -> None:
    story = run_out(limited(on_expiry), "stage:decision")
    assert story.then(StageLimitExpired).on_expiry is on_expiry
    assert isinstance(story.case, LiveCase) and live(story).stage == "decision"
    assert timers(story.case, story.pack) == ()
    late = story.when(meeting(story, at("2026-03-20")), DECIDERS, at("2026-03-20"))
    assert live(late).stage == "public_notice"


def test_a_limit_that_has_gone_with_its_stage_records_nothing() -> None:
    story = limited(OnExpiry.LAPSE)
    story = story.when(meeting(story, START), DECIDERS, START)
    assert story.when(LetTimerRunOut(timer="stage:decision"), SYSTEM, at("2027-01-01")).latest == ()


def reordered(*order: str) -> Pack:
    """The standard pack with its stages in another order, each asking for the one before it."""
    by_id = {stage["id"]: stage for stage in variant("standard", {}).model_dump(mode="json")["stages"]}
    stages = [{**by_id[name], "requires": [order[place - 1]] if place else []} for place, name in enumerate(order)]
    return variant("standard", {"stages": stages})


def test_the_order_is_data() -> None:
    law = reordered(
        "nomination",
        "supervision_review",
        "training_verification",
        "decision",
        "public_notice",
        "appointment",
        "probation",
    )
    story = nominated(under(law, opened("standard", START)), START)
    assert live(story).stage == "supervision_review"
    story = trained(reviewed(story, START), START)
    assert live(story).stage == "decision"
    story = story.when(meeting(story, START), DECIDERS, START)
    assert live(story).stage == "public_notice"


def test_a_stage_whose_work_is_already_done_is_passed_at_once() -> None:
    law = variant("standard", {"review.opinions": []})
    story = under(law, at_stage("standard", "supervision_review", START)).when(CLEARED, SUPERVISION, at("2026-03-11"))
    assert [event.alias for event in story.latest[-2:]] == ["stage_completed", "stage_begun"]


def test_what_follows_is_recorded_with_the_command_that_led_to_it() -> None:
    story = at_stage("standard", "nomination", START)
    story = nominated(story, START)
    names = [event.alias for event in story.latest]
    assert names == ["nominations_closed", "stage_completed", "stage_begun"]
    assert CloseNominations.name() == "close_nominations" and PERSONNEL.officer == live(story).opened_by
