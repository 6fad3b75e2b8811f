"""Meetings of the deciding body as tests need them: a case before it, and votes that differ in one place."""

from collections.abc import Callable

from domain.ballot import Ballot, Said, Statement, Tally
from domain.decision import HoldDecisionMeeting
from domain.identity import CandidateId, OfficerId
from domain.majority import BallotForm
from tests.domain.variants import Change, under, variant
from tests.examples import CHEN, LI, at
from tests.lives import at_stage, meeting, nominated, only_candidate, opened, past_records, reviewed, trained
from tests.spec import Story

START = at("2026-03-02")
NEXT_WEEK = at("2026-03-09")
AGREE, DISAGREE, DEFER = Statement


def at_decision(changes: Change | None = None) -> Story:
    """A case under cn.sr2019, or a pack that differs from it, that has come before the deciding body."""
    story = at_stage("cn.sr2019", "decision", START)
    return under(variant("cn.sr2019", changes), story) if changes else story


def with_two_candidates() -> Story:
    story = trained(nominated(opened("cn.sr2019", START), START, CHEN, LI), START)
    return past_records(reviewed(story, START), START)


def ballot(candidate: CandidateId, *says: Statement) -> Ballot:
    """One statement of each member, in their order."""
    said = tuple(Said(member=OfficerId(f"member-{place}"), says=statement) for place, statement in enumerate(says))
    return Ballot(candidate_id=candidate, statements=said)


def changed(command: HoldDecisionMeeting, change: Callable[[Ballot], Ballot]) -> HoldDecisionMeeting:
    return command.model_copy(update={"ballots": tuple(change(found) for found in command.ballots)})


def with_deferrals(story: Story, agree: int, defer: int) -> HoldDecisionMeeting:
    """A meeting of nine in which the first agree, the next defer and the rest disagree."""
    vote = meeting(story, START)
    says = [AGREE] * agree + [DEFER] * defer + [DISAGREE] * (9 - agree - defer)
    return vote.model_copy(update={"ballots": (ballot(only_candidate(story), *says),)})


def in_secret(vote: HoldDecisionMeeting, *counts: tuple[CandidateId, int, int, int]) -> HoldDecisionMeeting:
    """The same meeting, with a secret ballot of which only these counts are known."""
    taken = tuple(Tally(candidate_id=who, in_favour=yes, against=no, deferred=later) for who, yes, no, later in counts)
    return vote.model_copy(update={"ballots": (), "counts": taken, "voted_by": BallotForm.SECRET})
