"""What becomes of notices, told as it happens: server-sent events by the position of the log, which name nobody."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.answers import OPEN_READS, PROBLEM
from api.conditional import OPEN
from api.listing import LARGEST_POSITION
from api.problem import TooManyListeners
from api.visitor import Services
from api.writing import API
from pages.open_data import notice_line, one_json_line
from projections.notice_change import UpTo, newest_change, notices_onwards
from projections.reading import AWAY, Pool

router = APIRouter(prefix=API, tags=["public notice"])
MOST_LISTENERS = 500
LOOK_EVERY_SECONDS = 1.0
HEARTBEAT_SECONDS = 15
GRACE_SECONDS = 3.0
"""What a stream has to end its last line when the server stops; less than the server waits itself."""
EVENT_STREAM = "text/event-stream"
_PLACE = re.compile(r"(\d{1,16})(?:\.(\d{1,16}))?")


class NoticeListeners:
    """Everybody who listens in this process: a bounded number, who share one look at the read model a second."""

    def __init__(self, most: int = MOST_LISTENERS) -> None:
        self.most = most
        self._listening = 0
        self._newest = -1
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    def full(self) -> bool:
        return self._listening >= self.most

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Counts a listener for as long as they listen."""
        self._listening += 1
        try:
            yield
        finally:
            self._listening -= 1

    async def newest(self, pool: "Pool[Any]") -> int:
        """The position of the newest change, as of the last look."""
        async with self._looking:
            now = asyncio.get_running_loop().time()
            if now - self._looked_at >= LOOK_EVERY_SECONDS:
                self._newest = await newest_change(pool)
                self._looked_at = now
            return self._newest


@router.get(
    "/notices/events",
    operation_id="follow_notices",
    summary="What becomes of notices, as it happens",
    response_class=EventSourceResponse,
    responses={
        200: {"description": "Server-sent events", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}},
        **OPEN_READS,
        429: {**PROBLEM, "description": "So many listen already; ask again later, or read the feed"},
    },
)
async def follow_notices(
    request: Request,
    last_event_id: Annotated[str | None, Header(description="the position of the log that was last told of")] = None,
    from_position: Annotated[
        int | None, Query(ge=0, le=LARGEST_POSITION, description="begin with this position of the log, not with now")
    ] = None,
) -> Response:
    """An event `notice` for each change, with a line of the open data as it then stands; its id is the position of the
    change in the log. Who comes back with `Last-Event-ID` is told everything since. What only a new day brings about
    is no event of the log, and is not told here.
    """
    services: Services = request.app.state.services
    listeners: NoticeListeners = request.app.state.notice_listeners
    if listeners.full():
        raise TooManyListeners(listeners.most)
    place = _place(last_event_id) or (None if from_position is None else UpTo(from_position - 1, LARGEST_POSITION))
    if place is None:
        place = UpTo(await newest_change(services.pool), LARGEST_POSITION)
    stopping = anyio.Event()
    return EventSourceResponse(
        _told(services, listeners, place, stopping),
        ping=HEARTBEAT_SECONDS,
        headers=OPEN,
        sep="\n",
        shutdown_event=stopping,
        shutdown_grace_period=GRACE_SECONDS,
    )


def _place(last_event_id: str | None) -> UpTo | None:
    """After which change to go on: the whole of a position, unless the notice of it is named too."""
    found = _PLACE.fullmatch((last_event_id or "").strip())
    return UpTo(int(found[1]), int(found[2] or LARGEST_POSITION)) if found else None


async def _told(
    services: Services, listeners: NoticeListeners, place: UpTo, stopping: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    origin = services.public_url.rstrip("/")
    with listeners.one_more():
        while not stopping.is_set():
            try:
                if await listeners.newest(services.pool) >= place.changed:
                    async for told, notice in notices_onwards(services.pool, services.clock(), place):
                        place = told
                        data = one_json_line(notice_line(notice, origin)).decode().rstrip()
                        yield ServerSentEvent(data, event="notice", id=f"{place.changed}.{place.notice}")
            except AWAY:
                return  # whoever listens comes back, with the id that they were told last
            with anyio.move_on_after(LOOK_EVERY_SECONDS):
                await stopping.wait()
