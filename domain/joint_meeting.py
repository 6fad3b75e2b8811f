"""The joint meeting of the two departments: what happened in it, and how it stands after what happened.

What is said there and why somebody was absent is sealed for the meeting's own readers; the rest is public.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.event import Confidential, Event, StreamId
from domain.followed import Ending, running
from domain.identity import CaseId, OfficerId, OrganId, Role
from domain.joint_supervision_rule import DEPARTMENTS
from domain.supervision_problem import NamedOrgan, ProblemType, Severity, Subject
from domain.timer import Timer

READERS = "joint_meeting"
"""The audience of what is sealed in a meeting: both departments, the deciding body and auditors."""


class MeetingKind(StrEnum):
    """Which of the meetings it is.

    Source: domain rules 1.6 (monthly contact, quarterly meeting, yearly report; others when there is need).
    """

    CONTACT = "contact"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    EXTRAORDINARY = "extraordinary"


class Seat(StrEnum):
    """What an organ sits there as; a guest observes and counts for no quorum."""

    PERSONNEL = "personnel"
    SUPERVISION = "supervision"
    DECISION_BODY = "decision_body"
    SCHOOL = "school"
    GUEST = "guest"


class ItemKind(StrEnum):
    """Where an item of the agenda comes from: a department placed it, or the log holds its cause."""

    PLACED = "placed"
    CASE_DUE = "case_due"
    UNANSWERED_REQUEST = "unanswered_request"
    OVERDUE_PROBLEM = "overdue_problem"
    ESCALATED_PROBLEM = "escalated_problem"
    DEVIATION = "deviation"
    LOG_ALARM = "log_alarm"
    INDEX_FALLEN = "index_fallen"
    INQUIRY_FINDING = "inquiry_finding"


class ItemAbout(StrEnum):
    """What an item of the agenda points to."""

    CASE = "case"
    PROBLEM = "problem"
    REQUEST = "request"
    INQUIRY = "inquiry"
    SURVEY = "survey"
    ORGAN = "organ"
    UNIT = "unit"
    PUBLIC_LOG = "public_log"
    TRAINING = "training"


class Statistic(StrEnum):
    """The figures that an organ is called in with."""

    PROBLEMS = "problems"
    DUTIES = "duties"
    REQUESTS = "requests"


class ItemSubject(BaseModel):
    """What an item is about: its kind, and its id or name there. Never a person."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ItemAbout
    id: str = Field(min_length=1, max_length=120)


