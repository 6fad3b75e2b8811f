"""A case opens for a known post under one pack, rests and resumes by supervision, and is given up by personnel."""

from datetime import date

import pytest

from domain.appointment import ClosedCase, LiveCase, SuspendedCase, Unopened
from domain.case_file import Post
from domain.case_opening import (
    AlreadyAppointed,
    CaseNotSuspended,
    CaseOpened,
    CaseResumed,
    CaseSuspended,
    CaseWithdrawn,
    OpenCase,
    ResumeCase,
    SuspendCase,
    VacancyUnknown,
    WithdrawCase,
)
from domain.identity import SYSTEM
from domain.nomination import CloseNominations
from domain.objection import Channel, LodgeObjection
from domain.public_notice import OpenPublicNotice
from domain.refusal import CaseAlreadyOpened, CaseHasEnded, CaseIsSuspended, CaseNotFound, UnknownChoice, WrongOrgan
from domain.rest import MovedClock
from domain.stage import StageBegun
from domain.supervision_review import RequestOpinion
from domain.timer import LetTimerRunOut, timers
from tests.domain.refusals import refused
from tests.examples import AUDIT, CASE, CLERK, DIRECTOR, PERSONNEL, SCHOOL, SUPERVISION, at, pack, reference
from tests.lives import at_stage, live, opened, run_out
from tests.spec import Story

START = at("2026-03-02")
LATER = at("2026-03-12")
REST = SuspendCase(reason="A court has to rule on the post first.")
GIVE_UP = WithdrawCase(reason="The post was abolished by the council.")
LETTER = LodgeObjection(channel=Channel.LETTER, grounds="The listed results belong to somebody else.")


def nothing(pack_id: str = "standard") -> Story:
    place = pack(pack_id).jurisdictions[0]
    return Story(pack(pack_id), place.id, place.timezone)


@pytest.mark.parametrize(
    ("pack_id", "place", "timezone"), [("standard", "GB-ENG", "Europe/London"), ("cn.sr2019", "CN", "Asia/Shanghai")]
)
def test_a_case_opens_in_the_first_jurisdiction_and_the_first_stage_of_its_pack(
    pack_id: str, place: str, timezone: str
) -> None:
    story = opened(pack_id, START)
    case_opened = story.then(CaseOpened)
    assert (case_opened.jurisdiction, case_opened.timezone) == (place, timezone)
    assert case_opened.opened_by == PERSONNEL.officer
    assert story.then(StageBegun).stage == story.pack.stages[0].id


def test_a_case_opens_in_a_named_jurisdiction_of_its_pack() -> None:
    wish = OpenCase(case_id=CASE, pack=reference("standard"), post=CLERK, jurisdiction="KE")
    assert nothing().when(wish, PERSONNEL, START).then(CaseOpened).timezone == "Africa/Nairobi"


def test_a_pack_that_counts_from_the_vacancy_is_told_its_day() -> None:
    post = Post(post_id="steel/director", title="Director", unit="Steel", rank="functional_director")
    wish = OpenCase(case_id=CASE, pack=reference("in.acc"), post=post)
    refusal = refused(nothing("in.acc"), VacancyUnknown, wish, PERSONNEL, START)
    assert (refusal.rule_path, refusal.field) == ("clocks.initiation_target.within", "post.vacant_on")
    dated = post.model_copy(update={"vacant_on": date(2028, 1, 1)})
    nothing("in.acc").when(wish.model_copy(update={"post": dated}), PERSONNEL, START)


def test_a_case_opens_once() -> None:
    again = OpenCase(case_id=CASE, pack=reference("standard"), post=CLERK)
    refused(opened("standard", START), CaseAlreadyOpened, again, PERSONNEL, START)


def test_only_personnel_open_a_case() -> None:
    wish = OpenCase(case_id=CASE, pack=reference("standard"), post=CLERK)
    refusal = refused(nothing(), WrongOrgan, wish, SCHOOL, START)
    assert refusal.facts["duty_holder"] == "personnel"


def test_a_rank_that_the_pack_does_not_have_is_refused_with_those_it_has() -> None:
    wish = OpenCase(case_id=CASE, pack=reference("standard"), post=DIRECTOR)
    refusal = refused(nothing(), UnknownChoice, wish, PERSONNEL, START)
    assert (refusal.field, refusal.facts["known"]) == ("post.rank", ["senior", "officer"])


def test_a_jurisdiction_that_the_pack_does_not_have_is_refused_with_those_it_has() -> None:
    wish = OpenCase(case_id=CASE, pack=reference("cn.sr2019"), post=DIRECTOR, jurisdiction="GB-ENG")
    refusal = refused(nothing("cn.sr2019"), UnknownChoice, wish, PERSONNEL, START)
    assert (refusal.field, refusal.facts["known"]) == ("jurisdiction", ["CN"])


def test_nothing_is_done_in_a_case_that_does_not_exist() -> None:
    assert isinstance(nothing().case, Unopened)
    for command in (CloseNominations(), ResumeCase(), REST):
        refused(nothing(), CaseNotFound, command, PERSONNEL, START)


def test_nothing_moves_in_a_case_that_rests() -> None:
    story = opened("standard", START).when(REST, SUPERVISION, START)
    assert story.then(CaseSuspended).suspended_on == date(2026, 3, 2)
    assert isinstance(story.case, SuspendedCase)
    for command, actor in ((CloseNominations(), PERSONNEL), (REST, SUPERVISION), (GIVE_UP, PERSONNEL)):
        assert refused(story, CaseIsSuspended, command, actor, LATER).facts["since"] == date(2026, 3, 2)


