"""A reviewer's hold stops whoever runs the case, and nobody but the reviewer or a higher organ undoes it."""

from domain.case_opening import WithdrawCase
from domain.decision import HoldDecisionMeeting
from domain.hold import HoldCode, HoldLifted, HoldPlaced, LiftHold, NotYoursToLift, PlaceHold
from domain.identity import CandidateId, OfficerId, Role
from domain.next_step import next_steps
from domain.nomination import CloseNominations, NominateCandidate, Particulars, WithdrawCandidate
from domain.objection import Channel, LodgeObjection, ObjectionLodged
from domain.probation import AppointmentIssued, IssueAppointment
from domain.public_notice import OpenPublicNotice, PublicNoticeElapsed
from domain.refusal import ActsInOwnCase, HeldByReviewer, ReviewsOwnWork, UnknownChoice, WrongOrgan
from domain.supervision_review import SupervisionReviewConcluded
from domain.timer import timers
from domain.training_verification import TrainingVerified, VerifyTraining
from tests.domain.refusals import refused
from tests.examples import CHEN, DECIDERS, DISCIPLINE, LI, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, meeting, nominated, opened, reviewed, run_out
from tests.regimes.campaigns import IN_MAY, INDEPENDENT, MINISTER, assessed, choice, chosen, interests_checked
from tests.spec import Story

START = at("2026-03-02")
REASON = "The register of the academy does not show these hours."
COLLEAGUE = SUPERVISION.model_copy(update={"officer": OfficerId("officer-colleague")})


def held(story: Story, candidate: CandidateId | None = None) -> Story:
    hold = PlaceHold(code=HoldCode.EVIDENCE_MISSING, reason=REASON, candidate_id=candidate)
    return story.when(hold, SUPERVISION, START)


def hold_of(story: Story) -> str:
    return next(iter(live(story).supervised.holds))


def lifting(story: Story) -> LiftHold:
    return LiftHold(hold_id=hold_of(story), reason="The register was corrected.")


def stating(candidate: CandidateId) -> VerifyTraining:
    return VerifyTraining(candidate_id=candidate)


def test_a_held_case_refuses_every_step_of_whoever_runs_it_and_says_who_may_lift_it() -> None:
    story = held(at_stage("standard", "training_verification", START))
    candidate = next(iter(live(story).candidates))
    no = refused(story, HeldByReviewer, stating(candidate), SCHOOL, START)
    assert no.facts["placed_by"] == SUPERVISION.officer and "lift_hold" in no.sentence
    refused(story, HeldByReviewer, WithdrawCandidate(candidate_id=candidate), PERSONNEL, START)
    refused(story, HeldByReviewer, WithdrawCase(reason="We would rather begin again."), PERSONNEL, START)
    assert story.events and not [event for event in story.events if isinstance(event, TrainingVerified)]
    assert next_steps(story.case, story.pack, START.date())[0].step == "lift_hold"


def test_the_reason_is_sealed_and_the_code_is_public() -> None:
    placed = held(opened("standard", START)).then(HoldPlaced)
    assert placed.reason == REASON and placed.without_sealed().reason is None
    assert placed.without_sealed().code is HoldCode.EVIDENCE_MISSING


def test_the_officer_who_placed_it_or_the_deciding_body_lifts_it_and_nobody_else() -> None:
    story = held(at_stage("standard", "training_verification", START))
    refused(story, WrongOrgan, lifting(story), PERSONNEL, START)
    refused(story, NotYoursToLift, lifting(story), COLLEAGUE, START)
    refused(story, NotYoursToLift, lifting(story), DISCIPLINE, START)
    runner = DECIDERS.model_copy(update={"officer": PERSONNEL.officer})
    refused(story, ReviewsOwnWork, lifting(story), runner, START)
    candidate = DECIDERS.model_copy(update={"officer": CHEN})
    refused(story, ActsInOwnCase, lifting(story), candidate, START)
    for actor in (SUPERVISION, DECIDERS):
        lifted = story.when(lifting(story), actor, START)
        assert lifted.then(HoldLifted)
        assert lifted.when(stating(next(iter(live(lifted).candidates))), SCHOOL, START).then(TrainingVerified)
        refused(lifted, UnknownChoice, lifting(story), actor, START)


def test_each_of_two_holds_stands_until_it_is_lifted() -> None:
    story = opened("standard", START)
    twice = held(held(story))
    assert len(live(twice).supervised.holds) == 2
    once = twice.when(lifting(twice), SUPERVISION, START)
    refused(once, HeldByReviewer, CloseNominations(), PERSONNEL, START)