class Member(BaseModel):
    """An organ that belongs to a meeting, and what it sits there as."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organ: NamedOrgan
    seat: Seat


class MeetingConvened(Event):
    under: ClassVar[tuple[str, ...]] = ("joint_supervision.chaired_by", "joint_supervision.agenda_frozen_before")
    meeting_id: str
    kind: MeetingKind
    held_on: date
    place: str
    members: tuple[Member, ...]
    chair: OrganId
    agenda_frozen_on: date
    convened_on: date
    timezone: str
    period: str | None = None


class AgendaItemPlaced(Event):
    """An item was put on the agenda. One that the log gave cause for has no words of its own: its kind says it."""

    item_id: str
    kind: ItemKind
    placed_on: date
    subject: ItemSubject | None = None
    title: str | None = None
    asked: str | None = None
    evidence: tuple[int, ...] = ()
    placed_by: OrganId | None = None
    carried_from: str | None = None


class AgendaFrozen(Event):
    """From here on nothing is added to the agenda and nothing taken away."""

    under: ClassVar[tuple[str, ...]] = ("joint_supervision.agenda_frozen_before",)
    frozen_on: date
    items: tuple[str, ...]


class OrganCalledIn(Event):
    organ: OrganId
    statistics: tuple[Statistic, ...]
    cases: tuple[CaseId, ...] = ()
    called_on: date


class MeetingAttendanceRecorded(Event):
    """Who of an organ is there and who is not; the reasons stand in the order of those absent."""

    organ: OrganId
    present: tuple[OfficerId, ...]
    absent: tuple[OfficerId, ...] = ()
    reasons: Annotated[tuple[str, ...] | None, Confidential(to=READERS)] = None


class MeetingOpened(Event):
    under: ClassVar[tuple[str, ...]] = ("joint_supervision.quorum",)
    opened_on: date
    present: tuple[OrganId, ...]


class MeetingNotHeld(Event):
    """The day passed and nobody opened it; what was on its agenda goes to the next one."""

    held_on: date
    left_over: tuple[str, ...]


class StatementRecorded(Event):
    """What an organ shared or said, for the minutes."""

    number: int
    organ: OrganId
    item_id: str | None = None
    speaker: OfficerId | None = None
    text: Annotated[str | None, Confidential(to=READERS)] = None


class FindingMade(Event):
    """What the meeting found; it stands on the register of problems under its id."""

    number: int
    problem_id: str
    item_id: str | None = None
    type: ProblemType
    severity: Severity
    subject: Subject
    finding: str
    evidence: tuple[int, ...]
    owner: OrganId
    accepting: OrganId
    due_on: date | None = None


class ResolutionAdopted(Event):
    """What the meeting resolved: one organ does it by a day, another one accepts that it is done."""

    number: int
    problem_id: str
    item_id: str | None = None
    text: str
    owner: OrganId
    accepting: OrganId
    due_on: date
    type: ProblemType
    severity: Severity


class MinutesDrawnUp(Event):
    """The meeting is closed. Its minutes are the events up to `through_version`, fixed by the hash of the last of them.

    That hash is the one of the log's chain: it covers every earlier event of the meeting and the ciphertext of what
    is sealed in them. `untouched`: items on which nothing was said, found or resolved.
    """

    under: ClassVar[tuple[str, ...]] = ("joint_supervision.minutes_signed",)
    closed_on: date
    through_version: int
    digest: str
    sign_by_on: date
    untouched: tuple[str, ...]


class MinutesSigned(Event):
    department: Seat
    organ: OrganId
    digest: str
    signed_on: date
    signed_by: tuple[OfficerId, ...]


class MinutesUnsigned(Event):
    """The day has passed and a department has not signed; it still can."""

    due_on: date
    missing: tuple[OrganId, ...]


class MeetingConcluded(Event):
    """Both departments have signed."""

    concluded_on: date
    digest: str


class MeetingMinutesAnnotated(Event):
    """A note beside the minutes, which stand as they were drawn up."""

    organ: OrganId
    annotated_on: date
    note: Annotated[str | None, Confidential(to=READERS)] = None


@dataclass(frozen=True, slots=True)
class JointMeeting:
    """A meeting as its events have made it. `touched` are the items that something came of."""

    id: str
    kind: MeetingKind
    members: tuple[Member, ...]
    chair: OrganId
    held_on: date
    agenda_frozen_on: date
    timezone: str
    items: tuple[str, ...] = ()
    frozen: bool = False
    called_in: frozenset[OrganId] = frozenset()
    present: Mapping[OrganId, frozenset[OfficerId]] = field(default_factory=dict)
    opened: bool = False
    touched: frozenset[str] = frozenset()
    statements: int = 0
    findings: int = 0
    resolutions: int = 0
    digest: str | None = None
    sign_by_on: date | None = None
    signed: frozenset[Seat] = frozenset()
    reminded: bool = False
    not_held: bool = False
    concluded: bool = False

    @property
    def title(self) -> str:
        return f"Joint meeting {self.id}: {self.kind} of {self.held_on:%-d %B %Y}"

    @property
    def organ(self) -> str:
        return next(iter(self.unsigned), self.chair) if self.digest else self.chair

    @property
    def waits_for(self) -> str:
        if self.digest:
            return "both departments sign the minutes"
        if self.opened:
            return "the meeting is closed"
        return "it is opened" if self.frozen else "its agenda is settled"

    @property
    def over(self) -> bool:
        return self.not_held or self.concluded

    @property
    def untouched(self) -> tuple[str, ...]:
        return tuple(item for item in self.items if item not in self.touched)

    @property
    def departments(self) -> tuple[Member, ...]:
        """The two that supervise together, each under the role that it signs in."""
        return tuple(member for member in self.members if member.seat in {str(role) for role in DEPARTMENTS})

    @property
    def unsigned(self) -> tuple[OrganId, ...]:
        return tuple(member.organ for member in self.departments if member.seat not in self.signed)

    def absent_from_quorum(self, quorum: Iterable[Role]) -> tuple[str, ...]:
        """The seats of a quorum that nobody sits on."""
        there = {str(member.seat) for member in self.members if self.present.get(member.organ)}
        return tuple(str(role) for role in quorum if str(role) not in there)

    @property
    def clocks(self) -> tuple[Timer, ...]:
        return running(self._endings(), self.timezone)

    def _endings(self) -> Iterable[Ending]:
        if not self.frozen:
            yield "agenda", self.agenda_frozen_on, AgendaFrozen(frozen_on=self.agenda_frozen_on, items=self.items)
        if not self.opened:
            yield "held", self.held_on, MeetingNotHeld(held_on=self.held_on, left_over=self.items)
        if self.sign_by_on is not None and not self.reminded:
            yield "signatures", self.sign_by_on, MinutesUnsigned(due_on=self.sign_by_on, missing=self.unsigned)


def joint_meeting_stream(meeting_id: str) -> StreamId:
    """The stream of a joint meeting."""
    return StreamId(f"joint_meeting/{meeting_id}")


def fold_joint_meeting(events: Iterable[Event]) -> JointMeeting | None:
    """The meeting that a stream of events has made."""
    meeting: JointMeeting | None = None
    for event in events:
        meeting = _convened(event) if isinstance(event, MeetingConvened) else meeting and _after(meeting, event)
    return meeting


def _convened(event: MeetingConvened) -> JointMeeting:
    return JointMeeting(
        id=event.meeting_id,
        kind=event.kind,
        members=event.members,
        chair=event.chair,
        held_on=event.held_on,
        agenda_frozen_on=event.agenda_frozen_on,
        timezone=event.timezone,
    )


def _after(meeting: JointMeeting, event: Event) -> JointMeeting:
    match event:
        case AgendaItemPlaced():
            return replace(meeting, items=(*meeting.items, event.item_id))
        case AgendaFrozen():
            return replace(meeting, frozen=True)
        case OrganCalledIn():
            return replace(meeting, called_in=meeting.called_in | {event.organ})
        case MeetingAttendanceRecorded():
            there = meeting.present.get(event.organ, frozenset()) | set(event.present)
            return replace(meeting, present={**meeting.present, event.organ: there})
        case MeetingOpened():
            return replace(meeting, opened=True)
        case StatementRecorded() | FindingMade() | ResolutionAdopted():
            return _with_came_of(meeting, event)
        case MeetingNotHeld():
            return replace(meeting, not_held=True)
    return _after_closing(meeting, event)


def _with_came_of(meeting: JointMeeting, event: StatementRecorded | FindingMade | ResolutionAdopted) -> JointMeeting:
    touched = meeting.touched | ({event.item_id} if event.item_id else set())
    match event:
        case StatementRecorded():
            return replace(meeting, touched=touched, statements=event.number)
        case FindingMade():
            return replace(meeting, touched=touched, findings=event.number)
        case ResolutionAdopted():
            return replace(meeting, touched=touched, resolutions=event.number)


def _after_closing(meeting: JointMeeting, event: Event) -> JointMeeting:
    match event:
        case MinutesDrawnUp():
            return replace(meeting, digest=event.digest, sign_by_on=event.sign_by_on)
        case MinutesSigned():
            return replace(meeting, signed=meeting.signed | {event.department})
        case MinutesUnsigned():
            return replace(meeting, reminded=True)
        case MeetingConcluded():
            return replace(meeting, concluded=True)
    return meeting


JOINT_MEETING_EVENTS: tuple[type[Event], ...] = (
    MeetingConvened,
    AgendaItemPlaced,
    AgendaFrozen,
    OrganCalledIn,
    MeetingAttendanceRecorded,
    MeetingOpened,
    MeetingNotHeld,
    StatementRecorded,
    FindingMade,
    ResolutionAdopted,
    MinutesDrawnUp,
    MinutesSigned,
    MinutesUnsigned,
    MeetingConcluded,
    MeetingMinutesAnnotated,
)
