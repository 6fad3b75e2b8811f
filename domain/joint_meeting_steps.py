"""Every command about a joint meeting, with what decides it."""

from collections.abc import Callable
from typing import Any

from domain.command import Command
from domain.event import Event
from domain.joint_meeting_agenda import (
    CallInOrgan,
    ConveneMeeting,
    FillAgenda,
    PlaceAgendaItem,
    call_in_organ,
    convene_meeting,
    fill_agenda,
    place_agenda_item,
)
from domain.joint_meeting_change import (
    AgreeToAgendaAddition,
    CancelMeeting,
    ProposeAgendaAddition,
    agree_to_agenda_addition,
    cancel_meeting,
    propose_agenda_addition,
)
from domain.joint_meeting_minutes import (
    AnnotateMeetingMinutes,
    CloseMeeting,
    SignMinutes,
    annotate_meeting_minutes,
    close_meeting,
    sign_minutes,
)
from domain.joint_meeting_sitting import (
    AdoptResolution,
    MakeFinding,
    OnTheLog,
    OpenMeeting,
    RecordMeetingAttendance,
    RecordStatement,
    adopt_resolution,
    make_finding,
    open_meeting,
    record_meeting_attendance,
    record_statement,
)
from domain.joint_meeting_standing import JointMeeting
from domain.occasion import Occasion

Decides = Callable[[JointMeeting | None, Any, Occasion, OnTheLog], list[Event]]


def _by_id(decide: Callable[[JointMeeting | None, Any, Occasion, str], list[Event]]) -> Decides:
    return lambda meeting, command, on, log: decide(meeting, command, on, log.meeting_id)


MEETING: dict[type[Command], Decides] = {
    ConveneMeeting: _by_id(convene_meeting),
    PlaceAgendaItem: _by_id(place_agenda_item),
    ProposeAgendaAddition: propose_agenda_addition,
    AgreeToAgendaAddition: agree_to_agenda_addition,
    CancelMeeting: cancel_meeting,
    CallInOrgan: _by_id(call_in_organ),
    RecordMeetingAttendance: record_meeting_attendance,
    OpenMeeting: open_meeting,
    RecordStatement: record_statement,
    MakeFinding: make_finding,
    AdoptResolution: adopt_resolution,
    CloseMeeting: close_meeting,
    SignMinutes: sign_minutes,
    AnnotateMeetingMinutes: annotate_meeting_minutes,
}
"""Every command that people give about a meeting, with its decide function."""

EVERY_STEP: dict[type[Command], Decides] = {**MEETING, FillAgenda: _by_id(fill_agenda)}
"""Those and the engine's own."""
