"""How a problem is put on the register and mended: its owner says what it did, and another organ whether it holds."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pydantic import Field

from domain.command import Command
from domain.event import Event
from domain.identity import Role
from domain.joint_supervision_rule import DEPARTMENTS
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.supervision_problem import (
    NO_NAMES,
    Evidence,
    NamedOrgan,
    Origin,
    Problem,
    ProblemOpened,
    ProblemReopened,
    ProblemType,
    RemedyAccepted,
    RemedyRefused,
    RemedyReported,
    Severity,
    Subject,
)
from domain.working_days import Window


class OpenProblem(Command):
    """Put a problem on the register: whose it is to mend, and which other organ accepts that it is mended."""

    type: ProblemType
    severity: Severity
    subject: Subject
    finding: str = Field(min_length=10, max_length=2000, description=NO_NAMES)
    evidence: Evidence = ()
    details: str | None = Field(None, max_length=8000, description="sealed for supervision")
    owner: NamedOrgan
    accepting: NamedOrgan = Field(description="another organ than the owner; it says when the problem is mended")
    origin: Origin | None = None
    due_on: date | None = Field(None, description="an earlier day than the pack's for this severity")


class ReportRemedy(Command):
    """Say what was done about a problem, with proof."""

    remedy: str = Field(min_length=10, max_length=2000, description=NO_NAMES)
    proof: Evidence = ()
    details: str | None = Field(None, max_length=8000, description="sealed for supervision")


class AcceptRemedy(Command):
    """Say that a problem is mended."""

    remarks: str | None = Field(None, max_length=2000, description=NO_NAMES)


class RefuseRemedy(Command):
    """Say that what was done does not mend it, and why."""

    reason: str = Field(min_length=10, max_length=2000, description=NO_NAMES)


class ReopenProblem(Command):
    """Take a problem up again that had been mended."""

    reason: str = Field(min_length=10, max_length=2000, description=NO_NAMES)
    evidence: Evidence = ()


class ProblemNotFound(Refusal):
    rule = "house.a_problem_is_opened_first"


class OwnerAcceptsItself(Refusal):
    rule = "house.nobody_accepts_their_own_remedy"


class ProblemIsMended(Refusal):
    rule = "house.a_mended_problem_rests"


class ProblemStillOpen(Refusal):
    rule = "house.only_a_mended_problem_is_reopened"


class NoRemedyYet(Refusal):
    rule = "house.a_remedy_is_reported_first"


class RemedyAwaitsAnswer(Refusal):
    rule = "house.one_remedy_at_a_time"


class LaterThanTheRule(Refusal):
    rule = "joint_supervision.remedied_minor"


def open_problem(problem: Problem | None, command: OpenProblem, on: Occasion, problem_id: str) -> list[Event]:
    """Either department, or the system, puts a problem on the register; its owner never accepts its own remedy.

    Source: F40, F53 of the mission; the pack's `joint_supervision.remedied_*` (house rules).
    Refuses: WrongOrgan, OwnerAcceptsItself, LaterThanTheRule, PublicAnswerNamesSomebody, BeyondTheCalendar.
    Idempotent by: the problem's id.
    """
    if problem is not None:
        return []
    _found_by_a_department(command, on)
    if command.owner == command.accepting:
        raise OwnerAcceptsItself(
            f"With {command.owner} the same organ would mend this problem and say that it is mended. "
            "Name another one in `accepting`.",
            field="accepting",
            owner=command.owner,
        )
    refuse_personal_data(command.finding, field="finding")
    due, escalated_on = _days(command.severity, on, command.due_on)
    said = command.model_dump(exclude={"due_on"})
    kept = {"problem_id": problem_id, "due": due, "escalated_on": escalated_on, "timezone": on.timezone}
    return [ProblemOpened(**said, **kept, opened_on=on.today, opened_by=on.actor.officer)]


def report_remedy(problem: Problem | None, command: ReportRemedy, on: Occasion, problem_id: str) -> list[Event]:
    """The owner says what it did; until the accepting organ has answered, there is nothing more to report.

    Refuses: ProblemNotFound, ProblemIsMended, WrongOrgan, RemedyAwaitsAnswer, PublicAnswerNamesSomebody.
    """
    open_ = _open(problem, problem_id)
    if on.actor.organ != open_.owner:
        raise WrongOrgan(
            f"Problem {open_.id} is for {open_.owner} to mend, and you act for {on.actor.organ}. Ask them.",
            organ=on.actor.organ,
        )
    if open_.awaits_acceptance:
        raise RemedyAwaitsAnswer(
            f"Remedy {open_.remedies} waits for the answer of {open_.accepting}. Wait for it, or ask them."
        )
    refuse_personal_data(command.remedy, field="remedy")
    said = command.model_dump()
    number = open_.remedies + 1
    return [RemedyReported(**said, remedy_number=number, reported_on=on.today, reported_by=on.actor.officer)]


def accept_remedy(problem: Problem | None, command: AcceptRemedy, on: Occasion, problem_id: str) -> list[Event]:
    """The accepting organ says that it is mended, by an officer who neither found it nor had a hand in the remedy.

    Source: F40, F53 of the mission (independent acceptance).
    Refuses: ProblemNotFound, ProblemIsMended, OwnerAcceptsItself, WrongOrgan, NoRemedyYet, ReviewsOwnWork,
    PublicAnswerNamesSomebody.
    """
    open_ = _judged(problem, problem_id, on)
    refuse_personal_data(command.remarks or "", field="remarks")
    return [RemedyAccepted(remedy_number=open_.remedies, accepted_on=on.today, remarks=command.remarks)]


def refuse_remedy(problem: Problem | None, command: RefuseRemedy, on: Occasion, problem_id: str) -> list[Event]:
    """The accepting organ says why it is not mended; the owner has the days of its severity again.

    Refuses: as `accept_remedy`; PublicAnswerNamesSomebody.
    """
    open_ = _judged(problem, problem_id, on)
    refuse_personal_data(command.reason, field="reason")
    due, escalated_on = _days(open_.severity, on)
    said = {"refused_on": on.today, "reason": command.reason, "due": due, "escalated_on": escalated_on}
    return [RemedyRefused(remedy_number=open_.remedies, **said)]


def reopen_problem(problem: Problem | None, command: ReopenProblem, on: Occasion, problem_id: str) -> list[Event]:
    """Either department that sees a mended problem come back has it opened again, and its days begin anew.

    Refuses: ProblemNotFound, ProblemStillOpen, WrongOrgan, PublicAnswerNamesSomebody.
    """
    known = _known(problem, problem_id)
    _found_by_a_department(command, on)
    if not known.mended:
        raise ProblemStillOpen(f"Problem {known.id} is still open. Report a remedy, or wait for one.")
    refuse_personal_data(command.reason, field="reason")
    due, escalated_on = _days(known.severity, on)
    said = command.model_dump()
    return [ProblemReopened(**said, reopened_on=on.today, due=due, escalated_on=escalated_on)]


def _days(severity: Severity, on: Occasion, earlier: date | None = None) -> tuple[Window, date]:
    """The window of a severity, or up to an earlier day, and the day on which the deciding body hears of it."""
    rules = on.pack.joint_supervision
    path = f"joint_supervision.remedied_{severity}"
    rule = {
        Severity.MINOR: rules.remedied_minor,
        Severity.SERIOUS: rules.remedied_serious,
        Severity.GRAVE: rules.remedied_grave,
    }[severity]
    window = on.due(rule.value)
    if earlier is not None:
        if not on.today <= earlier <= window.closes_on:
            raise LaterThanTheRule(
                f"A {severity} problem is mended by {window.closes_on:%-d %B %Y} at the latest, and not before today; "
                f"you state {earlier:%-d %B %Y}. State a day between, or leave `due_on` out.",
                citation=on.cite(path),
                field="due_on",
                latest=window.closes_on,
            )
        window = on.counted(on.today, earlier, window.counting)
    return window, on.due(rules.escalated_after.value, start=window.closes_on).closes_on


def _known(problem: Problem | None, problem_id: str) -> Problem:
    if problem is None:
        raise ProblemNotFound(f"There is no problem “{problem_id}”. Check its id in the register, or open one.")
    return problem


def _open(problem: Problem | None, problem_id: str) -> Problem:
    known = _known(problem, problem_id)
    if known.mended:
        raise ProblemIsMended(f"Problem {known.id} was mended. Open another one, or have this one reopened.")
    return known


def _judged(problem: Problem | None, problem_id: str, on: Occasion) -> Problem:
    open_ = _open(problem, problem_id)
    if on.actor.organ == open_.owner:
        raise OwnerAcceptsItself(
            f"Problem {open_.id} is for {open_.owner} to mend, which never judges that itself. "
            f"Ask {open_.accepting} to do it.",
            owner=open_.owner,
        )
    if on.actor.organ != open_.accepting:
        raise WrongOrgan(
            f"Whether problem {open_.id} is mended is judged by {open_.accepting}, and you act for {on.actor.organ}. "
            "Ask them.",
            organ=on.actor.organ,
        )
    if not open_.awaits_acceptance:
        raise NoRemedyYet(f"No remedy of problem {open_.id} waits for an answer. Wait until {open_.owner} reports one.")
    if on.actor.hands & (open_.reported_by | {open_.opened_by}):
        raise ReviewsOwnWork(
            f"You found problem {open_.id} or reported a remedy of it. Another officer of {open_.accepting} must do it."
        )
    return open_


def _found_by_a_department(command: Command, on: Occasion) -> None:
    if not any(on.acts_as(role) for role in (*DEPARTMENTS, Role.SYSTEM)):
        raise WrongOrgan(
            f"`{command.name()}` is for the two departments that supervise together, and you act as "
            f"{', '.join(on.actor.roles) or 'anybody'} for {on.actor.organ}. Ask supervision to do it.",
            organ=on.actor.organ,
        )


MENDING: dict[type[Command], Callable[[Problem | None, Any, Occasion, str], list[Event]]] = {
    OpenProblem: open_problem,
    ReportRemedy: report_remedy,
    AcceptRemedy: accept_remedy,
    RefuseRemedy: refuse_remedy,
    ReopenProblem: reopen_problem,
}
"""Every command about a problem with its decide function."""
