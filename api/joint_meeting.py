"""Joint meetings over HTTP: convening, agenda, attendance, what is said, found and resolved, and the minutes."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.answers import writes_of
from api.body import Body
from api.command_answer import KeptAnswer
from api.decision import Reference
from api.door import Door, Writes
from api.writing import API, writes
from domain.command import Command
from domain.identity import OfficerId, OrganId, short_id
from domain.joint_meeting import MeetingKind, Member, joint_meeting_stream
from domain.joint_meeting_agenda import CallInOrgan, ConveneMeeting, PlaceAgendaItem
from domain.joint_meeting_change import AgreeToAgendaAddition, CancelMeeting, ProposeAgendaAddition
from domain.joint_meeting_minutes import AnnotateMeetingMinutes, CloseMeeting, SignMinutes
from domain.joint_meeting_sitting import (
    Absent,
    AdoptResolution,
    MakeFinding,
    OpenMeeting,
    RecordMeetingAttendance,
    RecordStatement,
)
from eventstore.joint_meeting_recording import record_joint_meeting

router = APIRouter(prefix=API, tags=["joint meetings"])
MEETING_ID = r"^[0-9a-z]{12}$"
MeetingIdInPath = Annotated[str, Path(pattern=MEETING_ID, description="meeting id")]


class MeetingAnswer(KeptAnswer):
    """What a command about a meeting led to. `recorded` means: durable and hash-chained."""

    meeting_id: str


class MeetingConvening(Body):
    """A meeting to convene. The newest adopted version of the pack says who chairs, who must be there, and by when."""

    kind: MeetingKind = MeetingKind.EXTRAORDINARY
    held_on: date
    place: str = Field(min_length=2, max_length=200)
    members: tuple[Member, ...] = Field(min_length=2, max_length=40)
    pack: str = Field("standard", max_length=60, description="id of a policy pack")


class AbsentOfficer(Body):
    """Somebody who should be there and is not; the reason is sealed for the readers of the meeting."""

    officer: Reference
    reason: str = Field(min_length=2, max_length=300)


class MeetingAttendance(Body):
    """Who of an organ is there, and who is not; people by what the identity provider knows them by."""

    organ: OrganId = Field(min_length=1, max_length=120)
    present: list[Reference] = Field([], max_length=60)
    myself: bool = Field(False, description="you are there yourself")
    absent: list[AbsentOfficer] = Field([], max_length=60)


class StatementSaid(Body):
    """What an organ shares or says."""

    organ: OrganId = Field(min_length=1, max_length=120)
    text: str = Field(min_length=3, max_length=8000, description="sealed for the readers of the meeting")
    item_id: str | None = Field(None, max_length=60)
    speaker: Reference | None = None


class Nothing(BaseModel):
    """Nothing has to be said."""


@writes(
    router,
    "/joint-meetings",
    status_code=201,
    summary="Convene a joint meeting",
    example={
        "kind": "extraordinary",
        "held_on": "2026-12-14",
        "place": "Hall 2, first floor",
        "members": [
            {"organ": "personnel-department", "seat": "personnel"},
            {"organ": "supervision-organ", "seat": "supervision"},
            {"organ": "audit-office", "seat": "guest"},
        ],
    },
    answers=writes_of(MeetingAnswer),
)
async def convene_meeting(door: Writes, body: MeetingConvening) -> Response:
    """By either department. The pack says how many working days before the day the agenda is settled."""
    meeting_id = short_id("joint_meeting", str(door.command_id))
    command = ConveneMeeting.model_validate(body.model_dump(exclude={"pack"}))
    answer = await _record(door, meeting_id, command, status=201, pack=body.pack)
    answer.headers["Location"] = f"{API}/joint-meetings/{meeting_id}"
    return answer


@writes(
    router,
    "/joint-meetings/{meeting_id}/agenda-items",
    status_code=201,
    summary="Put something on the agenda",
    example={
        "title": "Letters of May",
        "asked": "Say whether letters wait for the end of the notice.",
        "subject": {"kind": "unit", "id": "Registry"},
        "evidence": [4711],
    },
    answers=writes_of(MeetingAnswer),
)
async def place_agenda_item(door: Writes, meeting_id: MeetingIdInPath, body: PlaceAgendaItem) -> Response:
    """By either department, until the agenda is settled. The words are public and name nobody."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/agenda-additions",
    status_code=201,
    summary="Ask for an urgent addition to a settled agenda",
    example={
        "title": "A letter that goes out tomorrow",
        "asked": "Say whether it waits for the end of the notice.",
        "reason": "It was found after the agenda was settled.",
        "subject": {"kind": "unit", "id": "Registry"},
    },
    answers=writes_of(MeetingAnswer),
)
async def propose_agenda_addition(door: Writes, meeting_id: MeetingIdInPath, body: ProposeAgendaAddition) -> Response:
    """By either department, with a public reason. It is taken up once the other department has agreed."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/addition-agreements",
    status_code=201,
    summary="Agree to an urgent addition",
    example={"item_id": "0123456789ab"},
    answers=writes_of(MeetingAnswer),
)
async def agree_to_agenda_addition(door: Writes, meeting_id: MeetingIdInPath, body: AgreeToAgendaAddition) -> Response:
    """By an officer of the other department; from then on the addition is an item of the agenda like any other."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/cancellations",
    status_code=201,
    summary="Call a meeting off",
    example={"reason": "Both departments are at the inspection on that day."},
    answers=writes_of(MeetingAnswer),
)
async def cancel_meeting(door: Writes, meeting_id: MeetingIdInPath, body: CancelMeeting) -> Response:
    """By either department before it is opened. What was before it goes on the next agenda by itself."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/called-in-organs",
    status_code=201,
    summary="Call an organ in with its figures",
    example={"organ": "training-school", "statistics": ["problems", "duties"], "cases": []},
    answers=writes_of(MeetingAnswer),
)
async def call_in_organ(door: Writes, meeting_id: MeetingIdInPath, body: CallInOrgan) -> Response:
    """A department or a school comes to the meeting; its figures stand at the meeting's statistics."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/attendance-records",
    summary="Say who is there",
    example={
        "organ": "personnel-department",
        "present": ["staff-17"],
        "absent": [{"officer": "staff-18", "reason": "On leave"}],
    },
    answers=writes_of(MeetingAnswer),
)
async def record_meeting_attendance(door: Writes, meeting_id: MeetingIdInPath, body: MeetingAttendance) -> Response:
    """Organ by organ, also for somebody who comes later. Nobody is taken out, and nobody sits for two organs."""
    present = [*await _people(door, body.present), *([door.visitor.actor.officer] if body.myself else [])]
    absent = await _people(door, [found.officer for found in body.absent])
    command = RecordMeetingAttendance(
        organ=body.organ,
        present=tuple(dict.fromkeys(present)),
        absent=tuple(
            Absent(officer=officer, reason=found.reason) for officer, found in zip(absent, body.absent, strict=True)
        ),
    )
    return await _record(door, meeting_id, command)


