"""Where the pack says so one office decides alone, through the same gates as a body, and for stated reasons."""

from datetime import date

import pytest

from domain.authority import DecidesOwnNomination, DeclineToDecide, TakeDecision
from domain.choice import DecidedInAnotherForm, DecisionNotPassed, DecisionTaken, MeetingNotToday
from domain.command import Command
from domain.identity import CandidateId, OfficerId, Role
from domain.next_step import next_steps
from domain.refusal import ActsInOwnCase, OutOfOrder, UnknownChoice, WrongOrgan
from domain.stage import CaseEnded, Outcome, StageCompleted
from tests.domain.meetings import START, at_decision, with_two_candidates
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, DECIDERS, PERSONNEL
from tests.lives import at_stage, live, only_candidate
from tests.spec import Story

AUTHORITY = {
    "decision": {
        "form": {
            "value": "authority",
            "says": {"en": "The minister chooses.", "zh": "由部长决定。"},
            "source": {"instrument": "house"},
            "confidence": "own_choice",
        }
    }
}
REASONS = "This one has run a body of that size before."
TODAY = date(2026, 3, 2)


def before_a_minister(story: Story | None = None) -> Story:
    return under(variant("cn.sr2019", AUTHORITY), story or at_decision())


def choice(story: Story) -> TakeDecision:
    return TakeDecision(candidate_id=only_candidate(story), decided_on=TODAY, reasons=REASONS)


def declined() -> DeclineToDecide:
    return DeclineToDecide(decided_on=TODAY, reasons="The post is to be described anew.")


def test_one_office_chooses_among_those_who_stand() -> None:
    story = before_a_minister(with_two_candidates())
    second = list(live(story).candidates)[1]
    chosen = story.when(TakeDecision(candidate_id=second, decided_on=TODAY, reasons=REASONS), DECIDERS, START)
    taken = chosen.then(DecisionTaken)
    assert (taken.candidate_id, taken.meeting_id, taken.votes_needed, taken.reasons) == (second, None, None, REASONS)
    assert taken.without_sealed().reasons is None and taken.rules_applied() == ("decision.form",)
    assert chosen.then(StageCompleted).stage == "decision" and live(chosen).stage == "public_notice"


def test_one_office_may_choose_nobody_and_the_case_ends() -> None:
    story = before_a_minister().when(declined(), DECIDERS, START)
    event = story.then(DecisionNotPassed)
    assert event.reasons == declined().reasons and event.without_sealed().reasons is None
    assert event.rules_applied() == ("decision.form",)
    assert story.then(CaseEnded).outcome is Outcome.NOT_PASSED


@pytest.mark.parametrize("declines", [False, True])
def test_nobody_decides_alone_where_a_body_meets(declines: bool) -> None:
    story = at_decision()
    command: Command = declined() if declines else choice(story)
    refusal = refused(story, DecidedInAnotherForm, command, DECIDERS, START)
    assert refusal.facts["form"] == "meeting" and refusal.citation is not None
    silent = under(variant("cn.sr2019", {"decision.form": None}), story)
    assert refused(silent, DecidedInAnotherForm, command, DECIDERS, START).citation is None


@pytest.mark.parametrize("declines", [False, True])
def test_whoever_decides_alone_did_not_nominate_and_does_not_stand(declines: bool) -> None:
    story = before_a_minister()
    command: Command = declined() if declines else choice(story)
    both = PERSONNEL.model_copy(update={"roles": (Role.PERSONNEL, Role.DECISION_BODY)})
    refused(story, DecidesOwnNomination, command, both, START)
    stand_in = DECIDERS.model_copy(update={"on_behalf_of": PERSONNEL.officer})
    refused(story, DecidesOwnNomination, command, stand_in, START)
    refused(story, ActsInOwnCase, command, DECIDERS.model_copy(update={"officer": OfficerId(CHEN)}), START)
    refused(story, WrongOrgan, command, PERSONNEL, START)


def test_one_office_decides_at_the_stage_of_the_decision_and_on_a_day_of_it() -> None:
    earlier = before_a_minister(at_stage("cn.sr2019", "supervision_review", START))
    refused(earlier, OutOfOrder, choice(earlier), DECIDERS, START)
    story = before_a_minister()
    for day in (date(2026, 3, 1), date(2026, 3, 3)):
        wish = choice(story).model_copy(update={"decided_on": day})
        assert refused(story, MeetingNotToday, wish, DECIDERS, START).field == "decided_on"


def test_one_office_chooses_nobody_who_does_not_stand() -> None:
    story = before_a_minister()
    stranger = choice(story).model_copy(update={"candidate_id": CandidateId("nobody")})
    assert refused(story, UnknownChoice, stranger, DECIDERS, START).field == "candidate_id"


def test_the_next_step_of_one_office_is_to_choose_or_to_decline() -> None:
    story = before_a_minister()
    steps = [step.step for step in next_steps(story.case, story.pack, TODAY)]
    assert steps == ["take_decision", "decline_to_decide"]
