"""The page of the public log, and its verifier as one file."""

from fastapi import APIRouter, Request, Response

from api.public_notice import HTML, language_of, missing
from api.transparency_log import log_now
from api.visitor import Services
from pages.response_headers import checking_headers, whole_file_headers
from pages.transparency_log import FILE_POLICY, transparency_log_page, verifier_file

public = APIRouter(include_in_schema=False)


@public.api_route("/{language}/log", methods=["GET", "HEAD"])
async def log_page(request: Request, language: str) -> Response:
    """What the public log is, how it stands, and a verifier."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    page = transparency_log_page(await log_now(request.app), spoken, public_url=services.public_url)
    return Response(page, headers=checking_headers(spoken), media_type=HTML)


@public.api_route("/{language}/log/verifier.html", methods=["GET", "HEAD"])
async def verifier(request: Request, language: str) -> Response:
    """The verifier, to be kept on a disk; the keys of this log are in it."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    page = verifier_file(await log_now(request.app), spoken, public_url=services.public_url)
    return Response(page, headers=whole_file_headers(spoken, FILE_POLICY), media_type=HTML)
