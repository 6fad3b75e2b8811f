"""Training is met, not met, or met on condition of making it up within a year; each rank has its hours."""

from datetime import date

import pytest

from domain.appointment import ClosedCase
from domain.case_file import Post
from domain.decision import DecisionTaken
from domain.identity import CandidateId
from domain.nomination import WithdrawCandidate
from domain.pack import OnExpiry, Pack
from domain.probation import AppointmentIssued, ConfirmProbation, IssueAppointment
from domain.refusal import UnknownChoice
from domain.stage import CaseEnded, Outcome
from domain.timer import timers
from domain.training_verification import (
    ConditionalPassNotAllowed,
    MakeUpTrainingExpired,
    MakeUpTrainingRecorded,
    NothingToMakeUp,
    RecordMakeUpTraining,
    StillShortOfHours,
    TrainingAlreadyVerified,
    TrainingResult,
    TrainingVerified,
    VerifyTraining,
    window_start,
)
from domain.working_days import Period, Unit
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, CLERK, DIRECTOR, LI, PERSONNEL, SCHOOL, at
from tests.lives import at_stage, decided, live, nominated, noticed, now, only_candidate, opened, reviewed, run_out
from tests.spec import Story

START = at("2026-03-02")
SECTION_HEAD = DIRECTOR.model_copy(update={"rank": "section_and_below"})
SENIOR = CLERK.model_copy(update={"rank": "senior"})
MADE_UP = RecordMakeUpTraining(hours=240, basis="certificate 7/2026")


def stating(story: Story, hours: int, *, conditional: bool = False) -> VerifyTraining:
    return VerifyTraining(candidate_id=only_candidate(story), hours=hours, basis="register 12", conditional=conditional)


@pytest.mark.parametrize(
    ("pack_id", "post", "hours", "years"),
    [
        ("cn.sr2019", DIRECTOR, 550, 5),
        ("cn.sr2019", SECTION_HEAD, 90, 1),
        ("standard", SENIOR, 200, 5),
        ("standard", CLERK, 40, 1),
    ],
)
def test_each_rank_is_met_at_its_hours_and_not_an_hour_below(pack_id: str, post: Post, hours: int, years: int) -> None:
    story = nominated(opened(pack_id, START, post), START)
    met = story.when(stating(story, hours), SCHOOL, START).then(TrainingVerified)
    assert (met.result, met.required_hours) == (TrainingResult.MET, hours)
    assert (met.window_from_on, met.window_to_on) == (date(2026 - years, 3, 3), date(2026, 3, 2))
    assert met.rules_applied() == (f"{met.requirement}.hours", f"{met.requirement}.window")
    missed = story.when(stating(story, hours - 1), SCHOOL, START)
    assert missed.then(TrainingVerified).result is TrainingResult.NOT_MET
    assert missed.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_the_stage_waits_for_every_candidate_and_loses_those_who_are_not_trained() -> None:
    story = nominated(opened("cn.sr2019", START), START, CHEN, LI)
    first, second = live(story).candidates
    story = story.when(VerifyTraining(candidate_id=first, hours=0, basis="register"), SCHOOL, START)
    assert live(story).stage == "training_verification"
    story = story.when(VerifyTraining(candidate_id=second, hours=551, basis="register"), SCHOOL, START)
    assert live(story).stage == "inspection"
    assert [candidate.id for candidate in live(story).standing] == [second]


def test_a_candidate_is_verified_once() -> None:
    story = nominated(opened("cn.sr2019", START), START, CHEN, LI)
    story = story.when(stating(story, 550), SCHOOL, START)
    assert refused(story, TrainingAlreadyVerified, stating(story, 550), SCHOOL, START).facts["result"] == "met"


def test_only_a_candidate_who_stands_is_verified() -> None:
    story = at_stage("standard", "training_verification", START)
    wish = VerifyTraining(candidate_id=CandidateId("nobody"), hours=1, basis="register")
    assert refused(story, UnknownChoice, wish, SCHOOL, START).facts["known"] == [only_candidate(story)]


@pytest.mark.parametrize("hours", [0, 549])
def test_a_conditional_pass_opens_a_year_to_make_the_training_up(hours: int) -> None:
    story = at_stage("cn.sr2019", "probation", START, hours=hours, conditional=True)
    issued = story.then(AppointmentIssued)
    assert issued.make_up is not None
    assert issued.make_up.closes_on == issued.effective_on.replace(year=2027)
    assert issued.rules_applied() == ("probation.length", "training.make_up")
    assert {timer.name for timer in timers(story.case, story.pack)} == {"make_up_training", "probation"}


def test_enough_hours_make_a_conditional_pass_an_ordinary_one() -> None:
    story = at_stage("cn.sr2019", "training_verification", START)
    verified = story.when(stating(story, 550, conditional=True), SCHOOL, START).then(TrainingVerified)
    assert verified.result is TrainingResult.MET


def test_a_pack_without_making_up_knows_no_conditional_pass() -> None:
    law = variant("cn.sr2019", {"training.make_up": None, "training.on_make_up_expiry": None})
    story = under(law, at_stage("cn.sr2019", "training_verification", START))
    wish = stating(story, 549, conditional=True)
    refusal = refused(story, ConditionalPassNotAllowed, wish, SCHOOL, START)
    assert (refusal.facts["hours"], refusal.facts["required_hours"]) == (549, 550)
    assert refusal.citation is not None and refusal.citation.article == "Art. 14" and refusal.citation.verified


