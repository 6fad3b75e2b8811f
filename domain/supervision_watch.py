"""Supervision beyond the case: of its own accord it looks at training, assessment or daily management, point by point.

A selection is watched at the points of its pack, and looked into by an inquiry; both are there for every case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.followed import running
from domain.identity import OfficerId, OrganId, PersonId, Role
from domain.inquiry import InquiryOutcome
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import ActsInOwnCase, Refusal, UnknownChoice, WrongOrgan
from domain.supervision_point import Observation
from domain.supervision_problem import Subject, SubjectKind
from domain.timer import Timer

WATCHED = (SubjectKind.TRAINING, SubjectKind.ASSESSMENT, SubjectKind.DAILY_MANAGEMENT)
Point = Annotated[str, Field(min_length=3, max_length=200)]


class OpenWatch(Command):
    """Look at training, an assessment or the daily management of a unit; nobody needs to have complained."""

    subject: Subject = Field(description="a plan or course, an assessment, or a unit or post")
    points: tuple[Point, ...] = Field(min_length=1, max_length=20, description="what is looked at: no personal data")
    people: tuple[PersonId, ...] = Field((), max_length=200, description="whom it is about; sealed for supervision")
    grounds: str = Field(min_length=10, max_length=8000, description="sealed for supervision")
    assigned_to: OfficerId | None = Field(None, description="left out: whoever opens it")
    due_on: date | None = Field(None, description="by when it is to be concluded")


class AttendWatchPoint(Command):
    """Say what was seen at one point of it."""

    point: int = Field(ge=1, le=20, description="its number in the list")
    observation: Observation
    text: str = Field(min_length=3, max_length=8000, description="what was seen; sealed for supervision")


class ConcludeWatch(Command):
    """End it. A problem that was found is put on the register, with the watch as its origin."""

    outcome: InquiryOutcome
    remarks: str = Field(min_length=3, max_length=8000, description="sealed for supervision")


class WatchOpened(Event):
    watch_id: str
    subject: Subject
    points: tuple[str, ...]
    organ: OrganId
    assigned_to: OfficerId
    opened_on: date
    due_on: date | None = None
    timezone: str
    grounds: Annotated[str | None, Confidential(to="supervision")] = None
    people: Annotated[tuple[PersonId, ...] | None, Confidential(to="supervision")] = None


class WatchPointAttended(Event):
    point: int
    observation: Observation
    attended_on: date
    text: Annotated[str | None, Confidential(to="supervision")] = None


class WatchOverdue(Event):
    """The day has passed and it is not concluded; the silence counts against the officer to whom it was assigned."""

    due_on: date
    assigned_to: OfficerId


class WatchConcluded(Event):
    outcome: InquiryOutcome
    concluded_on: date
    remarks: Annotated[str | None, Confidential(to="supervision")] = None


class WatchNotFound(Refusal):
    rule = "house.a_watch_is_opened_first"


class WatchIsOver(Refusal):
    rule = "house.a_concluded_watch_rests"


class WatchPointAttendedAlready(Refusal):
    rule = "house.a_point_is_attended_once"


class WatchPointsEmpty(Refusal):
    rule = "house.a_watch_concludes_with_no_point_empty"


class WatchDueBeforeToday(Refusal):
    rule = "house.a_day_to_come_is_set"
    unlawful = False


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch as its events have made it."""

    id: str
    subject: Subject
    points: tuple[str, ...]
    supervises: OrganId
    assigned_to: OfficerId
    due_on: date | None
    timezone: str
    attended: frozenset[int] = frozenset()
    overdue: bool = False
    outcome: str | None = None

    @property
    def title(self) -> str:
        return f"Watch {self.id}: {self.subject.kind}"

    @property
    def organ(self) -> str:
        return self.supervises

    @property
    def waits_for(self) -> str:
        return "supervision attends its points and concludes"

    @property
    def over(self) -> bool:
        return self.outcome is not None

    @property
    def clocks(self) -> tuple[Timer, ...]:
        if self.over or self.overdue or self.due_on is None:
            return ()
        late = WatchOverdue(due_on=self.due_on, assigned_to=self.assigned_to)
        return running([("conclusion", self.due_on, late)], self.timezone)

    @property
    def empty_points(self) -> tuple[str, ...]:
        """What nobody has looked at yet."""
        return tuple(point for number, point in enumerate(self.points, start=1) if number not in self.attended)


def supervision_watch_stream(watch_id: str) -> StreamId:
    """The stream of a watch."""
    return StreamId(f"supervision_watch/{watch_id}")


