"""The pages of joint meetings: they hold nothing of any meeting, so they are open to everybody."""

import re

from fastapi import APIRouter, Request, Response

from api.joint_meeting import MEETING_ID
from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from pages.joint_meeting import joint_meeting_list_page, joint_meeting_page
from pages.response_headers import asking_headers

page = APIRouter(include_in_schema=False)


@page.api_route("/{language}/joint-meetings", methods=["GET", "HEAD"])
async def joint_meetings(request: Request, language: str) -> Response:
    """Where the meetings are asked for."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    if spoken is None:
        return missing("en")
    shown = joint_meeting_list_page(spoken, public_url=services.public_url)
    return Response(shown, headers=asking_headers(spoken), media_type=HTML)


@page.api_route("/{language}/joint-meetings/{meeting_id}", methods=["GET", "HEAD"])
async def joint_meeting(request: Request, language: str, meeting_id: str) -> Response:
    """The room in which one meeting is held."""
    services: Services = request.app.state.services
    spoken = language_of(language)
    if spoken is None or not re.fullmatch(MEETING_ID, meeting_id):
        return missing(spoken or "en")
    shown = joint_meeting_page(spoken, meeting_id, public_url=services.public_url)
    return Response(shown, headers=asking_headers(spoken), media_type=HTML)
