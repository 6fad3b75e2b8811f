"""A problem has one owner and another organ that accepts its remedy, and its days are the pack's."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from domain.command import Command
from domain.event import Event
from domain.identity import SYSTEM, Actor, OfficerId, OrganId, Role
from domain.occasion import Occasion
from domain.problem_mending import (
    MENDING,
    AcceptRemedy,
    LaterThanTheRule,
    NoRemedyYet,
    OpenProblem,
    OwnerAcceptsItself,
    ProblemIsMended,
    ProblemNotFound,
    ProblemStillOpen,
    RefuseRemedy,
    RemedyAwaitsAnswer,
    ReopenProblem,
    ReportRemedy,
)
from domain.public_answer import PublicAnswerNamesSomebody
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.supervision_problem import (
    ProblemEscalated,
    ProblemOpened,
    ProblemReopened,
    ProblemType,
    RemedyAccepted,
    RemedyOverdue,
    RemedyRefused,
    RemedyReported,
    Severity,
    Subject,
    SubjectKind,
    fold_problem,
)
from runtime.calendars import calendar_for
from tests.domain.refusals import refused_apart
from tests.examples import PERSONNEL, SCHOOL, SUPERVISION, at, pack

PROBLEM = "problem00001"
START = at("2026-03-02")
OTHER_REVIEWER = SUPERVISION.model_copy(update={"officer": OfficerId("officer-second-reviewer")})
OPEN = OpenProblem(
    type=ProblemType.PROCEDURE,
    severity=Severity.MINOR,
    subject=Subject(kind=SubjectKind.UNIT, id="Registry"),
    finding="Three letters were issued on the day of the decision.",
    owner=PERSONNEL.organ,
    accepting=SUPERVISION.organ,
)
REPORT = ReportRemedy(remedy="Letters now wait for the end of the notice.")
REFUSE = RefuseRemedy(reason="The letters of May were issued on the day again.")


def said(before: Sequence[Event], command: Command, actor: Actor = SUPERVISION, when: datetime = START) -> list[Event]:
    on = Occasion(when, actor, pack("standard"), calendar_for("GB-ENG"), "command-1", "Europe/London")
    return MENDING[type(command)](fold_problem(before), command, on, PROBLEM)


def grown(before: Sequence[Event], command: Command, actor: Actor, when: datetime = START) -> list[Event]:
    return [*before, *said(before, command, actor, when)]


def refused(kind: type[Refusal], before: Sequence[Event], command: Command, actor: Actor = SUPERVISION) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor))


OPENED = grown([], OPEN, SUPERVISION)
REPORTED = grown(OPENED, REPORT, PERSONNEL)
MENDED = grown(REPORTED, AcceptRemedy(), OTHER_REVIEWER)


def test_problem_has_the_days_of_its_severity_and_the_deciding_body_hears_of_it_after_more() -> None:
    (event,) = OPENED
    assert isinstance(event, ProblemOpened)
    assert event.due.closes_on == date(2026, 4, 1)
    assert event.escalated_on == date(2026, 5, 1)
    assert event.rules_applied()[0] == "joint_supervision.remedied_minor"


def test_an_earlier_day_is_taken_and_a_later_one_refused_with_the_rule() -> None:
    (event,) = said([], OPEN.model_copy(update={"due_on": date(2026, 3, 10)}))
    assert isinstance(event, ProblemOpened)
    assert event.due.closes_on == date(2026, 3, 10)
    later = refused(LaterThanTheRule, [], OPEN.model_copy(update={"due_on": date(2026, 4, 2)}))
    assert later.facts["latest"] == date(2026, 4, 1)


def test_owner_and_accepting_organ_are_never_the_same() -> None:
    refused(OwnerAcceptsItself, [], OPEN.model_copy(update={"accepting": OPEN.owner}))


def test_only_the_two_departments_and_the_system_put_problems_on_the_register() -> None:
    assert said([], OPEN, PERSONNEL) and said([], OPEN, SYSTEM)
    refused(WrongOrgan, [], OPEN, SCHOOL)
    assert not said(OPENED, OPEN)


def test_no_public_words_of_a_problem_reach_somebody() -> None:
    address = "Write to somebody@example.org about it."
    refused(PublicAnswerNamesSomebody, [], OPEN.model_copy(update={"finding": address}))
    refused(PublicAnswerNamesSomebody, OPENED, REPORT.model_copy(update={"remedy": address}), PERSONNEL)
    refused(PublicAnswerNamesSomebody, REPORTED, RefuseRemedy(reason=address), OTHER_REVIEWER)
    refused(PublicAnswerNamesSomebody, MENDED, ReopenProblem(reason=address))


def test_a_remedy_is_refused_then_accepted_by_another_organ() -> None:
    back = grown(REPORTED, REFUSE, OTHER_REVIEWER, at("2026-03-20"))
    assert isinstance(back[-1], RemedyRefused)
    assert back[-1].due.closes_on == date(2026, 4, 19)
    again = grown(back, REPORT, PERSONNEL)
    assert isinstance(again[-1], RemedyReported)
    assert again[-1].remedy_number == 2
    accepted = grown(again, AcceptRemedy(), OTHER_REVIEWER)
    assert isinstance(accepted[-1], RemedyAccepted)
    problem = fold_problem(accepted)
    assert problem and problem.over and not problem.clocks


@pytest.mark.parametrize("command", [AcceptRemedy(), REFUSE])
def test_no_organ_judges_its_own_remedy_in_whatever_role(command: Command) -> None:
    refused(OwnerAcceptsItself, REPORTED, command, PERSONNEL)
    both = Actor(officer=OfficerId("officer-both"), organ=PERSONNEL.organ, roles=(Role.PERSONNEL, Role.SUPERVISION))
    refused(OwnerAcceptsItself, REPORTED, command, both)
    elsewhere = OTHER_REVIEWER.model_copy(update={"organ": OrganId("audit-office")})
    refused(WrongOrgan, REPORTED, command, elsewhere)


@pytest.mark.parametrize("command", [AcceptRemedy(), REFUSE])
def test_whoever_found_it_or_had_a_hand_in_the_remedy_does_not_judge_it(command: Command) -> None:
    refused(ReviewsOwnWork, REPORTED, command, SUPERVISION)
    moved = PERSONNEL.model_copy(update={"organ": SUPERVISION.organ, "roles": (Role.SUPERVISION,)})
    refused(ReviewsOwnWork, REPORTED, command, moved)
    deputy = OTHER_REVIEWER.model_copy(update={"on_behalf_of": SUPERVISION.officer})
    refused(ReviewsOwnWork, REPORTED, command, deputy)


def test_each_step_comes_in_its_turn() -> None:
    refused(ProblemNotFound, [], REPORT, PERSONNEL)
    refused(WrongOrgan, OPENED, REPORT, SUPERVISION)
    refused(NoRemedyYet, OPENED, AcceptRemedy(), OTHER_REVIEWER)
    refused(RemedyAwaitsAnswer, REPORTED, REPORT, PERSONNEL)
    refused(ProblemIsMended, MENDED, REPORT, PERSONNEL)
    refused(ProblemStillOpen, OPENED, ReopenProblem(reason="It is back: four letters of June."))
    refused(WrongOrgan, MENDED, ReopenProblem(reason="It is back: four letters of June."), SCHOOL)


def test_a_problem_that_comes_back_has_its_days_again() -> None:
    back = grown(MENDED, ReopenProblem(reason="It is back: four letters of June."), SUPERVISION, at("2026-06-01"))
    assert isinstance(back[-1], ProblemReopened)
    problem = fold_problem(back)
    assert problem and not problem.over
    assert [(clock.name, clock.due_on) for clock in problem.clocks] == [
        ("remedy", date(2026, 7, 1)),
        ("escalation", date(2026, 7, 31)),
    ]


def test_silence_is_counted_against_the_owner_and_then_goes_to_the_deciding_body() -> None:
    problem = fold_problem(OPENED)
    assert problem
    overdue, escalated = (clock.event for clock in problem.clocks)
    assert overdue == RemedyOverdue(due_on=date(2026, 4, 1), owner=PERSONNEL.organ)
    assert escalated == ProblemEscalated(escalated_on=date(2026, 5, 1), to=Role.DECISION_BODY)
    after = fold_problem([*OPENED, overdue, escalated])
    assert after and after.overdue and after.escalated and not after.clocks