def test_nobody_holds_their_own_work_and_only_supervision_holds() -> None:
    story = opened("standard", START)
    hold = PlaceHold(code=HoldCode.COMPLAINT, reason=REASON)
    refused(story, WrongOrgan, hold, DECIDERS, START)
    refused(story, ReviewsOwnWork, hold, SUPERVISION.model_copy(update={"officer": PERSONNEL.officer}), START)
    nobody = PlaceHold(code=HoldCode.COMPLAINT, reason=REASON, candidate_id=CandidateId("nobody"))
    refused(story, UnknownChoice, nobody, SUPERVISION, START)


def test_clocks_objections_and_the_review_go_on_in_a_held_case() -> None:
    story = at_stage("standard", "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)
    before = timers(story.case, story.pack)
    story = held(story)
    assert timers(story.case, story.pack) == before
    letter = LodgeObjection(channel=Channel.LETTER, grounds="A delivery in March 2025 never came.")
    assert story.when(letter, SUPERVISION, START).then(ObjectionLodged)
    story = run_out(story, "public_notice")
    assert story.then(PublicNoticeElapsed)
    story = reviewed(story, at("2026-03-20"))
    assert story.then(SupervisionReviewConcluded)
    refused(story, HeldByReviewer, meeting(story, at("2026-03-20")), DECIDERS, at("2026-03-20"))


def test_a_hold_on_one_candidate_lets_the_others_go_on() -> None:
    story = nominated(opened("standard", START), START, CHEN, LI)
    chen, li = live(story).candidates
    story = held(story, chen)
    refused(story, HeldByReviewer, stating(chen), SCHOOL, START)
    assert story.when(stating(li), SCHOOL, START).then(TrainingVerified)
    nominating = opened("standard", START)
    wish = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Chen Jing"))
    nominating = nominating.when(wish, PERSONNEL, START)
    nominating = held(nominating, next(iter(live(nominating).candidates)))
    other = NominateCandidate(person_id=LI, particulars=Particulars(full_name="Li Wei"))
    assert len(live(nominating.when(other, PERSONNEL, START)).candidates) == 2
    refused(nominating, HeldByReviewer, CloseNominations(), PERSONNEL, START)


def test_a_candidate_who_is_held_is_not_voted_on_and_gets_no_letter() -> None:
    later = at("2026-04-20")
    story = at_stage("standard", "decision", START)
    chen = next(iter(live(story).candidates))
    story = held(story, chen)
    vote = meeting(story, later)
    refused(story, HeldByReviewer, vote, DECIDERS, later)
    unvoted = HoldDecisionMeeting(held_on=vote.held_on, members=meeting(story, later, present=3).members)
    assert story.when(unvoted, DECIDERS, later)
    decided = held(at_stage("standard", "appointment", START), chen)
    refused(decided, HeldByReviewer, IssueAppointment(), PERSONNEL, later)
    lifted = decided.when(lifting(decided), DECIDERS, later)
    assert lifted.when(IssueAppointment(), PERSONNEL, later).then(AppointmentIssued)


def test_the_deciding_body_lifts_no_hold_on_its_own_stage_and_another_reviewer_does() -> None:
    later = at("2026-03-20")
    story = held(at_stage("standard", "decision", START))
    refused(story, WrongOrgan, lifting(story), DECIDERS, later)
    both = DECIDERS.model_copy(update={"roles": (Role.DECISION_BODY, Role.SUPERVISION)})
    assert "another officer of supervision" in refused(story, NotYoursToLift, lifting(story), both, later).sentence
    blocked = refused(story, HeldByReviewer, meeting(story, later), DECIDERS, later)
    assert "another officer of supervision" in blocked.sentence
    runner = SUPERVISION.model_copy(update={"officer": PERSONNEL.officer})
    refused(story, ReviewsOwnWork, lifting(story), runner, later)
    for reviewer in (SUPERVISION, COLLEAGUE):
        lifted = story.when(lifting(story), reviewer, later)
        assert lifted.when(meeting(story, later), DECIDERS, later).latest


def test_a_minister_who_is_held_at_the_choice_does_not_lift_it() -> None:
    story = interests_checked(assessed()).when(PlaceHold(code=HoldCode.COMPLAINT, reason=REASON), INDEPENDENT, IN_MAY)
    refused(story, WrongOrgan, lifting(story), MINISTER, IN_MAY)
    refused(story, HeldByReviewer, choice(story), MINISTER, IN_MAY)
    assert chosen(story.when(lifting(story), INDEPENDENT, IN_MAY)).latest
