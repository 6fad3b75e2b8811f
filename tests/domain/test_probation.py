"""The letter follows decision, notice and review; probation is confirmed after its days, and failed for reasons."""

from datetime import date

import pytest

from domain.appointment import ClosedCase
from domain.probation import (
    AppointmentIssued,
    ConfirmProbation,
    EffectiveDateTooEarly,
    FailProbation,
    IssueAppointment,
    ProbationAlreadyAssessed,
    ProbationConfirmed,
    ProbationEnded,
    ProbationFailed,
    ProbationStillRunning,
)
from domain.refusal import BeyondTheCalendar, WrongOrgan
from domain.stage import CaseEnded, Outcome
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import DECIDERS, PERSONNEL, at
from tests.lives import at_stage, live, only_candidate, run_out

START = at("2026-03-02")
TODAY = at("2026-04-01")
FAILED = FailProbation(reasons="The assessment found the duties not carried out.")
BOTH = pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])


@BOTH
def test_office_begins_with_the_letter_or_on_a_later_day_and_probation_with_office(pack_id: str) -> None:
    story = at_stage(pack_id, "appointment", START)
    today = story.when(IssueAppointment(), PERSONNEL, TODAY).then(AppointmentIssued)
    assert (today.candidate_id, today.effective_on) == (only_candidate(story), date(2026, 4, 1))
    assert today.probation is not None
    assert (today.probation.closes_on, today.make_up) == (date(2027, 4, 1), None)
    later = story.when(IssueAppointment(effective_on=date(2026, 5, 1)), PERSONNEL, TODAY).then(AppointmentIssued)
    assert later.probation is not None
    assert (later.issued_on, later.probation.closes_on) == (date(2026, 4, 1), date(2027, 5, 1))


def test_office_does_not_begin_before_its_letter() -> None:
    wish = IssueAppointment(effective_on=date(2026, 3, 31))
    refusal = refused(at_stage("cn.sr2019", "appointment", START), EffectiveDateTooEarly, wish, PERSONNEL, TODAY)
    assert refusal.field == "effective_on" and refusal.facts["today"] == date(2026, 4, 1)


def test_office_does_not_begin_in_a_time_that_nobody_can_count() -> None:
    wish = IssueAppointment(effective_on=date.max)
    refused(at_stage("cn.sr2019", "appointment", START), BeyondTheCalendar, wish, PERSONNEL, TODAY)


def test_the_deciding_body_issues_no_letter_where_the_duty_is_that_of_personnel() -> None:
    refused(at_stage("cn.sr2019", "appointment", START), WrongOrgan, IssueAppointment(), DECIDERS, TODAY)


@BOTH
def test_probation_is_confirmed_from_the_day_after_it_ends(pack_id: str) -> None:
    story = at_stage(pack_id, "appointment", START).when(IssueAppointment(), PERSONNEL, TODAY)
    refusal = refused(story, ProbationStillRunning, ConfirmProbation(), PERSONNEL, at("2027-04-01", hour=20))
    assert refusal.facts["ends_on"] == date(2027, 4, 1)
    assert refusal.citation is not None and refusal.citation.rule == "probation.length"
    story = run_out(story, "probation")
    assert story.then(ProbationEnded).ended_on == date(2027, 4, 1)
    assert timers(story.case, story.pack) == ()
    story = story.when(ConfirmProbation(), PERSONNEL, at("2027-04-02"))
    assert story.then(ProbationConfirmed).confirmed_on == date(2027, 4, 2)
    assert story.then(CaseEnded).outcome is Outcome.CONFIRMED


def test_a_rule_that_is_not_confirmed_says_so_in_its_refusal() -> None:
    story = at_stage("cn.sr2019", "probation", START)
    refusal = refused(story, ProbationStillRunning, ConfirmProbation(), PERSONNEL, TODAY)
    assert refusal.citation is not None
    assert (refusal.citation.confidence, refusal.citation.verified) == ("earlier_text", False)


@BOTH
@pytest.mark.parametrize("day", ["2026-05-01", "2028-05-01"])
def test_probation_can_be_failed_at_any_time_and_ends_the_case(pack_id: str, day: str) -> None:
    story = at_stage(pack_id, "probation", START).when(FAILED, PERSONNEL, at(day))
    assert story.then(ProbationFailed).without_sealed().reasons is None
    assert story.then(CaseEnded).outcome is Outcome.PROBATION_FAILED
    assert isinstance(story.case, ClosedCase) and timers(story.case, story.pack) == ()


def test_probation_is_assessed_once_even_while_training_is_owed() -> None:
    law = variant("cn.sr2019", {"probation.length.value": {"n": 1, "unit": "month"}})
    story = under(law, at_stage("cn.sr2019", "appointment", START, hours=0, conditional=True))
    story = story.when(IssueAppointment(), PERSONNEL, TODAY).when(ConfirmProbation(), PERSONNEL, at("2026-05-02"))
    assert live(story).stage == "probation"
    assert [timer.name for timer in timers(story.case, story.pack)] == ["make_up_reminder", "make_up_training"]
    for again in (ConfirmProbation(), FAILED):
        refused(story, ProbationAlreadyAssessed, again, PERSONNEL, at("2026-05-03"))
