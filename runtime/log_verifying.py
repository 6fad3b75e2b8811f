"""Verifying the whole log on every core: processes take stretches of it, and this one joins what they found."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

from eventstore.raw_log import PostgresRawLog
from eventstore.verifying import STRETCH, Joined, Verified, stretches, verify_log
from runtime.settings import PROJECT, Settings
from runtime.verifying_process import answer, connect

WORTH_PROCESSES = 4 * STRETCH
"""Events from which on starting processes takes less time than it saves."""

AHEAD = 2
"""Stretches that each process has before it, so that it never waits for this one."""


class VerifyingStopped(RuntimeError):
    """A process that verified a part of the log ended before it had answered."""


async def verify_whole(
    settings: Settings, progress: Callable[[int, int], None], processes: int | None = None
) -> Verified:
    """As `verify_log`, by as many processes as there are cores.

    Refuses: LogTampered. VerifyingStopped is a fault.
    """
    url, password = settings.database_url, settings.secret("database_password")
    connection = await connect(url, password)
    try:
        log = PostgresRawLog(connection)
        standing = await log.standing()
        if standing.size < WORTH_PROCESSES and processes is None:
            return await verify_log(log, progress)
        async with _started(processes or _cores(), url, password) as workers:
            return await _by(workers, Joined(log, standing), progress)
    finally:
        await connection.close()


async def _by(workers: list[Process], joined: Joined, progress: Callable[[int, int], None]) -> Verified:
    """Stretches are given out in turns, and joined in their order."""
    size = joined.standing.size
    left = stretches(size)
    under_way: deque[Process] = deque()
    for worker in workers * AHEAD:
        _give(worker, left, under_way)
    while under_way:
        worker = under_way.popleft()
        assert worker.stdout is not None
        try:
            stretch = await answer(worker.stdout)
        except asyncio.IncompleteReadError:
            raise VerifyingStopped(f"a process ended with exit code {await worker.wait()}; verify again") from None
        _give(worker, left, under_way)
        await joined.add(stretch)
        progress(joined.edge.size, size)
    return await joined.whole()


def _give(worker: Process, left: Iterator[tuple[int, int]], under_way: deque[Process]) -> None:
    piece = next(left, None)
    if piece is not None:
        assert worker.stdin is not None
        worker.stdin.write(json.dumps(piece).encode() + b"\n")
        under_way.append(worker)


@asynccontextmanager
async def _started(processes: int, url: str, password: str | None) -> AsyncIterator[list[Process]]:
    """So many processes with a connection each; gone after the block."""
    command = (sys.executable, "-m", "runtime.verifying_process")
    workers: list[Process] = []
    try:
        for _ in range(processes):
            workers.append(await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=PROJECT))
            stdin = workers[-1].stdin
            assert stdin is not None
            stdin.write(json.dumps([url, password]).encode() + b"\n")
        yield workers
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.kill()
            await worker.wait()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
