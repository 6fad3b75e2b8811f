"""What is sealed in a case, for those who judge it and those who audit it. Each reading is on the log."""

from collections.abc import Iterable
from typing import Any

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.case_opening import CaseIdInPath
from api.problem import NotAllowed, NotFound
from api.visitor import Reads, Visitor
from api.writing import API
from domain.access import SealedPartsRead
from domain.appointment import LiveCase, case_stream, underlying
from domain.declaration import interests_of
from domain.event import Event, Recorded, StreamId
from domain.identity import Actor, CaseId, Role
from domain.pack import Pack
from domain.recusal import RECUSE
from eventstore.opening import opened

router = APIRouter(prefix=API, tags=["reading"])

AUDIENCES = {
    Role.SUPERVISION: ("supervision", "decision_body"),
    Role.DECISION_BODY: ("decision_body",),
    Role.AUDITOR: ("supervision", "decision_body"),
}
"""Whose sealed fields a role opens; the policies say first whether it may ask at all."""


class SealedStep(BaseModel):
    """The sealed fields of one event, opened."""

    position: int
    version: int
    type: str
    sealed: dict[str, Any]


class SealedCase(BaseModel):
    """What is sealed in a case, as far as the reader's role opens it."""

    case_id: str
    audiences: list[str] = Field(description="for whom the parts shown here were sealed")
    steps: list[SealedStep]


@router.get(
    "/cases/{case_id}/sealed",
    operation_id="read_confidential",
    summary="What is sealed in a case",
    responses=reads(SealedCase, "What you may open of it"),
)
async def read_confidential(visitor: Reads, case_id: CaseIdInPath) -> Response:
    """Particulars of candidates, grounds of objections, opinions and minutes, as far as your role opens them.

    Nobody reads it who stands in the case, opened it or nominated in it, or whose organ is consulted in it. The
    reading itself goes on the log before the answer does.
    """
    await visitor.may("read_confidential", f"case/{case_id}")
    stream = case_stream(case_id)
    stored = await visitor.services.store.read_stream(stream)
    if not stored:
        raise NotFound(f"There is no case “{case_id}”. The board at /api/v1/cases lists those that there are.")
    await _must_be_apart(visitor, case_id)
    audiences = audiences_of(visitor.actor.roles)
    await _note_reading(visitor, case_id, audiences, stored[-1].version)
    may_open = Opens(stream, audiences)
    rows = await opened(visitor.services.store, visitor.services.keys, stored, may_open)
    steps = [step for row in rows if (step := _step(row)) is not None]
    return Response(orjson.dumps({"case_id": case_id, "audiences": audiences, "steps": steps}), media_type=JSON)


def audiences_of(roles: Iterable[Role]) -> tuple[str, ...]:
    """The audiences whose sealed parts somebody with these roles opens."""
    return tuple(sorted({audience for role in roles for audience in AUDIENCES.get(role, ())}))


async def _must_be_apart(visitor: Visitor, case_id: CaseId) -> None:
    case = underlying((await visitor.services.recorder.load(case_stream(case_id))).case)
    if case is None:
        return
    involved = involvement(visitor.actor, case, await visitor.services.packs.get(case.pack))
    if involved is not None:
        rule, why = involved
        await visitor.note_attempt("read_confidential", f"case/{case_id}", (rule,))
        raise NotAllowed("read_confidential", why, (rule,))


def involvement(actor: Actor, case: LiveCase, pack: Pack) -> tuple[str, str] | None:
    """What makes a case a reader's own, and the sentence that says so."""
    if any(candidate.person in actor.hands for candidate in case.candidates.values()):
        return "house.nobody_reads_their_own_case", "You are a candidate in this case. Another officer must read it."
    if any(interests_of(case, officer).withdraws_under for officer in actor.hands):
        return RECUSE, "You have withdrawn from this case for a relation to a candidate. Another officer must read it."
    if case.run_by & actor.hands:
        why = "You opened this case or nominated in it. Somebody who did not run it must read it."
        return "house.nobody_reads_their_own_case", why
    # An auditor reads what was done, also by their own organ.
    if Role.AUDITOR not in actor.roles and actor.organ in {asked.organ for asked in pack.review.opinions}:
        why = f"{actor.organ} is asked for its own opinion in this case. Ask the organ that concludes the review."
        return "house.a_consulted_organ_reads_nothing_sealed", why
    return None


class Opens:
    """Which owners' parts a reader opens: their audiences' in this case, and the people who stand in it."""

    def __init__(self, stream: StreamId, audiences: Iterable[str]):
        self._owners = {f"{stream}#{audience}" for audience in audiences}

    def __call__(self, owner: str) -> bool:
        return owner in self._owners or owner.startswith("person/")


async def _note_reading(visitor: Visitor, case_id: CaseId, audiences: tuple[str, ...], version: int) -> None:
    officer = visitor.actor.officer
    reading = SealedPartsRead(officer=officer, case_id=case_id, audiences=audiences, up_to_version=version)
    await visitor.note_access(reading, case_id)


def _step(row: Recorded[Event]) -> dict[str, Any] | None:
    shown = row.event.model_dump(mode="json", include=set(type(row.event).sealed_fields), exclude_none=True)
    if not shown:
        return None
    return {"position": row.position, "version": row.version, "type": row.type, "sealed": shown}
