"""An objection holds its case, in either order of stages, until somebody who did not run it has disposed of it."""

from dataclasses import replace
from datetime import date

import pytest

from domain.appointment import SuspendedCase
from domain.case_opening import ResumeCase, SuspendCase
from domain.identity import CandidateId, ObjectionId
from domain.objection import (
    CandidateNotNamed,
    Channel,
    Disposal,
    DisposeObjection,
    LodgeObjection,
    NoNoticeToObjectTo,
    ObjectionAnswerOverdue,
    ObjectionDisposed,
    ObjectionLodged,
    RanTheCase,
)
from domain.pack import OnExpiry
from domain.public_notice import OpenPublicNotice
from domain.refusal import OutOfOrder, UnknownChoice, WrongOrgan
from domain.stage import CaseEnded, Outcome
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, LI, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, nominated, only_candidate, opened, run_out, trained
from tests.spec import Story

START = at("2026-03-02")
LATER = at("2026-03-20")
REST = SuspendCase(reason="A court has to rule on the post first.")
FOLLOWING = {"standard": "supervision_review", "cn.sr2019": "appointment"}
BOTH_ORDERS = pytest.mark.parametrize("pack_id", list(FOLLOWING))


def noticed(pack_id: str) -> Story:
    return at_stage(pack_id, "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)


def against(candidate: CandidateId | None = None) -> LodgeObjection:
    return LodgeObjection(
        channel=Channel.VISIT, grounds="On 3 May 2025 the accounts were signed unread.", candidate_id=candidate
    )


def objected(story: Story, candidate: CandidateId | None = None) -> Story:
    return story.when(against(candidate), SUPERVISION, START)


def disposing(story: Story, outcome: Disposal = Disposal.DISMISSED) -> DisposeObjection:
    return DisposeObjection(
        objection_id=next(iter(live(story).objections)), outcome=outcome, reasons="Looked into and written up."
    )


@BOTH_ORDERS
def test_an_objection_has_a_date_for_its_receipt_and_one_for_its_answer(pack_id: str) -> None:
    lodged = objected(noticed(pack_id)).then(ObjectionLodged)
    assert (lodged.acknowledge_by.closes_on, lodged.answer_by.closes_on) == (date(2026, 3, 9), date(2026, 6, 2))
    assert lodged.rules_applied() == ("objections.acknowledged", "objections.answered")


@BOTH_ORDERS
def test_the_case_is_held_until_the_objection_is_disposed_of(pack_id: str) -> None:
    story = run_out(objected(noticed(pack_id)), "public_notice")
    assert live(story).stage == "public_notice"
    story = story.when(disposing(story), SUPERVISION, LATER)
    assert story.then(ObjectionDisposed).outcome is Disposal.DISMISSED
    assert live(story).stage == FOLLOWING[pack_id]


@BOTH_ORDERS
def test_disposing_early_does_not_shorten_the_notice(pack_id: str) -> None:
    story = objected(noticed(pack_id))
    story = story.when(disposing(story), SUPERVISION, START)
    assert live(story).stage == "public_notice"
    assert live(run_out(story, "public_notice")).stage == FOLLOWING[pack_id]


@BOTH_ORDERS
def test_every_objection_holds_the_case_by_itself(pack_id: str) -> None:
    story = run_out(objected(objected(noticed(pack_id))), "public_notice")
    story = story.when(disposing(story), SUPERVISION, LATER)
    assert live(story).stage == "public_notice"
    (left,) = live(story).undisposed_objections
    wish = DisposeObjection(objection_id=left.id, outcome=Disposal.DISMISSED, reasons="Nothing was found in it.")
    assert live(story.when(wish, SUPERVISION, LATER)).stage == FOLLOWING[pack_id]


@BOTH_ORDERS
@pytest.mark.parametrize("elapsed", [False, True])
def test_an_upheld_objection_to_the_only_or_the_chosen_candidate_ends_the_case(pack_id: str, elapsed: bool) -> None:
    story = noticed(pack_id)
    story = objected(story, only_candidate(story))
    story = run_out(story, "public_notice") if elapsed else story
    story = story.when(disposing(story, Disposal.UPHELD), SUPERVISION, LATER)
    assert live(story).candidates[only_candidate(story)].out_because == "objection_upheld"
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT
    assert timers(story.case, story.pack) == ()


def test_an_upheld_objection_leaves_the_other_candidates_in_the_case() -> None:
    story = trained(nominated(opened("standard", START), START, CHEN, LI), START)
    first, second = live(story).candidates
    story = objected(story.when(OpenPublicNotice(), PERSONNEL, START), first)
    story = story.when(disposing(story, Disposal.UPHELD), SUPERVISION, START)
    assert [candidate.id for candidate in live(story).standing] == [second]
    assert live(run_out(story, "public_notice")).stage == "supervision_review"


def test_upholding_an_objection_that_names_nobody_takes_a_name() -> None:
    story = trained(nominated(opened("standard", START), START, CHEN, LI), START)
    first, second = live(story).candidates
    story = objected(story.when(OpenPublicNotice(), PERSONNEL, START))
    wish = disposing(story, Disposal.UPHELD)
    refusal = refused(story, CandidateNotNamed, wish, SUPERVISION, START)
    assert (refusal.field, refusal.facts["known"]) == ("against", [first, second])
    nobody = wish.model_copy(update={"against": CandidateId("nobody")})
    assert refused(story, UnknownChoice, nobody, SUPERVISION, START).field == "against"
    story = story.when(wish.model_copy(update={"against": second}), SUPERVISION, START)
    assert story.then(ObjectionDisposed).candidate_out == second
    assert [candidate.id for candidate in live(story).standing] == [first]


def test_an_objection_to_one_candidate_puts_no_other_out() -> None:
    story = trained(nominated(opened("standard", START), START, CHEN, LI), START)
    first, second = live(story).candidates
    story = objected(story.when(OpenPublicNotice(), PERSONNEL, START), first)
    wish = disposing(story, Disposal.UPHELD).model_copy(update={"against": second})
    assert refused(story, CandidateNotNamed, wish, SUPERVISION, START).facts["known"] == [first]


@BOTH_ORDERS
def test_the_public_objects_while_a_noticed_case_rests_and_the_case_goes_on_resting(pack_id: str) -> None:
    story = objected(noticed(pack_id).when(REST, SUPERVISION, START))
    assert isinstance(story.case, SuspendedCase) and timers(story.case, story.pack) == ()
    resumed = story.when(ResumeCase(), SUPERVISION, LATER)
    assert {timer.name: timer.due_on for timer in timers(resumed.case, resumed.pack)} == {
        "public_notice": date(2026, 3, 9),
        f"objection:{next(iter(live(story).objections))}": date(2026, 6, 20),
    }
    assert live(run_out(resumed, "public_notice")).stage == "public_notice"


@BOTH_ORDERS
def test_an_objection_upheld_while_the_case_rests_ends_it_when_it_is_resumed(pack_id: str) -> None:
    story = noticed(pack_id).when(REST, SUPERVISION, START)
    story = objected(story, only_candidate(story))
    story = story.when(disposing(story, Disposal.UPHELD), SUPERVISION, START)
    assert isinstance(story.case, SuspendedCase) and live(story).standing == ()
    assert story.when(ResumeCase(), SUPERVISION, LATER).then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_an_objection_lodged_during_a_rest_gets_back_only_its_own_days() -> None:
    story = noticed("standard").when(REST, SUPERVISION, START)
    story = story.when(against(), SUPERVISION, at("2026-03-12")).when(ResumeCase(), SUPERVISION, LATER)
    assert [timer.due_on for timer in timers(story.case, story.pack)] == [date(2026, 3, 9), date(2026, 6, 20)]


def test_a_case_that_rests_at_another_stage_takes_no_objection() -> None:
    story = at_stage("standard", "supervision_review", START).when(REST, SUPERVISION, LATER)
    refused(story, OutOfOrder, against(), SUPERVISION, LATER)


def test_a_decision_is_not_reopened_for_the_others_when_the_chosen_is_excluded() -> None:
    story = noticed("cn.sr2019")
    other = replace(live(story).candidates[only_candidate(story)], id=CandidateId("other"), person=LI)
    story = replace(story, case=live(story).with_candidate(other))
    story = objected(story, only_candidate(story))
    story = story.when(disposing(story, Disposal.UPHELD), SUPERVISION, LATER)
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_there_is_no_objection_before_the_notice_is_open() -> None:
    refused(at_stage("standard", "public_notice", START), NoNoticeToObjectTo, against(), SUPERVISION, START)


@BOTH_ORDERS
def test_there_is_no_objection_once_the_case_has_left_the_notice(pack_id: str) -> None:
    refused(run_out(noticed(pack_id), "public_notice"), OutOfOrder, against(), SUPERVISION, LATER)


def test_an_objection_speaks_of_a_candidate_who_stands_or_of_none() -> None:
    refusal = refused(noticed("standard"), UnknownChoice, against(CandidateId("nobody")), SUPERVISION, START)
    assert refusal.field == "candidate_id"


def test_objections_are_for_supervision_to_take_down_and_dispose_of() -> None:
    refused(noticed("standard"), WrongOrgan, against(), PERSONNEL, START)
    story = objected(noticed("standard"))
    assert refused(story, WrongOrgan, disposing(story), PERSONNEL, START).facts["duty_holder"] == "supervision"


@pytest.mark.parametrize("part", ["officer", "on_behalf_of"])
def test_whoever_ran_the_case_does_not_dispose_of_objections_to_it(part: str) -> None:
    both_hats = SUPERVISION.model_copy(update={part: PERSONNEL.officer})
    story = objected(noticed("standard"))
    refused(story, RanTheCase, disposing(story), both_hats, LATER)


def test_an_objection_is_disposed_of_once() -> None:
    story = objected(objected(noticed("standard")))
    wish = disposing(story)
    story = story.when(wish, SUPERVISION, START)
    unknown = DisposeObjection(objection_id=ObjectionId("none"), outcome=Disposal.UPHELD, reasons="Never lodged here.")
    for again in (wish, unknown):
        refusal = refused(story, UnknownChoice, again, SUPERVISION, START)
        assert refusal.facts["known"] == [found.id for found in live(story).undisposed_objections]


@pytest.mark.parametrize("on_expiry", [OnExpiry.ESCALATE, OnExpiry.BLOCK])
def test_a_late_answer_is_recorded_once_and_the_case_stays_held(on_expiry: OnExpiry) -> None:
    law = variant("standard", {"objections.on_expiry.value": str(on_expiry)})
    story = run_out(under(law, objected(noticed("standard"))), "public_notice")
    (clock,) = timers(story.case, story.pack)
    story = run_out(story, clock.name)
    overdue = story.then(ObjectionAnswerOverdue)
    assert (overdue.on_expiry, overdue.due_on) == (on_expiry, date(2026, 6, 2))
    assert timers(story.case, story.pack) == ()
    assert live(story).stage == "public_notice"
    assert live(story.when(disposing(story), SUPERVISION, at("2026-07-01"))).stage == "supervision_review"
