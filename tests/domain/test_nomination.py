"""Personnel put others forward, each person once, until the list is long enough to be closed."""

import pytest
from pydantic import ValidationError

from domain.appointment import ClosedCase
from domain.identity import Actor, CandidateId, OfficerId, PersonId, Role
from domain.nomination import (
    AlreadyNominated,
    CandidateAlreadyAppointed,
    CandidateNominated,
    CandidateWithdrawn,
    CloseNominations,
    NobodyNominatesThemselves,
    NominateCandidate,
    NominationsClosed,
    Particulars,
    TooFewCandidates,
    WithdrawCandidate,
)
from domain.refusal import UnknownChoice, WrongOrgan
from domain.stage import CaseEnded, Outcome, StageCompleted
from domain.training_verification import VerifyTraining
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, LI, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, nominated, only_candidate, opened
from tests.spec import Story

START = at("2026-03-02")


def wish_for(person: PersonId) -> NominateCandidate:
    return NominateCandidate(person_id=person, particulars=Particulars(full_name="Somebody"))


def two_nominated(pack_id: str) -> Story:
    story = opened(pack_id, START)
    return story.when(wish_for(CHEN), PERSONNEL, START).when(wish_for(LI), PERSONNEL, START)


def test_a_nomination_names_the_nominator_and_closing_the_list_ends_the_stage() -> None:
    story = opened("standard", START).when(wish_for(CHEN), PERSONNEL, START)
    nomination = story.then(CandidateNominated)
    assert (nomination.person_id, nomination.nominated_by) == (CHEN, PERSONNEL.officer)
    story = story.when(CloseNominations(), PERSONNEL, START)
    assert story.then(NominationsClosed).candidates == 1
    assert story.then(StageCompleted).stage == "nomination"
    assert live(story).stage == "training_verification"


def test_a_person_is_nominated_once() -> None:
    story = opened("standard", START).when(wish_for(CHEN), PERSONNEL, START)
    assert refused(story, AlreadyNominated, wish_for(CHEN), PERSONNEL, START).facts["candidate_id"]


def test_nobody_nominates_themselves_nor_through_a_stand_in() -> None:
    chen = Actor(officer=OfficerId(CHEN), organ=PERSONNEL.organ, roles=(Role.PERSONNEL,))
    stand_in = PERSONNEL.model_copy(update={"on_behalf_of": OfficerId(CHEN)})
    for actor in (chen, stand_in):
        refused(opened("standard", START), NobodyNominatesThemselves, wish_for(CHEN), actor, START)


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_a_list_without_enough_names_is_not_closed(pack_id: str) -> None:
    story = at_stage(pack_id, "nomination", START)
    refusal = refused(story, TooFewCandidates, CloseNominations(), PERSONNEL, START)
    assert (refusal.facts["candidates"], refusal.facts["minimum"]) == (0, 1)
    assert refusal.citation is not None and refusal.citation.rule == "nomination.minimum_candidates"


def test_a_pack_may_ask_for_more_names_than_posts() -> None:
    law = variant("standard", {"nomination.minimum_candidates.value": 3})
    refusal = refused(under(law, two_nominated("standard")), TooFewCandidates, CloseNominations(), PERSONNEL, START)
    assert "Nominate 1 more." in refusal.sentence


def test_a_withdrawn_candidate_does_not_count_and_is_not_nominated_again() -> None:
    story = opened("standard", START).when(wish_for(CHEN), PERSONNEL, START)
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    assert story.then(CandidateWithdrawn).candidate_id == only_candidate(story)
    assert refused(story, TooFewCandidates, CloseNominations(), PERSONNEL, START).facts["candidates"] == 0
    refused(story, AlreadyNominated, wish_for(CHEN), PERSONNEL, START)


def test_only_somebody_who_stands_can_be_withdrawn() -> None:
    story = two_nominated("standard")
    gone = WithdrawCandidate(candidate_id=only_candidate(story))
    story = story.when(gone, PERSONNEL, START)
    for wish in (gone, WithdrawCandidate(candidate_id=CandidateId("nobody"))):
        refusal = refused(story, UnknownChoice, wish, PERSONNEL, START)
        assert refusal.facts["known"] == [candidate.id for candidate in live(story).standing]
        assert not refusal.unlawful


def test_the_case_ends_when_the_last_candidate_leaves() -> None:
    story = at_stage("standard", "training_verification", START)
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT
    assert isinstance(story.case, ClosedCase)


def test_a_stage_that_waited_for_the_withdrawn_candidate_alone_is_complete() -> None:
    story = nominated(opened("standard", START), START, CHEN, LI)
    first, second = live(story).candidates
    story = story.having(CHEN, 40, START.date()).when(VerifyTraining(candidate_id=first), SCHOOL, START)
    assert live(story).stage == "training_verification"
    story = story.when(WithdrawCandidate(candidate_id=second), PERSONNEL, START)
    assert live(story).stage == "public_notice"


def test_the_chosen_candidate_leaves_and_the_case_ends() -> None:
    story = at_stage("cn.sr2019", "public_notice", START)
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_an_appointee_is_not_withdrawn() -> None:
    story = at_stage("standard", "probation", START)
    gone = WithdrawCandidate(candidate_id=only_candidate(story))
    refused(story, CandidateAlreadyAppointed, gone, PERSONNEL, at("2026-06-01"))


def test_supervision_withdraws_nobody() -> None:
    story = two_nominated("standard")
    refused(story, WrongOrgan, WithdrawCandidate(candidate_id=only_candidate(story)), SUPERVISION, START)


@pytest.mark.parametrize("wrong", [{"full_name": ""}, {"birth_year_month": "1980"}, {"telephone": "1"}])
def test_particulars_are_no_more_than_what_may_be_asked(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Particulars.model_validate({"full_name": "Chen", **wrong})
