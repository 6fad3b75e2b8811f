"""A decision is taken anew with the consent of more than half of all members, until the letter is issued."""

from datetime import date, datetime

import pytest

from domain.attendance import BodyHasChanged, MemberMustWithdraw
from domain.ballot import BallotInAnotherForm
from domain.case_opening import ResumeCase, SuspendCase
from domain.choice import DecisionNotPassed, DecisionTaken, NothingIsDecided
from domain.identity import OfficerId
from domain.majority import BallotForm
from domain.minutes import AnnotateMinutes
from domain.next_step import ENGINE, next_steps
from domain.objection import Channel, LodgeObjection, NoNoticeToObjectTo
from domain.pack import Pack
from domain.public_notice import OpenPublicNotice, PublicNoticeOpened, PublicNoticeWithdrawn
from domain.reconsideration import (
    AppointmentStands,
    ConsentOfNoMember,
    ConsentsTooFew,
    DecisionReconsidered,
    NothingToReconsider,
    NotReconsidered,
    ReconsiderationLapsed,
    ReconsiderDecision,
    ReconsideredOutOfTime,
)
from domain.refusal import ActsInOwnCase, CaseHasEnded, WrongOrgan
from domain.stage import CaseEnded, Outcome, StageBegun
from domain.timer import timers
from tests.domain.meetings import NEXT_WEEK, START, at_decision
from tests.domain.refusals import refused
from tests.domain.variants import under, variant, written
from tests.examples import CHEN, DECIDERS, PERSONNEL, SUPERVISION, at, pack
from tests.lives import appointed, decided, live, meeting, nominated, noticed, now, opened, reviewed, run_out, trained
from tests.spec import Story

REASONS = "A finding of the audit office came in after the meeting."


def reconsider(story: Story, at: datetime, *, consenting: int = 5, due: int = 9) -> ReconsiderDecision:
    """A wish to reconsider, of `due` members of whom the first `consenting` consent."""
    members = meeting(story, at, due=due, present=due).members
    return ReconsiderDecision(
        reconsidered_on=story._on(DECIDERS, at).today,
        members=members,
        consents=tuple(member.member for member in members[:consenting]),
        reasons=REASONS,
    )


def not_passed() -> Story:
    story = at_decision()
    return story.when(meeting(story, START, in_favour=4), DECIDERS, START)


def names(story: Story) -> list[str]:
    return [timer.name for timer in timers(story.case, story.pack)]


def test_a_case_in_which_nobody_passed_waits_to_be_reconsidered_and_then_ends() -> None:
    story = not_passed()
    window = story.then(DecisionNotPassed).reconsider
    assert window is not None and window.closes_on == date(2026, 3, 16)
    assert names(story) == ["reconsideration", "stage:decision"]
    steps = [(str(step.by), step.step) for step in next_steps(story.case, story.pack, date(2026, 3, 2))]
    assert steps == [("decision_body", "reconsider_decision"), (ENGINE, "reconsideration")]
    ended = run_out(story, "reconsideration")
    assert ended.then(ReconsiderationLapsed).lapsed_on == date(2026, 3, 16)
    assert ended.then(CaseEnded).outcome is Outcome.NOT_PASSED
    refused(ended, CaseHasEnded, reconsider(ended, at("2026-03-17")), DECIDERS, at("2026-03-17"))


def test_the_limit_of_the_stage_ends_a_case_that_waits_as_not_passed() -> None:
    law = variant("cn.sr2019", {"decision.reconsider_within.value.n": 90})
    story = under(law, at_decision())
    story = story.when(meeting(story, START, in_favour=4), DECIDERS, START)
    assert run_out(story, "stage:decision").then(CaseEnded).outcome is Outcome.NOT_PASSED


def test_with_enough_consents_the_stage_of_the_decision_begins_anew() -> None:
    story = not_passed()
    again = story.when(reconsider(story, NEXT_WEEK), DECIDERS, NEXT_WEEK)
    event = again.then(DecisionReconsidered)
    assert (event.consented, event.consents_needed, event.members_due, event.stages_undone) == (5, 5, 9, ())
    assert again.then(StageBegun).stage == "decision" and live(again).stage_began_on == date(2026, 3, 9)
    assert names(again) == ["stage:decision"]
    assert again.when(meeting(again, NEXT_WEEK), DECIDERS, NEXT_WEEK).then(DecisionTaken)


