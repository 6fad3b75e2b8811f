"""Saved searches of the audit trail over HTTP: a filter under a title, an officer's own or their organ's."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.audit_trail import Searched
from api.body import Body
from api.command_answer import KeptAnswer
from api.door import Writes
from api.visitor import Reads
from api.writing import API, writes
from domain.audit_trail import (
    RemoveAuditSearch,
    SaveAuditSearch,
    TrailFilter,
    audit_search_stream,
    fold_searches,
)
from domain.audit_trail import remove_audit_search as removed
from domain.audit_trail import save_audit_search as saved
from domain.identity import short_id
from eventstore.opening import opened
from eventstore.stream_recording import Wish, record_in_stream

router = APIRouter(prefix=API, tags=["audit trail"])


class SearchToSave(Body):
    """A filter, and the title to keep it under. The title is sealed with the key of whoever keeps it."""

    title: str = Field(min_length=1, max_length=120)
    search: Searched
    shared: bool = Field(False, description="for everybody of your organ")


class SearchShown(BaseModel):
    search_id: str
    title: str | None = Field(description="null once its keeper was forgotten")
    shared: bool
    own: bool
    search: TrailFilter
    address: str = Field(description="the filter as the query of an address")


class Searches(BaseModel):
    """The searches that an officer finds in their list."""

    searches: list[SearchShown]


@writes(
    router,
    "/audit-searches",
    status_code=201,
    summary="Save a search of the audit trail",
    example={"title": "Deviations of this year", "search": {"deviations": True, "since": "2026-01-01"}, "shared": True},
    answers=writes_of(KeptAnswer),
)
async def save_audit_search(door: Writes, body: SearchToSave) -> Response:
    """The filter is the same as that of the address, the list and the export."""
    search_id = short_id("audit search", str(door.command_id))
    actor, at = door.visitor.actor, door.services.clock()
    command = SaveAuditSearch(title=body.title, search=body.search.asked(), shared=body.shared)
    stream = audit_search_stream(actor.organ)
    wish = Wish(stream, command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "audit-searches"):
        kept = await record_in_stream(
            door.services.store, door.services.keys, wish, lambda said: saved(search_id, said, command, actor=actor)
        )
    return door.kept(kept, {"search_id": search_id}, 201)


@writes(
    router,
    "/audit-searches/{search_id}/removals",
    summary="Remove a saved search",
    example={},
    answers=writes_of(KeptAnswer),
)
async def remove_audit_search(
    door: Writes, search_id: Annotated[str, Path(pattern="^[0-9a-z]{12}$")], body: Body
) -> Response:
    """Whoever saved it removes it; that it was there stays on the log."""
    command, actor = RemoveAuditSearch(search_id=search_id), door.visitor.actor
    stream, at = audit_search_stream(actor.organ), door.services.clock()
    wish = Wish(stream, command, actor, door.command_id, at, None, door.if_version, door.dry_run)
    async with door.deciding(command.name(), "audit-searches"):
        kept = await record_in_stream(
            door.services.store, door.services.keys, wish, lambda said: removed(said, command, actor=actor)
        )
    return door.kept(kept, {"search_id": search_id}, 200)


@router.get(
    "/audit-searches",
    operation_id="read_audit_searches",
    summary="Saved searches of the audit trail",
    responses=reads(Searches, "Your own, and those that are shared within your organ"),
)
async def read_audit_searches(visitor: Reads) -> Response:
    """Read from the log itself, so that one which was just saved is there."""
    await visitor.may("read_audit_searches", "audit-searches")
    services, actor = visitor.services, visitor.actor
    stored = await services.store.read_stream(audit_search_stream(actor.organ))
    kept = fold_searches(found.event for found in await opened(services.store, services.keys, stored))
    searches = [
        {
            "search_id": found.search_id,
            "title": found.title,
            "shared": found.shared,
            "own": found.officer == actor.officer,
            "search": found.search.model_dump(mode="json", exclude_defaults=True),
            "address": found.search.in_address(),
        }
        for found in kept.values()
        if found.read_by(actor)
    ]
    return Response(orjson.dumps({"searches": searches}), media_type=JSON)
