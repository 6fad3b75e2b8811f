"""Reading joint meetings over HTTP: the list, one of them whole, its called-in organs' figures, and the minutes."""

import asyncio
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.joint_meeting import MeetingIdInPath
from api.listing import LatestFirst, NextCursor, caught_up
from api.problem import NotAllowed, NotFound
from api.visitor import Reads, Visitor
from api.writing import API
from domain.event import Event, Recorded
from domain.identity import Role
from domain.joint_meeting import READERS, MeetingKind, Member, OrganCalledIn, joint_meeting_stream
from eventstore.opening import opened
from pages.joint_meeting_minutes import minutes_pdf
from projections.joint_meeting import STATES, figures_of, meetings_page, names_of
from projections.joint_meeting_told import officers_in, told

router = APIRouter(prefix=API, tags=["joint meetings"])
BEHIND = ("joint_meeting",)
WATCHES = frozenset({Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY, Role.AUDITOR})
PDF = "application/pdf"
MeetingState = Literal["convened", "agenda_settled", "open", "closed", "concluded", "not_held", "cancelled"]
assert MeetingState.__args__ == STATES  # type: ignore[attr-defined]


class MeetingShown(BaseModel):
    """A meeting as it stands in the list."""

    meeting_id: str
    kind: MeetingKind
    held_on: date
    place: str
    chair: str = Field(description="the organ that convenes and chairs, by the pack's rule")
    members: list[Member]
    period: str | None = Field(description="first day of the time that a scheduled meeting looks at")
    agenda_frozen_on: date = Field(description="the agenda is settled at the end of this day")
    state: MeetingState
    pack_id: str
    items: int
    findings: int
    resolutions: int
    unsigned_overdue: bool = Field(description="the days for signing passed with a signature missing")
    convened_position: int


class Meetings(BaseModel):
    """Meetings, the latest convened first."""

    meetings: list[MeetingShown]
    next_cursor: NextCursor


class MeetingRead(BaseModel):
    """One meeting whole, with what was said. People stand there by pseudonym; `names` has those that are known."""

    meeting_id: str
    kind: MeetingKind
    held_on: date
    place: str
    state: MeetingState
    agenda: list[dict[str, Any]]
    called_in: list[dict[str, Any]]
    attendance: list[dict[str, Any]]
    statements: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    resolutions: list[dict[str, Any]]
    cancelled: dict[str, Any] | None = Field(description="which department called it off, when and why")
    minutes: dict[str, Any] | None = Field(description="the hash that is signed, and by when")
    signatures: list[dict[str, Any]]
    unsigned: list[str] = Field(description="departments whose signature is missing")
    annotations: list[dict[str, Any]]
    names: dict[str, str]
    version: int
    position: int
    hash: str


class RequestFiguresShown(BaseModel):
    """What an organ was asked by others, and how it answered."""

    asked: int
    answered: int
    still_open: int
    overdue: int = Field(description="whose day passed in silence, whether they were answered later or not")
    median_days: int | None = Field(description="calendar days from the question to the answer; null: none answered")
    longest_days: int | None


class FiguresShown(BaseModel):
    """The figures of one organ that was called in, as they stand now."""

    organ: str
    problems: dict[str, int]
    duties: dict[str, int]
    requests: RequestFiguresShown


class MeetingStatistics(BaseModel):
    organs: list[FiguresShown]


@router.get(
    "/joint-meetings",
    operation_id="read_joint_meetings",
    summary="The joint meetings",
    responses=reads(Meetings, "A page of meetings"),
)
async def read_joint_meetings(
    visitor: Reads,
    page: Annotated[LatestFirst, Depends()],
    kind: Annotated[MeetingKind | None, Query(description="only meetings of this kind")] = None,
    state: Annotated[MeetingState | None, Query(description="only meetings in this state")] = None,
) -> Response:
    """For both departments, the deciding body and whoever audits; the latest convened first."""
    await visitor.may("read_joint_meetings", "joint-meetings")
    await caught_up(visitor, BEHIND, page.after_position)
    rows = await meetings_page(visitor.services.pool, kind=kind, state=state, before=page.before, limit=page.limit)
    return page.answer("meetings", rows, [row.convened_position for row in rows])


