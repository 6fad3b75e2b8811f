"""One process of an installation: how it is started, told to stop, and bound to the life of its parent."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.database_account import Account

LOG_LIMIT_BYTES = 20_000_000
PR_SET_PDEATHSIG = 1

# Loaded before any fork: a forked child should do as little as possible.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartFailed(Exception):
    """An installation could not be started; the sentence says what stands in the way."""


async def at_once() -> bool:
    """A process without a door of its own is ready as soon as it runs."""
    return True


@dataclass(frozen=True)
class Child:
    """What one process runs, when it counts as ready, and how it is told to stop.

    `orphan_signal` is what the kernel sends it when its parent is killed (Linux only).
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready: Callable[[], Awaitable[bool]] = at_once
    account: Account | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    grace_seconds: float = 15.0


async def spawn(child: Child, logs: Path) -> asyncio.subprocess.Process:
    """The child runs, in a session of its own, its output appended to its log.

    Refuses: a program that cannot be run.
    """
    log_path = logs / f"{child.name}.log"
    if log_path.exists() and log_path.stat().st_size > LOG_LIMIT_BYTES:
        log_path.replace(log_path.with_suffix(".log.1"))
    with log_path.open("ab") as log:
        try:
            return await asyncio.create_subprocess_exec(
                *child.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(child.environment),
                cwd=child.folder,
                # A terminal's Ctrl-C would otherwise reach every process at once, out of order.
                start_new_session=True,
                user=child.account.uid if child.account else None,
                group=child.account.gid if child.account else None,
                extra_groups=[] if child.account else None,
                preexec_fn=_die_with_parent(child.orphan_signal),
            )
        except OSError as error:
            raise StartFailed(f"{child.name} could not be started: {error}.") from error


async def end(process: asyncio.subprocess.Process, child: Child, hurried: asyncio.Event) -> None:
    """The process and its group are gone: asked first, killed after the grace or when hurried."""
    if process.returncode is None:
        if not hurried.is_set():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(child.stop_signal)
        ended, impatient = asyncio.create_task(process.wait()), asyncio.create_task(hurried.wait())
        await asyncio.wait({ended, impatient}, timeout=child.grace_seconds, return_when=asyncio.FIRST_COMPLETED)
        impatient.cancel()
        kill_group(process)
        await ended
    kill_group(process)


def kill_group(process: asyncio.subprocess.Process) -> None:
    """Nothing that the process started in its session is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def ending(status: int) -> str:
    """How a process ended, for people."""
    return f"exit status {status}" if status >= 0 else signal.Signals(-status).name


def last_words(name: str, logs: Path) -> str:
    """The end of a child's log, for the sentence that says why a start failed."""
    log = logs / f"{name}.log"
    lines = log.read_text(errors="replace").strip().splitlines()[-8:] if log.exists() else []
    return "\n  ".join([f"The end of {log}:", *lines])


def _die_with_parent(orphan_signal: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    libc, parent, number = _LIBC, os.getpid(), int(orphan_signal)

    # Runs after the change of account, which would clear the request.
    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel
