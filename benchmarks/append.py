"""Appending single events: the whole path of this log beside raw inserts and the `eventsourcing` library.

All subjects write to one server with `fsync` on, in turns, so that what else the machine does hits each alike.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import uvloop

from benchmarks.database import migrated_server
from benchmarks.results import OURS, Row, measured, not_measured
from domain.event import CommandId, PackReference, StreamId
from domain.identity import Actor, OfficerId, OrganId, Role
from domain.stage import StageCompleted
from eventstore.codec import Envelope, encode
from eventstore.postgres import PostgresEventStore
from eventstore.store import NOTHING_BEFORE, Append
from runtime.connections import open_pool
from runtime.embedded import DatabaseUrls

WORK = "append, single events"
UNIT = "events/s"
RAW = "raw insert"
PEER = "eventsourcing"
ENTRY_BYTES = 500

CLERK = Actor(officer=OfficerId("officer-0001"), organ=OrganId("personnel"), roles=(Role.PERSONNEL,))
PACK = PackReference("standard", 1, "0" * 64)

Write = Callable[[int], Awaitable[None]]
Subject = Callable[[float], Awaitable[float]]


async def bench_append(seconds: float = 3.0, writers: int = 32, runs: int = 3) -> list[Row]:
    """Events a second of each subject, every run of one next to a run of the others."""
    # The loop that the program's processes have; whoever measures may need a plain one to start programs in.
    return await asyncio.to_thread(uvloop.run, _side_by_side(seconds, writers, runs))


async def _side_by_side(seconds: float, writers: int, runs: int) -> list[Row]:
    with migrated_server() as server:
        urls = server.urls()
        async with AsyncExitStack() as stack:
            subjects = {
                OURS: await whole_append(urls, writers, stack),
                RAW: await _raw_insert(urls, writers, stack),
                **await asyncio.to_thread(_eventsourcing, urls, writers, stack),
            }
            rates: dict[str, list[float]] = {name: [] for name in subjects}
            for _ in range(runs):
                for name, run in subjects.items():
                    rates[name].append(await run(seconds))
    work = f"{WORK}, {writers} writers"
    rows = [measured(work, name, UNIT, values) for name, values in rates.items()]
    if find_spec("eventsourcing") is None or find_spec("psycopg") is None:
        rows.append(not_measured(work, PEER, UNIT, "not installed: needs the `bench` extra"))
    return rows


async def _together(write: Write, writers: int, seconds: float) -> float:
    """Writes a second of so many writers, each of which writes one thing after another."""
    deadline = time.perf_counter() + seconds

    async def keep_writing(place: int) -> int:
        done = 0
        while time.perf_counter() < deadline:
            await write(place)
            done += 1
        return done

    started = time.perf_counter()
    counts = await asyncio.gather(*(keep_writing(place) for place in range(writers)))
    return sum(counts) / (time.perf_counter() - started)


async def whole_append(urls: DatabaseUrls, writers: int, stack: AsyncExitStack) -> Subject:
    """From event objects: encoded, chained, with a command id each, each writer on a stream of its own."""
    pool = await open_pool(urls.database_url)
    stack.push_async_callback(pool.close)
    store = PostgresEventStore(pool)
    event = StageCompleted(stage="training_verification", completed_on=date(2026, 3, 2))
    heads: dict[int, tuple[int, bytes]] = dict.fromkeys(range(writers), (0, NOTHING_BEFORE))

    async def write(place: int) -> None:
        version, head = heads[place]
        stream, command = StreamId(f"appointment/writer{place:06}"), uuid4()
        envelope = Envelope(stream, datetime.now(UTC), CLERK, CommandId(str(command)), PACK)
        new, following = encode(event, envelope, version + 1, head, {})
        await store.append(Append(stream, version, head, command, command.bytes * 2, (new,)))
        heads[place] = version + 1, following

    return lambda seconds: _together(write, writers, seconds)


async def _raw_insert(urls: DatabaseUrls, writers: int, stack: AsyncExitStack) -> Subject:
    """One row a commit, a connection a writer; no version check, no hash, no command id."""
    pool = await open_pool(urls.database_owner_url, size=writers)
    stack.push_async_callback(pool.close)
    await pool.execute(
        "CREATE TABLE raw_event (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, "
        "version integer NOT NULL, type text NOT NULL, recorded_at timestamptz NOT NULL, entry bytea NOT NULL, "
        "UNIQUE (stream, version))"
    )
    connections = [await stack.enter_async_context(pool.acquire()) for _ in range(writers)]
    versions = [0] * writers
    insert = "INSERT INTO raw_event (stream, version, type, recorded_at, entry) VALUES ($1, $2, $3, $4, $5)"
    entry = b"x" * ENTRY_BYTES

    async def write(place: int) -> None:
        versions[place] += 1
        stream, now = f"appointment/writer{place:06}", datetime.now(UTC)
        await connections[place].execute(insert, stream, versions[place], "stage_completed", now, entry)

    return lambda seconds: _together(write, writers, seconds)


def _eventsourcing(urls: DatabaseUrls, writers: int, stack: AsyncExitStack) -> dict[str, Subject]:
    """From event objects too: the library's mapper, and its recorder with its SQL functions, its fastest way.

    One subject a number of threads, since more of them are not always faster there. It keeps no command id and no
    chain of hashes.
    """
    if find_spec("eventsourcing") is None or find_spec("psycopg") is None:
        return {}
    threads = sorted({min(8, writers), writers})
    return {f"{PEER}, {count} threads": _eventsourcing_threads(urls, count, stack) for count in threads}


@dataclass(frozen=True)
class PeerStageCompleted:
    """The same fact as an event of the library: what our entry says, in the shape that its mapper takes."""

    originator_id: UUID
    originator_version: int
    timestamp: str
    stage: str
    completed_on: str
    actor: dict[str, str]
    command: str
    pack: dict[str, str]
    previous: str


def _eventsourcing_threads(urls: DatabaseUrls, threads: int, stack: AsyncExitStack) -> Subject:
    from eventsourcing.persistence import InfrastructureFactory
    from eventsourcing.utils import Environment

    parts = urlsplit(urls.database_owner_url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.path.strip("/"),
        "POSTGRES_HOST": parse_qs(parts.query)["host"][0],
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": "trusted by the socket",
        "POSTGRES_POOL_SIZE": str(threads),
        "POSTGRES_ENABLE_DB_FUNCTIONS": "yes",
    }
    factory: Any = InfrastructureFactory.construct(Environment(f"peer{threads}", environment))
    stack.callback(factory.close)
    recorder, mapper = factory.application_recorder(), factory.mapper()
    streams: list[tuple[UUID, int]] = [(uuid4(), 0) for _ in range(threads)]
    actor = {"officer": CLERK.officer, "organ": CLERK.organ, "roles": CLERK.roles[0]}
    pack = {"id": PACK.id, "version": str(PACK.version), "digest": PACK.digest}

    def write(place: int) -> None:
        stream, version = streams[place]
        at, command = datetime.now(UTC).isoformat(), str(uuid4())
        event = PeerStageCompleted(
            stream, version + 1, at, "training_verification", "2026-03-02", actor, command, pack, "0" * 64
        )
        recorder.insert_events([mapper.to_stored_event(event)])
        streams[place] = stream, version + 1

    return lambda seconds: asyncio.to_thread(_threads_together, write, threads, seconds)


def _threads_together(write: Callable[[int], None], threads: int, seconds: float) -> float:
    deadline = time.perf_counter() + seconds
    counts = [0] * threads

    def keep_writing(place: int) -> None:
        while time.perf_counter() < deadline:
            write(place)
            counts[place] += 1

    started = time.perf_counter()
    with ExitStack() as running:
        for place in range(threads):
            thread = threading.Thread(target=keep_writing, args=(place,))
            thread.start()
            running.callback(thread.join)
    return sum(counts) / (time.perf_counter() - started)


if __name__ == "__main__":
    from rich.console import Console

    from benchmarks.results import as_table

    Console().print(as_table(asyncio.run(bench_append())))
