"""A problem: what supervision has found, whose it is to mend by when, and who else accepts that it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.event import Confidential, Event, StreamId
from domain.followed import Ending, running
from domain.identity import OfficerId, OrganId, Role
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


PROBLEM_EVENTS: tuple[type[Event], ...] = (
    ProblemOpened,
    RemedyReported,
    RemedyAccepted,
    RemedyRefused,
    RemedyOverdue,
    ProblemEscalated,
    ProblemReopened,
)
