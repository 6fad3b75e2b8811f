"""A notice as a poster, for anybody, as long as the notice stands."""

import asyncio
from collections.abc import Hashable

from fastapi import APIRouter, Request, Response

from api.kept_pages import KeptPages, Page
from api.public_notice import known_notice, language_of, missing, page_of_notice
from api.visitor import Services
from pages.address_code import address_code
from pages.notice_poster import notice_poster
from pages.public_notice import notice_address
from pages.response_headers import file_headers

public = APIRouter(include_in_schema=False)
SET_AT_ONCE = asyncio.Semaphore(1)
"""Setting takes a processor for a moment, and readers of pages must not wait for it."""


@public.api_route("/{language}/notices/{notice_id}/code.svg", methods=["GET", "HEAD"])
async def code(request: Request, language: str, notice_id: str) -> Response:
    """The address of a notice as a code that a printed notice carries; the same for ever, and of nobody."""
    services: Services = request.app.state.services
    spoken, found = language_of(language), await known_notice(services, notice_id)
    if spoken is None or found is None:
        return missing(spoken or "en")
    drawn = address_code(f"{services.public_url.rstrip('/')}{notice_address(notice_id, spoken)}")
    sent = file_headers(spoken, f"notice-{notice_id}.svg", indexable=True) | {"Cache-Control": "public, max-age=86400"}
    return Response(drawn, headers=sent, media_type="image/svg+xml")


@public.api_route("/{language}/notices/{notice_id}/poster.pdf", methods=["GET", "HEAD"])
async def poster(request: Request, language: str, notice_id: str) -> Response:
    """The poster; the page that stands in its place when there is none."""
    services: Services = request.app.state.services
    spoken, found = language_of(language), await known_notice(services, notice_id)
    if spoken is None or found is None or found.gone is not None:
        return await page_of_notice(request, language, notice_id)

    async def mark() -> Hashable:
        return found.changed_at_position, found.today

    async def render() -> Page:
        async with SET_AT_ONCE:
            file = await asyncio.to_thread(notice_poster, found, spoken, public_url=services.public_url)
        sent = file_headers(spoken, f"notice-{notice_id}.pdf", indexable=found.indexable)
        return Page.of(file, {**sent, "Content-Type": "application/pdf"})

    kept: KeptPages = request.app.state.kept_posters
    return (await kept.page(request.url.path, mark, render)).answer(request)
