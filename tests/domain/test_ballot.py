"""Each member who may vote does so once, in the form that the pack allows; of a secret ballot only counts are kept."""

import pytest

from domain.ballot import (
    BallotInAnotherForm,
    BallotIsNotSecret,
    BallotIsSecret,
    ChiefMustSpeakLast,
    CountsDoNotAddUp,
    Said,
    StatementMissing,
)
from domain.decision import DecisionDeferred, DecisionMeetingHeld, DecisionNotPassed, DecisionTaken
from domain.identity import CandidateId, OfficerId
from domain.majority import BallotForm
from domain.refusal import UnknownChoice
from tests.domain.meetings import AGREE, START, at_decision, changed, in_secret, with_two_candidates
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import DECIDERS
from tests.lives import live, meeting, only_candidate

SECRET_ONLY = {"decision.ballot.value": ["secret"]}
OPEN_ONLY = {"decision.ballot.value": ["open"]}


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


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [((5, 4, 0), DecisionTaken), ((4, 4, 1), DecisionDeferred), ((4, 5, 0), DecisionNotPassed)],
)
def test_a_secret_ballot_decides_by_its_counts(counts: tuple[int, int, int], outcome: type[DecisionTaken]) -> None:
    story = at_decision(SECRET_ONLY)
    vote = in_secret(meeting(story, START), (only_candidate(story), *counts))
    decided = story.when(vote, DECIDERS, START)
    assert decided.then(outcome)
    held = decided.then(DecisionMeetingHeld)
    assert (held.voted_by, held.counts[0].in_favour) == (BallotForm.SECRET, counts[0])
    assert "decision.ballot" in held.rules_applied()
    assert "decision.chief_speaks_last" not in held.rules_applied()


def test_nothing_recorded_of_a_secret_ballot_lets_anybody_say_who_voted_how() -> None:
    story = at_decision(SECRET_ONLY)
    decided = story.when(in_secret(meeting(story, START), (only_candidate(story), 6, 3, 0)), DECIDERS, START)
    held = decided.then(DecisionMeetingHeld)
    assert held.minutes is not None and held.minutes.ballots == ()
    members = [str(member.member) for member in held.minutes.members]
    for event in decided.latest:
        for place, found in walked(event.model_dump(mode="json")):
            assert place == "member" or found not in members, f"{event.alias}.{place} names a member"
            assert found not in list(map(str, type(AGREE))), f"{event.alias}.{place} holds a statement"


def walked(value: object, place: str = "") -> list[tuple[str, object]]:
    """Every plain value in a document with the name of its field."""
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in walked(inner, name)]
    if isinstance(value, list):
        return [found for inner in value for found in walked(inner, place)]
    return [(place, value)]


def test_statements_of_persons_are_refused_of_a_secret_ballot() -> None:
    story = at_decision(SECRET_ONLY)
    assert refused(story, BallotIsSecret, meeting(story, START), DECIDERS, START).field == "ballots"


def test_counts_alone_are_refused_where_each_member_states() -> None:
    story = at_decision()
    vote = in_secret(meeting(story, START), (only_candidate(story), 9, 0, 0))
    for form in (None, "open", "show_of_hands"):
        openly = vote.model_copy(update={"voted_by": form and BallotForm(form)})
        assert refused(story, BallotIsNotSecret, openly, DECIDERS, START).field == "counts"


@pytest.mark.parametrize("counts", [(8, 0, 0), (9, 1, 0), (5, 5, 0), (0, 0, 0)])
def test_counts_add_up_to_the_members_who_may_vote(counts: tuple[int, int, int]) -> None:
    story = at_decision(SECRET_ONLY)
    vote = in_secret(meeting(story, START), (only_candidate(story), *counts))
    refusal = refused(story, CountsDoNotAddUp, vote, DECIDERS, START)
    assert (refusal.facts["expected"], refusal.facts["counted"]) == (9, sum(counts))
    recused = (vote.members[0].model_copy(update={"recused": True}), *vote.members[1:])
    of_eight = vote.model_copy(update={"members": recused})
    if sum(counts) == 8:
        assert story.when(of_eight, DECIDERS, START).then(DecisionTaken).in_favour == 8


def test_a_secret_ballot_is_counted_on_every_candidate_who_stands_and_nobody_else() -> None:
    story = under(variant("cn.sr2019", SECRET_ONLY), with_two_candidates())
    first, second = live(story).candidates
    one_only = in_secret(meeting(story, START), (first, 9, 0, 0))
    assert refused(story, UnknownChoice, one_only, DECIDERS, START).field == "counts"
    stranger = in_secret(meeting(story, START), (first, 9, 0, 0), (second, 0, 9, 0), (CandidateId("nobody"), 0, 9, 0))
    assert refused(story, UnknownChoice, stranger, DECIDERS, START).field == "candidate_id"
    both = in_secret(meeting(story, START), (first, 3, 6, 0), (second, 6, 3, 0))
    assert story.when(both, DECIDERS, START).then(DecisionTaken).candidate_id == second


def test_it_is_voted_in_a_form_that_the_pack_allows() -> None:
    story = at_decision(OPEN_ONLY)
    vote = in_secret(meeting(story, START), (only_candidate(story), 9, 0, 0))
    refusal = refused(story, BallotInAnotherForm, vote, DECIDERS, START)
    assert refusal.citation is not None and refusal.facts["allowed"] == ["open"]
    silent = under(variant("cn.sr2019", {"decision.ballot": None}), story)
    assert refused(silent, BallotInAnotherForm, vote, DECIDERS, START).citation is None
    stated = silent.when(meeting(story, START), DECIDERS, START)
    assert stated.then(DecisionMeetingHeld).voted_by is None
    assert "decision.ballot" not in stated.then(DecisionMeetingHeld).rules_applied()
    hands = meeting(story, START).model_copy(update={"voted_by": BallotForm.SHOW_OF_HANDS})
    assert at_decision().when(hands, DECIDERS, START).then(DecisionTaken)
