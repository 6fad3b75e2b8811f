"""The page of those who supervise together: it holds nothing of anybody, so it is open to everybody."""

from fastapi import APIRouter, Request, Response

from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from pages.response_headers import asking_headers
from pages.supervision import supervision_page

page = APIRouter(include_in_schema=False)


@page.api_route("/{language}/supervision", methods=["GET", "HEAD"])
async def supervision_in_a_language(request: Request, language: str) -> Response:
    """Where inputs, the report by channel and one's own department's notes are asked for."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    if spoken is None:
        return missing("en")
    shown = supervision_page(spoken, public_url=services.public_url)
    return Response(shown, headers=asking_headers(spoken), media_type=HTML)
