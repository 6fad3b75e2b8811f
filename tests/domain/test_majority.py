"""How many must be there and how many must agree, of a body of any size, by the pack's shares of its bases."""

import pytest
from pydantic import ValidationError

from tests.domain.variants import variant
from tests.examples import pack


@pytest.mark.parametrize("members", range(5, 16))
def test_a_decision_is_reconsidered_by_as_many_as_pass_one(members: int) -> None:
    rules = pack("cn.sr2019").decision
    assert rules.consents_needed(members) == rules.votes_needed(members, present=members, recused=0)


@pytest.mark.parametrize(
    ("base", "counted", "needed"),
    [("members_due", True, 6), ("members_due", False, 5), ("members_present", True, 5), ("members_present", False, 4)],
)
def test_the_majority_has_the_base_that_the_pack_gives_it(base: str, counted: bool, needed: int) -> None:
    changes = {"decision.majority_of.value": base, "decision.recused_count_in_base.value": counted}
    rules = variant("cn.sr2019", changes).decision
    assert rules.votes_needed(members=10, present=8, recused=2) == needed


@pytest.mark.parametrize(("opposed", "large"), [(0, False), (3, False), (4, True), (9, True)])
def test_a_disagreement_is_large_when_it_is_more_than_the_packs_share(opposed: int, large: bool) -> None:
    share = {**RULE, "value": "1/3"}
    assert (
        variant("cn.sr2019", {"decision.large_disagreement": share}).decision.is_large_disagreement(opposed, 9) is large
    )
    assert not pack("cn.sr2019").decision.is_large_disagreement(opposed, 9)


RULE = {
    "says": {"en": "A rule of this test.", "zh": "测试规则。"},
    "source": {"instrument": "house"},
    "confidence": "own_choice",
}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"decision.quorum": None, "decision.majority": None}, "a body that meets needs quorum, majority; "),
        ({"decision.reconsider_within": None}, "go together"),
        ({"decision.reconsider_share": None}, "go together"),
        ({"decision.reconsider_share.value": "1/1"}, "can never agree"),
        ({"decision.ballot.value": []}, "name at least one of open, show_of_hands, secret"),
        ({"decision.ballot.value": ["by post"]}, "ballot"),
        ({"decision.form.value": "authority"}, "has no members to consent"),
        (
            {"decision.large_disagreement": {**RULE, "value": "1/3"}, "decision.defer_on_large_disagreement": None},
            "has no effect",
        ),
    ],
)
def test_a_pack_whose_decision_cannot_work_is_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        variant("cn.sr2019", changes)


def test_a_pack_in_which_one_office_decides_needs_no_shares() -> None:
    law = variant("standard", {"decision": {"form": {**RULE, "value": "authority"}}})
    assert law.decision.by_authority
    with pytest.raises(LookupError):
        law.decision.quorum_of(9)
