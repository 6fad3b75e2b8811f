"""A rule is waived only where its pack allows it, by the pack's approver, who did not run the case."""

import re
from dataclasses import replace
from datetime import date

import pytest

from domain.deviation import AllowDeviation, DeviationAllowed, OwnCaseDeviation, RuleCannotBeWaived
from domain.identity import Actor, OfficerId, Role
from domain.nomination import CloseNominations, NominationsClosed
from domain.pack import HONOURED_WAIVERS, Pack
from domain.refusal import ActsInOwnCase, UnknownChoice, WrongOrgan
from domain.stage import CaseEnded, Outcome
from domain.training_verification import TrainingResult, TrainingVerified, VerifyTraining
from tests.domain.refusals import refused
from tests.domain.variants import CLOSES_AFTER_TWO, under, variant
from tests.examples import AUDIT, CHEN, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, only_candidate, opened
from tests.spec import Story

START = at("2026-03-02")
HOURS = "training.requirements.0.hours"


def waiving(rule: str, code: str = "exceptional") -> AllowDeviation:
    return AllowDeviation(rule=rule, code=code, reason="Two years of flood relief left no time to train.")


def verified(story: Story, hours: int, *, conditional: bool = False) -> Story:
    """The story once the candidate was verified with so many hours on file."""
    wish = VerifyTraining(candidate_id=only_candidate(story), conditional=conditional)
    return story.having(CHEN, hours, START.date()).when(wish, SCHOOL, START)


def test_waived_training_hours_are_met_with_any_hours_and_the_record_shows_both() -> None:
    story = at_stage("cn.sr2019", "training_verification", START).when(waiving(HOURS), SUPERVISION, START)
    allowed = story.then(DeviationAllowed)
    assert allowed.rules_applied() == (HOURS,)
    short = verified(story, 12).then(TrainingVerified)
    assert (short.result, short.hours, short.required_hours) == (TrainingResult.MET, 12, 550)
    assert short.deviation == HOURS
    assert verified(story, 550).then(TrainingVerified).deviation is None


def test_hours_that_were_waived_are_not_owed_later() -> None:
    story = at_stage("cn.sr2019", "training_verification", START).when(waiving(HOURS), SUPERVISION, START)
    assert verified(story, 12, conditional=True).then(TrainingVerified).result is TrainingResult.MET


def test_hours_waived_for_another_rank_are_still_required() -> None:
    other = waiving("training.requirements.1.hours")
    story = at_stage("cn.sr2019", "training_verification", START).when(other, SUPERVISION, START)
    story = verified(story, 12)
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_a_waived_minimum_lets_a_short_list_close() -> None:
    law = variant(
        "standard", {"nomination.minimum_candidates.value": 2, "nomination.minimum_candidates.waivable": True}
    )
    story = under(law, opened("standard", START)).when(waiving("nomination.minimum_candidates"), SUPERVISION, START)
    story = story.when(CloseNominations(), PERSONNEL, START)
    assert story.then(NominationsClosed).candidates == 0
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


@pytest.mark.parametrize("rule", ["notice.minimum", "decision.quorum", "decision.majority", "no.such.rule"])
@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_quorum_majority_and_notice_are_waived_by_nobody(pack_id: str, rule: str) -> None:
    refusal = refused(opened(pack_id, START), RuleCannotBeWaived, waiving(rule), SUPERVISION, START)
    assert refusal.facts["waivable"] == [HOURS, "training.requirements.1.hours"]


def test_a_code_that_the_pack_does_not_have_is_refused_with_those_it_has() -> None:
    refusal = refused(opened("standard", START), UnknownChoice, waiving(HOURS, "whim"), SUPERVISION, START)
    assert (refusal.field, refusal.facts["known"]) == ("code", ["exceptional"])


def test_only_the_approver_of_the_pack_waives() -> None:
    refusal = refused(opened("standard", START), WrongOrgan, waiving(HOURS), SCHOOL, START)
    assert refusal.facts["duty_holder"] == "supervision"


@pytest.mark.parametrize("part", ["officer", "on_behalf_of"])
def test_nobody_waives_in_a_case_that_they_opened_or_nominated_in(part: str) -> None:
    opener = SUPERVISION.model_copy(update={part: PERSONNEL.officer})
    refused(opened("standard", START), OwnCaseDeviation, waiving(HOURS), opener, START)


def test_a_consulted_organ_waives_nothing() -> None:
    refused(opened("standard", START), WrongOrgan, waiving(HOURS), AUDIT, START)


def test_a_candidate_waives_nothing() -> None:
    chen = Actor(officer=OfficerId(CHEN), organ=SUPERVISION.organ, roles=(Role.SUPERVISION,))
    story = at_stage("standard", "training_verification", START)
    refused(story, ActsInOwnCase, waiving(HOURS), chen, START)


def test_a_deviation_stays_with_its_case() -> None:
    story = at_stage("standard", "decision", START).when(waiving(HOURS), SUPERVISION, at("2026-03-20"))
    assert live(story).deviations == {HOURS}


def short_list(law: Pack, rule: str) -> Story:
    story = under(law, at_stage(law.id, "nomination", START)).when(waiving(rule), SUPERVISION, START)
    return story.when(CloseNominations(), PERSONNEL, START)


def short_of_hours(law: Pack, rule: str) -> Story:
    rank = law.training.requirements[int(rule.split(".")[2])].ranks[0]
    story = under(law, at_stage(law.id, "training_verification", START))
    post = live(story).post.model_copy(update={"rank": rank})
    story = replace(story, case=replace(live(story), post=post)).when(waiving(rule), SUPERVISION, START)
    return verified(story, 0)


def closed_for_years_failed(law: Pack, rule: str) -> Story:
    story = under(law, at_stage(law.id, "training_verification", START)).serving(CHEN, date(2022, 5, 1))
    return verified(story.when(waiving(rule), SUPERVISION, START), 600)


ELSEWHERE = r"records|clocks|stages"
USED = {
    r"nomination\.minimum_candidates": short_list,
    r"training\.requirements\.\d+\.hours": short_of_hours,
    r"training\.closes_after_failing": closed_for_years_failed,
}


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_using_the_waiver_of_any_rule_leaves_the_deviation_on_the_event(pack_id: str) -> None:
    law = variant(
        pack_id,
        {"nomination.minimum_candidates.waivable": True, "training.closes_after_failing": CLOSES_AFTER_TWO},
    )
    waivable = [rule for rule, said in law.rules() if said.waivable and not re.match(ELSEWHERE, rule)]
    assert len(waivable) >= 4
    for rule in waivable:
        using = next(story for pattern, story in USED.items() if re.fullmatch(pattern, rule))
        events = using(law, rule).latest
        assert [event.deviation for event in events if hasattr(event, "deviation")] == [rule]


def test_every_rule_that_may_be_waived_is_tried_here_or_in_the_tests_of_records_and_clocks() -> None:
    patterns = set(HONOURED_WAIVERS.pattern.split("|"))
    assert patterns - set(USED) == {pattern for pattern in patterns if re.match(ELSEWHERE, pattern)}