@router.get(
    "/joint-meetings/{meeting_id}",
    operation_id="read_joint_meeting",
    summary="One joint meeting, with what was said there",
    responses=reads(MeetingRead, "The meeting as it stands"),
)
async def read_joint_meeting(visitor: Reads, meeting_id: MeetingIdInPath) -> Response:
    """Read from the log itself, so that whoever has just recorded something finds it there."""
    await visitor.may("read_joint_meeting", f"joint_meeting/{meeting_id}")
    steps = await _steps(visitor, meeting_id)
    shown = told(steps, await names_of(visitor.services.pool, officers_in(steps)))
    return Response(orjson.dumps(shown), media_type=JSON, headers={"ETag": f'"{steps[-1].version}"'})


@router.get(
    "/joint-meetings/{meeting_id}/statistics",
    operation_id="read_meeting_statistics",
    summary="The figures of the organs that were called in",
    responses=reads(MeetingStatistics, "The figures as they stand now"),
)
async def read_meeting_statistics(visitor: Reads, meeting_id: MeetingIdInPath) -> Response:
    """For those who read the meeting; an organ that was called in reads its own and no others."""
    await visitor.may("read_meeting_statistics", f"joint_meeting/{meeting_id}")
    steps = await _steps(visitor, meeting_id)
    organs = [step.event.organ for step in steps if isinstance(step.event, OrganCalledIn)]
    if not WATCHES & set(visitor.actor.roles):
        organs = [organ for organ in organs if organ == visitor.actor.organ]
        if not organs:
            rule = "house.a_called_in_organ_reads_its_own_figures"
            await visitor.note_attempt("read_meeting_statistics", f"joint_meeting/{meeting_id}", (rule,))
            raise NotAllowed("read_meeting_statistics", f"{visitor.actor.organ} was not called in there.", (rule,))
    today, pool = visitor.services.clock().date(), visitor.services.pool
    found = [asdict(await figures_of(pool, organ, today)) for organ in organs]
    return Response(orjson.dumps({"organs": found}), media_type=JSON)


@router.get(
    "/joint-meetings/{meeting_id}/minutes",
    operation_id="read_meeting_minutes",
    summary="The minutes on paper",
    response_class=Response,
    responses={
        **reads(MeetingRead, "The minutes as PDF"),
        200: {
            "description": "The minutes as PDF",
            "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
async def read_meeting_minutes(
    visitor: Reads,
    meeting_id: MeetingIdInPath,
    language: Annotated[Literal["en", "zh"], Query(description="of the paper")] = "en",
) -> Response:
    """Made from the events up to the closing, with their hash at the foot; the same bytes each time for one version."""
    await visitor.may("read_meeting_minutes", f"joint_meeting/{meeting_id}")
    steps = await _steps(visitor, meeting_id)
    shown = told(steps, await names_of(visitor.services.pool, officers_in(steps)))
    if shown["minutes"] is None:
        raise NotFound(f"Meeting “{meeting_id}” has no minutes yet. They are drawn up when it is closed.")
    made = await asyncio.to_thread(minutes_pdf, shown, language, steps[-1].recorded_at)
    name = f'inline; filename="minutes-{meeting_id}-{steps[-1].version}-{language}.pdf"'
    return Response(made, media_type=PDF, headers={"Content-Disposition": name, "Cache-Control": "no-store"})


async def _steps(visitor: Visitor, meeting_id: str) -> list[Recorded[Event]]:
    services, stream = visitor.services, joint_meeting_stream(meeting_id)
    stored = await services.store.read_stream(stream)
    if not stored:
        raise NotFound(f"There is no meeting “{meeting_id}”. Those that there are stand at {API}/joint-meetings.")
    return await opened(services.store, services.keys, stored, lambda owner: owner == f"{stream}#{READERS}")
