"""Relations are declared, looked up and decided on; what was left out is a breach by itself."""

import pytest

from domain.case_opening import WithdrawCase
from domain.conflict import (
    ConflictDecided,
    CrossCheckInterests,
    DecideConflict,
    DeclareInterests,
    InterestsCrossChecked,
    InterestsDeclared,
    NobodyChecksThemselves,
    NoRulesOnConflicts,
    UndeclaredRelationFound,
)
from domain.declaration import interests_of
from domain.identity import Actor, CandidateId, OfficerId, Role
from domain.interests import FoundRelation, Relation, RelationKind
from domain.nomination import CloseNominations
from domain.recusal import ConflictedOfficer, ConflictUndecided
from domain.refusal import ActsInOwnCase, CaseHasEnded, UnknownChoice, WrongOrgan
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, only_candidate
from tests.spec import Story

START = at("2026-03-02")
TRAINING = "training_verification"
PLAN = "Speaks on every candidate but this one."


def tied(story: Story, kind: RelationKind) -> Relation:
    return Relation(candidate_id=only_candidate(story), kind=kind, details="An uncle on the mother's side.")


def declaring(story: Story, *kinds: RelationKind) -> DeclareInterests:
    return DeclareInterests(relations=tuple(tied(story, kind) for kind in kinds))


def looking_up(
    story: Story, actor: Actor, *kinds: RelationKind, declared: bool = False, acted: bool = False
) -> CrossCheckInterests:
    found = tuple(FoundRelation(**tied(story, kind).model_dump(), declared=declared) for kind in kinds)
    return CrossCheckInterests(officer=actor.officer, registers=("personnel_file",), found=found, acted=acted)


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_whoever_declares_a_relation_of_a_kind_that_recuses_is_out_of_the_case(pack_id: str) -> None:
    story = at_stage(pack_id, TRAINING, START)
    for kind in story.pack.conflicts.recuse.value if story.pack.conflicts else ():
        after = story.when(declaring(story, kind), SCHOOL, START)
        assert after.then(InterestsDeclared).withdraws
        refusal = refused(after, ConflictedOfficer, CloseNominations(), SCHOOL, START)
        assert (refusal.rule_path, refusal.facts["officer"]) == ("conflicts.recuse", SCHOOL.officer)


def test_whoever_declares_that_there_is_nothing_goes_on() -> None:
    story = at_stage("standard", TRAINING, START)
    story = story.when(DeclareInterests(), PERSONNEL, START)
    assert interests_of(live(story), PERSONNEL.officer).declared
    story.when(DeclareInterests(), PERSONNEL, START)


def test_what_is_declared_is_sealed_and_the_public_record_names_neither_kind_nor_candidate() -> None:
    story = at_stage("standard", TRAINING, START)
    story = story.when(declaring(story, RelationKind.SPOUSE, RelationKind.SAME_UNIT), SCHOOL, START)
    public = story.then(InterestsDeclared).without_sealed().model_dump_json()
    assert "uncle" not in public and "spouse" not in public and only_candidate(story) not in public
    assert InterestsDeclared.sealed_fields["relations"].__class__.__name__ == "Confidential"
    checked = story.when(looking_up(story, PERSONNEL, RelationKind.DONATION), SUPERVISION, START)
    for event in checked.latest:
        said = event.without_sealed().model_dump_json()
        assert "uncle" not in said and '"donation"' not in said and only_candidate(story) not in said


def test_on_any_other_relation_supervision_decides_and_until_then_its_officer_takes_no_step() -> None:
    story = at_stage("standard", TRAINING, START)
    story = story.when(declaring(story, RelationKind.SAME_UNIT), SCHOOL, START)
    (relation_id,) = story.then(InterestsDeclared).to_decide
    refused(story, ConflictUndecided, CloseNominations(), SCHOOL, START)
    story.when(DeclareInterests(), SCHOOL, START)
    stays = story.when(DecideConflict(relation_id=relation_id, withdraws=False, plan=PLAN), SUPERVISION, START)
    assert interests_of(live(stays), SCHOOL.officer).withdraws_under is None
    goes = story.when(DecideConflict(relation_id=relation_id, withdraws=True, plan=PLAN), SUPERVISION, START)
    assert goes.then(ConflictDecided).officer == SCHOOL.officer
    refusal = refused(goes, ConflictedOfficer, CloseNominations(), SCHOOL, START)
    assert refusal.rule_path == "conflicts.declare"
    again = DecideConflict(relation_id=relation_id, withdraws=False, plan=PLAN)
    refused(goes, UnknownChoice, again, SUPERVISION, START)


def test_only_supervision_decides_and_not_on_its_own_officer_by_the_same_hand() -> None:
    story = at_stage("standard", TRAINING, START)
    story = story.when(declaring(story, RelationKind.SAME_UNIT), SUPERVISION, START)
    (relation_id,) = story.then(InterestsDeclared).to_decide
    wish = DecideConflict(relation_id=relation_id, withdraws=False, plan=PLAN)
    refused(story, WrongOrgan, wish, DECIDERS, START)
    refused(story, ConflictUndecided, wish, SUPERVISION, START)


def test_a_relation_that_was_left_out_of_a_declaration_is_a_breach_by_itself() -> None:
    story = at_stage("standard", TRAINING, START).when(DeclareInterests(), SCHOOL, START)
    story = story.when(looking_up(story, SCHOOL, RelationKind.SPOUSE), SUPERVISION, START)
    breach = story.then(UndeclaredRelationFound)
    assert (breach.officer, breach.relation and breach.relation.kind) == (SCHOOL.officer, RelationKind.SPOUSE)
    assert breach.rules_applied() == ("conflicts.declare",)
    refused(story, ConflictedOfficer, CloseNominations(), SCHOOL, START)


