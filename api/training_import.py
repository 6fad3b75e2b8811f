"""Files of training records over HTTP: signed by the school, taken in line by line, and who vouched for one."""

import base64
from collections import Counter
from functools import partial
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Header, Query, Request, Response

from api.batch_running import NOT_NOW
from api.door import Door
from api.import_door import IMPORTS, Imports, body_of, file_of, import_id_of, streamed
from api.import_running import FileImport
from api.school_key import keys_of
from api.training_record import RecordedTraining, terms_of
from api.writing import API
from domain.identity import PersonId
from domain.school_key import SchoolKey
from domain.training_import import ImportTraining, TrainingImportCompleted, signed_statement, training_import_stream
from domain.training_import import import_training as decide_import
from domain.training_record import RecordTraining
from domain.training_record import record_training as decide_record
from eventstore.keys import keyed_id
from eventstore.noting import note
from eventstore.stream_recording import Wish, record_in_stream
from eventstore.training_import import TrainingImport

router = APIRouter(prefix=API, tags=["training"])
SIGNATURE = r"^[0-9a-f]{16}:[A-Za-z0-9+/]{86}==$"
EXAMPLE = (
    "person,number,title,kind,method,began_on,ended_on,hours,attended_hours,score,passed\r\n"
    "staff-4711,2026/112,Administrative law,in_service,off_job,2026-01-12,2026-01-23,70,64,84,yes\r\n"
)


@router.post(
    "/training-imports",
    operation_id="import_training",
    summary="Put a file of training records on record",
    responses=IMPORTS,
    openapi_extra=body_of("import_training", EXAMPLE),
    response_model=None,
)
async def import_training(
    request: Request,
    door: Imports,
    pack: Annotated[str, Query(max_length=80, description="the pack whose kinds and methods are meant")] = "standard",
    signature: Annotated[
        str | None,
        Header(
            alias="Investiture-Signature",
            pattern=SIGNATURE,
            description="key id, colon, Ed25519 signature as base64 over three lines: `investiture training import`, "
            "`pack PACK`, `sha256 DIGEST`; a dry run may do without",
        ),
    ] = None,
) -> Response:
    """One line, one training of one person, decided as its single route would; a wrong line never stops the others.

    CSV (UTF-8 or GB18030), the first sheet of an XLSX workbook, or JSON Lines; signed with a key that the school has
    registered. The report comes line by line while the file is being taken in. Sending it again records what is
    missing and nothing twice.
    """
    digest, header, lines = await file_of(request, "import_training")
    import_id = import_id_of(door.services.keys, digest)
    reference, terms = await terms_of(door, pack)
    key_id, _, signed = (signature or "").partition(":")
    command = ImportTraining(
        pack=pack, lines=len(lines), sha256=digest, key_id=key_id or None, signature=signed or None
    )
    if signature or not door.dry_run:
        await _receive(door, import_id, command)
    actor, at = door.visitor.actor, door.services.clock()
    decide = partial(decide_record, actor=actor, at=at, terms=terms)
    imported = TrainingImport(import_id, actor, at, decide, reference, door.dry_run)
    complete = partial(_complete, door, import_id, command)
    return streamed(FileImport(door, imported, command.name(), header, lines, RecordedTraining, _recording, complete))


def _recording(person: PersonId, body: RecordedTraining) -> RecordTraining:
    # The body has passed every check of the command already; a second time would be a tenth of the whole import.
    return RecordTraining.model_construct(person_id=person, record=body.record)


async def _receive(door: Door, import_id: str, command: ImportTraining) -> None:
    """It is on the log that the file came and which key signed it, unless it is only tried.

    The key is asked about each time: one that was revoked after a first try lets no second one pass.
    """
    services, actor, stream = door.services, door.visitor.actor, training_import_stream(import_id)
    async with door.deciding(command.name(), "training-files"):
        keys = await keys_of(services, actor.organ)
        events = decide_import(import_id, keys, command, actor=actor, genuine=partial(_genuine, command))
        command_id = keyed_id(services.keys, "training import", stream, actor.organ, command.pack, str(command.key_id))
        wish = Wish(stream, command, actor, command_id, services.clock(), dry_run=door.dry_run)
        await record_in_stream(services.store, services.keys, wish, lambda _: events)


def _genuine(command: ImportTraining, key: SchoolKey) -> bool:
    signature, signed = base64.b64decode(command.signature or ""), signed_statement(command.pack, command.sha256)
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


async def _complete(door: Door, import_id: str, command: ImportTraining, counts: Counter[str]) -> bool:
    services, actor, stream = door.services, door.visitor.actor, training_import_stream(import_id)
    event = TrainingImportCompleted(
        import_id=import_id,
        organ=actor.organ,
        on_file=counts["recorded"] + counts["repeated"],
        refused=counts["refused"],
        invalid=counts["invalid"],
    )
    told_apart = (actor.organ, command.pack, str(event.on_file), str(event.refused), str(event.invalid))
    command_id = keyed_id(services.keys, "training import completed", stream, *told_apart)
    try:
        at = services.clock()
        await note(services.store, services.keys, stream, event, actor=actor, command_id=command_id, at=at)
    except NOT_NOW:
        return False
    return True
