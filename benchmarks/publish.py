"""Publishing the log: how long new events wait for their checkpoint, and what that costs those who append."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import uvloop

from benchmarks.append import Subject, whole_append
from benchmarks.database import migrated_server
from benchmarks.results import OURS, Row, measured
from eventstore.postgres import PostgresEventStore
from eventstore.public_log import PublicLog
from eventstore.publishing import Publisher, SignerMemory
from eventstore.transparency.note import Signer
from runtime.connections import open_pool
from runtime.embedded import DatabaseUrls
from runtime.log_key import log_key_of, signers_in
from runtime.publisher_process import PUBLISHER_NICENESS

NEW = 10_000
EVERY_SECONDS = 2.0
"""How often the program publishes when the log grows: `checkpoint_seconds` as it is set by default."""


async def bench_publish(seconds: float = 3.0, writers: int = 32, runs: int = 3) -> list[Row]:
    """Seconds to publish 10,000 new events; and appends with a publisher at work beside appends without one."""
    return await asyncio.to_thread(uvloop.run, _both(seconds, writers, runs))


async def _both(seconds: float, writers: int, runs: int) -> list[Row]:
    alone: list[float] = []
    beside: list[float] = []
    published: list[float] = []
    with migrated_server() as server, tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            urls = server.urls()
            write = await whole_append(urls, writers, stack)
            log_key_of(Path(folder), "bench.example/log")
            for _ in range(runs):
                alone.append(await write(seconds))
                async with _publisher_at_work(urls, Path(folder)):
                    beside.append(await write(seconds))
                published.append(await _publish_new(urls, Path(folder), write))
    work = f"append, single events, {writers} writers"
    return [
        measured(f"publish {NEW:,} new events", OURS, "s", published),
        measured(work, "without a publisher", "events/s", alone),
        measured(work, "with one every two seconds", "events/s", beside),
    ]


async def _publish_new(urls: DatabaseUrls, folder: Path, write: Subject) -> float:
    """Seconds from the moment that so many events wait to the moment that anybody can read their checkpoint."""
    pool = await open_pool(urls.database_url)
    try:
        store = PostgresEventStore(pool)
        await _publish(store, folder)
        before = await store.size()
        while await store.size() < before + NEW:
            await write(0.2)
        began = time.perf_counter()
        size = await _publish(store, folder)
        return (time.perf_counter() - began) * NEW / (size - before)
    finally:
        await pool.close()


async def _publish(store: PostgresEventStore, folder: Path) -> int:
    signers: tuple[Signer, ...] = signers_in(folder)
    publisher = Publisher(store, PublicLog(folder / "log"), SignerMemory(folder), signers)
    note = await publisher.publish()
    await asyncio.to_thread(publisher.show, note, cosigned=False)
    return publisher.last().size


@asynccontextmanager
async def _publisher_at_work(urls: DatabaseUrls, folder: Path) -> AsyncIterator[None]:
    """A publisher in a process of its own, as the program runs it."""
    command = (sys.executable, "-m", "benchmarks.publish", urls.database_url, str(folder))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()  # it has published what was there before
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def _keep_publishing(url: str, folder: Path) -> None:
    os.nice(PUBLISHER_NICENESS)
    pool = await open_pool(url)
    while True:
        await _publish(PostgresEventStore(pool), folder)
        print("published", flush=True)
        await asyncio.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    uvloop.run(_keep_publishing(sys.argv[1], Path(sys.argv[2])))
