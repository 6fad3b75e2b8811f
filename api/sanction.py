"""Recording a sanction over HTTP; what it brings back follows by itself."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from api.answers import writes_of
from api.body import Body
from api.command_answer import KeptAnswer
from api.door import Writes
from api.writing import API, writes
from domain.identity import short_id
from domain.sanction import RecordSanction, sanction_stream
from domain.sanction import record_sanction as decided
from domain.supervision_rules import Severity
from eventstore.stream_recording import Wish, record_in_stream

router = APIRouter(prefix=API, tags=["inquiries"])


class SanctionOf(Body):
    """A sanction. `person` is what the identity provider knows them by; it is turned into a pseudonym."""

    person: str = Field(min_length=1, max_length=200)
    severity: Severity
    wrongdoing_from_on: date = Field(description="first day of the wrongdoing")
    decided_on: date
    grounds: str = Field(min_length=10, max_length=8000, description="sealed for supervision")


@writes(
    router,
    "/sanctions",
    status_code=201,
    summary="Record a sanction",
    example={
        "person": "staff-4711",
        "severity": "dismissal",
        "wrongdoing_from_on": "2024-05-01",
        "decided_on": "2026-10-12",
        "grounds": "Payments of a supplier from May 2024 on.",
    },
    answers=writes_of(KeptAnswer),
)
async def record_sanction(door: Writes, body: SanctionOf) -> Response:
    """If the wrongdoing began before an appointment of theirs, an inquiry into that case opens by itself."""
    person = await door.person(body.person)
    command = RecordSanction(person_id=person, **body.model_dump(exclude={"person"}))
    sanction_id = short_id("sanction", str(door.command_id))
    actor, at = door.visitor.actor, door.services.clock()
    wish = Wish(sanction_stream(sanction_id), command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), f"sanction/{sanction_id}"):
        kept = await record_in_stream(
            door.services.store,
            door.services.keys,
            wish,
            lambda _: decided(sanction_id, command, actor=actor, at=at),
        )
    return door.kept(kept, {"sanction_id": sanction_id}, 201)
