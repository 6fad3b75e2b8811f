"""The pages of the audit trail: they hold nothing of any case, so they are open to everybody."""

import re

from fastapi import APIRouter, Request, Response

from api.door import CASE_ID
from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from pages.audit_trail import audit_page
from pages.response_headers import asking_headers

page = APIRouter(include_in_schema=False)


@page.api_route("/{language}/audit", methods=["GET", "HEAD"])
async def audit_trail_of_the_log(request: Request, language: str) -> Response:
    """Where the trail of the whole log is asked for."""
    return _page(request, language, None)


@page.api_route("/{language}/audit/cases/{case_id}", methods=["GET", "HEAD"])
async def audit_trail_of_a_case(request: Request, language: str, case_id: str) -> Response:
    """Where the trail of one case is asked for."""
    return _page(request, language, case_id)


def _page(request: Request, language: str, case_id: str | None) -> Response:
    services: Services = request.app.state.services
    spoken = language_of(language)
    if spoken is None or (case_id is not None and not re.fullmatch(CASE_ID, case_id)):
        return missing(spoken or "en")
    shown = audit_page(spoken, public_url=services.public_url, case_id=case_id)
    return Response(shown, headers=asking_headers(spoken), media_type=HTML)
