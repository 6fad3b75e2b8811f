"""The joint meeting of the two departments: the words that it is told in, and what happens in it.

What is said there and why somebody was absent is sealed for the meeting's own readers; the rest is public.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.event import Confidential, Event, StreamId
from domain.identity import CaseId, OfficerId, OrganId
from domain.supervision_problem import NamedOrgan, ProblemType, Severity, Subject

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


class AgendaAdditionProposed(Event):
    """A department asks for something urgent to be taken up after the agenda was settled, and says why it cannot wait.

    It is before the meeting once the other department has agreed; `proposed_by` are the hands that nobody agrees with.
    """

    item_id: str
    title: str
    asked: str
    reason: str
    placed_by: OrganId
    placed_on: date
    proposed_by: tuple[OfficerId, ...]
    subject: ItemSubject | None = None
    evidence: tuple[int, ...] = ()

    @property
    def item(self) -> AgendaItemPlaced:
        """The item that it is once it stands on an agenda, of this meeting or of the next one."""
        said = self.model_dump(exclude={"reason", "proposed_by"})
        return AgendaItemPlaced(kind=ItemKind.PLACED, **said)


class AgendaAdditionAgreed(Event):
    """The other department agreed: the addition is taken up."""

    item_id: str
    organ: OrganId
    agreed_on: date


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


class MeetingCancelled(Event):
    """A department called the meeting off before it was opened; what was before it goes to the next one."""

    organ: OrganId
    cancelled_on: date
    reason: str
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


def joint_meeting_stream(meeting_id: str) -> StreamId:
    """The stream of a joint meeting."""
    return StreamId(f"joint_meeting/{meeting_id}")


JOINT_MEETING_EVENTS: tuple[type[Event], ...] = (
    MeetingConvened,
    AgendaItemPlaced,
    AgendaFrozen,
    AgendaAdditionProposed,
    AgendaAdditionAgreed,
    OrganCalledIn,
    MeetingAttendanceRecorded,
    MeetingOpened,
    MeetingNotHeld,
    MeetingCancelled,
    StatementRecorded,
    FindingMade,
    ResolutionAdopted,
    MinutesDrawnUp,
    MinutesSigned,
    MinutesUnsigned,
    MeetingConcluded,
    MeetingMinutesAnnotated,
)
