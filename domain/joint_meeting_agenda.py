"""Convening a joint meeting, and what departments and log put before it until its agenda is settled."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.command import Command
from domain.event import Event
from domain.identity import CaseId, OrganId, Role, short_id
from domain.joint_meeting import (
    AgendaItemPlaced,
    ItemKind,
    ItemSubject,
    MeetingConvened,
    MeetingKind,
    Member,
    OrganCalledIn,
    Statistic,
)
from domain.joint_meeting_standing import JointMeeting
from domain.joint_supervision_rule import DEPARTMENTS
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.supervision_problem import NO_NAMES, Evidence, NamedOrgan
from domain.working_days import Period, Unit, before, working_days_before

LONGEST_AGENDA = 200
AGENDA_RULE = "joint_supervision.agenda_frozen_before"
A_MEETING = "house.a_meeting_is_convened_first"


class ConveneMeeting(Command):
    """Call the two departments together, with whoever else belongs to the meeting."""

    kind: MeetingKind
    held_on: date
    place: str = Field(min_length=2, max_length=200, description=NO_NAMES)
    members: tuple[Member, ...] = Field(min_length=2, max_length=40)
    period: str | None = Field(None, pattern=r"^\d{4}(-\d{2})?(-\d{2})?$", description="first day of what it looks at")


class PlaceAgendaItem(Command):
    """Put something before the meeting, and say what it is asked for."""

    title: str = Field(min_length=3, max_length=200, description=NO_NAMES)
    asked: str = Field(min_length=3, max_length=1000, description=f"what the meeting is asked for; {NO_NAMES}")
    subject: ItemSubject | None = None
    evidence: Evidence = ()


class CauseFound(BaseModel):
    """Something in the log that belongs before the meeting. `cause` names it, so that it is placed once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ItemKind
    cause: str = Field(min_length=1, max_length=200)
    subject: ItemSubject | None = None
    evidence: Evidence = ()
    title: str | None = None
    asked: str | None = None
    placed_by: OrganId | None = None
    carried_from: str | None = None

    @property
    def item_id(self) -> str:
        return short_id("agenda_item", self.cause)


class FillAgenda(Command):
    """The engine's command: what the log gives cause for, and what an earlier meeting left, goes on the agenda."""

    found: tuple[CauseFound, ...] = Field(max_length=LONGEST_AGENDA)


class CallInOrgan(Command):
    """Call a department or a school in, with its figures and, if need be, with cases of its own."""

    organ: NamedOrgan
    statistics: tuple[Statistic, ...] = Field(min_length=1, max_length=10)
    cases: tuple[CaseId, ...] = Field((), max_length=20)

    @field_validator("statistics", "cases")
    @classmethod
    def each_once(cls, named: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(named)) != len(named):
            raise ValueError("name each only once")
        return named


class MeetingNotFound(Refusal):
    rule = A_MEETING


class DepartmentNotInvited(Refusal):
    rule = "joint_supervision.quorum"


class OrganInvitedTwice(Refusal):
    rule = "house.an_organ_sits_once"
    unlawful = False


class TooSoonForItsAgenda(Refusal):
    rule = AGENDA_RULE


class AgendaIsFrozen(Refusal):
    rule = AGENDA_RULE


class AgendaIsFull(Refusal):
    rule = "house.an_agenda_can_be_read"


class MeetingIsOver(Refusal):
    rule = "house.a_meeting_that_is_over_rests"


class CalledInAlready(Refusal):
    rule = "house.an_organ_is_called_in_once"


def convene_meeting(
    meeting: JointMeeting | None, command: ConveneMeeting, on: Occasion, meeting_id: str
) -> list[Event]:
    """Either department convenes both; the agenda is settled the pack's days before, so a meeting cannot be sooner.

    Source: domain rules 1.6 (the regulation's clause; local practice); the pack's `joint_supervision` (house rules).
    Refuses: WrongOrgan, DepartmentNotInvited, OrganInvitedTwice, TooSoonForItsAgenda, PublicAnswerNamesSomebody,
    BeyondTheCalendar.
    Idempotent by: the meeting's id.
    """
    if meeting is not None:
        return []
    _invited(command, on)
    refuse_personal_data(command.place, field="place")
    seat = str(on.pack.joint_supervision.chaired_by.value)
    chair = next(member.organ for member in command.members if member.seat == seat)
    return [
        MeetingConvened(
            **command.model_dump(),
            meeting_id=meeting_id,
            chair=chair,
            agenda_frozen_on=_frozen_on(command.held_on, on),
            convened_on=on.today,
            timezone=on.timezone,
        )
    ]


def _invited(command: ConveneMeeting, on: Occasion) -> None:
    organs = [member.organ for member in command.members]
    if twice := [organ for organ in organs if organs.count(organ) > 1]:
        raise OrganInvitedTwice(f"“{twice[0]}” is named twice. Name each organ once.", field="members")
    seats = {str(member.seat) for member in command.members}
    quorum = on.pack.joint_supervision.quorum.value
    if missing := [str(role) for role in quorum if str(role) not in seats]:
        raise DepartmentNotInvited(
            f"Nobody sits there as {' or '.join(missing)}, without whom there is no quorum. Name its organ too.",
            citation=on.cite("joint_supervision.quorum"),
            field="members",
            missing=missing,
        )
    if not on.acts_as(Role.SYSTEM):
        department_of(command.members, command, on)


