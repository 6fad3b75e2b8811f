"""What still changes a meeting: an urgent addition that both departments take up, or calling it off.

Source: the house's own choice; domain rules 1.6 leave the order of meetings to local practice.
"""

from pydantic import Field

from domain.command import Command
from domain.event import Event
from domain.identity import short_id
from domain.joint_meeting import (
    AgendaAdditionAgreed,
    AgendaAdditionProposed,
    ItemSubject,
    MeetingCancelled,
    Member,
)
from domain.joint_meeting_agenda import LONGEST_AGENDA, AgendaIsFull, department_of
from domain.joint_meeting_sitting import MeetingOpenedAlready, OnTheLog, not_closed
from domain.joint_meeting_standing import JointMeeting
from domain.joint_supervision_rule import DEPARTMENTS
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, UnknownChoice
from domain.supervision_problem import NO_NAMES, Evidence


class ProposeAgendaAddition(Command):
    """Ask for something urgent to be taken up by a meeting whose agenda is settled."""

    title: str = Field(min_length=3, max_length=200, description=NO_NAMES)
    asked: str = Field(min_length=3, max_length=1000, description=f"what the meeting is asked for; {NO_NAMES}")
    reason: str = Field(min_length=10, max_length=1000, description=f"why it cannot wait; {NO_NAMES}")
    subject: ItemSubject | None = None
    evidence: Evidence = ()


class AgreeToAgendaAddition(Command):
    """Agree that what the other department asks for is taken up."""

    item_id: str = Field(min_length=1, max_length=60, description="of the addition")


class CancelMeeting(Command):
    """Call a meeting off before it is opened. What was before it goes to the next one by itself."""

    reason: str = Field(min_length=10, max_length=1000, description=NO_NAMES)


class AgendaStillOpen(Refusal):
    rule = "house.an_addition_is_to_a_settled_agenda"
    unlawful = False


class AgreesToOwnAddition(Refusal):
    rule = "house.both_departments_take_up_an_addition"


def propose_agenda_addition(
    meeting: JointMeeting | None, command: ProposeAgendaAddition, on: Occasion, log: OnTheLog
) -> list[Event]:
    """Either department asks, with its reason, from the settling of the agenda until the meeting is closed.

    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, AgendaStillOpen, AgendaIsFull, PublicAnswerNamesSomebody.
    """
    known = not_closed(meeting, command, on, log)
    department = department_of(known.departments, command, on)
    if not known.frozen:
        raise AgendaStillOpen(
            f"The agenda of meeting {known.id} is open until the end of {known.agenda_frozen_on:%-d %B %Y}. "
            "Place it there as any other item.",
            frozen_on=known.agenda_frozen_on,
        )
    if len(known.before_it) >= LONGEST_AGENDA:
        raise AgendaIsFull(f"The agenda holds {LONGEST_AGENDA} items, and no more. Choose the next meeting.")
    for name in ("title", "asked", "reason"):
        refuse_personal_data(getattr(command, name), field=name)
    return [
        AgendaAdditionProposed(
            **command.model_dump(),
            item_id=short_id("agenda_item", known.id, on.command_id),
            placed_by=department.organ,
            placed_on=on.today,
            proposed_by=tuple(sorted(on.actor.hands)),
        )
    ]


def agree_to_agenda_addition(
    meeting: JointMeeting | None, command: AgreeToAgendaAddition, on: Occasion, log: OnTheLog
) -> list[Event]:
    """The other department agrees by other hands, and the addition is before the meeting.

    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, UnknownChoice, AgreesToOwnAddition.
    """
    known = not_closed(meeting, command, on, log)
    addition = known.additions.get(command.item_id)
    if addition is None:
        raise UnknownChoice(
            f"No addition “{command.item_id}” waits for the other department. Choose one that does.", field="item_id"
        )
    department = department_of(known.departments, command, on)
    _by_the_other(known, addition, department, on)
    return [AgendaAdditionAgreed(item_id=addition.item_id, organ=department.organ, agreed_on=on.today)]


def _by_the_other(meeting: JointMeeting, addition: AgendaAdditionProposed, department: Member, on: Occasion) -> None:
    seats = {member.seat for member in meeting.departments if member.organ == addition.placed_by}
    for_both = all(on.acts_as(role) for role in DEPARTMENTS)
    if department.seat in seats or for_both or on.actor.hands & set(addition.proposed_by):
        raise AgreesToOwnAddition(
            f"“{addition.title}” was asked for by {addition.placed_by}, and the other department agrees to it, by an "
            "officer of its own with one role. Ask one of them to agree.",
            placed_by=addition.placed_by,
        )


def cancel_meeting(meeting: JointMeeting | None, command: CancelMeeting, on: Occasion, log: OnTheLog) -> list[Event]:
    """Either department calls a meeting off until it is opened; the record says which one, and why.

    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, MeetingOpenedAlready, PublicAnswerNamesSomebody.
    """
    known = not_closed(meeting, command, on, log)
    if known.opened:
        raise MeetingOpenedAlready(f"Meeting {known.id} was opened already. Close it, with what came of it.")
    refuse_personal_data(command.reason, field="reason")
    organ = department_of(known.departments, command, on).organ
    return [MeetingCancelled(organ=organ, cancelled_on=on.today, reason=command.reason, left_over=known.before_it)]
