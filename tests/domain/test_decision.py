"""A meeting decides with its quorum there, by more than half of those who should attend, the chief last."""

from collections.abc import Callable
from datetime import date

import pytest
from pydantic import ValidationError

from domain.decision import (
    Ballot,
    BodyHasChanged,
    ChiefMustSpeakLast,
    ChiefNotNamed,
    DecisionDeferred,
    DecisionMeetingHeld,
    DecisionNotPassed,
    DecisionTaken,
    HoldDecisionMeeting,
    MeetingNotToday,
    MemberMustWithdraw,
    Said,
    Statement,
    StatementMissing,
    TiedVote,
    VoteWithoutQuorum,
)
from domain.identity import CandidateId, OfficerId
from domain.nomination import WithdrawCandidate
from domain.refusal import UnknownChoice
from domain.stage import CaseEnded, Outcome, StageCompleted
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, DECIDERS, LI, PERSONNEL, at
from tests.lives import at_stage, live, meeting, nominated, only_candidate, opened, reviewed, run_out, trained
from tests.spec import Story

START = at("2026-03-02")
COMMITTEES = [(5, 4, 3), (7, 5, 4), (9, 6, 5), (10, 7, 6), (11, 8, 6), (13, 9, 7), (15, 10, 8)]
AGREE, DISAGREE, DEFER = Statement


def at_decision() -> Story:
    return at_stage("cn.sr2019", "decision", START)


def with_two_candidates() -> Story:
    story = trained(nominated(opened("cn.sr2019", START), START, CHEN, LI), START)
    return reviewed(story, START)


def ballot(candidate: CandidateId, *says: Statement) -> Ballot:
    """One statement of each member, in their order."""
    said = tuple(Said(member=OfficerId(f"member-{place}"), says=statement) for place, statement in enumerate(says))
    return Ballot(candidate_id=candidate, statements=said)


def changed(command: HoldDecisionMeeting, change: Callable[[Ballot], Ballot]) -> HoldDecisionMeeting:
    return command.model_copy(update={"ballots": tuple(change(found) for found in command.ballots)})


@pytest.mark.parametrize(("members", "quorum", "votes"), COMMITTEES)
def test_two_thirds_must_be_there_and_more_than_half_of_all_members_agree(
    members: int, quorum: int, votes: int
) -> None:
    story = at_decision()
    passed = story.when(meeting(story, START, due=members, present=quorum, in_favour=votes), DECIDERS, START)
    held = passed.then(DecisionMeetingHeld)
    assert (held.quorum, held.votes_needed, held.quorate) == (quorum, votes, True)
    assert passed.then(DecisionTaken).in_favour == votes
    missed = story.when(meeting(story, START, due=members, present=quorum, in_favour=votes - 1), DECIDERS, START)
    assert missed.then(DecisionNotPassed)
    below = story.when(meeting(story, START, due=members, present=quorum - 1), DECIDERS, START)
    assert not below.then(DecisionMeetingHeld).quorate


def test_four_of_six_present_among_nine_members_have_not_passed() -> None:
    story = at_decision()
    story = story.when(meeting(story, START, due=9, present=6, in_favour=4), DECIDERS, START)
    assert story.then(DecisionMeetingHeld).counts[0].passed is False
    assert story.then(CaseEnded).outcome is Outcome.NOT_PASSED


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


def with_deferrals(story: Story, agree: int, defer: int) -> HoldDecisionMeeting:
    """A meeting of nine in which the first agree, the next defer and the rest disagree."""
    vote = meeting(story, START)
    says = [AGREE] * agree + [DEFER] * defer + [DISAGREE] * (9 - agree - defer)
    return vote.model_copy(update={"ballots": (ballot(only_candidate(story), *says),)})


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
    assert story.then(CaseEnded).outcome is Outcome.NOT_PASSED


@pytest.mark.parametrize("chiefs", [0, 2])
def test_one_member_is_the_chief_where_the_chief_speaks_last(chiefs: int) -> None:
    story = at_decision()
    vote = meeting(story, START)
    members = tuple(member.model_copy(update={"chief": place < chiefs}) for place, member in enumerate(vote.members))
    wrong = vote.model_copy(update={"members": members})
    refusal = refused(story, ChiefNotNamed, wrong, DECIDERS, START)
    assert (refusal.field, refusal.facts["chiefs"]) == ("members", chiefs)
    law = variant("cn.sr2019", {"decision.chief_speaks_last.value": False})
    assert under(law, story).when(wrong, DECIDERS, START).then(DecisionTaken)


@pytest.mark.parametrize("due", [5, 11])
def test_a_body_has_as_many_members_at_every_meeting_of_a_case(due: int) -> None:
    story = at_decision()
    story = story.when(meeting(story, START, due=9, present=5), DECIDERS, START)
    refusal = refused(story, BodyHasChanged, meeting(story, START, due=due, present=due), DECIDERS, START)
    assert (refusal.facts["members_due"], refusal.facts["members_due_before"]) == (due, 9)


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


