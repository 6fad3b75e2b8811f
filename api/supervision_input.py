"""What reaches supervision over HTTP: recorded with its labels, verified, dismissed, referred, and read."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.body import Body
from api.command_answer import KeptAnswer
from api.door import CASE_ID, Door, Writes
from api.listing import LatestFirst, NextCursor, caught_up
from api.problem import NotAllowed, NotFound
from api.training_act import record_act
from api.visitor import Reads, Visitor
from api.writing import API, writes
from domain.access import SupervisionInputRead
from domain.command import Command
from domain.event import Event, Recorded
from domain.identity import Role, short_id
from domain.supervision_input import (
    INPUTS,
    SEALED,
    DismissInput,
    InputRecorded,
    InputStatus,
    Labels,
    RecordInput,
    ReferInput,
    Secrecy,
    VerifyInput,
    fold_input,
    supervision_input_stream,
)
from domain.supervision_problem import Subject
from eventstore.codec import is_destroyed
from eventstore.opening import opened
from projections.supervision_channel import InputRow, inputs_page

router = APIRouter(prefix=API, tags=["supervising together"])
InputIdInPath = Annotated[str, Path(pattern=f"^{CASE_ID}$", description="input id")]
BEHIND = ("supervision_channel",)
UNLABELLED = {"membership": None, "voice": None, "source": None}


class InputOf(Body):
    """An input. `person` is what the identity provider knows them by; it is turned into a pseudonym."""

    labels: Labels
    subject: Subject | None = None
    person: str | None = Field(None, min_length=1, max_length=200, description="whom it is about")
    text: str = Field(min_length=10, max_length=8000, description=SEALED)
    secrecy: Secrecy = Secrecy.ORDINARY


class InputShown(BaseModel):
    """An input in the list. Labels are for supervision and auditors; of a restricted item there are none."""

    input_id: str
    secrecy: str
    status: str
    organ: str
    recorded_on: date
    settled_on: date | None
    membership: str | None
    voice: str | None
    source: str | None
    is_open_to_you: bool = Field(description="whether you may read what it says")
    position: int


class Inputs(BaseModel):
    """Inputs, the latest first."""

    inputs: list[InputShown]
    next_cursor: NextCursor


class InputStep(BaseModel):
    position: int
    type: str
    recorded_at: datetime
    officer: str
    organ: str
    what: dict[str, Any]
    destroyed: bool = Field(description="what was sealed in it went when somebody was forgotten")


class InputRead(BaseModel):
    """One input with everything that was said of it."""

    input_id: str
    secrecy: str
    status: str
    is_lead: bool = Field(description="it shows nothing until it is verified")
    steps: list[InputStep]


@writes(
    router,
    "/supervision-inputs",
    status_code=201,
    summary="Take down what has reached supervision",
    example={
        "labels": {"membership": "non_party", "voice": "petitions", "source": "system"},
        "subject": {"kind": "unit", "id": "Registry"},
        "text": "Three letters of this year were issued on the day of the decision.",
    },
    answers=writes_of(KeptAnswer),
)
async def record_input(door: Writes, body: InputOf) -> Response:
    """With its labels on three axes. What was seen in public opinion is a lead, and so is a restricted item: neither
    is evidence until another officer has verified it.
    """
    person = await door.person(body.person) if body.person else None
    command = RecordInput(
        person_id=person, **{name: getattr(body, name) for name in ("labels", "subject", "text", "secrecy")}
    )
    return await _record(door, short_id("supervision_input", str(door.command_id)), command, 201)


@writes(
    router,
    "/supervision-inputs/{input_id}/verifications",
    summary="Verify an input",
    example={"verified_with": "The register of letters, pages 11 to 14, read on 4 March."},
    answers=writes_of(KeptAnswer),
)
async def verify_input(door: Writes, input_id: InputIdInPath, body: VerifyInput) -> Response:
    """By another officer than the one who took it down; from then on it may be cited as evidence."""
    return await _record(door, input_id, body)


@writes(
    router,
    "/supervision-inputs/{input_id}/dismissals",
    summary="Dismiss an input",
    example={"reason": "The letters are of another registry, which was closed in 2021."},
    answers=writes_of(KeptAnswer),
)
async def dismiss_input(door: Writes, input_id: InputIdInPath, body: DismissInput) -> Response:
    """By another officer than the one who took it down, with the reason."""
    return await _record(door, input_id, body)


@writes(
    router,
    "/supervision-inputs/{input_id}/referrals",
    summary="Refer an input",
    example={"to": "audit-office", "remarks": "It is about an account of theirs."},
    answers=writes_of(KeptAnswer),
)
async def refer_input(door: Writes, input_id: InputIdInPath, body: ReferInput) -> Response:
    """To the organ whose matter it is; it stays open here until it is verified or dismissed."""
    return await _record(door, input_id, body)


async def _record(door: Door, input_id: str, command: Command, status: int = 200) -> Response:
    actor = door.visitor.actor

    def decided(events: Any) -> list[Event]:
        return INPUTS[type(command)](fold_input(events), command, actor, input_id)

    stream = supervision_input_stream(input_id)
    return await record_act(door, stream, command, decided, {"input_id": input_id}, status=status)


@router.get(
    "/supervision-inputs",
    operation_id="read_supervision_inputs",
    summary="What has reached supervision",
    responses=reads(Inputs, "A page of inputs"),
)
async def read_supervision_inputs(
    visitor: Reads,
    page: Annotated[LatestFirst, Depends()],
    status: Annotated[InputStatus | None, Query(description="only those that have come so far")] = None,
) -> Response:
    """The latest first. A restricted item is shown to everybody by its status alone; personnel and the deciding body
    see as little of the others.
    """
    await visitor.may("read_supervision_inputs", "supervision-inputs")
    await caught_up(visitor, BEHIND, page.after_position)
    rows = await inputs_page(visitor.services.pool, status=status, before=page.before, limit=page.limit)
    return page.answer("inputs", [_shown(visitor, row) for row in rows], [row.position for row in rows])


def _shown(visitor: Visitor, row: InputRow) -> dict[str, Any]:
    supervises = _supervises(visitor)
    labelled = supervises or visitor.claims.roles == {Role.AUDITOR}
    is_open = supervises and (row.secrecy == Secrecy.ORDINARY or row.organ == visitor.actor.organ)
    return asdict(row) | ({} if labelled else UNLABELLED) | {"is_open_to_you": is_open}


def _supervises(visitor: Visitor) -> bool:
    """Whether somebody acts for supervision, and for nobody who is supervised."""
    return Role.SUPERVISION in visitor.claims.roles and not visitor.claims.roles & {
        Role.PERSONNEL,
        Role.SCHOOL,
        Role.DECISION_BODY,
    }


@router.get(
    "/supervision-inputs/{input_id}",
    operation_id="read_supervision_input",
    summary="One input, with what is sealed in it",
    responses=reads(InputRead, "The input"),
)
async def read_supervision_input(visitor: Reads, input_id: InputIdInPath) -> Response:
    """For supervision; a restricted item for the organ that recorded it. Whom it is about does not read it, and the
    reading goes on the log first.
    """
    await visitor.may("read_supervision_input", "supervision-inputs")
    services = visitor.services
    stored = await services.store.read_stream(supervision_input_stream(input_id))
    rows = await opened(services.store, services.keys, stored)
    found = fold_input(row.event for row in rows)
    if found is None:
        raise NotFound(f"There is no input “{input_id}”. Those that there are stand at /api/v1/supervision-inputs.")
    await _must_be_open(visitor, input_id, rows)
    noted = SupervisionInputRead(officer=visitor.actor.officer, input_id=input_id)
    await visitor.note_access(noted, input_id)
    body = {
        "input_id": input_id,
        "secrecy": found.secrecy,
        "status": found.status,
        "is_lead": found.is_lead,
        "steps": [_step(row) for row in rows],
    }
    return Response(orjson.dumps(body), media_type=JSON, headers={"ETag": f'"{stored[-1].version}"'})


async def _must_be_open(visitor: Visitor, input_id: str, rows: list[Recorded[Event]]) -> None:
    found = fold_input(row.event for row in rows)
    about = {row.event.person_id for row in rows if isinstance(row.event, InputRecorded)}
    if found is not None and found.open_to(visitor.actor) and not about & visitor.actor.hands:
        return
    rule = "house.a_restricted_item_is_for_its_organ_alone"
    why = "This is a restricted item of another organ, or is about you; you see its status in the list alone."
    await visitor.note_attempt("read_supervision_input", f"supervision_input/{input_id}", (rule,))
    raise NotAllowed("read_supervision_input", why, (rule,))


def _step(row: Recorded[Event]) -> dict[str, Any]:
    return {
        "position": row.position,
        "type": row.type,
        "recorded_at": row.recorded_at,
        "officer": row.actor.officer,
        "organ": row.actor.organ,
        "what": row.event.model_dump(mode="json", exclude_none=True),
        "destroyed": is_destroyed(row),
    }
