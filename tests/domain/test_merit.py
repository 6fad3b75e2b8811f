"""Candidates are measured by criteria of the pack's list, and by nothing that is no merit."""

import pytest
from pydantic import ValidationError

from domain.identity import PersonId
from domain.merit import (
    CriteriaMissing,
    CriteriaSet,
    CriteriaStand,
    CriterionRefused,
    NoRulesOnMerit,
    SetCriteria,
    WeightedCriterion,
)
from domain.next_step import next_steps
from domain.nomination import (
    CandidateNominated,
    CloseNominations,
    NominateCandidate,
    Particulars,
    UnitOfOriginStated,
    WithdrawCandidate,
)
from domain.refusal import OutOfOrder, UnknownChoice, WrongOrgan
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, PERSONNEL, SCHOOL, at, pack
from tests.lives import at_stage, live, only_candidate, opened
from tests.spec import Story

START = at("2026-03-02")


def criteria(**weights: int) -> SetCriteria:
    named = tuple(WeightedCriterion(criterion=name, weight=weight) for name, weight in weights.items())
    return SetCriteria(criteria=named)


def nominating(story: Story, unit: str | None = None) -> Story:
    wish = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Chen"), unit_of_origin=unit)
    return story.when(wish, PERSONNEL, START)


def demanding(pack_id: str) -> Story:
    return under(variant(pack_id, {"merit.required.value": True}), at_stage(pack_id, "nomination", START))


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_criteria_of_the_packs_list_are_set_with_their_weights(pack_id: str) -> None:
    story = at_stage(pack_id, "nomination", START).when(criteria(results=60, integrity=40), PERSONNEL, START)
    assert story.then(CriteriaSet).rules_applied() == ("merit.criteria", "merit.refused")
    assert live(story).criteria == {"results": 60, "integrity": 40}


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_a_criterion_that_is_no_merit_is_refused_by_its_name(pack_id: str) -> None:
    """F20, F21 and F22: relations, welfare and units of origin."""
    story, merit = at_stage(pack_id, "nomination", START), pack(pack_id).merit
    assert merit is not None
    named = {found.id for found in merit.refused.value}
    assert {"relations", "kinship", "welfare", "pay_class", "benefits", "unit_of_origin"} <= named
    for criterion in named:
        refusal = refused(story, CriterionRefused, criteria(results=90, **{criterion: 10}), PERSONNEL, START)
        assert (refusal.rule_path, refusal.facts["criterion"]) == ("merit.refused", criterion)
        assert "results" in refusal.sentence


def test_a_criterion_that_nobody_knows_is_answered_with_the_list() -> None:
    refusal = refused(opened("standard", START), UnknownChoice, criteria(handshake=100), PERSONNEL, START)
    assert refusal.facts["known"] == ["qualifications", "experience", "competence", "results", "integrity"]


def test_criteria_are_changed_until_somebody_is_nominated_and_then_they_stand() -> None:
    story = opened("standard", START).when(criteria(results=100), PERSONNEL, START)
    story = nominating(story.when(criteria(integrity=100), PERSONNEL, START))
    refused(story, CriteriaStand, criteria(results=100), PERSONNEL, START)
    assert live(story).criteria == {"integrity": 100}


def test_no_criteria_are_set_once_somebody_is_nominated_also_when_there_were_none() -> None:
    story = nominating(opened("standard", START))
    assert "open another" in refused(story, CriteriaStand, criteria(results=100), PERSONNEL, START).sentence
    left = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    refused(left, CriteriaStand, criteria(results=100), PERSONNEL, START)


def test_where_criteria_are_required_nobody_is_nominated_before_they_are_set() -> None:
    story = demanding("standard")
    wish = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Chen"))
    assert refused(story, CriteriaMissing, wish, PERSONNEL, START).rule_path == "merit.required"
    story = nominating(story.when(criteria(results=100), PERSONNEL, START)).when(CloseNominations(), PERSONNEL, START)
    refused(story, OutOfOrder, criteria(integrity=100), PERSONNEL, START)


def test_a_case_that_came_under_such_a_pack_with_its_candidates_goes_on() -> None:
    story = under(variant("standard", {"merit.required.value": True}), nominating(opened("standard", START)))
    assert [step.step for step in next_steps(story.case, story.pack, START.date())][:1] == ["nominate_candidate"]
    assert story.when(CloseNominations(), PERSONNEL, START).latest


def test_what_is_to_be_set_stands_among_the_next_steps_until_it_is_set() -> None:
    story = demanding("cn.sr2019")
    assert [step.step for step in next_steps(story.case, story.pack, START.date())] == ["set_criteria"]
    story = story.when(criteria(virtue=100), PERSONNEL, START)
    assert "set_criteria" not in [step.step for step in next_steps(story.case, story.pack, START.date())]


def test_criteria_are_set_by_personnel_at_nomination() -> None:
    refused(opened("standard", START), WrongOrgan, criteria(results=100), SCHOOL, START)
    refused(at_stage("standard", "decision", START), OutOfOrder, criteria(results=100), PERSONNEL, START)


def test_weights_are_a_whole_and_no_criterion_stands_twice() -> None:
    with pytest.raises(ValidationError, match="add up to 90"):
        criteria(results=60, integrity=30)
    twice = WeightedCriterion(criterion="results", weight=50)
    with pytest.raises(ValidationError, match="only once"):
        SetCriteria(criteria=(twice, twice))


def test_a_pack_without_a_list_of_criteria_has_none_set_and_misses_none() -> None:
    story = under(variant("standard", {"merit": None}), opened("standard", START))
    refused(story, NoRulesOnMerit, criteria(results=100), PERSONNEL, START)
    assert nominating(story).when(CloseNominations(), PERSONNEL, START).latest


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"merit.refused.value": [{"id": "results", "title": {"en": "r", "zh": "r"}}]}, "either allowed or refused"),
        ({"merit.criteria.value": []}, "could ever be set"),
    ],
)
def test_a_list_of_criteria_that_contradicts_itself_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        variant("standard", change)


def test_the_unit_of_origin_is_sealed_with_the_candidates_own_key() -> None:
    story = nominating(opened("standard", START), "Registry")
    stated = story.then(UnitOfOriginStated)
    assert (stated.person_id, stated.unit) == (PersonId(CHEN), "Registry")
    assert "Registry" not in "".join(event.without_sealed().model_dump_json() for event in story.latest)
    assert [type(event) for event in nominating(opened("standard", START)).latest] == [CandidateNominated]