def test_no_member_speaks_after_the_chief() -> None:
    story = at_decision()
    early = changed(
        meeting(story, START),
        lambda found: found.model_copy(update={"statements": (found.statements[-1], *found.statements[:-1])}),
    )
    refusal = refused(story, ChiefMustSpeakLast, early, DECIDERS, START)
    assert refusal.citation is not None and refusal.citation.rule == "decision.chief_speaks_last"
    law = variant("cn.sr2019", {"decision.chief_speaks_last.value": False})
    assert under(law, story).when(early, DECIDERS, START).then(DecisionTaken)


def test_each_member_who_may_vote_states_once_and_nobody_else() -> None:
    story = at_decision()
    vote = meeting(story, START)
    stranger = Said(member=OfficerId("observer"), says=AGREE)
    for wrong in (vote.ballots[0].statements[1:], (*vote.ballots[0].statements[:1], *vote.ballots[0].statements)):
        command = changed(vote, lambda found, wrong=wrong: found.model_copy(update={"statements": wrong}))  # type: ignore[misc]
        refusal = refused(story, StatementMissing, command, DECIDERS, START)
        assert (refusal.facts["expected"], refusal.facts["stated"]) == (9, len(wrong))
    swapped = changed(vote, lambda found: found.model_copy(update={"statements": (stranger, *found.statements[1:])}))
    refused(story, StatementMissing, swapped, DECIDERS, START)


def test_every_candidate_who_stands_is_voted_on_and_nobody_else() -> None:
    story = with_two_candidates()
    vote = meeting(story, START)
    one_only = vote.model_copy(update={"ballots": vote.ballots[:1]})
    assert refused(story, UnknownChoice, one_only, DECIDERS, START).field == "ballots"
    stranger = vote.ballots[0].model_copy(update={"candidate_id": CandidateId("nobody")})
    unknown = vote.model_copy(update={"ballots": (*vote.ballots, stranger)})
    assert refused(story, UnknownChoice, unknown, DECIDERS, START).field == "candidate_id"


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


@pytest.mark.parametrize("concerned", [CHEN, PERSONNEL.officer])
def test_a_member_who_stands_or_nominated_withdraws(concerned: OfficerId) -> None:
    story = at_decision()
    vote = meeting(story, START)
    members = (vote.members[0].model_copy(update={"member": concerned}), *vote.members[1:])
    ballots = tuple(found.model_copy(update={"statements": found.statements[1:]}) for found in vote.ballots)
    refusal = refused(story, MemberMustWithdraw, vote.model_copy(update={"members": members}), DECIDERS, START)
    assert refusal.facts["members"] == [concerned]
    withdrawn = (members[0].model_copy(update={"recused": True}), *members[1:])
    granted = vote.model_copy(update={"members": withdrawn, "ballots": ballots})
    held = story.when(granted, DECIDERS, START).then(DecisionMeetingHeld)
    assert (held.members_recused, held.members_present, held.votes_needed) == (1, 9, 5)


@pytest.mark.parametrize(
    ("base", "counted", "needed"),
    [("members_due", True, 6), ("members_due", False, 5), ("members_present", True, 5), ("members_present", False, 4)],
)
def test_the_majority_has_the_base_that_the_pack_gives_it(base: str, counted: bool, needed: int) -> None:
    changes = {"decision.majority_of.value": base, "decision.recused_count_in_base.value": counted}
    rules = variant("cn.sr2019", changes).decision
    assert rules.votes_needed(members=10, present=8, recused=2) == needed


def test_a_candidate_who_has_left_is_not_voted_on() -> None:
    story = with_two_candidates()
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken).candidate_id != only_candidate(story)


@pytest.mark.parametrize("held_on", [date(2026, 3, 1), date(2026, 3, 4)])
def test_a_meeting_is_recorded_after_it_was_held_and_not_before_its_stage(held_on: date) -> None:
    story = at_decision()
    vote = meeting(story, START).model_copy(update={"held_on": held_on})
    assert refused(story, MeetingNotToday, vote, DECIDERS, at("2026-03-03")).field == "held_on"


def test_minutes_are_for_the_deciding_body_and_counts_for_everybody() -> None:
    story = at_decision()
    held = story.when(meeting(story, START), DECIDERS, START).then(DecisionMeetingHeld)
    assert held.minutes is not None and len(held.minutes.members) == 9
    public = held.without_sealed()
    assert public.minutes is None and public.counts == held.counts


@pytest.mark.parametrize("part", ["members", "ballots"])
def test_nobody_stands_twice_in_the_minutes(part: str) -> None:
    vote = meeting(at_decision(), START).model_dump()
    vote[part] = (*vote[part], vote[part][0])
    with pytest.raises(ValidationError, match="may stand only once"):
        HoldDecisionMeeting.model_validate(vote)
