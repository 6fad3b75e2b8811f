"""Who vouched for a file of training records, for whoever has the file: asked by digest, answered with proof."""

from datetime import datetime

import orjson
from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.body import Body
from api.import_door import import_id_of
from api.problem import NotFound
from api.school_key import keys_of
from api.visitor import Reads, Visitor
from api.writing import API
from domain.school_key import pem_of
from domain.training_import import TrainingImportReceived, training_import_stream
from eventstore.opening import opened

router = APIRouter(prefix=API, tags=["training"])


class FileAsked(Body):
    """A file, by what only whoever has it can tell."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the file, byte for byte")


class ReceiptShown(BaseModel):
    """That a file came, and who vouched for it. The signature verifies with the public key over pack and digest."""

    organ: str
    officer: str
    received_at: datetime
    pack: str
    lines: int
    key_id: str
    public_key: str = Field(description="PEM")
    signature: str = Field(
        description="Ed25519, base64, over three lines: `investiture training import`, `pack PACK`, `sha256 DIGEST`"
    )
    key_revoked: str | None = Field(description="why the key was revoked since, if it was")
    position: int


class ReceiptsShown(BaseModel):
    """Every time that a file came under another signature."""

    import_id: str
    sha256: str
    receipts: list[ReceiptShown]


@router.post(
    "/training-import-receipts",
    operation_id="read_training_import",
    summary="Who vouched for a file of training records",
    responses=reads(ReceiptsShown, "Who sent it, signed with which key"),
    openapi_extra={"requestBody": {"content": {"application/json": {"example": {"sha256": "5e" * 32}}}}},
)
async def read_training_import(visitor: Reads, body: FileAsked) -> Response:
    """With the file, the signature and the public key anybody can verify it, also where this service is not asked."""
    await visitor.may("read_training_import", "training-files")
    import_id = import_id_of(visitor.services.keys, body.sha256)
    receipts = await _receipts(visitor, import_id, body.sha256)
    if not receipts:
        raise NotFound("No file with this digest was taken in. Check that it is the file that was sent, byte for byte.")
    shown = ReceiptsShown(import_id=import_id, sha256=body.sha256, receipts=receipts)
    return Response(orjson.dumps(shown.model_dump(mode="json")), media_type=JSON)


async def _receipts(visitor: Visitor, import_id: str, sha256: str) -> list[ReceiptShown]:
    services = visitor.services
    stored = await services.store.read_stream(training_import_stream(import_id))
    found: list[ReceiptShown] = []
    for recorded in await opened(services.store, services.keys, stored):
        event = recorded.event
        if not isinstance(event, TrainingImportReceived) or event.sha256 != sha256 or event.signature is None:
            continue
        key = (await keys_of(services, event.organ)).by_id[event.key_id]
        receipt = ReceiptShown(
            organ=event.organ,
            officer=recorded.actor.officer,
            received_at=recorded.recorded_at,
            pack=event.pack_id,
            lines=event.lines,
            key_id=key.id,
            public_key=pem_of(key.public_key),
            signature=event.signature,
            key_revoked=key.revoked,
            position=recorded.position,
        )
        found.append(receipt)
    return found