def fold_watch(events: Iterable[Event]) -> Watch | None:
    """The watch that a stream of events has made."""
    watch: Watch | None = None
    for event in events:
        match event:
            case WatchOpened():
                said = (event.watch_id, event.subject, event.points, event.organ, event.assigned_to)
                watch = Watch(*said, event.due_on, event.timezone)
            case WatchPointAttended() if watch is not None:
                watch = replace(watch, attended=watch.attended | {event.point})
            case WatchOverdue() if watch is not None:
                watch = replace(watch, overdue=True)
            case WatchConcluded() if watch is not None:
                watch = replace(watch, outcome=str(event.outcome))
    return watch


def open_watch(watch: Watch | None, command: OpenWatch, on: Occasion, watch_id: str) -> list[Event]:
    """Supervision looks at what lies beyond cases, of its own accord, with an officer who answers for it.

    Source: F28, F31 and F41 of the mission.
    Refuses: WrongOrgan, UnknownChoice, ActsInOwnCase, PublicAnswerNamesSomebody, WatchDueBeforeToday.
    """
    _by_supervision(command, on)
    if command.subject.kind not in WATCHED:
        raise UnknownChoice(
            f"A watch is kept on {', '.join(WATCHED)}, and not on a {command.subject.kind}. Choose one of those; into "
            "a case open an inquiry.",
            field="subject",
            known=[str(kind) for kind in WATCHED],
        )
    assigned_to = command.assigned_to or on.actor.officer
    if {assigned_to, *on.actor.hands} & set(command.people):
        raise ActsInOwnCase("Whoever this is about neither opens it nor answers for it. Another officer must do it.")
    for point in command.points:
        refuse_personal_data(point, field="points")
    if command.due_on is not None and command.due_on < on.today:
        raise WatchDueBeforeToday(
            f"{command.due_on:%-d %B %Y} has passed. State today, a later day, or none.", field="due_on"
        )
    return [
        WatchOpened(
            watch_id=watch_id,
            subject=command.subject,
            points=command.points,
            organ=on.actor.organ,
            assigned_to=assigned_to,
            opened_on=on.today,
            due_on=command.due_on,
            timezone=on.timezone,
            grounds=command.grounds,
            people=command.people or None,
        )
    ]


def attend_watch_point(watch: Watch | None, command: AttendWatchPoint, on: Occasion, watch_id: str) -> list[Event]:
    """An officer of the organ that opened it says what was seen at a point, once.

    Refuses: WatchNotFound, WrongOrgan, WatchIsOver, UnknownChoice, WatchPointAttendedAlready.
    """
    known = _open(watch, command, on, watch_id)
    if command.point > len(known.points):
        raise UnknownChoice(
            f"Watch {known.id} has {len(known.points)} points and no point {command.point}. Choose one of them.",
            field="point",
            known=[str(number) for number in range(1, len(known.points) + 1)],
        )
    if command.point in known.attended:
        raise WatchPointAttendedAlready(f"Point {command.point} of watch {known.id} was attended. Choose another one.")
    return [
        WatchPointAttended(
            point=command.point, observation=command.observation, attended_on=on.today, text=command.text
        )
    ]


def conclude_watch(watch: Watch | None, command: ConcludeWatch, on: Occasion, watch_id: str) -> list[Event]:
    """A watch ends once something was seen at each of its points; none closes with an empty one.

    Source: F28 of the mission.
    Refuses: WatchNotFound, WrongOrgan, WatchIsOver, WatchPointsEmpty.
    """
    known = _open(watch, command, on, watch_id)
    if known.empty_points:
        raise WatchPointsEmpty(
            f"{len(known.empty_points)} points of watch {known.id} were not looked at. Attend each of them first.",
            unattended=list(known.empty_points),
        )
    return [WatchConcluded(outcome=command.outcome, concluded_on=on.today, remarks=command.remarks)]


def _by_supervision(command: Command, on: Occasion) -> None:
    if not on.acts_as(Role.SUPERVISION):
        raise WrongOrgan(
            f"`{command.name()}` is for supervision, and you act for {on.actor.organ}. Ask supervision to do it.",
            organ=on.actor.organ,
        )


def _open(watch: Watch | None, command: Command, on: Occasion, watch_id: str) -> Watch:
    _by_supervision(command, on)
    if watch is None:
        raise WatchNotFound(f"There is no watch “{watch_id}”. Check its id in the list, or open one.")
    if on.actor.organ != watch.supervises:
        raise WrongOrgan(f"Watch {watch.id} is kept by {watch.supervises}. Ask them to do it.", organ=on.actor.organ)
    if watch.outcome is not None:
        raise WatchIsOver(f"Watch {watch.id} was concluded ({watch.outcome}). Open another one.")
    return watch


WATCH_EVENTS: tuple[type[Event], ...] = (WatchOpened, WatchPointAttended, WatchOverdue, WatchConcluded)
WATCHING: dict[type[Command], Callable[[Watch | None, Any, Occasion, str], list[Event]]] = {
    OpenWatch: open_watch,
    AttendWatchPoint: attend_watch_point,
    ConcludeWatch: conclude_watch,
}
"""Every command of a watch with its decide function."""
