"""The personal record of whoever reviews or runs cases: one's own, and another's for supervision and auditors.

No address names anybody; who another officer is stands in a body, and that their record was read is on the log.
"""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.audit_trail import closed_to
from api.listing import AfterPosition, caught_up
from api.person_named import PersonNamed
from api.problem import NotFound
from api.visitor import Reads, Visitor
from api.writing import API
from domain.access import ReviewerRecordRead
from domain.identity import Actor, OfficerId
from domain.law import Text
from projections.reviewer_record import (
    READ_FROM,
    Due,
    Missed,
    ReviewerRecord,
    known_officer,
    reviewer_record,
    titles_of,
)

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
        "problem_to_mend, remedy_to_judge, request_to_answer or point"
    )
    id: str
    title: Text | None = Field(description="what the case's pack calls it; none for what no pack has a name for")
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
    title: Text | None = Field(description="what the case's pack calls it; none for what no pack has a name for")
    case_id: str | None
    due_on: date | None
    done_on: date | None
    own: bool = Field(description="false: it was your role's or organ's, and nobody had taken it up")


class ReviewerRecordShown(BaseModel):
    """What you did, what waits for you, and what you let pass."""

    officer: str
    organ: str
    acts: list[ActsShown]
    due: list[DueShown] = Field(
        description="what is due first comes first; 500 at most, and 500 supervision points, which are due when their "
        "stage is completed"
    )
    missed: list[MissedShown] = Field(
        description="the latest first; 500 at most, and 500 supervision points whose stage was completed before "
        "anybody attended them"
    )


class AnothersRecordShown(ReviewerRecordShown):
    """The record of another officer. Their duties are those of the roles in which they acted last."""

    name: str | None
    roles: list[str]


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
    found = await reviewer_record(visitor.services.pool, visitor.actor)
    return Response(orjson.dumps(await _shown(visitor, visitor.actor, found)), media_type=JSON)


@router.post(
    "/reviewer-records",
    operation_id="read_reviewer_record_of",
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"person": "staff-2301"}}}}},
    summary="The record of another officer",
    responses=reads(AnothersRecordShown, "The record of the officer who is named"),
)
async def read_reviewer_record_of(visitor: Reads, body: PersonNamed, after_position: AfterPosition = None) -> Response:
    """What an officer did, what waits for them, and what they let pass; that you read it is on the log.

    For supervision and auditors: whoever watches must be able to see who is silent.
    """
    await visitor.may("read_reviewer_record_of", "reviewer-records")
    officer = OfficerId(await body.to_read_of(visitor))
    await caught_up(visitor, READ_FROM, after_position)
    known = await known_officer(visitor.services.pool, officer)
    if known is None:
        raise NotFound("Nobody of that name has acted here. Check it against the audit trail, which shows who has.")
    await visitor.note_access(ReviewerRecordRead(officer=visitor.actor.officer, of_officer=officer), officer)
    found = await reviewer_record(visitor.services.pool, known.actor, closed=closed_to(visitor))
    whose = {"name": known.name, "roles": known.actor.roles}
    return Response(orjson.dumps(await _shown(visitor, known.actor, found) | whose), media_type=JSON)


async def _shown(visitor: Visitor, whose: Actor, found: ReviewerRecord) -> dict[str, Any]:
    today = visitor.services.clock().astimezone(UTC).date()
    titles = await titles_of(visitor.services.pool, visitor.services.packs, found)

    def titled(each: Due | Missed) -> dict[str, Any]:
        title = titles.get((each.case_id, each.id)) if each.case_id else None
        return asdict(each) | {"title": title and title.model_dump()}

    return {
        "officer": whose.officer,
        "organ": whose.organ,
        "acts": [
            asdict(each)
            | {"page": {lang: f"/{lang}/audit?officer={whose.officer}&type={each.type}" for lang in ("en", "zh")}}
            for each in found.acts
        ],
        "due": [
            titled(each)
            | {
                "age_days": max(0, (today - each.began_on).days),
                "late_days": max(0, (today - each.due_on).days) if each.due_on else 0,
            }
            for each in found.due
        ],
        "missed": [titled(each) for each in found.missed],
    }
