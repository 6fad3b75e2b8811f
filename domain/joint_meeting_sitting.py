"""A joint meeting sits: who is there, and what is said, found and resolved."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Event
from domain.identity import OfficerId, OrganId, short_id
from domain.joint_meeting import (
    FindingMade,
    MeetingAttendanceRecorded,
    MeetingOpened,
    ResolutionAdopted,
    StatementRecorded,
)
from domain.joint_meeting_agenda import MeetingIsOver, department_of, known_meeting, sits_there
from domain.joint_meeting_standing import JointMeeting
from domain.occasion import Occasion
from domain.problem_mending import OpenProblem, OwnerAcceptsItself
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, UnknownChoice
from domain.supervision_problem import (
    NO_NAMES,
    Evidence,
    NamedOrgan,
    Origin,
    ProblemType,
    Severity,
    Subject,
    SubjectKind,
)

ORIGIN = "joint_meeting"
OnItem = Field(None, max_length=60, description="the item of the agenda that it belongs to")


class Absent(BaseModel):
    """An officer who should be there and is not. The reason is sealed for the meeting's readers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    officer: OfficerId = Field(min_length=1, max_length=120)
    reason: str = Field(min_length=2, max_length=300)


class RecordMeetingAttendance(Command):
    """Say who of an organ is there, and who is not and why. Whoever comes later is added; nobody is taken out."""

    organ: NamedOrgan
    present: tuple[OfficerId, ...] = Field((), max_length=60)
    absent: tuple[Absent, ...] = Field((), max_length=60)


class OpenMeeting(Command):
    """Open a meeting on its day, when both departments are there."""


class RecordStatement(Command):
    """Put on record what an organ shares or says."""

    organ: NamedOrgan
    text: str = Field(min_length=3, max_length=8000, description="sealed for the readers of the meeting")
    item_id: str | None = OnItem
    speaker: OfficerId | None = Field(None, max_length=120)


class MakeFinding(Command):
    """Put a problem on the register that the meeting found."""

    type: ProblemType
    severity: Severity
    subject: Subject
    finding: str = Field(min_length=10, max_length=2000, description=NO_NAMES)
    evidence: Evidence = ()
    owner: NamedOrgan
    accepting: NamedOrgan = Field(description="another organ than the owner; it says when the problem is mended")
    due_on: date | None = Field(None, description="an earlier day than the pack's for this severity")
    item_id: str | None = OnItem


class AdoptResolution(Command):
    """Resolve that one organ does something by a day, and that another one accepts it.

    It is carried as a problem on the register, whose finding is the resolution: so its owner, its day, its acceptance,
    its being overdue and its escalation are those of every problem, and there is one list of what is to be done.
    """

    text: str = Field(min_length=10, max_length=2000, description=NO_NAMES)
    owner: NamedOrgan
    accepting: NamedOrgan = Field(description="another organ than the owner")
    due_on: date = Field(description="within the pack's days for its severity")
    type: ProblemType = ProblemType.OTHER
    severity: Severity = Severity.GRAVE
    item_id: str | None = OnItem


class NotTheDay(Refusal):
    rule = "house.a_meeting_is_held_on_its_day"


class JointQuorumMissing(Refusal):
    rule = "joint_supervision.quorum"


class MeetingNotOpen(Refusal):
    rule = "house.a_meeting_is_opened_first"


class MeetingOpenedAlready(Refusal):
    rule = "house.a_meeting_is_opened_once"


class SitsForTwoOrgans(Refusal):
    rule = "house.an_officer_sits_for_one_organ"


class NotAtTheMeeting(Refusal):
    rule = "house.only_who_is_there_takes_part"


@dataclass(frozen=True, slots=True)
class OnTheLog:
    """Which meeting it is, how many events the log holds of it, and the hash of the last of them."""

    meeting_id: str
    version: int = 0
    digest: str = ""


def record_meeting_attendance(
    meeting: JointMeeting | None, command: RecordMeetingAttendance, on: Occasion, log: OnTheLog
) -> list[Event]:
    """Either department records who is there; nobody sits for two organs, and nobody is both there and absent.

    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, UnknownChoice, SitsForTwoOrgans.
    """
    known = not_closed(meeting, command, on, log)
    if not sits_there(known, command.organ):
        raise UnknownChoice(
            f"“{command.organ}” neither belongs to this meeting nor was called in. Choose one that does.", field="organ"
        )
    absent = tuple(found.officer for found in command.absent)
    there = known.present.get(command.organ, frozenset()) | set(command.present)
    if both := sorted(there & set(absent)):
        raise UnknownChoice(f"“{both[0]}” cannot be there and absent. Choose one.", field="absent")
    for organ, others in known.present.items():
        if organ != command.organ and (twice := sorted(others & set(command.present))):
            raise SitsForTwoOrgans(
                f"“{twice[0]}” is there for {organ} and cannot sit for {command.organ} too. Name another officer.",
                field="present",
            )
    reasons = tuple(found.reason for found in command.absent) or None
    return [MeetingAttendanceRecorded(organ=command.organ, present=command.present, absent=absent, reasons=reasons)]