def test_a_relation_of_somebody_who_acted_without_declaring_is_a_breach() -> None:
    story = at_stage("standard", TRAINING, START)
    opener = story.when(looking_up(story, PERSONNEL, RelationKind.IN_LAW), SUPERVISION, START)
    assert opener.then(UndeclaredRelationFound).officer == PERSONNEL.officer
    acted = story.when(looking_up(story, SCHOOL, RelationKind.IN_LAW, acted=True), PERSONNEL, START)
    assert acted.then(UndeclaredRelationFound).officer == SCHOOL.officer


def test_supervision_finds_what_was_left_out_after_the_case_has_ended_and_nobody_withdraws_from_it() -> None:
    story = at_stage("standard", TRAINING, START)
    story = story.when(declaring(story, RelationKind.SAME_UNIT), DECIDERS, START)
    ended = story.when(WithdrawCase(reason="The post was abolished."), PERSONNEL, START)
    wish = looking_up(story, SCHOOL, RelationKind.SPOUSE, RelationKind.SAME_UNIT, acted=True)
    after = ended.when(wish, SUPERVISION, at("2027-03-02"))
    checked, *breaches = after.latest
    assert isinstance(checked, InterestsCrossChecked) and not checked.withdraws and checked.to_decide == ()
    assert [type(event) for event in breaches] == [UndeclaredRelationFound] * 2
    assert after.case == ended.case
    refused(ended, CaseHasEnded, wish, PERSONNEL, START)
    tied_themselves = SUPERVISION.model_copy(update={"officer": DECIDERS.officer})
    refused(ended, ConflictUndecided, wish, tied_themselves, START)


def test_a_relation_found_before_its_officer_acted_or_declared_is_no_breach_and_recuses_all_the_same() -> None:
    story = at_stage("standard", TRAINING, START)
    story = story.when(looking_up(story, DECIDERS, RelationKind.DONATION), PERSONNEL, START)
    assert [type(event) for event in story.latest] == [InterestsCrossChecked]
    refused(story, ConflictedOfficer, CloseNominations(), DECIDERS, START)


def test_a_relation_that_was_declared_is_found_again_without_a_breach_or_a_second_decision() -> None:
    story = at_stage("standard", TRAINING, START)
    refused(story, UnknownChoice, looking_up(story, SCHOOL, RelationKind.SPOUSE, declared=True), SUPERVISION, START)
    story = story.when(declaring(story, RelationKind.SAME_UNIT), SCHOOL, START)
    story = story.when(looking_up(story, SCHOOL, RelationKind.SAME_UNIT, declared=True), SUPERVISION, START)
    assert [type(event) for event in story.latest] == [InterestsCrossChecked]
    assert story.then(InterestsCrossChecked).to_decide == ()


def test_a_found_relation_that_does_not_recuse_waits_for_supervision() -> None:
    story = at_stage("cn.sr2019", TRAINING, START)
    story = story.when(looking_up(story, SCHOOL, RelationKind.BUSINESS), SUPERVISION, START)
    (relation_id,) = story.then(InterestsCrossChecked).to_decide
    refused(story, ConflictUndecided, CloseNominations(), SCHOOL, START)
    stays = story.when(DecideConflict(relation_id=relation_id, withdraws=False, plan=PLAN), SUPERVISION, START)
    assert interests_of(live(stays), SCHOOL.officer).undecided == frozenset()


def test_nobody_checks_their_own_interests_and_only_registers_of_the_pack_count() -> None:
    story = at_stage("standard", TRAINING, START)
    refused(story, NobodyChecksThemselves, looking_up(story, SUPERVISION), SUPERVISION, START)
    stand_in = SUPERVISION.model_copy(update={"on_behalf_of": DECIDERS.officer})
    refused(story, NobodyChecksThemselves, looking_up(story, DECIDERS), stand_in, START)
    refused(story, WrongOrgan, looking_up(story, SUPERVISION), DECIDERS, START)
    wish = CrossCheckInterests(officer=DECIDERS.officer, registers=("rumours",))
    assert "donation_register" in str(refused(story, UnknownChoice, wish, SUPERVISION, START).facts["known"])


def test_a_relation_names_a_candidate_of_the_case() -> None:
    story = at_stage("standard", TRAINING, START)
    nobody = Relation(candidate_id=CandidateId("nobody"), kind=RelationKind.SPOUSE)
    refused(story, UnknownChoice, DeclareInterests(relations=(nobody,)), SCHOOL, START)


def test_a_candidate_declares_nothing_and_checks_nobody() -> None:
    story = at_stage("standard", TRAINING, START)
    chen = Actor(officer=OfficerId(CHEN), organ=SUPERVISION.organ, roles=(Role.SUPERVISION,))
    refused(story, ActsInOwnCase, DeclareInterests(), chen, START)
    refused(story, ActsInOwnCase, looking_up(story, DECIDERS), chen, START)


def test_under_a_pack_that_says_nothing_about_conflicts_none_is_recorded() -> None:
    story = under(variant("standard", {"conflicts": None}), at_stage("standard", TRAINING, START))
    refused(story, NoRulesOnConflicts, DeclareInterests(), SCHOOL, START)
    refused(story, NoRulesOnConflicts, looking_up(story, DECIDERS), SUPERVISION, START)
