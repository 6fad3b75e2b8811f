"""The service itself on a loopback port, beside the browser's own loop, with what a test has put on record in it."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import pytest
import uvicorn

from runtime.embedded import Postgres
from tests.browser.conftest import CHROMIUM
from tests.conftest import fresh_database, settings_on
from tests.desk import Desk, open_desk

Told = TypeVar("Told")
Prepare = Callable[[Desk, str], Awaitable[Told]]
"""Puts on record what a test looks at, and tells of it; it is given the address of the service."""


async def _serve(
    postgres: Postgres,
    folder: Path,
    prepare: Prepare[Told],
    ready: "SimpleQueue[Told | Exception]",
    over: threading.Event,
) -> None:
    try:
        async with fresh_database(postgres) as database, open_desk(settings_on(database, folder)) as desk:
            with socket.create_server(("127.0.0.1", 0)) as door:
                told = await prepare(desk, f"http://127.0.0.1:{door.getsockname()[1]}")
                server = uvicorn.Server(uvicorn.Config(desk.app, lifespan="off", log_level="warning"))
                serving = asyncio.create_task(server.serve(sockets=[door]))
                ready.put(told)
                await asyncio.to_thread(over.wait)
                server.should_exit = True
                await serving
    except Exception as problem:
        ready.put(problem)
        raise


@contextmanager
def served(postgres: Postgres, folder: Path, prepare: Prepare[Told]) -> Iterator[Told]:
    """What `prepare` tells, while the service is up."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing")
    ready: SimpleQueue[Told | Exception] = SimpleQueue()
    over = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(postgres, folder, prepare, ready, over)))
    thread.start()
    found = ready.get(timeout=60)
    if isinstance(found, Exception):
        raise found
    try:
        yield found
    finally:  # a test that fails must not wait for ever for a service that nobody stops
        over.set()
        thread.join()
