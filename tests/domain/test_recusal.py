"""Whoever is conflicted is refused at every act of the case, and whoever decides has declared and was looked up."""

import pytest

from domain.appointment import ClosedCase
from domain.case_opening import ResumeCase, SuspendCase, WithdrawCase
from domain.conflict import CrossCheckInterests, DeclareInterests
from domain.decision import DecisionMeetingHeld, HoldDecisionMeeting
from domain.declaration import CrossCheckMissing, DeclarationMissing
from domain.identity import Actor, OfficerId, Role
from domain.interests import FoundRelation, Relation, RelationKind
from domain.nomination import WithdrawCandidate
from domain.recusal import ConcernedMember, ConflictedMember, ConflictedOfficer
from domain.refusal import CaseHasEnded
from domain.supervision_review import RequestOpinion
from runtime.example_records import record
from tests.domain import village
from tests.domain.refusals import refused
from tests.domain.variants import under, variant, written
from tests.examples import AUDIT, CHEN, DECIDERS, PERSONNEL, SUPERVISION, at, pack
from tests.lives import at_stage, meeting, only_candidate
from tests.regimes.whole_case import opening
from tests.spec import Story

START, LATER = at("2026-03-02"), at("2026-03-20")
REST = SuspendCase(reason="A court has to rule on the post first.")


def member(place: int) -> Actor:
    return Actor(officer=OfficerId(f"member-{place}"), organ=DECIDERS.organ, roles=(Role.DECISION_BODY,))


def conflicted(story: Story, actor: Actor, kind: RelationKind = RelationKind.SPOUSE) -> Story:
    relation = Relation(candidate_id=only_candidate(story), kind=kind)
    return story.when(DeclareInterests(relations=(relation,)), actor, LATER)


def recusing(story: Story, place: int) -> HoldDecisionMeeting:
    """The meeting, with one of its members recused and silent."""
    held = meeting(story, LATER)
    name = OfficerId(f"member-{place}")
    members = tuple(
        found.model_copy(update={"recused": True}) if found.member == name else found for found in held.members
    )
    ballots = tuple(
        ballot.model_copy(update={"statements": tuple(said for said in ballot.statements if said.member != name)})
        for ballot in held.ballots
    )
    return held.model_copy(update={"members": members, "ballots": ballots})


def test_whoever_is_conflicted_is_refused_before_any_other_rule_is_asked() -> None:
    story = conflicted(at_stage("standard", "supervision_review", START), SUPERVISION)
    refused(story, ConflictedOfficer, RequestOpinion(organ=AUDIT.organ), SUPERVISION, LATER)
    refused(story, ConflictedOfficer, REST, SUPERVISION, LATER)
    assert story.when(REST, SUPERVISION.model_copy(update={"officer": OfficerId("another")}), LATER).latest


def test_nobody_acts_on_behalf_of_whoever_is_conflicted() -> None:
    story = conflicted(at_stage("standard", "supervision_review", START), DECIDERS)
    stand_in = SUPERVISION.model_copy(update={"on_behalf_of": DECIDERS.officer})
    assert "You act for" in refused(story, ConflictedOfficer, REST, stand_in, LATER).sentence


def test_whoever_is_conflicted_does_not_take_up_a_case_that_rests() -> None:
    story = conflicted(at_stage("standard", "supervision_review", START), SUPERVISION)
    other = SUPERVISION.model_copy(update={"officer": OfficerId("another")})
    refused(story.when(REST, other, LATER), ConflictedOfficer, ResumeCase(), SUPERVISION, LATER)


def test_a_case_that_has_ended_says_so_to_whoever_was_conflicted() -> None:
    story = conflicted(at_stage("standard", "supervision_review", START), SUPERVISION)
    ended = story.when(WithdrawCase(reason="The post was abolished."), PERSONNEL, LATER)
    assert isinstance(ended.case, ClosedCase)
    refused(ended, CaseHasEnded, REST, SUPERVISION, LATER)


@pytest.mark.parametrize("kind", [RelationKind.SPOUSE, RelationKind.SAME_UNIT])
def test_a_conflicted_member_is_recorded_as_recused_or_the_meeting_is_refused(kind: RelationKind) -> None:
    story = conflicted(at_stage("cn.sr2019", "decision", START), member(3), kind)
    refusal = refused(story, ConflictedMember, meeting(story, LATER), DECIDERS, LATER)
    assert refusal.facts["members"] == ["member-3"]
    assert story.when(recusing(story, 3), DECIDERS, LATER).then(DecisionMeetingHeld).members_recused == 1


def asking_for_declarations(*registers: str) -> Story:
    changes = {"conflicts.declare_before.value": ["decision"], "conflicts.cross_check.value": list(registers)}
    story = at_stage("standard", "decision", START)
    return Story(variant("standard", changes), story.jurisdiction, story.timezone, story.case, story.events)


def test_no_vote_of_a_member_who_has_not_declared() -> None:
    story = asking_for_declarations()
    refused(story, DeclarationMissing, meeting(story, LATER), DECIDERS, LATER)
    story = story.when(DeclareInterests(), DECIDERS, LATER)
    for place in range(8):
        story = story.when(DeclareInterests(), member(place), LATER)
    refusal = refused(story, DeclarationMissing, meeting(story, LATER), DECIDERS, LATER)
    assert refusal.facts["missing"] == ["member-8"]
    assert story.when(meeting(story, LATER, present=8), DECIDERS, LATER).then(DecisionMeetingHeld).quorate
    story = story.when(DeclareInterests(), member(8), LATER)
    assert story.when(meeting(story, LATER), DECIDERS, LATER).then(DecisionMeetingHeld).quorate


