"""A case lives through a whole year: what nobody does, time does, on the right civil day."""

from datetime import date

from domain.case_opening import CaseResumed, ResumeCase, SuspendCase
from domain.objection import (
    Channel,
    Disposal,
    DisposeObjection,
    LodgeObjection,
    ObjectionAnswerOverdue,
    ObjectionDisposed,
)
from domain.pack import OnExpiry
from domain.probation import ConfirmProbation, IssueAppointment, ProbationEnded
from domain.public_notice import OpenPublicNotice, PublicNoticeElapsed
from domain.stage import StageLimitExpired
from domain.supervision_review import Finding, OpinionOverdue, RequestOpinion, ReturnOpinion
from domain.training_verification import MakeUpTrainingExpired, MakeUpTrainingReminded
from tests.examples import AUDIT, CO_MANAGING, DISCIPLINE, PERSONNEL, SUPERVISION, at
from tests.workflows.conftest import Cases
from tests.workflows.living import LivedCase, until

LONDON = "Europe/London"


async def at_its_notice(lived: Cases) -> LivedCase:
    """A case under the standard pack whose notice has just been opened: it closes on 7 October."""
    case = lived("standard")
    await case.is_opened()
    await case.is_noticed()
    return case


async def waits_for(case: LivedCase) -> tuple[str, str] | None:
    clock = await case.next_deadline()
    return None if clock is None else (clock.name, clock.due_on)


async def waits_until(case: LivedCase, clock: str, due_on: str) -> bool:
    return await waits_for(case) == (clock, due_on)


async def test_standard_case_lives_through_a_whole_year_and_its_clocks_run_out_by_themselves(lived: Cases) -> None:
    case = await at_its_notice(lived)
    assert await waits_for(case) == ("public_notice", "2026-10-07")
    await case.reaches("2026-10-07", 23, LONDON)
    assert not await case.recorded(PublicNoticeElapsed), "the last day is not over yet"
    await case.reaches("2026-10-08", 1, LONDON)
    await case.becomes(PublicNoticeElapsed)
    assert (await case.live()).stage == "supervision_review", "it went on without anybody's step"

    await case.does(RequestOpinion(organ=AUDIT.organ), SUPERVISION)
    await case.reaches("2026-10-23", 9, LONDON)
    silent = await case.becomes(OpinionOverdue)
    assert (silent.due_on, silent.on_expiry) == (date(2026, 10, 22), OnExpiry.CONSENT)
    await case.is_cleared()

    await case.is_decided()
    await case.does(IssueAppointment(), PERSONNEL)
    await case.reaches("2027-10-24", 9, LONDON)
    await case.becomes(ProbationEnded)
    await case.does(ConfirmProbation(), PERSONNEL)
    assert await case.workflow.result() == "confirmed"


async def test_clock_is_recorded_once_and_as_soon_as_its_day_is_over(lived: Cases) -> None:
    case = await at_its_notice(lived)
    await case.reaches("2026-10-09", 9, LONDON)
    await case.becomes(PublicNoticeElapsed)
    assert len(await case.recorded(PublicNoticeElapsed)) == 1
    late = await case.recorded_at(PublicNoticeElapsed) - at("2026-10-08", 0, LONDON)
    assert 0 <= late.total_seconds() < 60


async def test_regulated_case_lives_through_silence_national_day_and_training_that_is_never_made_up(
    lived: Cases,
) -> None:
    case = lived("cn.sr2019")
    await case.is_opened()
    await case.is_nominated()
    await case.is_trained(hours=300)
    await case.does(RequestOpinion(organ=DISCIPLINE.organ), SUPERVISION)
    await case.does(RequestOpinion(organ=CO_MANAGING.organ), SUPERVISION)
    # Ten working days from 30 September: the holidays are skipped, and Saturday 10 October is worked.
    assert await waits_for(case) == ("opinion:discipline-organ", "2026-10-20")

    await case.reaches("2026-10-31")
    await until(lambda: overdue(case, 2))
    live = await case.live()
    assert live.opinions[DISCIPLINE.organ].finding is None, "the discipline organ's silence is no consent"
    assert live.opinions[CO_MANAGING.organ].finding == Finding.DEEMED_CONSENT
    late = ReturnOpinion(organ=DISCIPLINE.organ, finding=Finding.NO_OBJECTION, text="None, and late.")
    await case.does(late, DISCIPLINE)
    await case.is_cleared()
    await case.is_decided()
    await case.does(OpenPublicNotice(), PERSONNEL)
    await case.reaches("2026-11-07")
    await case.becomes(PublicNoticeElapsed)
    await case.is_past_records()
    await case.does(IssueAppointment(), PERSONNEL)
    assert await waits_for(case) == ("make_up_reminder", "2027-09-07")
    await case.reaches("2027-09-08")
    assert (await case.becomes(MakeUpTrainingReminded)).due_on == date(2027, 11, 7)
    await until(lambda: waits_until(case, "make_up_training", "2027-11-07"))

    await case.reaches("2027-11-08", 1)
    assert await case.workflow.result() == "training_lapsed"
    assert await case.recorded(MakeUpTrainingExpired)
    assert await case.recorded_at(MakeUpTrainingExpired) >= at("2027-11-08", 0)


