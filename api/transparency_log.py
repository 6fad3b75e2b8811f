"""The public log over HTTP: its tiles and checkpoints as they are, and a proof of any entry.

Nothing here needs a token: entries say nothing of what is personal or confidential but its hash.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, Path, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import JSON
from api.case_opening import CaseIdInPath
from api.listing import LARGEST_POSITION
from api.problem import NotFound, NotPublishedYet
from api.visitor import Services
from domain.appointment import case_stream
from domain.event import StreamId
from eventstore.public_log import CHECKPOINT, COSIGNED, KEYS, STATUS, PublicLog
from eventstore.transparency.checkpoint import Checkpoint, Policy
from eventstore.transparency.note import BadSignature, Note, UnreadableKey, UnreadableNote
from eventstore.transparency.proof_file import Proof
from pages.log_alarm import log_alarm
from pages.transparency_log import Cosigned, LogNow

router = APIRouter(prefix="/log", include_in_schema=False)

TEXT = "text/plain; charset=utf-8"
SHORT = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
FOR_EVER = SHORT | {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass
class LogStanding:
    """What the publisher last said of the log, read from its folder whenever that has changed."""

    _written_at: int = 0
    _said: dict[str, Any] = field(default_factory=dict)

    def of(self, public: PublicLog) -> dict[str, Any]:
        """The publisher's last status; empty before it has begun."""
        try:
            if (written_at := (public.folder / STATUS).stat().st_mtime_ns) != self._written_at:
                self._said, self._written_at = orjson.loads(public.fetch(STATUS)), written_at
        except FileNotFoundError:
            return {}
        return self._said


class AlarmOnPages:
    """While the public log cannot be vouched for, every page says so."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            log_alarm.set(alarm_of(scope["app"]))
        await self._app(scope, receive, send)


def alarm_of(app: FastAPI) -> str | None:
    """The code of the alarm that stands, when one does."""
    services: Services | None = getattr(app.state, "services", None)
    return alarm_in(app.state.log_standing.of(services.public_log)) if services else None


def alarm_in(said: dict[str, Any]) -> str | None:
    """The code of the alarm that a publisher's status tells of, when one stands."""
    alarm = said.get("alarm")
    return str(alarm["code"]) if alarm else None


async def log_now(app: FastAPI) -> LogNow | None:
    """How the log stands by its own files; nothing before they can be read."""
    services: Services = app.state.services
    said = app.state.log_standing.of(services.public_log)
    try:
        return await asyncio.to_thread(_log_now, services.public_log, said)
    except (UnreadableNote, UnreadableKey, BadSignature):
        return None


def _log_now(public: PublicLog, said: dict[str, Any]) -> LogNow | None:
    note = public.note(CHECKPOINT)
    if note is None:
        return None
    try:
        keys = Policy.parse(public.fetch(KEYS).decode())
    except FileNotFoundError:
        keys = None
    cosigned = public.note(COSIGNED)
    return LogNow(
        signed=Checkpoint.parse(note.text),
        cosigned=_cosigned(cosigned, keys) if cosigned and keys else None,
        keys=keys,
        alarm=said["alarm"]["code"] if said.get("alarm") else None,
        alarm_since=_instant(said.get("alarm_since")),
        looked_at=_instant(said.get("looked_at")),
    )


def _cosigned(note: Note, keys: Policy) -> Cosigned | None:
    found = note.signed_by(keys.witnesses)
    if not found:
        return None
    at = datetime.fromtimestamp(max(signature.signed_at for _, signature in found), UTC)
    return Cosigned(Checkpoint.parse(note.text), tuple(dict.fromkeys(key.name for key, _ in found)), at)


