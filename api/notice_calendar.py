"""The last day of a notice as a calendar file, for anybody."""

from fastapi import APIRouter, Request, Response

from api.public_notice import known_notice, language_of, missing
from api.visitor import Services
from pages.notice_calendar import MEDIA_TYPE, notice_calendar
from pages.response_headers import file_headers

public = APIRouter(include_in_schema=False)


@public.api_route("/{language}/notices/{notice_id}.ics", methods=["GET", "HEAD"])
async def calendar_file(request: Request, language: str, notice_id: str) -> Response:
    """It names nobody, so that it is still there when the notice has done its work."""
    services: Services = request.app.state.services
    spoken, found = language_of(language), await known_notice(services, notice_id)
    if spoken is None or found is None:
        return missing(spoken or "en")
    file = notice_calendar(found, spoken, public_url=services.public_url)
    sent = file_headers(spoken, f"notice-{notice_id}.ics", indexable=found.indexable)
    return Response(file, headers=sent, media_type=MEDIA_TYPE)
