"""Supervision beyond the case over HTTP: a watch opened, attended point by point, concluded, and read."""

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.body import Body
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.listing import LatestFirst, NextCursor, caught_up
from api.problem import NotFound
from api.visitor import Reads
from api.writing import API, writes
from domain.access import SupervisionWatchRead
from domain.command import Command
from domain.identity import OfficerId, short_id
from domain.supervision_problem import Subject
from domain.supervision_watch import AttendWatchPoint, ConcludeWatch, OpenWatch, Point, supervision_watch_stream
from eventstore.codec import is_destroyed
from eventstore.opening import opened
from eventstore.supervision_watch_recording import people_of, record_watch
from projections.supervision_watch import watches_page

router = APIRouter(prefix=API, tags=["supervising together"])
WatchIdInPath = Annotated[str, Path(pattern=f"^{CASE_ID}$", description="watch id")]
Reference = Annotated[str, Field(min_length=1, max_length=200)]


class WatchOf(Body):
    """A watch. People are named by what the identity provider knows them by, and turned into pseudonyms."""

    subject: Subject = Field(description="training, assessment or daily_management, with the id of what it is")
    points: tuple[Point, ...] = Field(min_length=1, max_length=20, description="what is looked at: no personal data")
    people: tuple[Reference, ...] = Field((), max_length=200, description="whom it is about; sealed")
    grounds: str = Field(min_length=10, max_length=8000, description="sealed for supervision")
    assigned_to: Reference | None = Field(None, description="the officer who answers for it; left out: you")
    due_on: date | None = Field(None, description="by when it is to be concluded")
    pack: str = Field("standard", max_length=60, description="id of a policy pack, whose calendar and time zone it has")


class WatchShown(BaseModel):
    """A watch in the list, without what is sealed."""

    watch_id: str
    subject_kind: str
    subject_id: str
    organ: str
    assigned_to: str = Field(description="pseudonym")
    points: list[str]
    attended: list[int] = Field(description="numbers of the points at which something was seen")
    opened_on: date
    due_on: date | None
    overdue: bool
    outcome: str | None
    concluded_on: date | None
    position: int


class Watches(BaseModel):
    """Watches, the latest first."""

    watches: list[WatchShown]
    next_cursor: NextCursor


class WatchStep(BaseModel):
    position: int
    type: str
    officer: str
    what: dict[str, Any]
    destroyed: bool = Field(description="what was sealed in it went when somebody was forgotten")


class WatchRead(BaseModel):
    """One watch with what is sealed in it."""

    watch_id: str
    steps: list[WatchStep]


@writes(
    router,
    "/supervision-watches",
    status_code=201,
    summary="Watch training, an assessment or daily management",
    example={
        "subject": {"kind": "daily_management", "id": "Registry"},
        "points": ["Who signs for the seal", "Leave and its replacements"],
        "grounds": "Three letters of this year were sealed on days of leave.",
        "due_on": "2030-06-30",
    },
    answers=writes_of(KeptAnswer),
)
async def open_watch(door: Writes, body: WatchOf) -> Response:
    """Of supervision's own accord: nobody needs to have complained. A case is watched at the points of its pack, and
    looked into by an inquiry.
    """
    people = [await door.person(reference) for reference in body.people]
    assigned = OfficerId(await door.person(body.assigned_to)) if body.assigned_to else None
    said = body.model_dump(exclude={"people", "assigned_to", "pack"})
    command = OpenWatch(people=tuple(people), assigned_to=assigned, **said)
    return await _record(door, short_id("supervision_watch", str(door.command_id)), command, 201, body.pack)


@writes(
    router,
    "/supervision-watches/{watch_id}/points",
    summary="Say what was seen at a point",
    example={"point": 1, "observation": "remark", "text": "The seal is signed for by whoever is there."},
    answers=writes_of(KeptAnswer),
)
async def attend_watch_point(door: Writes, watch_id: WatchIdInPath, body: AttendWatchPoint) -> Response:
    """Once a point. What was seen is sealed for supervision."""
    return await _record(door, watch_id, body)


@writes(
    router,
    "/supervision-watches/{watch_id}/conclusions",
    summary="Conclude a watch",
    example={"outcome": "shortcomings", "remarks": "The seal is now signed for by two officers."},
    answers=writes_of(KeptAnswer),
)
async def conclude_watch(door: Writes, watch_id: WatchIdInPath, body: ConcludeWatch) -> Response:
    """Once something was seen at each of its points. What was found goes on the register of problems by a step of its
    own, with `supervision_watch` and this id as its origin.
    """
    return await _record(door, watch_id, body)


async def _record(door: Door, watch_id: str, command: Command, status: int = 200, pack: str = "standard") -> Response:
    asked = await door.asked(supervision_watch_stream(watch_id), command, pack)
    return await door.recorded(asked, record_watch, "watch_id", status)


@router.get(
    "/supervision-watches",
    operation_id="read_supervision_watches",
    summary="What supervision watches beyond cases",
    responses=reads(Watches, "A page of watches"),
)
async def read_supervision_watches(
    visitor: Reads,
    page: Annotated[LatestFirst, Depends()],
    still_open: Annotated[bool | None, Query(description="only those not concluded, or only those that are")] = None,
) -> Response:
    """The latest first. None is shown to whom it is about."""
    await visitor.may("read_supervision_watches", "supervision-watches")
    await caught_up(visitor, ("supervision_watch",), page.after_position)
    rows = await watches_page(
        visitor.services.pool,
        hidden_from=sorted(visitor.actor.hands),
        still_open=still_open,
        before=page.before,
        limit=page.limit,
    )
    return page.answer("watches", rows, [row.position for row in rows])


@router.get(
    "/supervision-watches/{watch_id}",
    operation_id="read_supervision_watch",
    summary="One watch, with what is sealed in it",
    responses=reads(WatchRead, "The watch"),
)
async def read_supervision_watch(visitor: Reads, watch_id: WatchIdInPath) -> Response:
    """For supervision and auditors; for whom it is about there is none. The reading goes on the log first."""
    await visitor.may("read_supervision_watch", "supervision-watches")
    services = visitor.services
    stored = await services.store.read_stream(supervision_watch_stream(watch_id))
    about = await people_of(services.recorder, watch_id)
    if not stored or about & visitor.actor.hands:
        raise NotFound(f"There is no watch “{watch_id}”. Those that there are stand at /api/v1/supervision-watches.")
    noted = SupervisionWatchRead(officer=visitor.actor.officer, watch_id=watch_id)
    await visitor.note_access(noted, watch_id)
    steps = [
        {
            "position": row.position,
            "type": row.type,
            "officer": row.actor.officer,
            "what": row.event.model_dump(mode="json", exclude_none=True),
            "destroyed": is_destroyed(row),
        }
        for row in await opened(services.store, services.keys, stored)
    ]
    headers = {"ETag": f'"{stored[-1].version}"'}
    return Response(orjson.dumps({"watch_id": watch_id, "steps": steps}), media_type=JSON, headers=headers)