def test_as_many_as_half_are_not_enough() -> None:
    story = not_passed()
    refusal = refused(story, ConsentsTooFew, reconsider(story, START, consenting=4), DECIDERS, START)
    assert (refusal.facts["consented"], refusal.facts["consents_needed"]) == (4, 5)
    assert refusal.citation is not None and refusal.citation.verified


def test_who_consented_is_sealed_and_how_many_is_public() -> None:
    story = not_passed()
    event = story.when(reconsider(story, START), DECIDERS, START).then(DecisionReconsidered)
    assert event.minutes is not None and len(event.minutes.consents) == 5 and event.reasons == REASONS
    public = event.without_sealed()
    assert (public.minutes, public.reasons, public.consented) == (None, None, 5)


def test_of_a_secret_ballot_consents_are_only_counted() -> None:
    story = not_passed()
    named = reconsider(story, START).model_copy(update={"voted_by": BallotForm.SECRET})
    assert refused(story, ConsentOfNoMember, named, DECIDERS, START).field == "consents"
    for counted in (None, 10):
        wrong = named.model_copy(update={"consents": (), "consents_counted": counted})
        refused(story, ConsentOfNoMember, wrong, DECIDERS, START)
    few = named.model_copy(update={"consents": (), "consents_counted": 4})
    assert refused(story, ConsentsTooFew, few, DECIDERS, START).field == "consents_counted"
    granted = named.model_copy(update={"consents": (), "consents_counted": 6})
    event = story.when(granted, DECIDERS, START).then(DecisionReconsidered)
    assert event.minutes is not None and event.minutes.consents == ()
    assert (event.consented, event.voted_by) == (6, BallotForm.SECRET)
    law = under(variant("cn.sr2019", {"decision.ballot.value": ["open"]}), story)
    refused(law, BallotInAnotherForm, granted, DECIDERS, START)


def test_only_members_who_may_vote_consent() -> None:
    story = not_passed()
    wish = reconsider(story, START)
    stranger = wish.model_copy(update={"consents": (*wish.consents[1:], OfficerId("observer"))})
    refused(story, ConsentOfNoMember, stranger, DECIDERS, START)
    away = (wish.members[0].model_copy(update={"present": False}), *wish.members[1:])
    refused(story, ConsentOfNoMember, wish.model_copy(update={"members": away}), DECIDERS, START)
    counted = wish.model_copy(update={"consents_counted": 5})
    refused(story, ConsentOfNoMember, counted, DECIDERS, START)
    nominator = (wish.members[0].model_copy(update={"member": PERSONNEL.officer}), *wish.members[1:])
    refused(story, MemberMustWithdraw, wish.model_copy(update={"members": nominator}), DECIDERS, START)


def test_the_body_that_reconsiders_is_the_one_that_decided() -> None:
    story = not_passed()
    assert refused(story, BodyHasChanged, reconsider(story, START, due=7), DECIDERS, START).facts["members_due"] == 7


def test_each_consents_once() -> None:
    wish = reconsider(not_passed(), START).model_dump()
    with pytest.raises(ValueError, match="only once"):
        ReconsiderDecision.model_validate(wish | {"consents": ["member-1", "member-1"]})


def test_a_choice_is_reconsidered_although_the_case_went_on_and_its_notice_is_taken_down() -> None:
    story = decided(at_decision(), START).when(OpenPublicNotice(), PERSONNEL, START)
    first = story.then(PublicNoticeOpened).notice_id
    again = story.when(reconsider(story, NEXT_WEEK), DECIDERS, NEXT_WEEK)
    assert again.then(PublicNoticeWithdrawn).notice_id == first
    case = live(again)
    assert (case.stage, case.chosen, case.notice) == ("decision", None, None)
    assert case.completed[-2:] == ("inspection", "supervision_review")
    assert names(again) == ["stage:decision"]
    grounds = LodgeObjection(channel=Channel.LETTER, grounds="In March the store was empty.")
    renewed = decided(again, NEXT_WEEK)
    refused(renewed, NoNoticeToObjectTo, grounds, SUPERVISION, NEXT_WEEK)
    second = renewed.when(OpenPublicNotice(), PERSONNEL, NEXT_WEEK)
    assert second.then(PublicNoticeOpened).notice_id != first
    over = run_out(second, "public_notice")
    assert live(appointed(over, now(over, NEXT_WEEK))).appointed is not None


