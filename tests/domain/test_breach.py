"""A prohibition is found to be broken, and never allowed."""

import pytest

from domain.breach import BreachFound, BreachNotYetHappened, FindsInOwnCase, RecordBreach
from domain.case_opening import SuspendCase, WithdrawCase
from domain.deviation import AllowDeviation, ProhibitionCannotBeAllowed
from domain.refusal import CaseNotFound, UnknownChoice, WrongOrgan
from tests.domain.refusals import refused
from tests.domain.variants import variant
from tests.examples import AUDIT, PERSONNEL, SUPERVISION, at, pack
from tests.lives import at_stage, live, opened
from tests.spec import Story

START = at("2026-03-02")
LEAK = RecordBreach(code="leak", happened_on=START.date(), evidence="The vote was told to a newspaper that evening.")
REASON = "A court has to rule first."


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_a_breach_is_recorded_with_its_rule_and_its_evidence_is_sealed(pack_id: str) -> None:
    story = at_stage(pack_id, "decision", START)
    story = story.when(LEAK.model_copy(update={"happened_on": START.date()}), SUPERVISION, at("2026-03-23"))
    found = story.then(BreachFound)
    assert found.rules_applied() == ("deviations.prohibitions.leak.forbidden",)
    assert found.rules_applied()[0] in dict(story.pack.rules())
    assert found.without_sealed().evidence is None


def test_a_breach_is_found_in_a_case_that_rests_or_has_ended_too() -> None:
    story = opened("cn.sr2019", START)
    resting = story.when(SuspendCase(reason=REASON), SUPERVISION, START)
    assert resting.when(LEAK, SUPERVISION, START).then(BreachFound)
    ended = story.when(WithdrawCase(reason="The post was abolished."), PERSONNEL, START)
    after = ended.when(LEAK, SUPERVISION, START)
    assert after.then(BreachFound) and after.case == ended.case


def test_there_is_no_breach_where_there_is_no_case() -> None:
    refused(Story(pack("cn.sr2019"), "CN", "Asia/Shanghai"), CaseNotFound, LEAK, SUPERVISION, START)


def test_only_supervision_that_neither_answers_nor_ran_the_case_finds_breaches() -> None:
    story = opened("standard", START)
    refused(story, WrongOrgan, LEAK, PERSONNEL, START)
    refused(story, WrongOrgan, LEAK, AUDIT, START)
    opener = SUPERVISION.model_copy(update={"officer": PERSONNEL.officer})
    refused(story, FindsInOwnCase, LEAK, opener, START)


def test_a_breach_has_a_code_of_the_pack_and_has_happened() -> None:
    story = opened("cn.sr2019", START)
    wrong = LEAK.model_copy(update={"code": "exceptional"})
    assert len(refused(story, UnknownChoice, wrong, SUPERVISION, START).facts["known"]) == 10  # type: ignore[arg-type]
    tomorrow = LEAK.model_copy(update={"happened_on": at("2026-03-03").date()})
    refused(story, BreachNotYetHappened, tomorrow, SUPERVISION, START)


@pytest.mark.parametrize("code", [rule.id for rule in pack("cn.sr2019").deviations.prohibitions])
def test_nobody_allows_what_is_prohibited(code: str) -> None:
    wish = AllowDeviation(rule="training.requirements.0.hours", code=code, reason="Everybody does it nowadays.")
    refusal = refused(opened("cn.sr2019", START), ProhibitionCannotBeAllowed, wish, SUPERVISION, START)
    assert refusal.citation is not None and refusal.citation.article == "Art. 61"
    assert live(opened("cn.sr2019", START)).deviations == frozenset()


def test_a_code_is_allowed_or_prohibited_and_never_both() -> None:
    with pytest.raises(ValueError, match="either allowed or prohibited"):
        variant("cn.sr2019", {"deviations.prohibitions.0.id": "exceptional"})