def test_owed_training_is_made_up_only_with_all_its_hours() -> None:
    story = at_stage("cn.sr2019", "probation", START, hours=310, conditional=True)
    assert story.then(AppointmentIssued).hours_owed == 240
    short = RecordMakeUpTraining(hours=239, basis="certificate")
    refusal = refused(story, StillShortOfHours, short, SCHOOL, at("2026-06-01"))
    assert (refusal.facts["hours"], refusal.facts["hours_owed"]) == (239, 240) and "240 are owed" in refusal.sentence
    story = story.when(MADE_UP, SCHOOL, at("2026-06-01"))
    assert story.then(MakeUpTrainingRecorded).hours == 240
    assert [timer.name for timer in timers(story.case, story.pack)] == ["probation"]
    refused(story, NothingToMakeUp, MADE_UP, SCHOOL, at("2026-06-02"))


def test_nothing_is_made_up_when_nothing_is_owed() -> None:
    refused(at_stage("cn.sr2019", "probation", START), NothingToMakeUp, MADE_UP, SCHOOL, at("2026-06-01"))


def test_a_case_stays_open_until_the_owed_training_is_made_up() -> None:
    law = variant("cn.sr2019", {"probation.length.value": {"n": 1, "unit": "month"}})
    story = owing(law)
    story = run_out(story, "probation").when(ConfirmProbation(), PERSONNEL, at("2026-06-01"))
    assert live(story).probation_outcome == "confirmed" and live(story).stage == "probation"
    story = story.when(MADE_UP, SCHOOL, at("2026-07-01"))
    assert story.then(CaseEnded).outcome is Outcome.CONFIRMED


def owing(law: Pack) -> Story:
    """An appointee who owes training, at the beginning of probation."""
    story = under(law, at_stage("cn.sr2019", "appointment", START, hours=310, conditional=True))
    return story.when(IssueAppointment(), PERSONNEL, at("2026-04-01"))


def meaning(on_expiry: OnExpiry) -> Story:
    law = variant("cn.sr2019", {"training.on_make_up_expiry.value": str(on_expiry)})
    story = run_out(owing(law), "make_up_training")
    assert story.then(MakeUpTrainingExpired).on_expiry is on_expiry
    assert "make_up_training" not in {timer.name for timer in timers(story.case, story.pack)}
    return story


def test_training_that_was_not_made_up_lapses_the_appointment() -> None:
    story = meaning(OnExpiry.LAPSE)
    assert story.then(CaseEnded).outcome is Outcome.TRAINING_LAPSED
    assert isinstance(story.case, ClosedCase)
    assert story.then(MakeUpTrainingExpired).due_on == date(2027, 4, 1)


def test_silence_that_is_consent_lets_the_owed_training_go() -> None:
    story = meaning(OnExpiry.CONSENT).when(ConfirmProbation(), PERSONNEL, at("2027-04-03"))
    assert story.then(CaseEnded).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("on_expiry", [OnExpiry.BLOCK, OnExpiry.ESCALATE])
def test_silence_that_blocks_or_escalates_keeps_the_training_owed(on_expiry: OnExpiry) -> None:
    story = meaning(on_expiry).when(ConfirmProbation(), PERSONNEL, at("2027-04-03"))
    assert live(story).stage == "probation"
    assert story.when(MADE_UP, SCHOOL, at("2027-05-03")).then(CaseEnded).outcome is Outcome.CONFIRMED


def test_a_conditional_pass_of_the_candidate_who_is_not_chosen_is_owed_by_nobody() -> None:
    story = nominated(opened("standard", START), START, CHEN, LI)
    first, second = live(story).candidates
    story = story.when(VerifyTraining(candidate_id=first, hours=40, basis="register"), SCHOOL, START)
    wish = VerifyTraining(candidate_id=second, hours=0, basis="register", conditional=True)
    story = noticed(story.when(wish, SCHOOL, START), START)
    story = reviewed(story, now(story, START))
    story = story.when(WithdrawCandidate(candidate_id=second), PERSONNEL, now(story, START))
    story = decided(story, now(story, START))
    assert story.then(DecisionTaken).candidate_id == first
    assert story.when(IssueAppointment(), PERSONNEL, now(story, START)).then(AppointmentIssued).make_up is None


@pytest.mark.parametrize(
    ("today", "n", "unit", "first"),
    [
        (date(2026, 3, 2), 5, Unit.YEAR, date(2021, 3, 3)),
        (date(2024, 2, 29), 1, Unit.YEAR, date(2023, 3, 1)),
        (date(2026, 3, 31), 1, Unit.MONTH, date(2026, 3, 1)),
        (date(2026, 1, 15), 2, Unit.MONTH, date(2025, 11, 16)),
        (date(2026, 3, 2), 10, Unit.DAY, date(2026, 2, 21)),
    ],
)
def test_a_window_before_today_ends_today_and_begins_the_day_after_its_length(
    today: date, n: int, unit: Unit, first: date
) -> None:
    assert window_start(today, Period(n=n, unit=unit)) == first
