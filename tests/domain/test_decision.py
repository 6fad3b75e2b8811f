"""A meeting decides with its quorum there, by more than half of those who should attend, or puts its vote off."""

from datetime import date

import pytest

from domain.choice import Deferral
from domain.decision import (
    DecisionDeferred,
    DecisionMeetingHeld,
    DecisionNotPassed,
    DecisionTaken,
    DeferralNotProvidedFor,
    HeldAs,
    HoldDecisionMeeting,
    NotInAMeeting,
    TiedVote,
    Unresolved,
    VoteWithoutQuorum,
)
from domain.nomination import WithdrawCandidate
from domain.stage import CaseEnded, Outcome, StageCompleted
from domain.timer import timers
from tests.domain.meetings import (
    AGREE,
    DEFER,
    DISAGREE,
    NEXT_WEEK,
    START,
    at_decision,
    ballot,
    with_deferrals,
    with_two_candidates,
)
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import DECIDERS, PERSONNEL, at
from tests.lives import at_stage, live, meeting, only_candidate, run_out

QUESTION = Unresolved(why=Deferral.UNCLEAR_QUESTION, reason="Where the funds of 2024 went is not clear.")


def test_five_of_nine_members_hold_no_vote() -> None:
    story = at_decision()
    vote = meeting(story, START, due=9, present=6)
    absent = tuple(member.model_copy(update={"present": place < 5}) for place, member in enumerate(vote.members))
    refusal = refused(story, VoteWithoutQuorum, vote.model_copy(update={"members": absent}), DECIDERS, START)
    facts = refusal.facts
    assert (facts["members_present"], facts["members_due"], facts["quorum"]) == (5, 9, 6)
    assert refusal.citation is not None and refusal.citation.verified


def test_a_meeting_without_quorum_is_recorded_and_decides_nothing() -> None:
    story = at_decision()
    story = story.when(meeting(story, START, due=9, present=5), DECIDERS, START)
    held = story.then(DecisionMeetingHeld)
    assert (held.quorate, held.counts, held.members_present) == (False, (), 5)
    assert live(story).stage == "decision" and live(story).inquorate_meetings == 1
    again = story.when(meeting(story, at("2026-03-09")), DECIDERS, at("2026-03-09"))
    assert again.then(StageCompleted).stage == "decision"


def test_the_limit_ends_a_case_whose_meetings_never_had_a_quorum() -> None:
    story = at_decision()
    story = story.when(meeting(story, START, due=9, present=5), DECIDERS, START)
    story = run_out(story, "stage:decision")
    assert story.then(CaseEnded).outcome is Outcome.NO_QUORUM
    assert timers(story.case, story.pack) == ()


def test_the_limit_ends_a_case_in_which_no_meeting_was_held_as_lapsed() -> None:
    assert run_out(at_decision(), "stage:decision").then(CaseEnded).outcome is Outcome.LAPSED


@pytest.mark.parametrize(("agree", "defer"), [(4, 1), (0, 9)])
def test_a_vote_that_those_who_deferred_could_have_carried_is_deferred(agree: int, defer: int) -> None:
    story = at_decision()
    deferred = story.when(with_deferrals(story, agree, defer), DECIDERS, START)
    assert deferred.then(DecisionDeferred).deferred_on == date(2026, 3, 2)
    assert live(deferred).stage == "decision" and timers(deferred.case, deferred.pack) == timers(story.case, story.pack)
    again = deferred.when(meeting(deferred, at("2026-03-09")), DECIDERS, at("2026-03-09"))
    assert again.then(StageCompleted).stage == "decision"
    assert run_out(deferred, "stage:decision").then(CaseEnded).outcome is Outcome.LAPSED


def test_a_vote_that_no_deferral_could_have_carried_has_not_passed() -> None:
    story = at_decision()
    story = story.when(with_deferrals(story, 2, 2), DECIDERS, START)
    assert story.then(DecisionNotPassed)
    assert run_out(story, "reconsideration").then(CaseEnded).outcome is Outcome.NOT_PASSED


def test_where_nothing_is_reconsidered_a_case_in_which_nobody_passed_ends_at_once() -> None:
    story = at_stage("standard", "decision", START)
    day = at("2026-03-20")
    story = story.when(meeting(story, day, in_favour=4), DECIDERS, day)
    assert story.then(DecisionNotPassed).reconsider is None
    assert story.then(CaseEnded).outcome is Outcome.NOT_PASSED


@pytest.mark.parametrize(("counted", "quorate"), [(False, False), (True, True)])
def test_a_member_who_withdrew_counts_towards_the_quorum_only_where_the_pack_says_so(
    counted: bool, quorate: bool
) -> None:
    law = variant("cn.sr2019", {"decision.recused_count_in_quorum.value": counted})
    story = under(law, at_decision())
    vote = meeting(story, START, due=9, present=6)
    members = (vote.members[0].model_copy(update={"recused": True}), *vote.members[1:])
    ballots = tuple(found.model_copy(update={"statements": found.statements[1:]}) for found in vote.ballots)
    wish = vote.model_copy(update={"members": members, "ballots": ballots})
    if quorate:
        assert story.when(wish, DECIDERS, START).then(DecisionTaken).in_favour == 5
    else:
        refusal = refused(story, VoteWithoutQuorum, wish, DECIDERS, START)
        assert (refusal.facts["members_present"], refusal.facts["members_recused"]) == (6, 1)
        unvoted = wish.model_copy(update={"ballots": ()})
        assert not story.when(unvoted, DECIDERS, START).then(DecisionMeetingHeld).quorate