async def overdue(case: LivedCase, opinions: int) -> bool:
    return len(await case.recorded(OpinionOverdue)) == opinions


async def test_clocks_of_a_suspended_case_rest_and_go_on_after_its_resumption(lived: Cases) -> None:
    case = await at_its_notice(lived)
    await case.reaches("2026-10-08", 9, LONDON)
    await case.becomes(PublicNoticeElapsed)
    await case.does(RequestOpinion(organ=AUDIT.organ), SUPERVISION)
    assert await waits_for(case) == ("opinion:audit-office", "2026-10-22")
    await case.does(SuspendCase(reason="Waiting for the ruling of a court."), SUPERVISION)
    assert await waits_for(case) is None

    await case.reaches("2026-11-07", 9, LONDON)
    assert not await case.recorded(OpinionOverdue)
    await case.does(ResumeCase(), SUPERVISION)
    assert [event.rested_days for event in await case.recorded(CaseResumed)] == [30]
    assert await waits_for(case) == ("opinion:audit-office", "2026-11-20")
    await case.reaches("2026-11-20", 23, LONDON)
    assert not await case.recorded(OpinionOverdue), "the clock that was moved is waited for anew"
    await case.reaches("2026-11-21", 1, LONDON)
    await case.becomes(OpinionOverdue)


async def test_notice_whose_days_ran_on_while_the_case_rested_is_over_as_soon_as_it_is_resumed(lived: Cases) -> None:
    case = await at_its_notice(lived)
    await case.does(SuspendCase(reason="Waiting for the ruling of a court."), SUPERVISION)
    await case.reaches("2026-11-07", 9, LONDON)
    assert not await case.recorded(PublicNoticeElapsed)
    await case.does(ResumeCase(), SUPERVISION)
    elapsed = await case.becomes(PublicNoticeElapsed)
    assert elapsed.closed_on == date(2026, 10, 7)


async def test_objection_holds_the_case_after_its_notice_and_the_disposal_lets_it_go_on(lived: Cases) -> None:
    case = await at_its_notice(lived)
    await case.does(LodgeObjection(channel=Channel.WEB, grounds="A relative sits on the board."), SUPERVISION)
    await case.reaches("2026-10-08", 9, LONDON)
    await case.becomes(PublicNoticeElapsed)
    assert (await case.live()).stage == "public_notice"
    assert await until_waits_for(case, "objection:")

    await case.reaches("2027-01-15", 9, LONDON)
    late = await case.becomes(ObjectionAnswerOverdue)
    assert late.due_on == date(2026, 12, 30)
    assert (await case.live()).stage == "public_notice", "a late answer does not let the case go on"

    [objection] = (await case.live()).undisposed_objections
    disposal = DisposeObjection(objection_id=objection.id, outcome=Disposal.DISMISSED, reasons="No such relative.")
    await case.does(disposal, SUPERVISION)
    assert await case.recorded(ObjectionDisposed)
    assert (await case.live()).stage == "supervision_review"


async def until_waits_for(case: LivedCase, name: str) -> bool:
    async def does() -> bool:
        clock = await case.next_deadline()
        return clock is not None and clock.name.startswith(name)

    await until(does)
    return True


async def test_case_without_a_decision_lapses_when_its_forty_working_days_are_over(lived: Cases) -> None:
    case = await at_its_notice(lived)
    await case.reaches("2026-10-08", 9, LONDON)
    await case.becomes(PublicNoticeElapsed)
    await case.is_reviewed(AUDIT)
    assert await waits_for(case) == ("stage:decision", "2026-12-03")
    await case.reaches("2026-12-04", 1, LONDON)
    assert await case.workflow.result() == "lapsed"
    assert await case.recorded_at(StageLimitExpired) >= at("2026-12-04", 0, LONDON)
