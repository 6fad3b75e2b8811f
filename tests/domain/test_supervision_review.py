"""A review ends when every organ was heard or deemed to be; what an organ's silence means stands in the pack."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.appointment import ClosedCase
from domain.identity import Actor, OrganId
from domain.pack import OnExpiry
from domain.refusal import UnknownChoice, WrongOrgan
from domain.stage import CaseEnded, Outcome
from domain.supervision_review import (
    ConcludeSupervisionReview,
    Conclusion,
    Finding,
    OpinionAlreadyRequested,
    OpinionNotRequested,
    OpinionOverdue,
    OpinionRequested,
    OpinionReturned,
    OpinionsMissing,
    RanTheCaseUnderReview,
    RequestOpinion,
    ReturnOpinion,
    SupervisionReviewConcluded,
)
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import AUDIT, CO_MANAGING, DISCIPLINE, PERSONNEL, SUPERVISION, at
from tests.lives import at_stage, live, run_out
from tests.spec import Story

START = at("2026-03-02")
CLEARED = ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order.")
NOT_CLEARED = ConcludeSupervisionReview(conclusion=Conclusion.NOT_CLEARED, remarks="A file is missing.")


def at_review() -> Story:
    return at_stage("cn.sr2019", "supervision_review", START)


def asked(story: Story, *organs: Actor) -> Story:
    for organ in organs or (DISCIPLINE, CO_MANAGING):
        story = story.when(RequestOpinion(organ=organ.organ), SUPERVISION, START)
    return story


def answer(organ: Actor) -> ReturnOpinion:
    return ReturnOpinion(organ=organ.organ, finding=Finding.NO_OBJECTION, text="Nothing against it.")


def silent(on_expiry: OnExpiry) -> Story:
    """The discipline organ says nothing under a pack that gives its silence that meaning; the other has answered."""
    law = variant("cn.sr2019", {"review.opinions.0.on_expiry.value": str(on_expiry)})
    story = asked(under(law, at_review())).when(answer(CO_MANAGING), CO_MANAGING, START)
    story = run_out(story, "opinion:discipline-organ")
    overdue = story.then(OpinionOverdue)
    assert (overdue.on_expiry, overdue.due_on) == (on_expiry, date(2026, 3, 16))
    assert overdue.rules_applied() == ("review.opinions.0.within", "review.opinions.0.on_expiry")
    assert timers(story.case, story.pack) == ()
    return story


def test_each_organ_has_its_own_time_and_its_silence_its_own_meaning() -> None:
    story = at_review()
    first = story.when(RequestOpinion(organ=DISCIPLINE.organ), SUPERVISION, START).then(OpinionRequested)
    second = story.when(RequestOpinion(organ=CO_MANAGING.organ), SUPERVISION, START).then(OpinionRequested)
    assert (first.answer_by.closes_on, first.on_expiry) == (date(2026, 3, 16), OnExpiry.BLOCK)
    assert (second.answer_by.closes_on, second.on_expiry) == (date(2026, 4, 2), OnExpiry.CONSENT)
    assert second.rules_applied() == ("review.opinions.1.within", "review.opinions.1.on_expiry")


def test_the_review_is_cleared_when_every_organ_has_answered() -> None:
    story = asked(at_review()).when(answer(DISCIPLINE), DISCIPLINE, START).when(answer(CO_MANAGING), CO_MANAGING, START)
    assert story.then(OpinionReturned).organ == CO_MANAGING.organ
    assert timers(story.case, story.pack) == ()
    story = story.when(CLEARED, SUPERVISION, START)
    assert story.then(SupervisionReviewConcluded).conclusion is Conclusion.CLEARED
    assert live(story).stage == "decision"


def test_nothing_is_cleared_while_an_organ_was_not_asked_or_has_not_answered() -> None:
    nobody_asked = refused(at_review(), OpinionsMissing, CLEARED, SUPERVISION, START)
    assert nobody_asked.facts["missing"] == [DISCIPLINE.organ, CO_MANAGING.organ]
    story = asked(at_review()).when(answer(DISCIPLINE), DISCIPLINE, START)
    one_missing = refused(story, OpinionsMissing, CLEARED, SUPERVISION, START)
    assert one_missing.facts["missing"] == [CO_MANAGING.organ]
    assert one_missing.citation is not None and one_missing.citation.rule == "review.opinions.1.within"
    assert not one_missing.citation.verified


def test_a_review_that_does_not_clear_needs_no_opinion_and_ends_the_case() -> None:
    story = asked(at_review()).when(NOT_CLEARED, SUPERVISION, START)
    assert story.then(CaseEnded).outcome is Outcome.NOT_CLEARED
    assert isinstance(story.case, ClosedCase) and timers(story.case, story.pack) == ()


def test_silence_that_is_consent_counts_as_an_answer_that_nobody_gave() -> None:
    story = silent(OnExpiry.CONSENT)
    assert live(story).opinions[DISCIPLINE.organ].finding == Finding.DEEMED_CONSENT
    refused(story, OpinionNotRequested, answer(DISCIPLINE), DISCIPLINE, at("2026-04-01"))
    assert live(story.when(CLEARED, SUPERVISION, at("2026-04-01"))).stage == "decision"


@pytest.mark.parametrize("on_expiry", [OnExpiry.BLOCK, OnExpiry.ESCALATE])
def test_silence_that_blocks_or_escalates_holds_the_case_until_the_late_answer(on_expiry: OnExpiry) -> None:
    story = silent(on_expiry)
    refused(story, OpinionsMissing, CLEARED, SUPERVISION, at("2026-04-01"))
    story = story.when(answer(DISCIPLINE), DISCIPLINE, at("2026-04-01"))
    assert live(story.when(CLEARED, SUPERVISION, at("2026-04-01"))).stage == "decision"


def test_silence_that_lapses_ends_the_case_uncleared() -> None:
    assert silent(OnExpiry.LAPSE).then(CaseEnded).outcome is Outcome.NOT_CLEARED


def test_an_organ_is_asked_once_and_answers_once() -> None:
    story = asked(at_review(), DISCIPLINE)
    again = RequestOpinion(organ=DISCIPLINE.organ)
    assert refused(story, OpinionAlreadyRequested, again, SUPERVISION, START).facts["due_on"] == date(2026, 3, 16)
    story = story.when(answer(DISCIPLINE), DISCIPLINE, START)
    refused(story, OpinionNotRequested, answer(DISCIPLINE), DISCIPLINE, START)


def test_an_organ_that_was_not_asked_does_not_answer() -> None:
    refused(at_review(), OpinionNotRequested, answer(DISCIPLINE), DISCIPLINE, START)


def test_only_an_organ_of_the_pack_is_asked() -> None:
    refusal = refused(at_review(), UnknownChoice, RequestOpinion(organ=AUDIT.organ), SUPERVISION, START)
    assert refusal.facts["known"] == [DISCIPLINE.organ, CO_MANAGING.organ]
    no_organs = under(variant("cn.sr2019", {"review.opinions": []}), at_review())
    refused(no_organs, UnknownChoice, RequestOpinion(organ=OrganId("any")), SUPERVISION, START)
    assert live(no_organs.when(CLEARED, SUPERVISION, START)).stage == "decision"


def test_no_organ_answers_for_another() -> None:
    refusal = refused(asked(at_review()), WrongOrgan, answer(DISCIPLINE), CO_MANAGING, START)
    assert refusal.facts["organ"] == CO_MANAGING.organ
    personnel_there = PERSONNEL.model_copy(update={"organ": DISCIPLINE.organ})
    refused(asked(at_review()), WrongOrgan, answer(DISCIPLINE), personnel_there, START)


def test_no_organ_answers_that_its_consent_is_deemed() -> None:
    with pytest.raises(ValidationError):
        ReturnOpinion.model_validate({"organ": DISCIPLINE.organ, "finding": "deemed_consent", "text": "Deemed."})


@pytest.mark.parametrize("part", ["officer", "on_behalf_of"])
def test_nobody_reviews_a_case_that_they_opened_or_nominated_in(part: str) -> None:
    both_hats = SUPERVISION.model_copy(update={part: PERSONNEL.officer})
    for command in (CLEARED, NOT_CLEARED):
        refused(asked(at_review()), RanTheCaseUnderReview, command, both_hats, START)
