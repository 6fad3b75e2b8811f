"""The front page of the gazette and the search of its notices, for anybody."""

from collections.abc import Hashable, Mapping
from datetime import UTC

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.kept_pages import Page, kept_pages
from api.public_notice import HTML, both_lists, language_of, missing
from api.regime import regimes_in_force
from api.visitor import Services
from domain.law import Language
from domain.notice_filter import NoticeFilter
from pages.log_alarm import log_alarm
from pages.notice_list import front_page, list_address, notice_list_page, unreadable_search_page
from pages.response_headers import search_headers
from projections.notice_list import find_notices, is_cursor, last_change

public = APIRouter(include_in_schema=False)
NOTICES_A_PAGE = 50
QUARTER_OF_AN_HOUR = 900
"""In seconds: nowhere does a day begin between two of them, and what the day decides must not be late."""


@public.api_route("/{language}/", methods=["GET", "HEAD"])
async def front(request: Request, language: str) -> Response:
    """What closes soon, is open, is to come, and closed last."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")

    async def mark() -> Hashable:
        return await last_change(services.pool), int(services.clock().timestamp()) // QUARTER_OF_AN_HOUR

    async def render() -> Page:
        standing, ended = await both_lists(services)
        today = services.clock().astimezone(UTC).date()
        page = front_page([*standing, *ended], spoken, today=today, public_url=services.public_url)
        return Page.of(page, search_headers(spoken, asked=False))

    address = f"{request.url.path} {log_alarm.get()}"
    return (await kept_pages(request).page(address, mark, render)).answer(request)


@public.api_route("/{language}/notices", methods=["GET", "HEAD"])
async def notice_list(request: Request, language: str) -> Response:
    """The notices that a reader asked for; what a form leaves empty does not stay in the address."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    sent = dict(request.query_params)
    after = sent.pop("after", None)
    typed = {name: said.strip() for name, said in sent.items() if name in NoticeFilter.model_fields and said.strip()}
    if after is not None and not is_cursor(after):
        return missing(spoken)
    try:
        wanted = NoticeFilter.model_validate(typed)
    except ValidationError as problem:
        return await _unreadable(services, typed, problem, spoken)
    if sent != typed:
        return RedirectResponse(list_address(wanted, spoken, after), status_code=307)
    found = await find_notices(services.pool, wanted, services.clock(), after=after, limit=NOTICES_A_PAGE)
    places = await _places(services)
    page = notice_list_page(found, wanted, spoken, places=places, public_url=services.public_url, after=after)
    return Response(page, headers=search_headers(spoken, asked=bool(typed)), media_type=HTML)


async def _unreadable(
    services: Services, typed: Mapping[str, str], problem: ValidationError, spoken: Language
) -> Response:
    fields = {str(found["loc"][0]) for found in problem.errors(include_input=False, include_url=False)}
    page = unreadable_search_page(typed, fields, spoken, places=await _places(services))
    return Response(page, 422, search_headers(spoken, asked=True), HTML)


async def _places(services: Services) -> set[str]:
    """The jurisdictions of the regimes under which cases are opened here."""
    return {place.id for regime in await regimes_in_force(services) for place in regime.pack.jurisdictions}
