"""A database for a while, beside the code that needs it, whatever loop that code has."""

import asyncio
import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

from runtime.embedded import Postgres, prepared_postgres
from runtime.migrate import KEY_MIGRATIONS, LOG_MIGRATIONS, migrate
from runtime.supervisor import supervised

START_SECONDS = 120
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Of memory that a scratch server asks for. Units: bytes."""


@contextmanager
def migrated_server(*, durable: bool = True) -> Iterator[Postgres]:
    """A server in a temporary folder, with the log and the key store migrated; gone after the block."""
    started: Future[Postgres] = Future()
    finished = threading.Event()
    # A thread with a plain loop of its own: uvloop cannot start a program under another account, and
    # the kernel ends the server together with the thread that started it.
    keeper = threading.Thread(target=lambda: asyncio.run(_keep(started, finished, durable)), name="database")
    keeper.start()
    try:
        yield started.result(START_SECONDS)
    finally:
        finished.set()
        keeper.join()


async def _keep(started: "Future[Postgres]", finished: threading.Event, durable: bool) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, dir=None if durable else _in_memory()) as folder:
        try:
            async with supervised(Path(folder) / "logs", lambda sentence: None) as supervisor:
                server = await prepared_postgres(Path(folder), supervisor)
                await supervisor.start(server.server(durable=durable))
                await server.create_databases()
                await migrate(server.urls().database_owner_url, LOG_MIGRATIONS)
                await migrate(server.urls().keys_url, KEY_MIGRATIONS)
                started.set_result(server)
                await asyncio.to_thread(finished.wait)
        except Exception as problem:
            if started.done():
                raise
            started.set_exception(problem)


def _in_memory() -> Path | None:
    """Where a server rests that need not be durable: a new database is some hundred files, which disks make slowly."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(MEMORY).free >= ROOM and os.access(MEMORY, os.W_OK):
            return MEMORY
    return None