def test_a_notice_that_has_run_is_run_again_for_the_choice_that_was_made_anew() -> None:
    story = noticed(decided(at_decision(), START), START)
    day = now(story, START)
    assert live(story).stage == "appointment"
    again = story.when(reconsider(story, day), DECIDERS, day)
    assert again.then(DecisionReconsidered).stages_undone == ("public_notice", "appointment")
    assert live(decided(again, day)).stage == "public_notice" and live(decided(again, day)).notice is None


def test_a_review_that_followed_the_decision_is_done_again() -> None:
    story = trained(nominated(under(with_its_review_last(), opened("cn.sr2019", START)), START), START)
    story = reviewed(noticed(decided(story, START), START), at("2026-03-20"))
    assert live(story).review_outcome == "cleared" and live(story).stage == "appointment"
    day = at("2026-03-23")
    again = decided(story.when(reconsider(story, day), DECIDERS, day), day)
    assert live(again).review_outcome is None and live(again).opinions == {}
    assert live(noticed(again, day)).stage == "supervision_review"


def with_its_review_last() -> Pack:
    """A pack that reviews after the notice instead of before the decision."""
    stages = written("cn.sr2019")["stages"]
    kinds = ["motion", "recommendation", "nomination", "training_verification", "inspection"]
    kinds += ["decision", "public_notice", "supervision_review"]
    order = sorted(stages, key=lambda stage: (*kinds, "appointment", "probation").index(stage["kind"]))
    return variant("cn.sr2019", {"stages": [stage | {"requires": []} for stage in order]})


def test_nothing_is_reconsidered_before_it_was_decided() -> None:
    story = at_decision()
    refused(story, NothingToReconsider, reconsider(story, START), DECIDERS, START)
    again = not_passed()
    again = again.when(reconsider(again, START), DECIDERS, START)
    refused(again, NothingToReconsider, reconsider(again, START), DECIDERS, START)


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2026, 3, 10)])
def test_a_decision_is_reconsidered_on_a_day_after_it_and_not_after_today(day: date) -> None:
    story = not_passed()
    wish = reconsider(story, NEXT_WEEK).model_copy(update={"reconsidered_on": day})
    assert refused(story, ReconsideredOutOfTime, wish, DECIDERS, NEXT_WEEK).field == "reconsidered_on"


def test_the_letter_ends_reconsideration() -> None:
    story = noticed(decided(at_decision(), START), START)
    day = now(story, START)
    refused(appointed(story, day), AppointmentStands, reconsider(story, day), DECIDERS, day)


def test_a_decision_is_final_where_the_pack_does_not_let_it_be_reconsidered() -> None:
    law = variant("cn.sr2019", {"decision.reconsider_share": None, "decision.reconsider_within": None})
    story = decided(under(law, at_decision()), START)
    refused(story, NotReconsidered, reconsider(story, START), DECIDERS, START)


def test_the_deciding_body_reconsiders_and_nobody_their_own_case() -> None:
    story = not_passed()
    refused(story, WrongOrgan, reconsider(story, START), PERSONNEL, START)
    chosen = DECIDERS.model_copy(update={"officer": OfficerId(CHEN)})
    refused(story, ActsInOwnCase, reconsider(story, START), chosen, START)


def test_a_rest_does_not_use_up_the_time_to_reconsider() -> None:
    story = not_passed()
    story = story.when(SuspendCase(reason="A court is seized of the matter."), SUPERVISION, at("2026-03-04"))
    story = story.when(ResumeCase(), SUPERVISION, at("2026-04-07"))
    clock = next(timer for timer in timers(story.case, story.pack) if timer.name == "reconsideration")
    assert clock.due_on == date(2026, 4, 17)


def test_where_nobody_decides_nothing_is_reconsidered_and_no_minutes_are_annotated() -> None:
    undecided = pack("us.fvra")
    story, wish = at_decision(), reconsider(at_decision(), START)
    note = AnnotateMinutes(meeting_id="m", note="A note about a meeting of nobody.")
    for command in (wish, note):
        assert "us.fvra" in refused(under(undecided, story), NothingIsDecided, command, DECIDERS, START).sentence