async def _people(door: Door, references: Sequence[str]) -> list[OfficerId]:
    return [OfficerId(await door.person(reference)) for reference in references]


@writes(
    router,
    "/joint-meetings/{meeting_id}/openings",
    summary="Open a meeting",
    example={},
    answers=writes_of(MeetingAnswer),
)
async def open_meeting(door: Writes, meeting_id: MeetingIdInPath, body: Nothing) -> Response:
    """On its day, when somebody of both departments is there; otherwise it is refused with the pack's rule."""
    return await _record(door, meeting_id, OpenMeeting())


@writes(
    router,
    "/joint-meetings/{meeting_id}/statements",
    status_code=201,
    summary="Put on record what an organ says",
    example={"organ": "audit-office", "text": "The books of the spring term are in order."},
    answers=writes_of(MeetingAnswer),
)
async def record_statement(door: Writes, meeting_id: MeetingIdInPath, body: StatementSaid) -> Response:
    """What is shared or said, in its order, for the minutes; by an organ that is there."""
    speaker = OfficerId(await door.person(body.speaker)) if body.speaker else None
    command = RecordStatement(organ=body.organ, text=body.text, item_id=body.item_id, speaker=speaker)
    return await _record(door, meeting_id, command, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/findings",
    status_code=201,
    summary="Find a problem",
    example={
        "type": "procedure",
        "severity": "minor",
        "subject": {"kind": "unit", "id": "Registry"},
        "finding": "Three letters of this year were issued on the day of the decision.",
        "evidence": [4711],
        "owner": "personnel-department",
        "accepting": "supervision-organ",
    },
    answers=writes_of(MeetingAnswer),
)
async def make_finding(door: Writes, meeting_id: MeetingIdInPath, body: MakeFinding) -> Response:
    """It goes on the register of problems at once, with its owner and the other organ that accepts the remedy."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/resolutions",
    status_code=201,
    summary="Adopt a resolution",
    example={
        "text": "The personnel department writes down when letters go out.",
        "owner": "personnel-department",
        "accepting": "supervision-organ",
        "due_on": "2027-01-15",
    },
    answers=writes_of(MeetingAnswer),
)
async def adopt_resolution(door: Writes, meeting_id: MeetingIdInPath, body: AdoptResolution) -> Response:
    """One organ does it by a day, another one accepts it: it is carried on the register of problems."""
    return await _record(door, meeting_id, body, status=201)


@writes(
    router,
    "/joint-meetings/{meeting_id}/closings",
    summary="Close a meeting",
    example={},
    answers=writes_of(MeetingAnswer),
)
async def close_meeting(door: Writes, meeting_id: MeetingIdInPath, body: Nothing) -> Response:
    """The minutes are drawn up from what was recorded, and fixed by the hash of the last entry. Nothing edits them."""
    return await _record(door, meeting_id, CloseMeeting())


@writes(
    router,
    "/joint-meetings/{meeting_id}/signatures",
    summary="Sign the minutes",
    example={"digest": "5e" * 32},
    answers=writes_of(MeetingAnswer),
)
async def sign_minutes(door: Writes, meeting_id: MeetingIdInPath, body: SignMinutes) -> Response:
    """By an officer of each department who was there, naming the hash of the minutes. When both have, it is over."""
    return await _record(door, meeting_id, body)


@writes(
    router,
    "/joint-meetings/{meeting_id}/annotations",
    status_code=201,
    summary="Put a note beside the minutes",
    example={"note": "The second letter was of April and not of May."},
    answers=writes_of(MeetingAnswer),
)
async def annotate_meeting_minutes(door: Writes, meeting_id: MeetingIdInPath, body: AnnotateMeetingMinutes) -> Response:
    """By either department, also after both have signed. The minutes stand as they were drawn up."""
    return await _record(door, meeting_id, body, status=201)


async def _record(
    door: Door, meeting_id: str, command: Command, *, status: int = 200, pack: str = "standard"
) -> Response:
    asked = await door.asked(joint_meeting_stream(meeting_id), command, pack)
    return await door.recorded(asked, record_joint_meeting, "meeting_id", status)
