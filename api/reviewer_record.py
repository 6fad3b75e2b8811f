"""The personal record of whoever reviews or runs cases, for themselves alone: no address and no body names anybody."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.listing import AfterPosition, caught_up
from api.visitor import Reads
from api.writing import API
from projections.reviewer_record import READ_FROM, reviewer_record

router = APIRouter(prefix=API, tags=["duties and supervision"])


class ActsShown(BaseModel):
    """How often one thing was done."""

    type: str = Field(description="a type of event")
    acts: int
    first_at: datetime
    last_at: datetime
    page: dict[str, str] = Field(description="where the audit trail shows each of them, by language")


class DueShown(BaseModel):
    """What waits for an act."""

    what: str = Field(
        description="stage, objection, opinion, query, clock, make_up_training, query_asked, hold_placed, "
        "problem_to_mend, remedy_to_judge or request_to_answer"
    )
    id: str
    case_id: str | None
    began_on: date
    due_on: date | None
    own: bool = Field(description="false: it waits for any officer of your role or organ")
    age_days: int
    late_days: int


class MissedShown(BaseModel):
    """A day that passed without the act; it stays counted, done later or not."""

    what: str
    id: str
    case_id: str | None
    due_on: date | None
    done_on: date | None
    own: bool = Field(description="false: it was your role's or organ's, and nobody had taken it up")


class ReviewerRecordShown(BaseModel):
    """What you did, what waits for you, and what you let pass."""

    officer: str
    organ: str
    acts: list[ActsShown]
    due: list[DueShown] = Field(description="what is due first comes first; 500 at most")
    missed: list[MissedShown] = Field(description="the latest first; 500 at most")


@router.get(
    "/reviewer-record",
    operation_id="read_reviewer_record",
    summary="Your own record: done, due, let pass",
    responses=reads(ReviewerRecordShown, "The record of whoever asks"),
)
async def read_reviewer_record(visitor: Reads, after_position: AfterPosition = None) -> Response:
    """Counts of your acts, your duties and your organ's with their age, and each day that passed in silence."""
    await visitor.may("read_reviewer_record", "duties")
    await caught_up(visitor, READ_FROM, after_position)
    services, actor = visitor.services, visitor.actor
    found, today = await reviewer_record(services.pool, actor), services.clock().astimezone(UTC).date()
    body = {
        "officer": actor.officer,
        "organ": actor.organ,
        "acts": [
            asdict(each)
            | {"page": {lang: f"/{lang}/audit?officer={actor.officer}&type={each.type}" for lang in ("en", "zh")}}
            for each in found.acts
        ],
        "due": [
            asdict(each)
            | {
                "age_days": max(0, (today - each.began_on).days),
                "late_days": max(0, (today - each.due_on).days) if each.due_on else 0,
            }
            for each in found.due
        ],
        "missed": [asdict(each) for each in found.missed],
    }
    return Response(orjson.dumps(body), media_type=JSON)
