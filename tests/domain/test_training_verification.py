"""Training is met, not met, or met on condition of making it up within a year; each rank has its hours."""

from dataclasses import replace
from datetime import date

import pytest

from domain.appointment import ClosedCase
from domain.case_file import Post
from domain.deciding import decide
from domain.decision import DecisionTaken
from domain.deviation import AllowDeviation
from domain.identity import SYSTEM, CandidateId, PersonId
from domain.nomination import WithdrawCandidate
from domain.pack import OnExpiry, Pack
from domain.probation import AppointmentIssued, ConfirmProbation, IssueAppointment
from domain.refusal import UnknownChoice
from domain.stage import CaseEnded, Outcome
from domain.timer import LetTimerRunOut, timers
from domain.training_file import FileAsKept, Service, TrainingFile
from domain.training_standing import window_start
from domain.training_verification import (
    ConditionalPassNotAllowed,
    MakeUpTrainingExpired,
    MakeUpTrainingRecorded,
    MakeUpTrainingReminded,
    NothingToMakeUp,
    PromotionClosed,
    RecordMakeUpTraining,
    StillShortOfHours,
    TrainingAlreadyVerified,
    TrainingResult,
    TrainingVerified,
    VerifyTraining,
)
from domain.working_days import Period, Unit, before
from tests.domain.refusals import refused
from tests.domain.variants import CLOSES_AFTER_TWO, under, variant
from tests.examples import CHEN, CLERK, DIRECTOR, LI, PERSONNEL, SCHOOL, SUPERVISION, at, pack
from tests.lives import at_stage, decided, live, nominated, noticed, now, only_candidate, opened, reviewed, run_out
from tests.spec import Story, studied

START = at("2026-03-02")
SECTION_HEAD = DIRECTOR.model_copy(update={"rank": "section_and_below"})
SENIOR = CLERK.model_copy(update={"rank": "senior"})
MADE_UP = RecordMakeUpTraining()


def verified(story: Story, hours: int, *, conditional: bool = False) -> Story:
    """The story once the first candidate was verified with so many hours on file."""
    wish = VerifyTraining(candidate_id=only_candidate(story), conditional=conditional)
    return story.having(CHEN, hours, START.date()).when(wish, SCHOOL, START)


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
    met = verified(story, hours).then(TrainingVerified)
    assert (met.result, met.required_hours) == (TrainingResult.MET, hours)
    assert (met.window_from_on, met.window_to_on) == (date(2026 - years, 3, 3), date(2026, 3, 2))
    assert met.rules_applied() == (f"{met.requirement}.hours", f"{met.requirement}.window")
    missed = verified(story, hours - 1)
    assert missed.then(TrainingVerified).result is TrainingResult.NOT_MET
    assert missed.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_the_stage_waits_for_every_candidate_and_loses_those_who_are_not_trained() -> None:
    story = nominated(opened("cn.sr2019", START), START, CHEN, LI)
    first, second = live(story).candidates
    story = story.when(VerifyTraining(candidate_id=first), SCHOOL, START)
    assert live(story).stage == "training_verification"
    story = story.having(LI, 551, START.date()).when(VerifyTraining(candidate_id=second), SCHOOL, START)
    assert live(story).stage == "inspection"
    assert [candidate.id for candidate in live(story).standing] == [second]


def test_a_candidate_is_verified_once() -> None:
    story = nominated(opened("cn.sr2019", START), START, CHEN, LI)
    story = verified(story, 550)
    again = VerifyTraining(candidate_id=only_candidate(story))
    assert refused(story, TrainingAlreadyVerified, again, SCHOOL, START).facts["result"] == "met"


def test_only_a_candidate_who_stands_is_verified() -> None:
    story = at_stage("standard", "training_verification", START)
    wish = VerifyTraining(candidate_id=CandidateId("nobody"))
    assert refused(story, UnknownChoice, wish, SCHOOL, START).facts["known"] == [only_candidate(story)]


@pytest.mark.parametrize("hours", [0, 549])
def test_a_conditional_pass_opens_a_year_to_make_the_training_up(hours: int) -> None:
    story = at_stage("cn.sr2019", "probation", START, hours=hours, conditional=True)
    issued = story.then(AppointmentIssued)
    assert issued.make_up is not None
    assert issued.make_up.closes_on == issued.effective_on.replace(year=2027)
    assert issued.rules_applied() == ("probation.length", "training.make_up")
    names = {timer.name for timer in timers(story.case, story.pack)}
    assert names == {"make_up_training", "make_up_reminder", "probation"}