def _frozen_on(held_on: date, on: Occasion) -> date:
    """The day at whose end the agenda is settled.

    Refuses: TooSoonForItsAgenda, BeyondTheCalendar.
    """
    on.due(Period(n=1, unit=Unit.DAY), start=held_on)
    rule = on.pack.joint_supervision.agenda_frozen_before.value
    counted = rule.unit is Unit.WORKING_DAY
    found = working_days_before(on.calendar, held_on, rule.n) if counted else before(held_on, rule)
    if found < on.today:
        raise TooSoonForItsAgenda(
            f"The agenda of a meeting on {held_on:%-d %B %Y} would have been settled on {found:%-d %B %Y}. "
            "State a later day.",
            citation=on.cite(AGENDA_RULE),
            field="held_on",
            settled_on=found,
        )
    return found


def department_of(members: tuple[Member, ...], command: Command, on: Occasion) -> Member:
    """The department of the meeting that whoever wishes something acts for.

    Refuses: WrongOrgan.
    """
    seats = [str(role) for role in DEPARTMENTS if on.acts_as(role)]
    for member in members:
        if member.organ == on.actor.organ and member.seat in seats:
            return member
    raise WrongOrgan(
        f"`{command.name()}` is for the two departments of the meeting, and you act as "
        f"{', '.join(on.actor.roles) or 'anybody'} for {on.actor.organ}. Ask one of them to do it.",
        organ=on.actor.organ,
    )


def known_meeting(meeting: JointMeeting | None, meeting_id: str) -> JointMeeting:
    """The meeting that a command is about.

    Refuses: MeetingNotFound.
    """
    if meeting is None:
        raise MeetingNotFound(f"There is no meeting “{meeting_id}”. Check its id in the list, or open one.")
    return meeting


def place_agenda_item(
    meeting: JointMeeting | None, command: PlaceAgendaItem, on: Occasion, meeting_id: str
) -> list[Event]:
    """A department puts something before the meeting until its agenda is settled.

    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, AgendaIsFrozen, AgendaIsFull, PublicAnswerNamesSomebody.
    """
    known = known_meeting(meeting, meeting_id)
    department = department_of(known.members, command, on)
    _still_open(known, on)
    if len(known.items) >= LONGEST_AGENDA:
        raise AgendaIsFull(f"The agenda holds {LONGEST_AGENDA} items, and no more. Choose the next meeting.")
    refuse_personal_data(command.title, field="title")
    refuse_personal_data(command.asked, field="asked")
    said = command.model_dump()
    item_id = short_id("agenda_item", meeting_id, on.command_id)
    return [
        AgendaItemPlaced(**said, item_id=item_id, kind=ItemKind.PLACED, placed_on=on.today, placed_by=department.organ)
    ]


def _still_open(meeting: JointMeeting, on: Occasion) -> None:
    if meeting.over:
        raise MeetingIsOver(f"Meeting {meeting.id} is over. Choose the next one.")
    if meeting.frozen:
        raise AgendaIsFrozen(
            f"The agenda of meeting {meeting.id} was settled at the end of {meeting.agenda_frozen_on:%-d %B %Y}. "
            "Choose the next meeting, or ask the other department to agree to an urgent addition.",
            citation=on.cite(AGENDA_RULE),
            frozen_on=meeting.agenda_frozen_on,
        )


def fill_agenda(meeting: JointMeeting | None, command: FillAgenda, on: Occasion, meeting_id: str) -> list[Event]:
    """What the log gives cause for is on the agenda once; a settled agenda takes nothing more, and neither a full one.

    Refuses: MeetingNotFound, WrongOrgan.
    Idempotent by: each cause.
    """
    known = known_meeting(meeting, meeting_id)
    if not on.acts_as(Role.SYSTEM):
        raise WrongOrgan("Only the engine fills an agenda. Place an item of your own, or ask a department to do it.")
    if known.over or known.frozen:
        return []
    new = {found.item_id: found for found in command.found if found.item_id not in known.items}
    room = LONGEST_AGENDA - len(known.items)
    return [
        AgendaItemPlaced(**found.model_dump(exclude={"cause"}), item_id=item_id, placed_on=on.today)
        for item_id, found in list(new.items())[:room]
    ]


def call_in_organ(meeting: JointMeeting | None, command: CallInOrgan, on: Occasion, meeting_id: str) -> list[Event]:
    """An organ is called in with its figures until the meeting is closed; the departments themselves are there anyway.

    Source: F50 of the mission.
    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, CalledInAlready, UnknownChoice.
    """
    known = known_meeting(meeting, meeting_id)
    department = department_of(known.members, command, on)
    if known.over or known.digest:
        raise MeetingIsOver(f"Meeting {known.id} was closed. Choose the next one.")
    if command.organ in known.called_in:
        raise CalledInAlready(f"“{command.organ}” was called in already. Wait for the meeting.")
    if command.organ == department.organ:
        raise UnknownChoice("You do not call your own organ in. Choose another one.", field="organ")
    return [OrganCalledIn(**command.model_dump(), called_on=on.today)]


def sits_there(meeting: JointMeeting, organ: OrganId) -> bool:
    """Whether an organ belongs to a meeting or was called in."""
    return organ in meeting.called_in or any(member.organ == organ for member in meeting.members)