def test_a_member_who_withdraws_need_not_declare() -> None:
    story = asking_for_declarations().when(DeclareInterests(), DECIDERS, LATER)
    for place in range(8):
        story = story.when(DeclareInterests(), member(place), LATER)
    assert story.when(recusing(story, 8), DECIDERS, LATER).then(DecisionMeetingHeld).members_recused == 1


def test_no_vote_of_a_member_who_was_not_looked_up_in_every_register() -> None:
    registers = ("donation_register", "personnel_file")
    story = asking_for_declarations(*registers).when(DeclareInterests(), DECIDERS, LATER)
    for place in range(9):
        story = story.when(DeclareInterests(), member(place), LATER)
        looked_into = registers if place else registers[:1]
        check = CrossCheckInterests(officer=member(place).officer, registers=looked_into)
        story = story.when(check, SUPERVISION, LATER)
    refusal = refused(story, CrossCheckMissing, meeting(story, LATER), DECIDERS, LATER)
    assert refusal.facts["missing"] == ["member-0"]
    rest = CrossCheckInterests(officer=member(0).officer, registers=registers[1:])
    story = story.when(rest, PERSONNEL, LATER)
    assert story.when(meeting(story, LATER), DECIDERS, LATER).then(DecisionMeetingHeld).quorate


def test_whoever_acts_at_a_stage_that_asks_for_declarations_has_declared_and_others_need_not() -> None:
    story = at_stage("standard", "supervision_review", START)
    law = variant("standard", {"conflicts.declare_before.value": ["supervision_review"]})
    story = Story(law, story.jurisdiction, story.timezone, story.case, story.events)
    ask = RequestOpinion(organ=AUDIT.organ)
    assert refused(story, DeclarationMissing, ask, SUPERVISION, LATER).facts["missing"] == [SUPERVISION.officer]
    assert story.when(REST, SUPERVISION, LATER).latest
    assert story.when(DeclareInterests(), SUPERVISION, LATER).when(ask, SUPERVISION, LATER).latest


def test_nobody_who_is_conflicted_takes_part_in_what_goes_on_record() -> None:
    law, standard = village.VILLAGE, pack("standard")
    both = law.model_copy(
        update={"conflicts": standard.conflicts, "instruments": {**standard.instruments, **law.instruments}}
    )
    story = under(both, village.named(village.surveyed(village.opened())))
    ann = OfficerId("ann")
    found = FoundRelation(candidate_id=village.candidates(story)[0], kind=RelationKind.LINEAL)
    check = CrossCheckInterests(officer=ann, registers=("personnel_file",), found=(found,))
    story = story.when(check, SUPERVISION, village.MONDAY)
    crying = village.record("crying", people=(ann,))
    assert refused(story, ConflictedMember, crying, PERSONNEL, village.MONDAY).facts["members"] == ["ann"]
    assert story.when(village.record("crying", people=(OfficerId("bo"),)), PERSONNEL, village.MONDAY).latest


def test_a_pack_that_asks_for_declarations_before_a_stage_that_it_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="are no stages of this pack"):
        variant("standard", {"conflicts.declare_before.value": ["hearing"]})


def test_a_pack_whose_recusing_relations_need_not_be_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="must be declared as well"):
        variant("standard", {"conflicts.declare.value": ["same_unit"]})
    assert "spouse" in written("standard")["conflicts"]["declare"]["value"]


@pytest.mark.parametrize("concerned", [CHEN, PERSONNEL.officer])
def test_neither_a_candidate_nor_who_nominated_one_takes_part_in_what_goes_on_record(concerned: str) -> None:
    story = village.named(village.surveyed(village.opened()))
    crying = village.record("crying", people=(OfficerId("bo"), OfficerId(concerned)))
    assert refused(story, ConcernedMember, crying, PERSONNEL, village.MONDAY).facts["members"] == [concerned]


def test_whoever_left_the_case_is_in_no_team_that_examines_the_others() -> None:
    story = village.named(village.surveyed(village.opened()))
    gone = village.candidates(story)[0]
    story = story.when(WithdrawCandidate(candidate_id=gone), PERSONNEL, village.MONDAY)
    crying = village.record("crying", people=(OfficerId(CHEN),))
    refused(story, ConcernedMember, crying, PERSONNEL, village.MONDAY)


@pytest.mark.parametrize(
    ("pack_id", "stage", "named"), [("cn.sr2019", "inspection", "inspection_report"), ("uk.gcpa2025", "panel", "panel")]
)
def test_the_candidate_sits_neither_in_the_inspection_team_nor_on_the_panel(
    pack_id: str, stage: str, named: str
) -> None:
    journey = opening(pack(pack_id)).until(stage)
    rule = next(found for found in journey.law.records if found.id == named)
    candidate = journey.case.standing[0]
    team = (OfficerId(candidate.person), candidate.nominated_by, OfficerId("a-third"))
    refusal = refused(journey.story, ConcernedMember, record(rule, people=team), PERSONNEL, journey.now)
    assert refusal.facts["members"] == sorted([candidate.person, candidate.nominated_by])