def test_enough_hours_make_a_conditional_pass_an_ordinary_one() -> None:
    story = at_stage("cn.sr2019", "training_verification", START)
    assert verified(story, 550, conditional=True).then(TrainingVerified).result is TrainingResult.MET


def test_a_pack_without_making_up_knows_no_conditional_pass() -> None:
    gone = dict.fromkeys(("training.make_up", "training.on_make_up_expiry", "training.remind_before"))
    story = under(variant("cn.sr2019", gone), at_stage("cn.sr2019", "training_verification", START))
    story = story.having(CHEN, 549, START.date())
    wish = VerifyTraining(candidate_id=only_candidate(story), conditional=True)
    refusal = refused(story, ConditionalPassNotAllowed, wish, SCHOOL, START)
    assert (refusal.facts["hours"], refusal.facts["required_hours"]) == (549, 550)
    assert refusal.citation is not None and refusal.citation.article == "Art. 14" and refusal.citation.verified


def test_owed_training_is_made_up_only_with_all_its_hours() -> None:
    story = at_stage("cn.sr2019", "probation", START, hours=310, conditional=True)
    assert story.then(AppointmentIssued).hours_owed == 240
    story = story.having(CHEN, 239, date(2026, 5, 30))
    refusal = refused(story, StillShortOfHours, MADE_UP, SCHOOL, at("2026-06-01"))
    assert (refusal.facts["hours"], refusal.facts["hours_owed"]) == (239, 240) and "240 are owed" in refusal.sentence
    story = story.having(CHEN, 1, date(2026, 6, 1)).when(MADE_UP, SCHOOL, at("2026-06-01"))
    recorded = story.then(MakeUpTrainingRecorded)
    assert (recorded.hours, recorded.file_version, recorded.file_hash) == (240, 3, bytes(32).hex())
    assert [timer.name for timer in timers(story.case, story.pack)] == ["probation"]
    refused(story, NothingToMakeUp, MADE_UP, SCHOOL, at("2026-06-02"))


def test_nothing_is_made_up_when_nothing_is_owed() -> None:
    refused(at_stage("cn.sr2019", "probation", START), NothingToMakeUp, MADE_UP, SCHOOL, at("2026-06-01"))


def test_a_case_stays_open_until_the_owed_training_is_made_up() -> None:
    law = variant("cn.sr2019", {"probation.length.value": {"n": 1, "unit": "month"}})
    story = owing(law)
    story = run_out(story, "probation").when(ConfirmProbation(), PERSONNEL, at("2026-06-01"))
    assert live(story).probation_outcome == "confirmed" and live(story).stage == "probation"
    story = made_up(story, "2026-07-01")
    assert story.then(CaseEnded).outcome is Outcome.CONFIRMED


def made_up(story: Story, day: str) -> Story:
    """The story once 240 hours more are on file and the school had the case held against it."""
    return story.having(CHEN, 240, date.fromisoformat(day)).when(MADE_UP, SCHOOL, at(day))


def owing(law: Pack) -> Story:
    """An appointee who owes training, at the beginning of probation."""
    story = under(law, at_stage("cn.sr2019", "appointment", START, hours=310, conditional=True))
    return story.when(IssueAppointment(), PERSONNEL, at("2026-04-01"))


def meaning(on_expiry: OnExpiry) -> Story:
    law = variant("cn.sr2019", {"training.on_make_up_expiry.value": str(on_expiry)})
    story = run_out(owing(law), "make_up_training")
    assert story.then(MakeUpTrainingExpired).on_expiry is on_expiry
    assert not {"make_up_training", "make_up_reminder"} & {timer.name for timer in timers(story.case, story.pack)}
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
    assert made_up(story, "2027-05-03").then(CaseEnded).outcome is Outcome.CONFIRMED


def test_a_conditional_pass_of_the_candidate_who_is_not_chosen_is_owed_by_nobody() -> None:
    story = nominated(opened("standard", START), START, CHEN, LI)
    first, second = live(story).candidates
    story = story.having(CHEN, 40, START.date()).when(VerifyTraining(candidate_id=first), SCHOOL, START)
    wish = VerifyTraining(candidate_id=second, conditional=True)
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
        (date(3, 1, 1), 5, Unit.YEAR, date.min),
        (date(1, 1, 2), 10, Unit.DAY, date.min),
    ],
)
def test_a_window_before_today_ends_today_and_begins_the_day_after_its_length(
    today: date, n: int, unit: Unit, first: date
) -> None:
    assert window_start(today, Period(n=n, unit=unit)) == first


