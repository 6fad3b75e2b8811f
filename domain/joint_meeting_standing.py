"""How a joint meeting stands after what happened in it, and which clocks run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.event import Event
from domain.followed import Ending, running
from domain.identity import OfficerId, OrganId, Role
from domain.joint_meeting import (
    AgendaAdditionAgreed,
    AgendaAdditionProposed,
    AgendaFrozen,
    AgendaItemPlaced,
    FindingMade,
    MeetingAttendanceRecorded,
    MeetingCancelled,
    MeetingConcluded,
    MeetingConvened,
    MeetingKind,
    MeetingNotHeld,
    MeetingOpened,
    Member,
    MinutesDrawnUp,
    MinutesSigned,
    MinutesUnsigned,
    OrganCalledIn,
    ResolutionAdopted,
    Seat,
    StatementRecorded,
)
from domain.joint_supervision_rule import DEPARTMENTS
from domain.timer import Timer


@dataclass(frozen=True, slots=True)
class JointMeeting:
    """A meeting as its events have made it.

    `touched` are the items that something came of, `additions` those that the other department has not agreed to.
    """

    id: str
    kind: MeetingKind
    members: tuple[Member, ...]
    chair: OrganId
    held_on: date
    agenda_frozen_on: date
    timezone: str
    items: tuple[str, ...] = ()
    additions: Mapping[str, AgendaAdditionProposed] = field(default_factory=dict)
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
    cancelled: bool = False
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
        return self.not_held or self.cancelled or self.concluded

    @property
    def untouched(self) -> tuple[str, ...]:
        return tuple(item for item in self.before_it if item not in self.touched)

    @property
    def before_it(self) -> tuple[str, ...]:
        """Everything on the agenda, and what somebody wished to have there."""
        return (*self.items, *self.additions)

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
            yield "held", self.held_on, MeetingNotHeld(held_on=self.held_on, left_over=self.before_it)
        if self.sign_by_on is not None and not self.reminded:
            yield "signatures", self.sign_by_on, MinutesUnsigned(due_on=self.sign_by_on, missing=self.unsigned)


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
        case AgendaAdditionProposed():
            return replace(meeting, additions={**meeting.additions, event.item_id: event})
        case AgendaAdditionAgreed():
            waiting = {item: found for item, found in meeting.additions.items() if item != event.item_id}
            return replace(meeting, items=(*meeting.items, event.item_id), additions=waiting)
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
        case MeetingCancelled():
            return replace(meeting, cancelled=True)
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
