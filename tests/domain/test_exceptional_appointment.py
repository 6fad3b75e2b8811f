"""An exception is proposed in time, for a reason, within each limit of its kind, and never leaves the record."""

from datetime import date

import pytest

from domain.exceptional_appointment import (
    CareerFacts,
    CareerFactsMissing,
    ExceptionAfterDecision,
    ExceptionAfterNotice,
    ExceptionAlreadyProposed,
    ExceptionInProbation,
    ExceptionProposed,
    ExceptionWithdrawn,
    PromotedTooRecently,
    ProposeException,
    TooManyLevelsAtOnce,
    TwoExceptionsInARow,
    WithdrawException,
)
from domain.identity import Actor, OfficerId, Role
from domain.nomination import WithdrawCandidate
from domain.refusal import ActsInOwnCase, UnknownChoice, WrongOrgan
from tests.domain.refusals import refused
from tests.domain.variants import variant
from tests.examples import CHEN, LI, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, nominated, only_candidate, opened
from tests.spec import Story

START = at("2026-03-02")
PROMOTION = "exceptional_promotion"
REASON = "Led the flood defence of 2025 when nobody else could."
WITHIN = CareerFacts(
    basis="personal file", in_probation=False, last_was_exceptional=False, levels=1, last_promoted_on=date(2024, 3, 1)
)


def proposing(story: Story, facts: CareerFacts | None = WITHIN) -> ProposeException:
    return ProposeException(kind=PROMOTION, candidate_id=only_candidate(story), reason=REASON, facts=facts)


def started() -> Story:
    return at_stage("cn.sr2019", "training_verification", START)


def test_an_exception_within_its_limits_stands_with_its_reason_and_its_rules() -> None:
    story = started()
    story = story.when(proposing(story), PERSONNEL, START)
    event = story.then(ExceptionProposed)
    assert (event.kind, event.reason, event.person_id) == (PROMOTION, REASON, CHEN)
    assert set(event.rules_applied()) <= {path for path, _ in story.pack.rules()}
    assert "exceptions.exceptional_promotion.limits.levels_at_most" in event.rules_applied()
    assert live(story).exceptions == {PROMOTION}


def test_what_is_asked_about_a_career_is_sealed_with_the_candidates_key() -> None:
    story = started()
    event = story.when(proposing(story), PERSONNEL, START).then(ExceptionProposed)
    assert event.facts == WITHIN and event.without_sealed().facts is None
    assert event.sealed_fields["facts"].of == "person_id"  # type: ignore[union-attr]


def beyond(story: Story, **changed: object) -> ProposeException:
    return proposing(story, WITHIN.model_copy(update=changed))


def test_each_limit_refuses_with_its_own_rule() -> None:
    story = started()
    recent = date(2025, 3, 3)
    refusals = {
        "not_in_probation": refused(story, ExceptionInProbation, beyond(story, in_probation=True), PERSONNEL, START),
        "since_last_promotion": refused(
            story, PromotedTooRecently, beyond(story, last_promoted_on=recent), PERSONNEL, START
        ),
        "not_two_in_a_row": refused(
            story, TwoExceptionsInARow, beyond(story, last_was_exceptional=True), PERSONNEL, START
        ),
        "levels_at_most": refused(story, TooManyLevelsAtOnce, beyond(story, levels=2), PERSONNEL, START),
    }
    for limit, refusal in refusals.items():
        assert refusal.rule_path == f"exceptions.{PROMOTION}.limits.{limit}"
        assert refusal.citation is not None and refusal.citation.article == "Art. 9"
        assert not refusal.citation.verified


@pytest.mark.parametrize("last", [date(2025, 3, 2), None])
def test_a_year_to_the_day_since_the_last_promotion_is_enough(last: date | None) -> None:
    story = started()
    facts = WITHIN.model_copy(update={"last_promoted_on": last})
    assert story.when(proposing(story, facts), PERSONNEL, START).then(ExceptionProposed).limits


def test_a_limit_that_the_pack_leaves_out_does_not_bind() -> None:
    law = variant("cn.sr2019", {"exceptions.0.limits.levels_at_most": None})
    story = Story(law, "CN", "Asia/Shanghai", started().case)
    facts = WITHIN.model_copy(update={"levels": 2})
    event = story.when(proposing(story, facts), PERSONNEL, START).then(ExceptionProposed)
    assert event.limits == ("not_in_probation", "since_last_promotion", "not_two_in_a_row")


def test_limits_are_checked_against_stated_facts_about_one_candidate() -> None:
    story = started()
    assert refused(story, CareerFactsMissing, proposing(story, None), PERSONNEL, START).field == "facts"
    nobody = ProposeException(kind=PROMOTION, reason=REASON, facts=WITHIN)
    assert refused(story, CareerFactsMissing, nobody, PERSONNEL, START).field == "candidate_id"


def test_an_exception_for_the_whole_case_needs_no_candidate() -> None:
    story = opened("standard", START).when(ProposeException(kind="no_competition", reason=REASON), PERSONNEL, START)
    event = story.then(ExceptionProposed)
    assert (event.candidate_id, event.person_id, event.facts) == (None, None, None)
    assert live(story).exceptions == {"no_competition"}


def test_one_exception_of_a_kind_for_a_candidate() -> None:
    story = started()
    story = story.when(proposing(story), PERSONNEL, START)
    refused(story, ExceptionAlreadyProposed, proposing(story), PERSONNEL, START)


def test_a_kind_that_the_pack_does_not_know_is_refused_with_those_it_knows() -> None:
    wish = ProposeException(kind="friendship", reason=REASON)
    assert refused(started(), UnknownChoice, wish, PERSONNEL, START).facts["known"] == [PROMOTION]


def test_only_personnel_propose_and_no_candidate_for_themselves() -> None:
    story = started()
    refused(story, WrongOrgan, proposing(story), SUPERVISION, START)
    chen = Actor(officer=OfficerId(CHEN), organ=PERSONNEL.organ, roles=(Role.PERSONNEL,))
    refused(story, ActsInOwnCase, proposing(story), chen, START)


def test_after_the_decision_no_exception_is_proposed() -> None:
    story = at_stage("cn.sr2019", "public_notice", START)
    refused(story, ExceptionAfterDecision, proposing(story), PERSONNEL, START)


def test_an_exception_that_the_notice_must_state_comes_before_the_notice() -> None:
    story = at_stage("standard", "supervision_review", START)
    wish = ProposeException(kind="no_competition", reason=REASON)
    refusal = refused(story, ExceptionAfterNotice, wish, PERSONNEL, at("2026-03-20"))
    assert refusal.rule_path == "exceptions.no_competition.reason_is_public"


def test_a_withdrawn_exception_stands_no_more_and_stays_on_record() -> None:
    story = started()
    story = story.when(proposing(story), PERSONNEL, START)
    name = story.then(ExceptionProposed).exception_id
    wish = WithdrawException(exception_id=name, reason="The ordinary course will do.")
    story = story.when(wish, PERSONNEL, START)
    assert story.then(ExceptionWithdrawn).kind == PROMOTION
    assert live(story).exceptions == frozenset()
    assert any(isinstance(event, ExceptionProposed) for event in story.events)
    assert refused(story, UnknownChoice, wish, PERSONNEL, START).field == "exception_id"
    assert story.when(proposing(story), PERSONNEL, START).then(ExceptionProposed).exception_id != name


def test_an_exception_falls_with_its_candidate() -> None:
    story = nominated(opened("cn.sr2019", START), START, CHEN, LI)
    story = story.when(proposing(story), PERSONNEL, START)
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    assert live(story).exceptions == frozenset()
