"""What a stage needs on record: entered, signed, complete, and demanded before the stage may end."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.conflict import DeclareInterests
from domain.deviation import AllowDeviation
from domain.hold import HoldCode, LiftHold, PlaceHold
from domain.identity import Actor, CandidateId, OfficerId, OrganId, Role
from domain.nomination import CloseNominations, NominateCandidate, Particulars, WithdrawCandidate
from domain.record import (
    ConcludeStage,
    MeetingBelowQuorum,
    NoReasonWhyNotRequired,
    RecordEntered,
    RecordIncomplete,
    RecordIsRequired,
    RecordOutOfTime,
    RecordTooEarly,
    StageConcluded,
    StageIsOver,
    TooFewPeople,
    VouchesForOwnWork,
)
from domain.record_signature import NothingToSign, SignedAlready, SignRecord
from domain.refusal import HeldByReviewer, OutOfOrder, UnknownChoice, WrongOrgan
from domain.stage import StageBegun, StageCompleted
from domain.stage_gate import ListTooShort, RecordMissing
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.domain.village import MONDAY, SURVEYED, candidates, gathered, inspected, named, opened, record, surveyed
from tests.examples import CHEN, DECIDERS, LI, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, meeting, only_candidate, run_out

HOLD = PlaceHold(code=HoldCode.EVIDENCE_MISSING, reason="A lead is being followed.")
THURSDAY = at("2026-03-05")
OTHER_HAND = Actor(
    officer=OfficerId("officer-many-hats"),
    organ=OrganId("council"),
    roles=(Role.DECISION_BODY, Role.SUPERVISION),
)


def test_a_stage_that_lives_by_its_records_ends_when_they_are_there_and_its_holder_says_so() -> None:
    story = opened()
    missing = refused(story, RecordMissing, ConcludeStage(), PERSONNEL, MONDAY)
    assert (missing.rule_path, missing.facts["missing"], missing.facts["why"]) == (
        "records.survey.needed",
        ["survey"],
        "absent",
    )
    story = story.when(record("survey", **SURVEYED), PERSONNEL, MONDAY)
    refused(story, WrongOrgan, ConcludeStage(), SCHOOL, MONDAY)
    ended = story.when(ConcludeStage(), PERSONNEL, MONDAY)
    assert ended.then(StageConcluded).stage == "motion"
    assert ended.then(StageBegun).stage == "nomination"


def test_a_stage_with_acts_of_its_own_is_not_concluded() -> None:
    refused(surveyed(opened()), OutOfOrder, ConcludeStage(), PERSONNEL, MONDAY)


def test_a_record_that_lacks_an_item_counts_for_nothing() -> None:
    wish = record("survey", items=("wheel",), people=SURVEYED["people"])
    said = refused(opened(), RecordIncomplete, wish, PERSONNEL, MONDAY)
    assert (said.rule_path, said.facts["missing"]) == ("records.survey.items", ["stones"])
    refused(opened(), UnknownChoice, record("survey", items=("oven",)), PERSONNEL, MONDAY)


WHERE_REQUIRED = {
    "value": True,
    "says": {"en": "Where it is not required the record says why.", "zh": "无须办理的，说明理由。"},
    "source": {"instrument": "house"},
    "confidence": "own_choice",
}


def test_what_is_asked_for_only_where_it_is_required_may_be_stated_not_to_be_with_a_reason() -> None:
    story = at_stage("cn.sr2019", "inspection", MONDAY).when(DeclareInterests(), PERSONNEL, MONDAY)
    about = {"candidate_id": only_candidate(story), "not_required": True}
    always = record("file_review", remarks="The file was lost.", **about)
    assert refused(story, RecordIsRequired, always, PERSONNEL, MONDAY).rule_path == "records.file_review.needed"
    without_reason = record("economic_audit", **about)
    no = refused(story, NoReasonWhyNotRequired, without_reason, PERSONNEL, MONDAY)
    assert (no.rule_path, no.field) == ("records.economic_audit.where_required", "remarks")
    stated = record("economic_audit", remarks="Has held no post with an account.", **about)
    refused(story, WrongOrgan, stated, SUPERVISION, MONDAY)
    said = story.when(stated, PERSONNEL, MONDAY).then(RecordEntered)
    assert said.not_required and said.rules_applied()[1] == "records.economic_audit.where_required"
    assert said.without_sealed().remarks is None
    strict = under(variant("cn.sr2019", {"records.economic_audit.where_required.value": False}), story)
    refused(strict, RecordIsRequired, stated, PERSONNEL, MONDAY)


@pytest.mark.parametrize("found", [{"in_order": False}, {"items": ("wheel",)}, {"present": 3}])
def test_what_was_not_done_has_found_nothing(found: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="what was not done found nothing"):
        record("survey", not_required=True, remarks="It stands already.", **found)


def test_nothing_is_counted_from_a_record_that_may_not_be_required() -> None:
    with pytest.raises(ValidationError, match=r"inspection_notice.*count from it or wait for it"):
        variant("cn.sr2019", {"records.inspection_notice.where_required": WHERE_REQUIRED})
    with pytest.raises(ValidationError, match=r"vigilance_reference.*vigilance_silence"):
        variant("in.acc", {"records.vigilance_reference.where_required": WHERE_REQUIRED})


def test_a_team_of_two_is_two_people() -> None:
    twice = record("survey", items=SURVEYED["items"], people=(OfficerId("ann"), OfficerId("ann")))
    said = refused(opened(), TooFewPeople, twice, PERSONNEL, MONDAY)
    assert (said.facts["people"], said.facts["wanted"]) == (1, 2)


def test_a_record_is_entered_by_the_organ_that_the_pack_names_of_a_day_that_has_come() -> None:
    story = opened()
    refused(story, WrongOrgan, record("survey", **SURVEYED), SCHOOL, MONDAY)
    refused(story, UnknownChoice, record("horoscope"), PERSONNEL, MONDAY)
    tomorrow = record("survey", dated_on=date(2026, 3, 3), **SURVEYED)
    refused(story, RecordOutOfTime, tomorrow, PERSONNEL, MONDAY)


def test_a_gathering_needs_its_share_of_those_invited() -> None:
    story = named(surveyed(opened())).when(record("crying"), PERSONNEL, MONDAY)
    said = refused(story, MeetingBelowQuorum, record("gathering", invited=30, present=19), SUPERVISION, THURSDAY)
    assert said.rule_path == "records.gathering.quorum"
    refused(story, RecordIncomplete, record("gathering"), SUPERVISION, THURSDAY)
    story.when(record("gathering", invited=30, present=20), SUPERVISION, THURSDAY)


def test_the_days_of_its_notice_lie_before_a_gathering() -> None:
    story = named(surveyed(opened()))
    early = record("gathering", invited=3, present=3)
    refused(story, RecordTooEarly, early, SUPERVISION, THURSDAY)
    story = story.when(record("crying"), PERSONNEL, MONDAY)
    said = refused(story, RecordTooEarly, early, SUPERVISION, at("2026-03-04"))
    assert said.facts["earliest_on"] == date(2026, 3, 5)


def test_two_organs_sign_by_two_hands() -> None:
    story = named(surveyed(opened()))
    first = candidates(story)[0]
    sign = SignRecord(record="honesty", candidate_id=first)
    refused(story, NothingToSign, sign, SUPERVISION, MONDAY)
    story = story.when(record("honesty", candidate_id=first), OTHER_HAND, MONDAY)
    refused(story, SignedAlready, sign, OTHER_HAND, MONDAY)
    refused(story, WrongOrgan, sign, PERSONNEL, MONDAY)
    story = story.when(sign, SUPERVISION, MONDAY)
    refused(story, NothingToSign, sign, SUPERVISION, MONDAY)


def test_an_unsigned_record_holds_its_stage_and_names_who_must_sign() -> None:
    story = named(surveyed(opened()))
    for candidate in candidates(story):
        story = story.when(record("honesty", candidate_id=candidate), DECIDERS, MONDAY)
    said = refused(gathered(story), RecordMissing, ConcludeStage(), PERSONNEL, THURSDAY)
    assert (said.rule_path, said.facts["duty_holder"]) == ("records.honesty.signed_by", "supervision")


def test_a_record_that_has_grown_old_must_be_made_anew() -> None:
    story = inspected()
    assert story.when(ConcludeStage(), PERSONNEL, at("2026-03-06")).then(StageConcluded)
    said = refused(story, RecordMissing, ConcludeStage(), PERSONNEL, at("2026-04-03"))
    assert (said.rule_path, said.facts["why"]) == ("records.honesty.valid", "expired")


def test_whose_record_is_not_in_order_leaves_where_the_pack_says_so() -> None:
    story = named(surveyed(opened()))
    first, second = candidates(story)
    out = story.when(record("honesty", candidate_id=first, in_order=False), DECIDERS, MONDAY)
    assert out.then(RecordEntered).puts_out and candidates(out) == (second,)


def test_what_is_not_in_order_holds_the_stage_until_it_is_entered_anew() -> None:
    story = opened().when(record("survey", in_order=False, **SURVEYED), PERSONNEL, MONDAY)
    assert refused(story, RecordMissing, ConcludeStage(), PERSONNEL, MONDAY).facts["why"] == "not_in_order"
    story.when(record("survey", **SURVEYED), PERSONNEL, MONDAY).when(ConcludeStage(), PERSONNEL, MONDAY)


def test_a_record_is_no_older_than_a_year_before_its_case() -> None:
    before = record("survey", dated_on=date(2024, 3, 1), **SURVEYED)
    assert refused(opened(), RecordOutOfTime, before, PERSONNEL, MONDAY).facts["opened_on"] == date(2026, 3, 2)


def test_nobody_vouches_for_a_case_that_they_run() -> None:
    both = PERSONNEL.model_copy(update={"roles": (Role.PERSONNEL, Role.DECISION_BODY)})
    story = named(surveyed(opened()))
    refused(story, VouchesForOwnWork, record("honesty", candidate_id=candidates(story)[0]), both, MONDAY)


def test_a_held_case_gets_nothing_on_record_but_from_supervision() -> None:
    story = named(surveyed(opened()))
    story = story.when(
        PlaceHold(code=HoldCode.EVIDENCE_MISSING, reason="A lead is being followed."), SUPERVISION, MONDAY
    )
    refused(story, HeldByReviewer, record("crying"), PERSONNEL, MONDAY)
    refused(story, HeldByReviewer, record("honesty", candidate_id=candidates(story)[0]), DECIDERS, MONDAY)


def test_what_was_good_at_its_stage_and_is_too_old_at_the_decision_is_made_anew() -> None:
    story = inspected().when(ConcludeStage(), PERSONNEL, at("2026-03-06"))
    for candidate in candidates(story)[1:]:
        story = story.when(WithdrawCandidate(candidate_id=candidate), PERSONNEL, at("2026-03-06"))
    story = run_out(story.when(HOLD, SUPERVISION, at("2026-03-06")), "clock:silence")
    lift = LiftHold(hold_id=next(iter(live(story).supervised.holds)), reason="The lead led nowhere.")
    story = story.when(lift, SUPERVISION, at("2026-04-20"))
    missing = refused(story, RecordMissing, meeting(story, at("2026-04-20"), present=9), DECIDERS, at("2026-04-20"))
    assert (missing.rule_path, missing.facts["why"]) == ("records.honesty.valid", "expired")
    again = record("honesty", candidate_id=candidates(story)[0])
    story = story.when(again, DECIDERS, at("2026-04-20"))
    story = story.when(SignRecord(record="honesty", candidate_id=candidates(story)[0]), SUPERVISION, at("2026-04-20"))
    story.when(meeting(story, at("2026-04-20"), present=9), DECIDERS, at("2026-04-20"))


def test_a_record_may_come_before_its_stage_and_never_after_it() -> None:
    early = opened().when(record("crying"), PERSONNEL, MONDAY)
    late = surveyed(early)
    refused(late, StageIsOver, record("survey", **SURVEYED), PERSONNEL, MONDAY)


def test_a_record_is_about_the_case_or_about_a_candidate_as_the_pack_says() -> None:
    story = named(surveyed(opened()))
    refused(story, UnknownChoice, record("honesty"), DECIDERS, MONDAY)
    refused(story, UnknownChoice, record("honesty", candidate_id=CandidateId("nobody")), DECIDERS, MONDAY)
    refused(story, UnknownChoice, record("crying", candidate_id=candidates(story)[0]), PERSONNEL, MONDAY)


def test_a_list_holds_the_vacancies_and_as_many_more_as_the_pack_asks() -> None:
    story = surveyed(opened())
    nominate = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Chen"))
    story = story.when(nominate, PERSONNEL, MONDAY)
    said = refused(story, ListTooShort, CloseNominations(), PERSONNEL, MONDAY)
    assert (said.facts["candidates"], said.facts["wanted"]) == (1, 2)
    named(story, LI)


@pytest.mark.parametrize("rule", ["records.survey.needed", "stages.nomination.names_beyond_vacancies"])
def test_a_gate_that_was_waived_is_open_and_the_deviation_stays_visible(rule: str) -> None:
    waiver = AllowDeviation(rule=rule, code="flood", reason="The river took the bridge.")
    story = opened().when(waiver, SUPERVISION, MONDAY)
    if rule.startswith("records"):
        story = story.when(ConcludeStage(), PERSONNEL, MONDAY)
    else:
        story = named(surveyed(story), CHEN)
    assert rule in live(story).deviations
    assert story.then(StageCompleted).deviations == (rule,)


def test_a_waiver_that_was_not_needed_is_named_by_no_event() -> None:
    waiver = AllowDeviation(rule="records.survey.needed", code="flood", reason="The river took the bridge.")
    story = surveyed(opened().when(waiver, SUPERVISION, MONDAY))
    assert [event.deviations for event in story.events if isinstance(event, StageCompleted)] == [()]