def test_the_candidate_with_most_votes_above_the_majority_is_chosen() -> None:
    story = with_two_candidates()
    first, second = live(story).candidates
    ballots = (ballot(first, *[AGREE] * 3, *[DISAGREE] * 2), ballot(second, *[AGREE] * 4, DEFER))
    vote = meeting(story, START, due=5, present=5).model_copy(update={"ballots": ballots})
    taken = story.when(vote, DECIDERS, START)
    assert (taken.then(DecisionTaken).candidate_id, taken.then(DecisionTaken).in_favour) == (second, 4)
    counts = taken.then(DecisionMeetingHeld).counts
    assert [(count.in_favour, count.against, count.deferred) for count in counts] == [(3, 2, 0), (4, 0, 1)]


def test_two_candidates_with_as_many_votes_leave_one_post_undecided() -> None:
    story = with_two_candidates()
    refusal = refused(story, TiedVote, meeting(story, START), DECIDERS, START)
    assert refusal.facts["candidates"] == list(live(story).candidates)


def test_a_tie_below_the_majority_has_simply_not_passed() -> None:
    story = with_two_candidates()
    assert story.when(meeting(story, START, in_favour=4), DECIDERS, START).then(DecisionNotPassed)


def test_a_candidate_who_has_left_is_not_voted_on() -> None:
    story = with_two_candidates()
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken).candidate_id != only_candidate(story)


@pytest.mark.parametrize("why", [Deferral.UNCLEAR_QUESTION, Deferral.LARGE_DISAGREEMENT])
def test_a_large_disagreement_or_an_unclear_question_defers_the_vote(why: Deferral) -> None:
    story = at_decision()
    unresolved = QUESTION.model_copy(update={"why": why})
    vote = meeting(story, START).model_copy(update={"ballots": (), "unresolved": unresolved})
    deferred = story.when(vote, DECIDERS, START)
    assert deferred.then(DecisionDeferred).why is why
    assert deferred.then(DecisionDeferred).rules_applied() == ("decision.defer_on_large_disagreement",)
    held = deferred.then(DecisionMeetingHeld)
    assert held.counts == () and held.minutes is not None and held.minutes.unresolved == QUESTION.reason
    assert live(deferred).stage == "decision" and live(deferred).chosen is None
    assert deferred.when(meeting(deferred, NEXT_WEEK), DECIDERS, NEXT_WEEK).then(DecisionTaken)
    assert run_out(deferred, "stage:decision").then(CaseEnded).outcome is Outcome.LAPSED


def test_no_vote_is_taken_at_a_meeting_that_puts_it_off() -> None:
    vote = meeting(at_decision(), START).model_dump() | {"unresolved": QUESTION.model_dump()}
    with pytest.raises(ValueError, match="a vote that is deferred is not taken"):
        HoldDecisionMeeting.model_validate(vote)


def test_a_meeting_without_a_quorum_puts_nothing_off() -> None:
    story = at_decision()
    vote = meeting(story, START, present=5).model_copy(update={"unresolved": QUESTION})
    (held,) = story.when(vote, DECIDERS, START).latest
    assert isinstance(held, DecisionMeetingHeld) and not held.quorate


@pytest.mark.parametrize(("path", "value"), [("", None), (".value", False)])
def test_a_vote_is_put_off_only_where_the_pack_says_so(path: str, value: bool | None) -> None:
    story = at_decision({f"decision.defer_on_large_disagreement{path}": value})
    vote = meeting(story, START).model_copy(update={"ballots": (), "unresolved": QUESTION})
    assert refused(story, DeferralNotProvidedFor, vote, DECIDERS, START).field == "unresolved"


@pytest.mark.parametrize(("in_favour", "outcome"), [(6, DecisionTaken), (5, DecisionDeferred), (4, DecisionNotPassed)])
def test_more_disagreement_than_the_packs_share_defers_the_vote_although_a_majority_agrees(
    in_favour: int, outcome: type[DecisionTaken]
) -> None:
    share = {
        "value": "1/3",
        "says": {
            "en": "More than a third against is a large disagreement.",
            "zh": "超过三分之一不同意的，视为分歧较大。",
        },
        "source": {"instrument": "house"},
        "confidence": "own_choice",
    }
    story = at_decision({"decision.large_disagreement": share})
    story = story.when(meeting(story, START, in_favour=in_favour), DECIDERS, START)
    assert story.then(outcome)
    assert (live(story).chosen is None) is (outcome is not DecisionTaken)


@pytest.mark.parametrize("held_as", [HeldAs.CIRCULATION, HeldAs.OFFICE_MEETING])
def test_nothing_is_decided_but_in_a_meeting(held_as: HeldAs) -> None:
    story = at_decision()
    vote = meeting(story, START).model_copy(update={"held_as": held_as})
    refusal = refused(story, NotInAMeeting, vote, DECIDERS, START)
    assert refusal.citation is not None and refusal.facts["held_as"] == str(held_as)
    for change in ({"decision.not_by_circulation": None}, {"decision.not_by_circulation.value": False}):
        held = under(variant("cn.sr2019", change), story).when(vote, DECIDERS, START)
        assert held.then(DecisionMeetingHeld).held_as is held_as and held.then(DecisionTaken)
