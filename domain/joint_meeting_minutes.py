"""The minutes of a joint meeting: drawn up when it is closed, signed by both departments, changed by nobody."""

from pydantic import Field

from domain.command import Command
from domain.event import Event
from domain.joint_meeting import MeetingConcluded, MeetingMinutesAnnotated, Member, MinutesDrawnUp, MinutesSigned
from domain.joint_meeting_agenda import department_of, known_meeting
from domain.joint_meeting_sitting import NotAtTheMeeting, OnTheLog, sitting_on
from domain.joint_meeting_standing import JointMeeting
from domain.joint_supervision_rule import DEPARTMENTS
from domain.occasion import Occasion
from domain.refusal import Refusal


class CloseMeeting(Command):
    """Close a meeting; its minutes are drawn up from what was recorded, and nothing in them changes any more."""


class SignMinutes(Command):
    """Sign the minutes for your department, naming their hash."""

    digest: str = Field(pattern="^[0-9a-f]{64}$", description="of the minutes that you have read")


class AnnotateMeetingMinutes(Command):
    """Put a note beside the minutes. There is no command that changes them."""

    note: str = Field(min_length=10, max_length=4000, description="sealed for the readers of the meeting")


class MinutesNotDrawnUp(Refusal):
    rule = "house.minutes_are_drawn_up_first"


class OtherMinutes(Refusal):
    rule = "house.what_is_signed_was_read"


class MinutesSignedAlready(Refusal):
    rule = "house.a_department_signs_once"


class SignsForBoth(Refusal):
    rule = "house.nobody_signs_for_both_departments"


def close_meeting(meeting: JointMeeting | None, command: CloseMeeting, on: Occasion, log: OnTheLog) -> list[Event]:
    """Closing draws up the minutes: everything recorded until now, under the hash of the last entry of its chain.

    Source: the pack's `joint_supervision.minutes_signed` (house rule).
    Refuses: MeetingNotFound, WrongOrgan, MeetingIsOver, MeetingNotOpen, BeyondTheCalendar.
    """
    known = sitting_on(meeting, command, on, log)
    sign_by_on = on.due(on.pack.joint_supervision.minutes_signed.value).closes_on
    fixed = {"through_version": log.version, "digest": log.digest, "untouched": known.untouched}
    return [MinutesDrawnUp(closed_on=on.today, sign_by_on=sign_by_on, **fixed)]


def sign_minutes(meeting: JointMeeting | None, command: SignMinutes, on: Occasion, log: OnTheLog) -> list[Event]:
    """Each department signs by an officer of its own who was there; when both have, the meeting is over.

    Source: issue F52 of the mission (both sign).
    Refuses: MeetingNotFound, MinutesNotDrawnUp, SignsForBoth, WrongOrgan, NotAtTheMeeting, OtherMinutes,
    MinutesSignedAlready.
    """
    known = known_meeting(meeting, log.meeting_id)
    if known.digest is None:
        raise MinutesNotDrawnUp(f"Meeting {known.id} has no minutes yet. Close it first.")
    department = _signing(known, command, on)
    if on.actor.officer not in known.present.get(department.organ, frozenset()):
        raise NotAtTheMeeting(
            f"You are not recorded as present for {department.organ}. Ask an officer who was there to sign.",
            organ=department.organ,
        )
    if command.digest != known.digest:
        raise OtherMinutes(
            f"You sign minutes with the hash {command.digest[:12]}…, and those of meeting {known.id} have "
            f"{known.digest[:12]}…. Read them again.",
            field="digest",
        )
    signed: list[Event] = [
        MinutesSigned(
            department=department.seat,
            organ=department.organ,
            digest=known.digest,
            signed_on=on.today,
            signed_by=tuple(sorted(on.actor.hands)),
        )
    ]
    others = [member for member in known.departments if member.seat not in known.signed and member != department]
    return signed if others else [*signed, MeetingConcluded(concluded_on=on.today, digest=known.digest)]


def _signing(meeting: JointMeeting, command: Command, on: Occasion) -> Member:
    if all(on.acts_as(role) for role in DEPARTMENTS):
        raise SignsForBoth(
            "You act for both departments, and nobody signs for both. Ask an officer of each to sign with one role."
        )
    department = department_of(meeting.departments, command, on)
    if department.seat in meeting.signed:
        raise MinutesSignedAlready(f"“{department.organ}” has signed these minutes. Wait for the other department.")
    others = {member.organ for member in meeting.departments if member != department}
    if any(on.actor.hands & meeting.present.get(organ, frozenset()) for organ in others):
        raise SignsForBoth(
            "You stand in for an officer who was there for the other department. Another officer must do it."
        )
    return department


def annotate_meeting_minutes(
    meeting: JointMeeting | None, command: AnnotateMeetingMinutes, on: Occasion, log: OnTheLog
) -> list[Event]:
    """A note is its own event: it stands beside the minutes and replaces nothing in them.

    Refuses: MeetingNotFound, WrongOrgan, MinutesNotDrawnUp.
    """
    known = known_meeting(meeting, log.meeting_id)
    department = department_of(known.members, command, on)
    if known.digest is None:
        raise MinutesNotDrawnUp(f"Meeting {known.id} has no minutes yet. Close it first.")
    return [MeetingMinutesAnnotated(organ=department.organ, annotated_on=on.today, note=command.note)]
