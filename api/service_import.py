"""Files of the in-service register over HTTP: where many people serve, line by line."""

from collections import Counter
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from api.batch_file import FileNotATable
from api.door import Door
from api.import_door import IMPORTS, Imports, body_of, file_of, import_id_of, streamed
from api.import_file import UnreadLine
from api.import_running import FileImport
from api.in_service import ServiceOf, rank_check
from api.writing import API
from domain.event import Event
from domain.identity import PersonId
from domain.in_service import RegisterService, register_service
from domain.refusal import Refusal
from domain.service_import import ImportServices, service_import_stream
from domain.service_import import import_services as decide_import
from domain.training_file import TrainingFile
from eventstore.keys import keyed_id
from eventstore.stream_recording import Wish, record_in_stream
from eventstore.training_import import TrainingImport

router = APIRouter(prefix=API, tags=["training"])
EXAMPLE = "person,unit,pack,rank,since_on\r\nstaff-4711,Registry,standard,officer,2024-09-01\r\n"
MOST_PACKS = 20
RankCheck = Callable[[str], None]


@router.post(
    "/service-imports",
    operation_id="import_services",
    summary="Register from a file where many people serve",
    responses=IMPORTS,
    openapi_extra=body_of("import_services", EXAMPLE),
    response_model=None,
)
async def import_services(request: Request, door: Imports) -> Response:
    """One line, one registration, decided as its single route would; a wrong line never stops the others.

    CSV, XLSX or JSON Lines, one line a person: where they serve now. Sending it again records what is missing and
    nothing twice.
    """
    digest, header, lines = await file_of(request, "import_services")
    packs = {header.raw(line, "pack") or "standard" for line in lines if not isinstance(line, UnreadLine)}
    if len(packs) > MOST_PACKS:
        raise FileNotATable(
            f"The file names {len(packs)} packs, and one file takes {MOST_PACKS}. Check its column `pack`.",
            field="file",
        )
    checks = {pack: await _rank_check(door, pack) for pack in packs}
    import_id = import_id_of(door.services.keys, digest)
    await _receive(door, import_id, ImportServices(lines=len(lines)))
    actor, at = door.visitor.actor, door.services.clock()

    def decide(file: TrainingFile, command: RegisterService) -> list[Event]:
        checks[command.pack](command.rank)
        return register_service(file, command, actor=actor, at=at)

    imported = TrainingImport(import_id, actor, at, decide, dry_run=door.dry_run)
    return streamed(
        FileImport(door, imported, ImportServices.name(), header, lines, ServiceOf, _registering, _nothing_more)
    )


def _registering(person: PersonId, body: ServiceOf) -> RegisterService:
    return RegisterService(person_id=person, **body.model_dump(exclude={"person", "person_id"}))


async def _receive(door: Door, import_id: str, command: ImportServices) -> None:
    services, actor, stream = door.services, door.visitor.actor, service_import_stream(import_id)
    async with door.deciding(command.name(), "training-files"):
        events = decide_import(import_id, command, actor=actor)
        command_id = keyed_id(services.keys, "service import", stream, actor.organ)
        wish = Wish(stream, command, actor, command_id, services.clock(), dry_run=door.dry_run)
        await record_in_stream(services.store, services.keys, wish, lambda _: events)


async def _rank_check(door: Door, pack: str) -> RankCheck:
    """What to ask of the ranks of a pack; a pack that is not there refuses each line that names it."""
    try:
        return await rank_check(door, pack)
    except Refusal as unknown:
        refusal = unknown

    def refuses(rank: str) -> None:
        raise refusal

    return refuses


async def _nothing_more(counts: Counter[str]) -> bool:
    return True