def test_a_reminder_goes_on_record_two_months_before_the_deadline() -> None:
    story = at_stage("cn.sr2019", "probation", START, hours=310, conditional=True)
    due_on = next(timer.due_on for timer in timers(story.case, story.pack) if timer.name == "make_up_training")
    reminder = next(timer for timer in timers(story.case, story.pack) if timer.name == "make_up_reminder")
    assert reminder.due_on == before(due_on, Period(n=2, unit=Unit.MONTH))
    story = run_out(story, "make_up_reminder")
    reminded = story.then(MakeUpTrainingReminded)
    assert (reminded.reminded_on, reminded.due_on, reminded.hours_owed) == (reminder.due_on, due_on, 240)
    assert reminded.rules_applied() == ("training.make_up", "training.remind_before")
    assert [timer.name for timer in timers(story.case, story.pack)] == ["make_up_training", "probation"]


def test_a_pack_that_reminds_of_nothing_has_no_reminder() -> None:
    law = variant("cn.sr2019", {"training.remind_before": None})
    assert "make_up_reminder" not in {timer.name for timer in timers(owing(law).case, law)}


@pytest.mark.parametrize(("ended_on", "lapses"), [(date(2027, 4, 1), False), (date(2027, 4, 2), True)])
def test_the_clock_reads_the_file_before_it_says_that_nothing_came(ended_on: date, lapses: bool) -> None:
    story = owing(pack("cn.sr2019")).having(CHEN, 240, ended_on)
    timer = next(found for found in timers(story.case, story.pack) if found.name == "make_up_training")
    assert timer.due_on == date(2027, 4, 1)
    story = story.when(LetTimerRunOut(timer="make_up_training"), SYSTEM, at("2027-04-20"))
    if lapses:
        assert story.then(CaseEnded).outcome is Outcome.TRAINING_LAPSED
        return
    recorded = story.then(MakeUpTrainingRecorded)
    assert (recorded.recorded_on, recorded.hours, recorded.file_version) == (ended_on, 240, 2)
    assert not isinstance(story.case, ClosedCase)
    assert [left.name for left in timers(story.case, story.pack)] == ["probation"]


def test_what_the_verification_counted_makes_nothing_up_and_what_came_on_file_later_does() -> None:
    story = owing(pack("cn.sr2019"))
    refused(story, StillShortOfHours, MADE_UP, SCHOOL, at("2026-06-01"))
    story = story.having(CHEN, 240, START.date()).when(MADE_UP, SCHOOL, at("2026-06-01"))
    assert story.then(MakeUpTrainingRecorded).hours == 240


def test_the_verification_names_the_file_and_the_entries_that_it_rests_on() -> None:
    story = at_stage("standard", "training_verification", START).having(CHEN, 30, date(2024, 1, 1))
    met = verified(story.having(CHEN, 12, START.date()), 40).then(TrainingVerified)
    assert (met.hours, met.counted, met.file_version, met.file_hash) == (52, (2, 3), 3, bytes(32).hex())
    assert (met.days, met.required_days, met.missing_hours, met.failed_years) == (0, None, 0, None)


def test_a_part_of_the_training_that_is_missing_is_owed_after_a_conditional_pass() -> None:
    theory = {"id": "theory", "kinds": ["theory"], "at_least": {**CLOSES_AFTER_TWO, "value": 15, "waivable": False}}
    law = variant("standard", {"training.requirements.1.parts": [theory]})
    story = under(law, at_stage("standard", "training_verification", START))
    assert verified(story, 600).then(TrainingVerified).result is TrainingResult.NOT_MET
    conditional = verified(story, 600, conditional=True)
    event = conditional.then(TrainingVerified)
    assert (event.result, event.missing_hours) == (TrainingResult.CONDITIONAL, 15)
    assert live(conditional).candidates[only_candidate(conditional)].hours_owed == 15


