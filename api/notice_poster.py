"""A notice as a poster, for anybody, as long as the notice stands."""

import asyncio

from fastapi import APIRouter, Request, Response

from api.public_notice import known_notice, language_of, page_of_notice
from api.visitor import Services
from pages.notice_poster import notice_poster
from pages.response_headers import file_headers

public = APIRouter(include_in_schema=False)
SET_AT_ONCE = asyncio.Semaphore(1)
"""Setting takes a processor for a moment, and readers of pages must not wait for it."""


@public.api_route("/{language}/notices/{notice_id}/poster.pdf", methods=["GET", "HEAD"])
async def poster(request: Request, language: str, notice_id: str) -> Response:
    """The poster; the page that stands in its place when there is none."""
    services: Services = request.app.state.services
    spoken, found = language_of(language), await known_notice(services, notice_id)
    if spoken is None or found is None or found.gone is not None:
        return await page_of_notice(request, language, notice_id)
    async with SET_AT_ONCE:
        file = await asyncio.to_thread(notice_poster, found, spoken, public_url=services.public_url)
    sent = file_headers(spoken, f"notice-{notice_id}.pdf", indexable=found.indexable)
    return Response(file, headers=sent, media_type="application/pdf")
