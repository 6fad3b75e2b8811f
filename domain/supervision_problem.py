"""A problem: what supervision has found, whose it is to mend by when, and who else accepts that it is mended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.followed import Ending, running
from domain.identity import OfficerId, OrganId, Role
from domain.joint_supervision_rule import DEPARTMENTS
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.timer import Timer
from domain.working_days import Window

NO_NAMES = "stands in the record: no personal data"
LONGEST_EVIDENCE = 200

NamedOrgan = Annotated[OrganId, Field(min_length=1, max_length=120)]
Evidence = Annotated[
    tuple[Annotated[int, Field(ge=0, le=2**53 - 1)], ...],
    Field(max_length=LONGEST_EVIDENCE, description="positions in the log of the events that show it"),
]


class Severity(StrEnum):
    """How heavy a problem is, the lightest first. The pack gives each its days."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


class ProblemType(StrEnum):
    """What kind of problem it is.

    Source: the problems that ballots and inspections name (domain rules 1.4, 1.5 and part 4).
    """

    PROCEDURE = "procedure"
    DELAY = "delay"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    KIN_TIES = "kin_ties"
    TRAINING = "training"
    ASSESSMENT = "assessment"
    RUSH_PROMOTION = "rush_promotion"
    EXCEPTIONS = "exceptions"
    OBJECTIONS = "objections"
    RECORDS = "records"
    DAILY_MANAGEMENT = "daily_management"
    INDEX_LOW = "index_low"
    INDEX_FALLEN = "index_fallen"
    PUBLIC_LOG = "public_log"
    OTHER = "other"


class ProblemState(StrEnum):
    """How a problem stands, in one word."""

    OPEN = "open"
    AWAITS_ACCEPTANCE = "awaits_acceptance"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    MENDED = "mended"


class SubjectKind(StrEnum):
    """What a problem is about: a case, or what lies beyond cases."""

    CASE = "case"
    UNIT = "unit"
    ORGAN = "organ"
    TRAINING = "training"
    ASSESSMENT = "assessment"
    DAILY_MANAGEMENT = "daily_management"
    SURVEY = "survey"
    PUBLIC_LOG = "public_log"


class Subject(BaseModel):
    """What is supervised: its kind, and its id or name there. Never a person: a person is found by the events."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: SubjectKind
    id: str = Field(min_length=1, max_length=120, description="case id, unit, organ, plan or course id, survey id")


class Origin(BaseModel):
    """Where a problem was found: a joint meeting, an inquiry, a survey, a review, a report, or by itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(pattern="^[a-z_]{3,40}$")
    id: str = Field(min_length=1, max_length=120)


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


class ProblemOpened(Event):
    problem_id: str
    type: ProblemType
    severity: Severity
    subject: Subject
    finding: str
    evidence: tuple[int, ...]
    owner: OrganId
    accepting: OrganId
    origin: Origin | None = None
    due: Window
    escalated_on: date
    timezone: str
    opened_on: date
    opened_by: OfficerId
    details: Annotated[str | None, Confidential(to="supervision")] = None

    def rules_applied(self) -> tuple[str, ...]:
        return (f"joint_supervision.remedied_{self.severity}", "joint_supervision.escalated_after")


class RemedyReported(Event):
    remedy_number: int
    remedy: str
    proof: tuple[int, ...]
    reported_on: date
    reported_by: OfficerId
    details: Annotated[str | None, Confidential(to="supervision")] = None


class RemedyAccepted(Event):
    remedy_number: int
    accepted_on: date
    remarks: str | None = None


class RemedyRefused(Event):
    """What was done did not mend it; the problem has its days anew."""

    remedy_number: int
    refused_on: date
    reason: str
    due: Window
    escalated_on: date


class RemedyOverdue(Event):
    """The day has passed and the problem is not mended; the silence counts against its owner."""

    due_on: date
    owner: OrganId


class ProblemEscalated(Event):
    """It goes to the deciding body: the owner had its days, and the days after them."""

    under: ClassVar[tuple[str, ...]] = ("joint_supervision.escalated_after",)
    escalated_on: date
    to: Role