def test_hours_of_another_kind_make_up_for_no_part_that_was_missing() -> None:
    theory = {"id": "theory", "kinds": ["theory"], "at_least": {**CLOSES_AFTER_TWO, "value": 15, "waivable": False}}
    law = variant("standard", {"training.requirements.1.parts": [theory]})
    story = under(law, at_stage("standard", "training_verification", START)).having_on_file(
        CHEN, studied(5, date(2026, 1, 9), kind="theory")
    )
    conditional = verified(story, 600, conditional=True)
    assert conditional.then(TrainingVerified).missing_hours == 10
    story = reviewed(noticed(conditional, START), now(conditional, START))
    story = decided(story, now(story, START))
    story = story.when(IssueAppointment(), PERSONNEL, now(story, START))
    later = now(story, START)
    story = story.having(CHEN, 40, later.date())
    no = refused(story, StillShortOfHours, MADE_UP, SCHOOL, later)
    assert "10 of them of `theory` are still missing" in no.sentence
    half = story.having_on_file(CHEN, studied(9, later.date(), kind="theory", number="half"))
    assert "1 of them of `theory`" in refused(half, StillShortOfHours, MADE_UP, SCHOOL, later).sentence
    whole = half.having_on_file(CHEN, studied(1, later.date(), kind="theory", number="rest"))
    assert whole.when(MADE_UP, SCHOOL, later).then(MakeUpTrainingRecorded).hours == 50


CLOSING = variant("cn.sr2019", {"training.closes_after_failing": CLOSES_AFTER_TWO})
WAIVED = AllowDeviation(
    rule="training.closes_after_failing", code="exceptional", reason="The school was shut for two whole years."
)


def serving(since_on: date) -> Story:
    """A candidate who has served since a day, before the verification, under a pack where failed years close."""
    return under(CLOSING, at_stage("cn.sr2019", "training_verification", START)).serving(CHEN, since_on)


def test_two_years_failed_running_close_promotion_whatever_is_on_file_now() -> None:
    story = serving(date(2023, 5, 1))
    wish = VerifyTraining(candidate_id=only_candidate(story), conditional=True)
    refusal = refused(story.having(CHEN, 600, START.date()), PromotionClosed, wish, SCHOOL, START)
    assert refusal.facts["failed_years"] == 2
    closed = verified(story, 600).then(TrainingVerified)
    assert (closed.result, closed.failed_years) == (TrainingResult.NOT_MET, 2)
    assert closed.rules_applied()[-1] == "training.closes_after_failing"


@pytest.mark.parametrize("since_on", [date(2024, 1, 1), date(2025, 6, 1)])
def test_fewer_years_failed_close_nothing(since_on: date) -> None:
    met = verified(serving(since_on), 600).then(TrainingVerified)
    assert (met.result, met.failed_years) == (TrainingResult.MET, None)


def test_whoever_is_not_on_the_register_has_failed_no_year() -> None:
    story = under(CLOSING, at_stage("cn.sr2019", "training_verification", START))
    assert verified(story, 600).then(TrainingVerified).failed_years is None


def test_years_are_failed_at_the_rank_that_the_register_has_them_at() -> None:
    story = serving(date(2023, 5, 1))
    for year in (2024, 2025):
        story = story.having(CHEN, 90, date(year, 7, 1))
    assert verified(story, 600).then(TrainingVerified).failed_years == 2
    service = Service("Water Bureau", "cn.sr2019", "section_and_below", date(2023, 5, 1))
    kept = story.training[CHEN]
    story = replace(story, training={CHEN: replace(kept, file=replace(kept.file, service=service))})
    assert verified(story, 600).then(TrainingVerified).failed_years is None


def test_a_waiver_of_the_years_failed_opens_that_closure_and_waives_no_hours() -> None:
    story = serving(date(2023, 5, 1)).when(WAIVED, SUPERVISION, START)
    met = verified(story, 600).then(TrainingVerified)
    assert (met.result, met.deviation) == (TrainingResult.MET, "training.closes_after_failing")
    assert verified(story, 12).then(TrainingVerified).result is TrainingResult.NOT_MET
    assert verified(story, 12, conditional=True).then(TrainingVerified).result is TrainingResult.CONDITIONAL


def test_a_waiver_of_the_hours_opens_nothing_that_years_failed_have_closed() -> None:
    hours = WAIVED.model_copy(update={"rule": "training.requirements.0.hours"})
    closed = verified(serving(date(2023, 5, 1)).when(hours, SUPERVISION, START), 12).then(TrainingVerified)
    assert (closed.result, closed.deviation) == (TrainingResult.NOT_MET, None)


@pytest.mark.parametrize("file_of", [None, LI])
def test_to_be_asked_without_the_file_of_the_candidate_is_a_fault_of_the_caller(file_of: PersonId | None) -> None:
    story = at_stage("standard", "training_verification", START)
    wish = VerifyTraining(candidate_id=only_candidate(story))
    on = story._on(SCHOOL, START, wish)
    file = FileAsKept(TrainingFile(file_of)) if file_of else None
    with pytest.raises(LookupError):
        decide(story.case, wish, replace(on, training=file))
