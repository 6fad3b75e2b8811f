"""One joint meeting as its readers are told it: its agenda, who was there, what was said, found and resolved."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.event import Event, Recorded
from domain.identity import OfficerId
from domain.joint_meeting import (
    AgendaAdditionAgreed,
    AgendaAdditionProposed,
    AgendaItemPlaced,
    FindingMade,
    MeetingAttendanceRecorded,
    MeetingCancelled,
    MeetingConvened,
    MeetingMinutesAnnotated,
    MinutesDrawnUp,
    MinutesSigned,
    OrganCalledIn,
    ResolutionAdopted,
    StatementRecorded,
)
from domain.joint_meeting_standing import fold_joint_meeting

LISTS: dict[type[Event], str] = {
    AgendaItemPlaced: "agenda",
    OrganCalledIn: "called_in",
    StatementRecorded: "statements",
    FindingMade: "findings",
    ResolutionAdopted: "resolutions",
    MinutesSigned: "signatures",
    MeetingMinutesAnnotated: "annotations",
}


def officers_in(steps: Sequence[Recorded[Event]]) -> set[OfficerId]:
    """Everybody whom a meeting knows by a pseudonym."""
    found: set[OfficerId] = set()
    for step in steps:
        match step.event:
            case MeetingAttendanceRecorded() as event:
                found |= {*event.present, *event.absent}
            case StatementRecorded(speaker=str() as speaker):
                found.add(OfficerId(speaker))
            case MinutesSigned() as event:
                found |= set(event.signed_by)
            case AgendaAdditionProposed() as event:
                found |= set(event.proposed_by)
    return found


def told(steps: Sequence[Recorded[Event]], names: Mapping[str, str]) -> dict[str, Any]:
    """A meeting whole, people by pseudonym and, where it is known, by name."""
    meeting = fold_joint_meeting(step.event for step in steps)
    first = steps[0].event
    assert meeting is not None and isinstance(first, MeetingConvened)
    found: dict[str, Any] = {name: [] for name in LISTS.values()}
    minutes = cancelled = None
    for step in steps:
        if (name := LISTS.get(type(step.event))) is not None:
            found[name].append(_said(step) | {"position": step.position})
        if isinstance(step.event, MinutesDrawnUp):
            minutes = _said(step) | {"position": step.position}
        if isinstance(step.event, MeetingCancelled):
            cancelled = _said(step) | {"position": step.position}
    return {
        **_said(steps[0]),
        "state": state_of(steps),
        "version": steps[-1].version,
        "position": steps[-1].position,
        "hash": steps[-1].hash.hex(),
        "pack": str(steps[0].pack),
        **found,
        "agenda": [*found["agenda"], *_additions(steps)],
        "cancelled": cancelled,
        "attendance": _attendance(steps),
        "minutes": minutes,
        "unsigned": list(meeting.unsigned),
        "names": dict(names),
    }


def state_of(steps: Sequence[Recorded[Event]]) -> str:
    """In which of its states a meeting is."""
    meeting = fold_joint_meeting(step.event for step in steps)
    assert meeting is not None
    for state, reached in (
        ("not_held", meeting.not_held),
        ("cancelled", meeting.cancelled),
        ("concluded", meeting.concluded),
        ("closed", meeting.digest is not None),
        ("open", meeting.opened),
        ("agenda_settled", meeting.frozen),
    ):
        if reached:
            return state
    return "convened"


def _said(step: Recorded[Event]) -> dict[str, Any]:
    return step.event.model_dump(mode="json")


def _additions(steps: Sequence[Recorded[Event]]) -> list[dict[str, Any]]:
    """What was asked for after the agenda was settled, as items of it: why, by whom, and who agreed if anybody did."""
    agreed = {step.event.item_id: _said(step) for step in steps if isinstance(step.event, AgendaAdditionAgreed)}
    return [
        step.event.item.model_dump(mode="json")
        | {"position": step.position, "addition": _said(step) | {"agreed": agreed.get(step.event.item_id)}}
        for step in steps
        if isinstance(step.event, AgendaAdditionProposed)
    ]


def _attendance(steps: Sequence[Recorded[Event]]) -> list[dict[str, Any]]:
    """Who of each organ was there; somebody who came later is not absent any more."""
    organs: dict[str, dict[str, Any]] = {}
    for step in steps:
        event = step.event
        if isinstance(event, MeetingAttendanceRecorded):
            kept = organs.setdefault(event.organ, {"organ": event.organ, "present": [], "absent": {}})
            kept["present"] += [officer for officer in event.present if officer not in kept["present"]]
            reasons = event.reasons or (None,) * len(event.absent)
            kept["absent"] |= dict(zip(event.absent, reasons, strict=True))
    return [
        kept
        | {
            "absent": [
                {"officer": officer, "reason": reason}
                for officer, reason in kept["absent"].items()
                if officer not in kept["present"]
            ]
        }
        for kept in organs.values()
    ]