def open_meeting(meeting: JointMeeting | None, command: OpenMeeting, on: Occasion, log: OnTheLog) -> list[Event]:
    """A meeting is opened on its day, once its quorum is there.

    Source: the pack's `joint_supervision.quorum`.
    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, MeetingOpenedAlready, NotTheDay, JointQuorumMissing.
    """
    known = not_closed(meeting, command, on, log)
    if known.opened:
        raise MeetingOpenedAlready(f"Meeting {known.id} was opened already. Go on with its agenda.")
    if on.today != known.held_on:
        raise NotTheDay(
            f"Meeting {known.id} is held on {known.held_on:%-d %B %Y}, and today is {on.today:%-d %B %Y}. "
            "Wait for its day.",
            held_on=known.held_on,
        )
    if missing := known.absent_from_quorum(on.pack.joint_supervision.quorum.value):
        raise JointQuorumMissing(
            f"Nobody of {' or '.join(missing)} is there, and without them nothing can be held. "
            "Record who is there, or wait for them.",
            citation=on.cite("joint_supervision.quorum"),
            missing=list(missing),
        )
    return [MeetingOpened(opened_on=on.today, present=tuple(organ for organ, there in known.present.items() if there))]


def record_statement(
    meeting: JointMeeting | None, command: RecordStatement, on: Occasion, log: OnTheLog
) -> list[Event]:
    """What an organ that is there says goes into the minutes, in its order.

    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, MeetingNotOpen, UnknownChoice, NotAtTheMeeting.
    """
    known = sitting_on(meeting, command, on, log, command.item_id)
    there = known.present.get(command.organ, frozenset())
    if not there or (command.speaker is not None and command.speaker not in there):
        raise NotAtTheMeeting(
            f"Nobody like that is recorded as present for {command.organ}. Record who is there first.",
            organ=command.organ,
        )
    return [StatementRecorded(**command.model_dump(), number=known.statements + 1)]


def make_finding(meeting: JointMeeting | None, command: MakeFinding, on: Occasion, log: OnTheLog) -> list[Event]:
    """What the meeting finds goes on the register, with an owner and another organ that accepts its remedy.

    Source: domain rules part 6; F40, F53 of the mission.
    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, MeetingNotOpen, UnknownChoice, OwnerAcceptsItself,
    PublicAnswerNamesSomebody.
    """
    known = sitting_on(meeting, command, on, log, command.item_id)
    _two_organs(command.owner, command.accepting)
    refuse_personal_data(command.finding, field="finding")
    problem_id = short_id("problem", known.id, on.command_id)
    return [FindingMade(**command.model_dump(), number=known.findings + 1, problem_id=problem_id)]


def adopt_resolution(
    meeting: JointMeeting | None, command: AdoptResolution, on: Occasion, log: OnTheLog
) -> list[Event]:
    """A resolution has exactly one organ that carries it out, by a day, and another one that accepts it.

    Source: F53 of the mission.
    Refuses: as `make_finding`.
    """
    known = sitting_on(meeting, command, on, log, command.item_id)
    _two_organs(command.owner, command.accepting)
    refuse_personal_data(command.text, field="text")
    problem_id = short_id("problem", known.id, on.command_id)
    return [ResolutionAdopted(**command.model_dump(), number=known.resolutions + 1, problem_id=problem_id)]


def not_closed(meeting: JointMeeting | None, command: Command, on: Occasion, log: OnTheLog) -> JointMeeting:
    known = known_meeting(meeting, log.meeting_id)
    department_of(known.members, command, on)
    if known.over or known.digest is not None:
        why = "was not held on its day" if known.not_held else "was called off" if known.cancelled else "was closed"
        raise MeetingIsOver(f"Meeting {known.id} {why}. Choose the next one.")
    return known


def sitting_on(
    meeting: JointMeeting | None, command: Command, on: Occasion, log: OnTheLog, item_id: str | None = None
) -> JointMeeting:
    known = not_closed(meeting, command, on, log)
    if not known.opened:
        raise MeetingNotOpen(f"Meeting {known.id} was not opened. Record who is there, and open it.")
    if item_id is not None and item_id not in known.items:
        raise UnknownChoice(f"“{item_id}” is no item of this agenda. Choose one that is.", field="item_id")
    return known


def _two_organs(owner: OrganId, accepting: OrganId) -> None:
    if owner == accepting:
        raise OwnerAcceptsItself(
            f"With {owner} the same organ would do this and say that it is done. Name another one in `accepting`.",
            field="accepting",
            owner=owner,
        )


def problem_of(event: FindingMade | ResolutionAdopted, meeting_id: str) -> OpenProblem:
    """The entry of the register that carries a finding or a resolution of a meeting."""
    found = event if isinstance(event, FindingMade) else None
    return OpenProblem(
        type=event.type,
        severity=event.severity,
        subject=found.subject if found else Subject(kind=SubjectKind.ORGAN, id=event.owner),
        finding=event.finding if isinstance(event, FindingMade) else event.text,
        evidence=found.evidence if found else (),
        owner=event.owner,
        accepting=event.accepting,
        origin=Origin(kind=ORIGIN, id=meeting_id),
        due_on=event.due_on,
    )
