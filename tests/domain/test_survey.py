"""A survey opens and closes by the clock, is counted once by supervision, and opens problems by itself."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest
from pydantic import ValidationError

from domain.command import Command
from domain.event import Event
from domain.followed import let_followed_timer_run_out
from domain.identity import SYSTEM, Actor, Role
from domain.law import Confidence, Text
from domain.occasion import Occasion
from domain.public_answer import PublicAnswerNamesSomebody
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.supervision_problem import ProblemType
from domain.survey import IndexUse, SurveyCodesIssued, SurveyCounted, SurveyStatus, fold_survey
from domain.survey_ballot import Report, report_of
from domain.survey_method import (
    PublishSurveyMethod,
    SurveyMethod,
    SurveyMethodNotFound,
    Thresholds,
    VoterClass,
    publish_survey_method,
)
from domain.survey_problem import problem_ids_of, problems_of
from domain.survey_running import (
    Before,
    Counted,
    CountSurvey,
    IssueSurveyCodes,
    ProposeSurvey,
    RecordIndexUse,
    SurveyAlreadyCounted,
    SurveyIsWithdrawn,
    SurveyNotClosed,
    SurveyNotFound,
    SurveyNotOpen,
    SurveyOpenAlready,
    SurveyWindowUnfit,
    TooManyCodes,
    WithdrawSurvey,
    count_survey,
    issue_survey_codes,
    propose_survey,
    record_index_use,
    withdraw_survey,
)
from domain.timer import LetTimerRunOut, TimerStillRunning
from runtime.calendars import calendar_for
from tests.domain.refusals import refused_apart
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at, pack
from tests.surveys import METHOD, NOT, SATISFIED, VERY, survey_method, tally_of

SURVEY = "survey000001"
START = at("2026-12-01", timezone="Europe/London")
PROPOSE = ProposeSurvey(method_id="method000001", opens_on=date(2026, 12, 2), closes_on=date(2026, 12, 9))
BEFORE = Before(1, METHOD)
EMPTY = Counted("00" * 32, Report(), Report(), ())
BOTH = Actor(officer=SUPERVISION.officer, organ=SUPERVISION.organ, roles=(Role.SUPERVISION, Role.PERSONNEL))


def occasion(actor: Actor = SUPERVISION, when: datetime = START) -> Occasion:
    return Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), "command-1", "Europe/London")


def said(
    before: Sequence[Event],
    command: Command,
    actor: Actor = SUPERVISION,
    known: Before = BEFORE,
    counted: Counted | None = EMPTY,
) -> list[Event]:
    survey, on = fold_survey(before), occasion(actor)
    match command:
        case ProposeSurvey():
            return propose_survey(survey, command, on, SURVEY, known)
        case IssueSurveyCodes():
            return issue_survey_codes(survey, command, on, SURVEY)
        case WithdrawSurvey():
            return withdraw_survey(survey, command, on, SURVEY)
        case CountSurvey():
            return count_survey(survey, command, on, SURVEY, counted)
        case RecordIndexUse():
            return record_index_use(survey, command, on, SURVEY)
    raise AssertionError(command)


def refused(
    kind: type[Refusal],
    before: Sequence[Event],
    command: Command,
    actor: Actor = SUPERVISION,
    known: Before = BEFORE,
) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor, known))


def ran_out(before: Sequence[Event], name: str, day: str) -> list[Event]:
    found = fold_survey(before)
    late = at(day, timezone="Europe/London")
    return [*before, *let_followed_timer_run_out(found, LetTimerRunOut(timer=name), occasion(SYSTEM, late))]


PROPOSED = said([], PROPOSE)
WITHDRAW = WithdrawSurvey(reason="The sizes of the classes were of last year.")
WITHDRAWN = [*PROPOSED, *said(PROPOSED, WITHDRAW)]
OPEN = ran_out(PROPOSED, "opening", "2026-12-02")
CLOSED = ran_out(OPEN, "closing", "2026-12-10")
COUNTED = [*CLOSED, *said(CLOSED, CountSurvey())]
CODES = IssueSurveyCodes(voter_class="staff", codes=60)
USE = RecordIndexUse(use=IndexUse.RECTIFY, index="work_index", says="The department answers within the quarter.")


def test_survey_opens_at_the_start_of_its_first_day_and_closes_at_the_end_of_its_last() -> None:
    survey = fold_survey(PROPOSED)
    assert survey is not None and survey.status is SurveyStatus.PROPOSED and survey.title and survey.organ
    assert [(clock.name, clock.due_on) for clock in survey.clocks] == [("opening", date(2026, 12, 1))]
    refused_apart(TimerStillRunning, lambda: ran_out(PROPOSED, "opening", "2026-12-01"))
    refused_apart(TimerStillRunning, lambda: ran_out(OPEN, "closing", "2026-12-09"))
    statuses = [found.status for found in map(fold_survey, (OPEN, CLOSED, COUNTED)) if found]
    assert statuses == [SurveyStatus.OPEN, SurveyStatus.CLOSED, SurveyStatus.COUNTED]
    words = {found.waits_for for found in map(fold_survey, (PROPOSED, OPEN, CLOSED)) if found}
    assert len(words) == 3


def test_a_survey_is_withdrawn_with_a_reason_before_it_opens_and_never_afterwards() -> None:
    survey = fold_survey(WITHDRAWN)
    assert survey is not None and survey.status is SurveyStatus.WITHDRAWN and survey.over and not survey.clocks
    for before in (OPEN, CLOSED, COUNTED):
        refused(SurveyOpenAlready, before, WITHDRAW)
    refused(SurveyNotFound, [], WITHDRAW)
    refused(WrongOrgan, PROPOSED, WITHDRAW, PERSONNEL)
    named = WITHDRAW.model_copy(update={"reason": "Write to somebody@example.org about it."})
    refused(PublicAnswerNamesSomebody, PROPOSED, named)
    for command in (WITHDRAW, CODES, CountSurvey(), USE):
        refused(SurveyIsWithdrawn, WITHDRAWN, command)


def test_nobody_but_the_clock_opens_or_closes_a_survey() -> None:
    command = LetTimerRunOut(timer="opening")
    refused_apart(WrongOrgan, lambda: let_followed_timer_run_out(fold_survey(PROPOSED), command, occasion()))


@pytest.mark.parametrize("actor", [PERSONNEL, SCHOOL, DECIDERS, BOTH])
@pytest.mark.parametrize("command", [PROPOSE, CODES, CountSurvey()])
def test_whoever_runs_cases_never_runs_a_survey_of_them(command: Command, actor: Actor) -> None:
    refused(WrongOrgan, CLOSED, command, actor) if command is not PROPOSE else refused(WrongOrgan, [], command, actor)


def test_method_can_be_read_before_the_survey_opens_and_stands_in_it_whole() -> None:
    refused(SurveyMethodNotFound, [], PROPOSE, known=Before(0, None))
    for days in ({"opens_on": date(2026, 12, 1)}, {"closes_on": date(2026, 12, 1)}, {"closes_on": date(2027, 4, 1)}):
        refused(SurveyWindowUnfit, [], PROPOSE.model_copy(update=days))
    survey = fold_survey(PROPOSED)
    assert survey is not None and survey.method == METHOD
    assert not said(PROPOSED, PROPOSE)


def test_survey_asks_about_the_problems_of_the_one_before_it() -> None:
    follows = PROPOSE.model_copy(update={"follows": "survey000000"})
    refused(SurveyNotFound, [], follows, known=Before(1, METHOD, follows_counted=False))
    survey = fold_survey(said([], follows, known=Before(1, METHOD, mended=2, open=1)))
    assert survey is not None and (survey.last_mended, survey.last_open) == (2, 1)


def test_there_are_never_more_codes_than_people_in_a_class() -> None:
    (issued,) = said(PROPOSED, CODES)
    assert isinstance(issued, SurveyCodesIssued) and len(issued.batch_id) == 12
    more = IssueSurveyCodes(voter_class="staff", codes=1)
    assert refused(TooManyCodes, [*PROPOSED, issued], more).facts == {"size": 60, "issued": 60}
    refused(UnknownChoice, PROPOSED, IssueSurveyCodes(voter_class="students", codes=1))
    refused(SurveyNotOpen, CLOSED, more)
    refused(SurveyNotFound, [], more)


def test_lost_batch_is_replaced_before_the_survey_opens_and_never_after() -> None:
    (issued,) = said(PROPOSED, CODES)
    assert isinstance(issued, SurveyCodesIssued)
    again = CODES.model_copy(update={"instead_of": issued.batch_id})
    replaced = fold_survey([*PROPOSED, issued, *said([*PROPOSED, issued], again)])
    assert replaced is not None and replaced.issued_to("staff") == 60
    refused(UnknownChoice, [*OPEN, issued], again)
    refused(UnknownChoice, [*PROPOSED, issued], again.model_copy(update={"voter_class": "public"}))


def test_box_is_sealed_until_it_closes_and_opened_once() -> None:
    refused(SurveyNotClosed, PROPOSED, CountSurvey())
    refused(SurveyNotClosed, OPEN, CountSurvey())
    refused(SurveyAlreadyCounted, COUNTED, CountSurvey())
    refused(SurveyNotFound, [], CountSurvey())
    assert not said(CLOSED, CountSurvey(), counted=None)
    counted = COUNTED[-1]
    assert isinstance(counted, SurveyCounted) and set(SurveyCounted.sealed_fields) == {"house_report", "texts"}


def test_use_of_a_result_is_on_record_with_whose_it_is() -> None:
    for actor in (PERSONNEL, SUPERVISION, DECIDERS):
        assert said(COUNTED, USE, actor)
    refused(WrongOrgan, COUNTED, USE, SCHOOL)
    refused(SurveyNotClosed, CLOSED, USE)
    refused(SurveyNotFound, [], USE)
    refused(UnknownChoice, COUNTED, USE.model_copy(update={"index": "overall"}))
    refused(PublicAnswerNamesSomebody, COUNTED, USE.model_copy(update={"says": "Write to somebody@example.org."}))


GOOD = report_of(METHOD, tally_of({"staff": {VERY: 30}, "public": {SATISFIED: 90}}), METHOD.in_public)
BAD = report_of(METHOD, tally_of({"staff": {VERY: 30}, "public": {SATISFIED: 20, NOT: 70}}), METHOD.in_public)


def test_a_low_index_and_one_that_fell_open_problems_for_one_organ_that_another_accepts() -> None:
    opened = problems_of(SURVEY, METHOD, BAD, GOOD)
    assert {problem.type for problem in opened.values()} == {ProblemType.INDEX_LOW, ProblemType.INDEX_FALLEN}
    assert set(opened) < set(problem_ids_of(SURVEY))
    for problem in opened.values():
        assert (problem.owner, problem.accepting) == (PERSONNEL.organ, SUPERVISION.organ)
        assert "The index of the work" in problem.finding and "everybody" in problem.finding
        assert "选人用人工作满意度指数" in problem.finding and "总体" in problem.finding
    assert not problems_of(SURVEY, METHOD, GOOD, None)
    assert not problems_of(SURVEY, METHOD, Report(), GOOD)


def test_a_class_that_is_low_is_not_averaged_away() -> None:
    counts = {"leadership": {VERY: 20}, "staff": {VERY: 20, NOT: 40}, "public": {VERY: 300}}
    found = problems_of(SURVEY, METHOD, report_of(METHOD, tally_of(counts), METHOD.in_public), None)
    (problem,) = found.values()
    assert "staff 33.33" in problem.finding and "everybody" not in problem.finding


def test_a_finding_has_room_for_as_many_classes_as_a_method_may_have() -> None:
    classes = tuple(
        VoterClass(id=f"class_{name}", says=Text(en="class " * 30, zh="类别" * 90), size=90) for name in "abcdefghijkl"
    )
    method = METHOD.model_copy(update={"classes": classes})
    good = report_of(method, tally_of({each.id: {VERY: 80} for each in classes}), method.in_public)
    bad = report_of(method, tally_of({each.id: {NOT: 80} for each in classes}), method.in_public)
    assert all(len(problem.finding) > 1000 for problem in problems_of(SURVEY, method, bad, good).values())


PUBLISH = PublishSurveyMethod(method=METHOD)


def test_method_is_supervisions_and_each_version_stands_beside_the_others() -> None:
    today = date(2026, 12, 1)
    (first,) = publish_survey_method("method000001", PUBLISH, actor=SUPERVISION, today=today, versions=0)
    again = PUBLISH.model_copy(update={"method_id": "method000001"})
    (second,) = publish_survey_method("method000001", again, actor=SUPERVISION, today=today, versions=1)
    assert [event.model_dump()["number"] for event in (first, second)] == [1, 2]
    refused_apart(
        SurveyMethodNotFound, lambda: publish_survey_method("x", again, actor=SUPERVISION, today=today, versions=0)
    )
    refused_apart(WrongOrgan, lambda: publish_survey_method("x", PUBLISH, actor=PERSONNEL, today=today, versions=0))


@pytest.mark.parametrize(
    "change",
    [
        {"accepting": METHOD.owner},
        {"work_index": "weather"},
        {"person_recognition": "overall"},
        {"classes": []},
        {"classes": [METHOD.classes[0], METHOD.classes[0]]},
        {"questions": [METHOD.questions[0].model_copy(update={"scale": "weather"})]},
        {"thresholds": {"cell": METHOD.thresholds.cell.model_copy(update={"value": 4})}},
    ],
)
def test_method_that_could_not_be_counted_or_told_too_much_is_not_taken(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SurveyMethod.model_validate(METHOD.model_dump() | change)


def test_no_value_of_a_method_claims_a_source_that_it_has_not_got() -> None:
    for name in Thresholds.model_fields:
        rule = getattr(METHOD.thresholds, name)
        assert rule.confidence is Confidence.OWN_CHOICE and rule.source.instrument == "house"
    weights = [choice.weight for choice in METHOD.scale_of("overall").choices]
    assert weights == [100, 80, 60, 30, 0, None]
    assert survey_method({"staff": 3}).size_of("staff") == 3
