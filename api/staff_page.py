"""The pages for staff: they hold nothing of anybody, so they are open to everybody."""

import re
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from api.door import CASE_ID
from api.joint_meeting import MEETING_ID
from api.public_notice import HTML, language_of, missing
from api.visitor import Services
from pages.audit_trail import AUDIT_TRAIL, AUDIT_TRAIL_OF_A_CASE
from pages.explanation import EXPLANATION
from pages.joint_meeting import JOINT_MEETING, JOINT_MEETINGS
from pages.response_headers import asking_headers, headers
from pages.reviewer_record import MY_RECORD
from pages.staff_index import staff_index_page
from pages.staff_page import StaffPage
from pages.supervision import SUPERVISION
from pages.supervision_problem import PROBLEMS
from pages.training_standing import STANDING
from pages.trend_report import TRENDS
from pages.yearly_report import YEARLY_REPORTS

STAFF_PAGES = (
    EXPLANATION,
    AUDIT_TRAIL,
    AUDIT_TRAIL_OF_A_CASE,
    PROBLEMS,
    SUPERVISION,
    JOINT_MEETINGS,
    JOINT_MEETING,
    TRENDS,
    MY_RECORD,
    YEARLY_REPORTS,
)
NAMED = {"case_id": CASE_ID, "meeting_id": MEETING_ID}
"""What may be named in an address, and how it is written."""

page = APIRouter(include_in_schema=False)


def _sent(staff: StaffPage) -> Callable[[Request, str], Awaitable[Response]]:
    async def answer(request: Request, language: str) -> Response:
        services: Services = request.app.state.services
        named = {name: said for name, said in request.path_params.items() if name in NAMED}
        spoken = language_of(language)
        if spoken is None or not all(re.fullmatch(NAMED[name], said) for name, said in named.items()):
            return missing(spoken or "en")
        shown = staff.in_(spoken, public_url=services.public_url, **named)
        return Response(shown, headers=asking_headers(spoken), media_type=HTML)

    return answer


for _staff in STAFF_PAGES:
    page.add_api_route("/{language}" + _staff.path, _sent(_staff), methods=["GET", "HEAD"])


@page.api_route("/{language}/staff", methods=["GET", "HEAD"])
async def staff_index(request: Request, language: str) -> Response:
    """Every page for staff."""
    services: Services = request.app.state.services
    if (spoken := language_of(language)) is None:
        return missing("en")
    shown = staff_index_page([*STAFF_PAGES, STANDING], spoken, public_url=services.public_url)
    return Response(shown, headers=headers(spoken, names_people=False), media_type=HTML)
