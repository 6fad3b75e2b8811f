"""What is sealed in a case, for those who judge it and those who audit it. Each reading is on the log."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid5

import orjson
from fastapi import APIRouter, Response

from api.answers import SealedCase, reads
from api.case_opening import CaseIdInPath
from api.door import JSON, KEYS, Reads, Visitor
from api.problem import NotFound
from api.writing import API
from domain.access import SealedPartsRead, access_stream
from domain.appointment import case_stream
from domain.event import Event, Recorded, StreamId
from domain.identity import CaseId, Role
from eventstore.noting import note
from eventstore.opening import opened

router = APIRouter(prefix=API, tags=["reading"])

AUDIENCES = {
    Role.SUPERVISION: ("supervision",),
    Role.DECISION_BODY: ("decision_body",),
    Role.AUDITOR: ("supervision", "decision_body"),
}
"""Whose sealed fields a role opens; the policies say first whether it may ask at all."""


@router.get(
    "/cases/{case_id}/sealed",
    operation_id="read_confidential",
    summary="What is sealed in a case",
    responses=reads(SealedCase, "What you may open of it"),
)
async def read_confidential(visitor: Reads, case_id: CaseIdInPath) -> Response:
    """Particulars of candidates, grounds of objections, opinions and minutes, as far as your role opens them.

    The reading itself goes on the log before the answer does.
    """
    await visitor.may("read_confidential", f"case/{case_id}")
    stream = case_stream(case_id)
    stored = await visitor.services.store.read_stream(stream)
    if not stored:
        raise NotFound(f"There is no case “{case_id}”. The board at /api/v1/cases lists those that there are.")
    audiences = _audiences(visitor.actor.roles)
    await _note_reading(visitor, case_id, audiences, stored[-1].version)
    may_open = _Opens(stream, audiences)
    rows = await opened(visitor.services.store, visitor.services.keys, stored, may_open)
    steps = [step for row in rows if (step := _step(row)) is not None]
    return Response(orjson.dumps({"case_id": case_id, "audiences": audiences, "steps": steps}), media_type=JSON)


def _audiences(roles: Iterable[Role]) -> tuple[str, ...]:
    return tuple(sorted({audience for role in roles for audience in AUDIENCES.get(role, ())}))


class _Opens:
    """Which owners' parts a reader opens: their audiences' in this case, and the people who stand in it."""

    def __init__(self, stream: StreamId, audiences: Iterable[str]):
        self._owners = {f"{stream}#{audience}" for audience in audiences}

    def __call__(self, owner: str) -> bool:
        return owner in self._owners or owner.startswith("person/")


async def _note_reading(visitor: Visitor, case_id: CaseId, audiences: tuple[str, ...], version: int) -> None:
    at = visitor.services.clock()
    officer = visitor.actor.officer
    reading = SealedPartsRead(officer=officer, case_id=case_id, audiences=audiences, up_to_version=version)
    await note(
        visitor.services.store,
        visitor.services.keys,
        access_stream(officer),
        reading,
        actor=visitor.actor,
        command_id=uuid5(KEYS, f"sealed/{officer}/{case_id}/{at.isoformat()}"),
        at=at,
    )


def _step(row: Recorded[Event]) -> dict[str, Any] | None:
    shown = row.event.model_dump(mode="json", include=set(type(row.event).sealed_fields), exclude_none=True)
    if not shown:
        return None
    return {"position": row.position, "version": row.version, "type": row.type, "sealed": shown}
