"""The witness as a process: its door for the log that asks for cosignatures, and its look at the log by itself."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note
from eventstore.transparency.witness import AddCheckpoint, Answer, Witness
from runtime.witness_alarms import Alarms, Kind
from runtime.witness_folder import WitnessFolder, WitnessUnusable
from runtime.witness_following import Follower
from runtime.witness_reading import Seen
from runtime.witness_status import standing_alarms, status

LONGEST_BODY = 256 * 1024
MOST_CONNECTIONS = 100

Beside = Callable[[], contextlib.AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Memory:
    """The largest tree that the witness knows to be sound, whether it was asked about it or has read it itself.

    A cosignature says that nothing larger was seen, so what was read counts like what was cosigned.
    """

    folder: WitnessFolder

    def last(self, origin: str) -> Note | None:
        """The last checkpoint that the next one must extend. Refuses: WitnessUnusable."""
        cosigned, seen = self.folder.last(origin), Seen.of(self.folder.of(origin))
        if cosigned is None or seen is None:
            return cosigned or (seen.note if seen else None)
        return seen.note if seen.front.size > Checkpoint.parse(cosigned.text).size else cosigned

    def remember(self, origin: str, note: Note) -> None:
        """Keeps a checkpoint, durably, before anybody hears of it."""
        self.folder.remember(origin, note)


@dataclass
class Door:
    """Answers whoever asks for a cosignature, one after the other."""

    folder: WitnessFolder
    alarms: Alarms
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _one_at_a_time: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._signer = self.folder.signer()
        self._answered = Counter(
            "investiture_witness_answers", "Requests for a cosignature, by answer", ["status"], registry=self.registry
        )

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosigns or says why not; what was cosigned is on the disk before anybody hears of it."""
        with self._one_at_a_time:
            try:
                witness = Witness(self._signer, self.folder.logs(), Memory(self.folder))
                answer = witness.add_checkpoint(body, int(time.time()))
                self._judge(witness, body, answer)
            except (OSError, WitnessUnusable) as problem:
                answer = Answer(503, f"The witness cannot keep what it sees, so it cosigns nothing. {problem}\n")
        self._answered.labels(answer.status).inc()
        return answer

    def _judge(self, witness: Witness, body: bytes, answer: Answer) -> None:
        """What an answer says of the log. Only what a trusted key has signed is held against a log."""
        if answer.status not in (200, 409, 422):
            return
        asked = AddCheckpoint.parse(body)
        found = Checkpoint.parse(asked.checkpoint.text)
        last = witness.memory.last(found.origin)
        if answer.status == 200:
            self.alarms.over(found.origin, {Kind.UNPROVED})
        elif last is not None and contradict(Checkpoint.parse(last.text), found):
            self.alarms.sound(found.origin, Kind.FORK, two_pasts(found.size), last, asked.checkpoint)
        elif answer.status == 422:
            what = f"Asked to cosign {found.size} entries, without proof that they go on from what was cosigned last."
            self.alarms.sound(found.origin, Kind.UNPROVED, what, *([last] if last else []), asked.checkpoint)


def contradict(one: Checkpoint, other: Checkpoint) -> bool:
    """Whether two checkpoints of a log cannot both be true, as their sizes alone show."""
    return one.size == other.size and one.root != other.root


def two_pasts(size: int) -> str:
    """What a fork is."""
    return f"The log's key has signed two different pasts of {size} entries."


def beside(logs: Sequence[Follower], every_seconds: float) -> Beside:
    """The logs are followed for as long as the door is open."""

    @contextlib.asynccontextmanager
    async def followed() -> AsyncIterator[None]:
        following = [asyncio.create_task(log.run(every_seconds)) for log in logs]
        try:
            yield
        finally:
            for one in following:
                one.cancel()
            await asyncio.gather(*following, return_exceptions=True)

    return followed


def witness_app(door: Door, following: Beside = contextlib.nullcontext) -> Starlette:
    """The door as HTTP has it, and how the witness stands, for people and for their tools."""

    async def add_checkpoint(request: Request) -> Response:
        body = b""
        try:
            async for part in request.stream():
                body += part
                if len(body) > LONGEST_BODY:
                    return PlainTextResponse(f"A request has {LONGEST_BODY} bytes at most.\n", 413)
        except ClientDisconnect:
            return Response(status_code=400)
        answer = await run_in_threadpool(door.add_checkpoint, body)
        # As a header, because a media type would be given a charset that the protocol does not have.
        return Response(answer.body, answer.status, headers={"content-type": answer.media_type})

    async def stands(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(status, door.folder, time.time()))

    async def healthy(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def metrics(request: Request) -> Response:
        return Response(await run_in_threadpool(_metrics, door), media_type=CONTENT_TYPE_LATEST)

    async def unusable(request: Request, problem: Exception) -> Response:
        return PlainTextResponse(f"{problem}\n", 503)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with following():
            yield

    routes = [
        Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
        Route("/status", stands),
        Route("/healthz", healthy),
        Route("/metrics", metrics),
    ]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={WitnessUnusable: unusable})


def _metrics(door: Door) -> bytes:
    now = CollectorRegistry()
    size = Gauge("investiture_witness_log_size", "Entries of a log", ["log", "as"], registry=now)
    alarms = Gauge("investiture_witness_alarms", "Alarms that stand", ["log", "kind"], registry=now)
    for log in status(door.folder, time.time())["logs"]:
        for known in ("cosigned", "read"):
            if log[known] is not None:
                size.labels(log["origin"], known).set(log[known]["size"])
        for kind in Kind:
            alarms.labels(log["origin"], kind).set(0)
    for alarm in standing_alarms(door.folder, time.time()):
        alarms.labels(alarm.log, alarm.kind).inc()
    return generate_latest(door.registry) + generate_latest(now)


def listening(host: str, port: int) -> socket.socket:
    """A socket at that address. Refuses: WitnessUnusable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except PermissionError:
        raise WitnessUnusable(f"Port {port} is reserved for root; choose one above 1023 with --port.") from None
    except OSError as problem:
        raise WitnessUnusable(
            f"{host}:{port} cannot be listened on: {problem.strerror}. Choose another --port."
        ) from None


async def serve(app: Starlette, door: socket.socket) -> None:
    """Answers until told to stop."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=5,
        proxy_headers=False,
        server_header=False,
    )
    await uvicorn.Server(config).serve(sockets=[door])