def _instant(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


@router.get("/checkpoint")
async def read_checkpoint(request: Request) -> Response:
    """A signed note (C2SP tlog-checkpoint): the log's name, its size, its root."""
    return await _file(request, CHECKPOINT, TEXT, SHORT)


@router.get("/cosigned")
async def read_cosigned_checkpoint(request: Request) -> Response:
    """The newest one under which the supervision organ's witness stands too."""
    return await _file(request, COSIGNED, TEXT, SHORT)


@router.get("/keys")
async def read_log_keys(request: Request) -> Response:
    """Lines `log KEY` and `witness KEY`. Whoever does not trust this host has them from the two departments."""
    return await _file(request, KEYS, TEXT, SHORT)


@router.get("/status")
async def read_log_status(request: Request) -> Response:
    """Sizes signed and cosigned, and the alarm when there is one."""
    return await _file(request, STATUS, JSON, SHORT)


@router.get("/tile/{path:path}")
async def read_tile(request: Request, path: Annotated[str, Path(description="as C2SP tlog-tiles has it")]) -> Response:
    """256 hashes a tile; under `entries/`, what they are hashes of, each behind its length."""
    return await _file(request, f"tile/{path}", "application/octet-stream", FOR_EVER)


@router.get("/timestamps/{name}")
async def read_timestamp(request: Request, name: str) -> Response:
    """A checkpoint that an RFC 3161 authority has stamped, or, under the same name and `.tsr`, its token."""
    return await _file(request, f"timestamps/{name}", "application/octet-stream", FOR_EVER)


@router.get("/proof/{position}")
async def read_proof(
    request: Request, position: Annotated[int, Path(ge=0, le=LARGEST_POSITION, description="position in the log")]
) -> Response:
    """A `.tlog-proof` file with the entry in it, to be checked offline: `investiture verify FILE`."""
    services: Services = request.app.state.services
    stored = await services.store.read_log(position - 1, 1)
    if not stored:
        raise NotFound(f"The log has no event at {position}.")
    return await _proof(services, position, [stored[0].entry], f"event-{position}")


@router.get("/proof/cases/{case_id}")
async def read_case_proof(request: Request, case_id: CaseIdInPath) -> Response:
    """All entries of the case in one `.tlog-proof`: each names the hash before it, and the last one is proved."""
    services: Services = request.app.state.services
    return await proof_of_stream(services, case_stream(case_id), f"case-{case_id}")


async def proof_of_stream(services: Services, stream: StreamId, name: str) -> Response:
    """The proof of a stream as far as it is published.

    Refuses: NotFound, NotPublishedYet.
    """
    note = proving(services.public_log)
    size = Checkpoint.parse(note.text).size
    stored = [row for row in await services.store.read_stream(stream) if row.position < size]
    if not stored:
        raise NotFound("Nothing of this is in the published log.")
    return await _proof(services, stored[-1].position, [row.entry for row in stored], name)


def proving(public: PublicLog) -> Note:
    """The checkpoint that proofs end at: the newest cosigned one, or the newest signed one where nobody cosigns.

    Refuses: NotPublishedYet.
    """
    note = latest_checkpoint(public)
    if note is None:
        raise NotPublishedYet("No checkpoint was published yet. Ask again in a few seconds.")
    return note


def latest_checkpoint(public: PublicLog) -> Note | None:
    """The newest cosigned checkpoint, or the newest signed one where nobody cosigns; None before the first."""
    return public.note(COSIGNED) or public.note(CHECKPOINT)


async def proof_of(services: Services, position: int, entries: list[bytes]) -> Proof:
    """The proof of entries of which each names the one before it, and the last stands at a position.

    Refuses: NotPublishedYet.
    """
    note = proving(services.public_log)
    checkpoint = Checkpoint.parse(note.text)
    if position >= checkpoint.size:
        raise NotPublishedYet(
            f"The event at {position} is recorded, and the newest checkpoint is for {checkpoint.size} events. "
            "Ask again in a few seconds."
        )
    hashes = await asyncio.to_thread(services.public_log.at(checkpoint).inclusion, position)
    # An entry holds no newline, so the lines are the entries.
    return Proof(position, tuple(hashes), note, b"\n".join(entries))


async def _proof(services: Services, position: int, entries: list[bytes], name: str) -> Response:
    proof = await proof_of(services, position, entries)
    told = SHORT | {"Content-Disposition": f'attachment; filename="{name}.tlog-proof"'}
    return Response(bytes(proof), media_type=TEXT, headers=told)


async def _file(request: Request, path: str, media_type: str, headers: dict[str, str]) -> Response:
    services: Services = request.app.state.services
    try:
        content = await asyncio.to_thread(services.public_log.fetch, path)
    except FileNotFoundError:
        raise NotFound(f"The public log has no file “{path}”.") from None
    return Response(content, media_type=media_type, headers=headers)
