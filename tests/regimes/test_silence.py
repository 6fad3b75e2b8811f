"""Silence consents to what was on record, for as long as it says, and never past a gate that has opened again."""

from datetime import timedelta

from domain.exceptional_appointment import ProposeException, WithdrawException
from domain.probation import IssueAppointment
from domain.refusal import OutOfOrder
from tests.examples import PERSONNEL
from tests.lives import live, run_out
from tests.regimes.hearings import AUTHORITY, DAY_0, day, named, nominated, notified, record
from tests.regimes.packs import EVERY_PACK
from tests.regimes.whole_case import opening

UK = next(law for law in EVERY_PACK if law.id == "uk.gcpa2025")


def test_a_notification_that_is_dated_back_gives_nobody_less_time_to_speak() -> None:
    story = nominated().when(record("notification", dated_on=DAY_0 - timedelta(days=60)), AUTHORITY, day(0))
    assert (live(story).stage, live(story).chosen) == ("notification", None)
    story.refuses(OutOfOrder, IssueAppointment(), AUTHORITY, day(0))
    assert live(story).clocks["house"].due_on == DAY_0 + timedelta(days=28)


def test_silence_chooses_nobody_before_the_list_is_closed() -> None:
    story = named().when(record("vetting_warning"), AUTHORITY, day(0)).when(record("notification"), AUTHORITY, day(0))
    assert live(run_out(story, "clock:house")).chosen is None


def test_silence_of_the_house_approves_the_only_nominee() -> None:
    story = run_out(notified(), "clock:house")
    assert live(story).chosen is not None and live(story).stage == "appointment"


def test_an_exception_that_was_taken_back_leaves_its_gates_closed() -> None:
    proposal = ProposeException(kind="no_competition", reason="Nobody else could serve in time.")
    journey = opening(UK).does(proposal, PERSONNEL)
    named_so = next(iter(journey.case.proposed_exceptions))
    journey = next(each for each in journey.way() if each.case.stage == "decision")
    withdrawal = WithdrawException(exception_id=named_so, reason="An ordinary competition after all.")
    journey = journey.does(withdrawal, PERSONNEL)
    wanted = {str(step.what).partition("/")[0] for step in journey.steps if step.step == "enter_record"}
    assert {"advertisement", "panel"} <= wanted
    *_, ended = journey.way()
    assert ended.case.appointed is not None and {"advertisement", "panel"} <= set(ended.case.records)
