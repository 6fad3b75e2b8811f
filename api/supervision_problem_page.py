"""The page of the register of problems: it holds nothing of any problem, so it is open to everybody."""

from fastapi import APIRouter, Request, Response

from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from pages.response_headers import asking_headers
from pages.supervision_problem import problems_page

page = APIRouter(include_in_schema=False)


@page.api_route("/{language}/problems", methods=["GET", "HEAD"])
async def register_of_problems(request: Request, language: str) -> Response:
    """Where the register is asked for."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    if spoken is None:
        return missing("en")
    return Response(
        problems_page(spoken, public_url=services.public_url), headers=asking_headers(spoken), media_type=HTML
    )