def test_only_supervision_lets_a_case_rest_or_resumes_it() -> None:
    story = opened("standard", START)
    refused(story, WrongOrgan, REST, PERSONNEL, START)
    refused(story.when(REST, SUPERVISION, START), WrongOrgan, ResumeCase(), PERSONNEL, LATER)


def test_a_case_that_does_not_rest_is_not_resumed() -> None:
    refused(opened("standard", START), CaseNotSuspended, ResumeCase(), SUPERVISION, START)


def test_no_clock_runs_while_a_case_rests() -> None:
    story = at_stage("standard", "decision", START)
    running = timers(story.case, story.pack)
    story = story.when(REST, SUPERVISION, at("2026-03-12"))
    assert [timer.name for timer in running] == ["stage:decision"]
    assert timers(story.case, story.pack) == ()
    refused(story, CaseIsSuspended, LetTimerRunOut(timer="stage:decision"), SYSTEM, at("2027-03-12"))


def test_a_stage_gets_back_the_days_that_its_case_rested() -> None:
    story = at_stage("standard", "decision", START)
    before = timers(story.case, story.pack)[0].due_on
    story = story.when(REST, SUPERVISION, at("2026-03-12")).when(ResumeCase(), SUPERVISION, at("2026-03-22"))
    assert story.then(CaseResumed).rested_days == 10
    assert (timers(story.case, story.pack)[0].due_on - before).days == 10


@pytest.mark.parametrize(("resumed", "due_on"), [("2026-03-20", 25), ("2026-03-21", 25), ("2026-03-23", 26)])
def test_working_days_that_were_left_are_counted_anew_from_the_resumption(resumed: str, due_on: int) -> None:
    story = at_stage("standard", "supervision_review", START)
    story = story.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, at("2026-03-05"))
    assert timers(story.case, story.pack)[0].due_on == date(2026, 3, 19)
    story = story.when(REST, SUPERVISION, at("2026-03-16")).when(ResumeCase(), SUPERVISION, at(resumed))
    moved = MovedClock(clock="opinion:audit-office", due_on=date(2026, 3, due_on))
    assert story.then(CaseResumed).clocks == (moved,)
    assert timers(story.case, story.pack)[0].due_on == moved.due_on


def test_a_clock_whose_last_day_was_that_of_the_suspension_has_no_day_left() -> None:
    story = at_stage("standard", "supervision_review", START)
    story = story.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, at("2026-03-05"))
    story = story.when(REST, SUPERVISION, at("2026-03-19")).when(ResumeCase(), SUPERVISION, at("2026-03-24"))
    assert timers(story.case, story.pack)[0].due_on == date(2026, 3, 24)


def test_organs_and_objections_get_back_the_days_that_their_case_rested() -> None:
    asked = at_stage("standard", "supervision_review", START)
    asked = asked.when(RequestOpinion(organ=AUDIT.organ), SUPERVISION, at("2026-03-11"))
    objected = at_stage("standard", "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)
    objected = run_out(objected.when(LETTER, SUPERVISION, START), "public_notice")
    for story in (asked, objected):
        before = timers(story.case, story.pack)
        story = story.when(REST, SUPERVISION, at("2026-03-16")).when(ResumeCase(), SUPERVISION, at("2026-03-23"))
        after = timers(story.case, story.pack)
        assert [timer.name for timer in after] == [timer.name for timer in before] != []
        assert [(later.due_on - sooner.due_on).days for later, sooner in zip(after, before, strict=True)] == [7]


def test_a_notice_runs_on_while_its_case_rests_since_the_public_can_read_it() -> None:
    story = at_stage("standard", "public_notice", START).when(OpenPublicNotice(), PERSONNEL, START)
    closes_on = timers(story.case, story.pack)[0].due_on
    story = story.when(REST, SUPERVISION, START).when(ResumeCase(), SUPERVISION, at("2026-04-02"))
    assert timers(story.case, story.pack)[0].due_on == closes_on
    assert live(run_out_now(story)).stage == "supervision_review"


def run_out_now(story: Story) -> Story:
    return story.when(LetTimerRunOut(timer="public_notice"), SYSTEM, at("2026-04-02"))


def test_probation_runs_on_while_its_case_rests_and_owed_training_does_not() -> None:
    story = at_stage("standard", "probation", START, hours=10, conditional=True)
    before = {timer.name: timer.due_on for timer in timers(story.case, story.pack)}
    story = story.when(REST, SUPERVISION, at("2026-04-01")).when(ResumeCase(), SUPERVISION, at("2026-04-11"))
    after = {timer.name: timer.due_on for timer in timers(story.case, story.pack)}
    assert after["probation"] == before["probation"]
    assert (after["make_up_training"] - before["make_up_training"]).days == 10


def test_personnel_give_a_case_up_and_it_takes_no_further_step() -> None:
    story = at_stage("standard", "decision", START).when(GIVE_UP, PERSONNEL, LATER)
    assert story.then(CaseWithdrawn).withdrawn_on == date(2026, 3, 12)
    assert isinstance(story.case, ClosedCase) and story.case.outcome == "withdrawn"
    assert timers(story.case, story.pack) == ()
    for command in (CloseNominations(), GIVE_UP, ResumeCase()):
        assert refused(story, CaseHasEnded, command, PERSONNEL, LATER).facts["outcome"] == "withdrawn"


def test_a_case_is_not_given_up_by_another_organ() -> None:
    refused(opened("standard", START), WrongOrgan, GIVE_UP, SUPERVISION, START)


def test_a_case_is_not_given_up_once_somebody_is_appointed() -> None:
    story = at_stage("standard", "probation", START)
    assert isinstance(story.case, LiveCase)
    refused(story, AlreadyAppointed, GIVE_UP, PERSONNEL, at("2026-06-01"))