class ProblemReopened(Event):
    reopened_on: date
    reason: str
    evidence: tuple[int, ...]
    due: Window
    escalated_on: date


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


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as its events have made it. `remedies` counts those that were reported."""

    id: str
    type: ProblemType
    severity: Severity
    owner: OrganId
    accepting: OrganId
    opened_by: OfficerId
    due_on: date
    escalates_on: date
    timezone: str
    remedies: int = 0
    reported_by: frozenset[OfficerId] = frozenset()
    awaits_acceptance: bool = False
    overdue: bool = False
    escalated: bool = False
    mended: bool = False

    @property
    def title(self) -> str:
        return f"Problem {self.id}: {self.type}"

    @property
    def organ(self) -> str:
        return self.accepting if self.awaits_acceptance else self.owner

    @property
    def waits_for(self) -> str:
        if self.awaits_acceptance:
            return "another organ looks at the remedy"
        return "its owner mends it and says how"

    @property
    def over(self) -> bool:
        return self.mended

    @property
    def state(self) -> ProblemState:
        """The word for it: what waits for an answer is no longer its owner's to hurry."""
        if self.mended:
            return ProblemState.MENDED
        if self.awaits_acceptance:
            return ProblemState.AWAITS_ACCEPTANCE
        if self.escalated:
            return ProblemState.ESCALATED
        return ProblemState.OVERDUE if self.overdue else ProblemState.OPEN

    @property
    def clocks(self) -> tuple[Timer, ...]:
        return () if self.mended else running(self._endings(), self.timezone)

    def _endings(self) -> Iterable[Ending]:
        if not self.overdue:
            yield "remedy", self.due_on, RemedyOverdue(due_on=self.due_on, owner=self.owner)
        if not self.escalated:
            escalated = ProblemEscalated(escalated_on=self.escalates_on, to=Role.DECISION_BODY)
            yield "escalation", self.escalates_on, escalated

    def due_anew(self, due: Window, escalates_on: date) -> "Problem":
        """With days that begin again."""
        return replace(self, due_on=due.closes_on, escalates_on=escalates_on, overdue=False, escalated=False)


def problem_stream(problem_id: str) -> StreamId:
    """The stream of a problem."""
    return StreamId(f"problem/{problem_id}")


def fold_problem(events: Iterable[Event]) -> Problem | None:
    """The problem that a stream of events has made."""
    problem: Problem | None = None
    for event in events:
        problem = _opened(event) if isinstance(event, ProblemOpened) else problem and _after(problem, event)
    return problem


def _opened(event: ProblemOpened) -> Problem:
    return Problem(
        id=event.problem_id,
        type=event.type,
        severity=event.severity,
        owner=event.owner,
        accepting=event.accepting,
        opened_by=event.opened_by,
        due_on=event.due.closes_on,
        escalates_on=event.escalated_on,
        timezone=event.timezone,
    )


def _after(problem: Problem, event: Event) -> Problem:
    match event:
        case RemedyReported():
            reported_by = problem.reported_by | {event.reported_by}
            return replace(problem, remedies=event.remedy_number, reported_by=reported_by, awaits_acceptance=True)
        case RemedyAccepted():
            return replace(problem, awaits_acceptance=False, mended=True)
        case RemedyRefused():
            return replace(problem, awaits_acceptance=False).due_anew(event.due, event.escalated_on)
        case ProblemReopened():
            return replace(problem, mended=False).due_anew(event.due, event.escalated_on)
        case RemedyOverdue():
            return replace(problem, overdue=True)
        case ProblemEscalated():
            return replace(problem, escalated=True)
    return problem


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


PROBLEM_EVENTS: tuple[type[Event], ...] = (
    ProblemOpened,
    RemedyReported,
    RemedyAccepted,
    RemedyRefused,
    RemedyOverdue,
    ProblemEscalated,
    ProblemReopened,
)

MENDING: dict[type[Command], Callable[[Problem | None, Any, Occasion, str], list[Event]]] = {
    OpenProblem: open_problem,
    ReportRemedy: report_remedy,
    AcceptRemedy: accept_remedy,
    RefuseRemedy: refuse_remedy,
    ReopenProblem: reopen_problem,
}
"""Every command about a problem with its decide function."""
