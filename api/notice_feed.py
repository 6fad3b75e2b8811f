"""Feeds of notices over HTTP: of all of them, and of whatever a reader searched for."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.conditional import unless_known
from api.listing import LARGEST_POSITION
from api.public_notice import language_of, missing
from api.visitor import Services
from domain.notice_filter import NoticeFilter
from pages.notice_feed import ATOM, JSON_FEED, Feed, atom_feed, json_feed
from projections.notice_change import latest_changed

public = APIRouter(include_in_schema=False)


class Asked(NoticeFilter):
    """A feed by the filter of the lists, and the page of it that begins before a change."""

    cursor: int | None = Query(None, ge=0, le=LARGEST_POSITION)

    @property
    def wanted(self) -> NoticeFilter:
        return NoticeFilter(**self.model_dump(exclude={"cursor"}))


@public.api_route("/{language}/feed.atom", methods=["GET", "HEAD"])
async def atom(request: Request, language: str, asked: Annotated[Asked, Query()]) -> Response:
    """Atom, with what was deleted."""
    feed = await _feed(request, language, asked)
    return missing("en") if feed is None else unless_known(request, atom_feed(feed), ATOM, feed.updated)


@public.api_route("/{language}/feed.json", methods=["GET", "HEAD"])
async def json(request: Request, language: str, asked: Annotated[Asked, Query()]) -> Response:
    """JSON Feed 1.1."""
    feed = await _feed(request, language, asked)
    return missing("en") if feed is None else unless_known(request, json_feed(feed), JSON_FEED, feed.updated)


async def _feed(request: Request, language: str, asked: Asked) -> Feed | None:
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return None
    page = await latest_changed(services.pool, asked.wanted, services.clock(), before=asked.cursor)
    return Feed(
        language=spoken,
        wanted=asked.wanted,
        notices=page.notices,
        origin=services.public_url.rstrip("/"),
        cursor=asked.cursor,
        before=page.before,
    )
