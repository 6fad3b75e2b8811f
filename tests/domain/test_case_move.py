"""A running case goes on under a later version only by a recorded act, and never where it would lose its place."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import yaml

from domain.case_move import (
    CannotMoveAwayFromAClock,
    CannotMoveAwayFromWhatItUses,
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
from domain.conflict import DeclareInterests
from domain.deviation import AllowDeviation
from domain.exceptional_appointment import CareerFacts, ProposeException
from domain.identity import Actor, OfficerId, Role
from domain.interests import Relation, RelationKind
from domain.occasion import NewLaw
from domain.pack import Pack
from domain.prior_report import RecordSuperiorReply, Reply, ReportToSuperior
from domain.public_notice import NoticePeriodTooShort, OpenPublicNotice
from domain.refusal import ActsInOwnCase, UnknownChoice, WrongOrgan
from domain.supervision_review import Finding, RequestOpinion, ReturnOpinion
from domain.timer import timers
from eventstore.packs import reference_of
from tests.domain.refusals import refused
from tests.domain.variants import under, variant, written
from tests.examples import AUDIT, CHEN, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, only_candidate, opened
from tests.spec import Story

START = at("2026-03-02")
LATER = variant("standard", {"version": 2, "notice.minimum.value.n": 10})
LATER_DECISION = variant("standard", {"version": 2, "stages.4.limit.within.value.n": 60})
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


def reported() -> Story:
    """A case about to be decided whose prior report was answered."""
    story = at_stage("cn.sr2019", "decision", START)
    told = ReportToSuperior(matter="leader_leaving", statement="The head of the bureau leaves office in April.")
    reply = RecordSuperiorReply(matter="leader_leaving", reply=Reply.CONSENTS, paper="No. 4", text="As reported.")
    return story.when(told, PERSONNEL, START).when(reply, SUPERVISION, START)


def excepted() -> Story:
    story = at_stage("cn.sr2019", "decision", START)
    facts = CareerFacts(basis="personal file", in_probation=False, last_was_exceptional=False, levels=1)
    wish = ProposeException(
        kind="exceptional_promotion",
        candidate_id=only_candidate(story),
        reason="Led the flood defence of 2025.",
        facts=facts,
    )
    return story.when(wish, PERSONNEL, START)


def advised() -> Story:
    story = at_stage("standard", "supervision_review", START)
    asked = story.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, START)
    return asked.when(
        ReturnOpinion(organ=AUDIT.organ, finding=Finding.NO_OBJECTION, text="Nothing is known."), AUDIT, START
    )


def related() -> Story:
    """A case in which an officer of supervision is married to the candidate, and is out of it."""
    story = at_stage("standard", "supervision_review", START)
    spouse = Relation(candidate_id=only_candidate(story), kind=RelationKind.SPOUSE)
    officer = SUPERVISION.model_copy(update={"officer": OfficerId("officer-married")})
    return story.when(DeclareInterests(relations=(spouse,)), officer, START)


def waived() -> Story:
    story = at_stage("standard", "training_verification", START)
    rule, reason = "training.requirements.0.hours", "Two years of flood relief left no time."
    code = next(iter(story.pack.deviations.codes))
    return story.when(AllowDeviation(rule=rule, code=code, reason=reason), SUPERVISION, START)


def without(pack_id: str, **sections: Any) -> Pack:
    """A later version of a pack in which these sections say something else."""
    return Pack.model_validate(written(pack_id, {"version": 2}) | sections)


def renamed_superior() -> Pack:
    renamed = {"version": 2, "prior_reports.superior-organ.id": "superior-body"}
    for place, rule in enumerate(written("cn.sr2019")["exceptions"]):
        renamed |= {f"exceptions.{place}.reported_to": "superior-body"} if rule.get("reported_to") else {}
    return variant("cn.sr2019", renamed)


IN_USE = {
    "prior_reports.superior-organ": (reported, renamed_superior),
    "exceptions.exceptional_promotion": (excepted, lambda: without("cn.sr2019", exceptions=[])),
    f"review.opinions.{AUDIT.organ}": (advised, lambda: without("standard", review={"opinions": []})),
    "conflicts.recuse": (related, lambda: without("standard", conflicts=None)),
    "records.recommendation_meeting": (
        lambda: at_stage("cn.sr2019", "training_verification", START),
        lambda: renamed_record("recommendation_meeting"),
    ),
}


def renamed_record(record: str) -> Pack:
    """A later version of sr2019 in which a record has another name everywhere."""
    content = written("cn.sr2019", {"version": 2})
    return Pack.model_validate(yaml.safe_load(yaml.safe_dump(content).replace(record, "another_meeting")))


@pytest.mark.parametrize("missing", IN_USE)
def test_a_case_keeps_what_it_rests_on(missing: str) -> None:
    story_of, law_of = IN_USE[missing]
    refusal = refused(bound_for(story_of(), law_of()), CannotMoveAwayFromWhatItUses, WISH, SUPERVISION, START)
    assert refusal.facts["missing"] == [missing]


def test_a_waiver_is_not_moved_away_from_its_rule() -> None:
    rules = written("standard")["training"]["requirements"]
    whole = {**rules[0], "ranks": [rank for rule in rules for rank in rule["ranks"]]}
    one = without("standard", training={**written("standard")["training"], "requirements": [whole]})
    assert live(moved(waived(), one)).deviations == {"training.requirements.0.hours"}
    second = AllowDeviation(
        rule="training.requirements.1.hours",
        code=next(iter(one.deviations.codes)),
        reason="Two years of flood relief left no time.",
    )
    story = waived().when(second, SUPERVISION, START)
    refusal = refused(bound_for(story, one), CannotMoveAwayFromWhatItUses, WISH, SUPERVISION, START)
    assert refusal.facts["missing"] == ["training.requirements.1.hours"]
