"""The public page of the indices: every survey that was counted, and the ones that are to come."""

from fastapi import APIRouter, Request, Response

from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from pages.response_headers import headers
from pages.survey_index import survey_index_page
from projections.survey import index_series, surveys_page

public = APIRouter(include_in_schema=False)
LATEST = 20


@public.api_route("/{language}/index", methods=["GET", "HEAD"])
async def show_index(request: Request, language: str) -> Response:
    """The series of each unit, with n, N, weights and intervals."""
    if (spoken := language_of(language)) is None:
        return missing("en")
    services: Services = request.app.state.services
    series = await index_series(services.pool)
    latest = await surveys_page(services.pool, limit=LATEST)
    page = survey_index_page(series, latest, spoken, today=services.clock().date(), public_url=services.public_url)
    return Response(page, headers=headers(spoken, names_people=False), media_type=HTML)
