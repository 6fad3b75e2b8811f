"""Opening, suspending, resuming and withdrawing a case over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import Field

from api.body import Body
from api.door import CASE_ID, Writes
from api.writing import API, writes
from domain.case_file import Post
from domain.case_opening import OpenCase, ResumeCase, SuspendCase, WithdrawCase
from domain.identity import CaseId, short_id

router = APIRouter(prefix=API, tags=["the case"])
CaseIdInPath = Annotated[CaseId, Path(pattern=f"^{CASE_ID}$", description="case id")]


class PostToFill(Body):
    """The office that is to be filled; only one open case at a time may fill it."""

    post_id: str = Field(min_length=1, max_length=120, description="your own id of the post, the same for ever")
    title: str = Field(min_length=1, max_length=300)
    unit: str = Field(min_length=1, max_length=300)
    rank: str = Field(min_length=1, max_length=60, description="id of one of the pack's ranks")
    vacancies: int = Field(1, ge=1, le=1000, description="how many such posts are filled from one list")
    vacant_on: date | None = Field(
        None, description="the day from which it is, or falls, vacant; some packs count from it"
    )


class CaseWanted(Body):
    """A case to open. The pack's newest adopted version is pinned."""

    pack: str = Field("standard", max_length=60, description="id of a policy pack")
    post: PostToFill
    jurisdiction: str | None = Field(None, max_length=20, description="one of the pack's; its first when left out")


@writes(
    router,
    "/cases",
    status_code=201,
    summary="Open a case",
    example={
        "pack": "standard",
        "post": {"post_id": "registry/head-clerk", "title": "Head Clerk", "unit": "Registry", "rank": "officer"},
    },
)
async def open_case(door: Writes, body: CaseWanted) -> Response:
    """Opens a case for one post. The same idempotency key always gives the same case id."""
    pack = await door.services.packs.latest(body.pack, door.services.clock(), body.jurisdiction)
    case_id = CaseId(short_id("case", str(door.command_id)))
    command = OpenCase(case_id=case_id, pack=pack, post=Post(**body.post.model_dump()), jurisdiction=body.jurisdiction)
    answer = await door.record(case_id, command, 201)
    answer.headers["Location"] = f"/api/v1/cases/{case_id}"
    return answer


@writes(
    router,
    "/cases/{case_id}/suspensions",
    summary="Let a case rest",
    example={"reason": "Waiting for the court's ruling in a related matter."},
)
async def suspend_case(door: Writes, case_id: CaseIdInPath, body: SuspendCase) -> Response:
    """Until it is resumed nothing in the case moves. The reason is sealed for supervision."""
    return await door.record(case_id, body)


@writes(router, "/cases/{case_id}/resumptions", summary="Take a case up again", example={})
async def resume_case(door: Writes, case_id: CaseIdInPath, body: ResumeCase) -> Response:
    """Duties get back the days that the case rested; a notice's days ran on."""
    return await door.record(case_id, body)


@writes(
    router,
    "/cases/{case_id}/withdrawals",
    summary="Give a case up",
    example={"reason": "The post was abolished by the reorganisation."},
)
async def withdraw_case(door: Writes, case_id: CaseIdInPath, body: WithdrawCase) -> Response:
    """Ends the case before anybody was appointed. The reason is sealed for supervision."""
    return await door.record(case_id, body)
