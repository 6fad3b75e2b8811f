"""Keys of schools over HTTP: registering the public half of one, revoking it, and reading those that there are."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads, writes_of
from api.command_answer import KeptAnswer
from api.door import Door, Writes
from api.visitor import Reads, Services
from api.writing import API, writes
from domain.event import Event
from domain.identity import OrganId
from domain.school_key import (
    RegisterSchoolKey,
    RevokeSchoolKey,
    SchoolKeyRegistered,
    SchoolKeyRevoked,
    SchoolKeys,
    fold_school_keys,
    key_id_of,
    pem_of,
    public_key_of,
    school_key_stream,
)
from domain.school_key import register_school_key as decide_registration
from domain.school_key import revoke_school_key as decide_revocation
from eventstore.codec import decode
from eventstore.stream_recording import Wish, record_in_stream

router = APIRouter(prefix=API, tags=["training"])
reading = APIRouter(prefix=API, tags=["training"])
EXAMPLE_PEM = pem_of(bytes(range(32)))


class SchoolKeyShown(BaseModel):
    """A key of a school."""

    key_id: str
    public_key: str = Field(description="PEM")
    registered_at: datetime
    revoked_at: datetime | None = None
    reason: str | None = None


class SchoolKeysShown(BaseModel):
    """The keys of one school, those that were revoked among them."""

    organ: str
    keys: list[SchoolKeyShown]


@writes(
    router,
    "/school-keys",
    status_code=201,
    summary="Register a key of the school",
    example={"public_key": EXAMPLE_PEM},
    answers=writes_of(KeptAnswer),
)
async def register_school_key(door: Writes, body: RegisterSchoolKey) -> Response:
    """The public half of an Ed25519 pair, as openssl writes it. The school keeps the private half and signs with it."""
    key_id = key_id_of(public_key_of(body.public_key))
    actor = door.visitor.actor
    return await _recorded(door, body, key_id, lambda keys: decide_registration(keys, body, actor=actor), 201)


@writes(
    router,
    "/school-key-revocations",
    summary="Revoke a key of the school",
    example={"key_id": key_id_of(bytes(range(32))), "reason": "lost"},
    answers=writes_of(KeptAnswer),
)
async def revoke_school_key(door: Writes, body: RevokeSchoolKey) -> Response:
    """For good. Nothing more is taken that it signs; what was taken stays on record, and still names it."""
    actor = door.visitor.actor
    return await _recorded(door, body, body.key_id, lambda keys: decide_revocation(keys, body, actor=actor), 200)


async def _recorded(
    door: Door,
    command: RegisterSchoolKey | RevokeSchoolKey,
    key_id: str,
    decide: Callable[[SchoolKeys], list[Event]],
    status: int,
) -> Response:
    organ, services = door.visitor.actor.organ, door.services
    wish = Wish(
        school_key_stream(organ),
        command,
        door.visitor.actor,
        door.command_id,
        services.clock(),
        None,
        door.if_version,
        door.dry_run,
    )
    async with door.deciding(command.name(), "training-files"):
        kept = await record_in_stream(
            services.store, services.keys, wish, lambda events: decide(fold_school_keys(organ, events))
        )
    return door.kept(kept, {"key_id": key_id}, status)


@reading.get(
    "/school-keys/{organ}",
    operation_id="read_school_keys",
    summary="The keys of a school",
    responses=reads(SchoolKeysShown, "Its keys, those that were revoked among them"),
)
async def read_school_keys(
    visitor: Reads, organ: Annotated[str, Path(max_length=120, description="organ of the school")]
) -> Response:
    """With them anybody who has a file and its signature can check the one against the other."""
    await visitor.may("read_school_keys", "training-files")
    shown: dict[str, SchoolKeyShown] = {}
    for stored in await visitor.services.store.read_stream(school_key_stream(OrganId(organ))):
        match decode(stored).event:
            case SchoolKeyRegistered() as event:
                (key,) = fold_school_keys(event.organ, [event]).by_id.values()
                shown[key.id] = SchoolKeyShown(
                    key_id=key.id, public_key=pem_of(key.public_key), registered_at=stored.recorded_at
                )
            case SchoolKeyRevoked() as event:
                shown[event.key_id].revoked_at, shown[event.key_id].reason = stored.recorded_at, event.reason
    keys = SchoolKeysShown(organ=organ, keys=list(shown.values()))
    return Response(orjson.dumps(keys.model_dump(mode="json")), media_type=JSON)


async def keys_of(services: Services, organ: OrganId) -> SchoolKeys:
    """The keys of a school as the log has them now."""
    stored = await services.store.read_stream(school_key_stream(organ))
    return fold_school_keys(organ, [decode(row).event for row in stored])
