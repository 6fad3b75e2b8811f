"""Keeping the processes of one installation alive; what they do is not its concern."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from runtime.child import Child, StartFailed, end, ending, kill_group, last_words, spawn

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
STEADY_SECONDS = 10.0
TRIES_BEFORE_READY = 5


@dataclass
class _Kept:
    """A child with the process that carries it now."""

    child: Child
    process: asyncio.subprocess.Process
    keeper: asyncio.Task[None] | None = None


@dataclass
class Supervisor:
    """Starts children stage by stage, restarts whichever ends, and stops them in reverse order.

    Survives: the death of any child. Its own death takes the children with it.
    """

    logs: Path
    tell: Callable[[str], None]
    _stages: list[list[_Kept]] = field(default_factory=list)
    _hurried: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, *children: Child, within_seconds: float = 60.0) -> None:
        """The children run side by side and are ready; they stop before those started earlier.

        Refuses: a child that keeps ending, or is not ready in time.
        """
        stage: list[_Kept] = []
        self._stages.append(stage)
        for child in children:
            stage.append(_Kept(child, await spawn(child, self.logs)))
        try:
            async with asyncio.TaskGroup() as group:
                for kept in stage:
                    group.create_task(self._settle(kept, time.monotonic() + within_seconds))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def run_once(self, child: Child, within_seconds: float = 600.0) -> None:
        """The child has run to its end and succeeded.

        Refuses: any other end.
        """
        process = await spawn(child, self.logs)
        try:
            status = await asyncio.wait_for(process.wait(), within_seconds)
        except TimeoutError:
            raise StartFailed(f"{child.name} took longer than {within_seconds:.0f} seconds.") from None
        finally:
            await end(process, child, self._hurried)
        if status != 0:
            raise StartFailed(f"{child.name} failed ({ending(status)}). {last_words(child.name, self.logs)}")

    def process_id(self, name: str) -> int:
        """The process that carries the named child at this moment."""
        return next(kept.process.pid for stage in self._stages for kept in stage if kept.child.name == name)

    def hurry(self) -> None:
        """Whatever is being stopped, or is stopped later, is killed instead."""
        self._hurried.set()

    async def stop(self) -> None:
        """Nothing runs any more: the latest stage went first.

        Units: each stage takes at most the longest grace of its children, then is killed.
        """
        while self._stages:
            await asyncio.gather(*(self._stop_one(kept) for kept in self._stages[-1]))
            self._stages.pop()

    async def _stop_one(self, kept: _Kept) -> None:
        if kept.keeper is not None:
            kept.keeper.cancel()
            await asyncio.wait([kept.keeper])
        await end(kept.process, kept.child, self._hurried)

    async def _settle(self, kept: _Kept, deadline: float) -> None:
        for attempt in range(TRIES_BEFORE_READY):
            if await self._became_ready(kept, deadline):
                kept.keeper = asyncio.create_task(self._keep(kept))
                return
            await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
            kept.process = await spawn(kept.child, self.logs)
        await end(kept.process, kept.child, self._hurried)
        raise StartFailed(
            f"{kept.child.name} ended {TRIES_BEFORE_READY} times. {last_words(kept.child.name, self.logs)}"
        )

    async def _became_ready(self, kept: _Kept, deadline: float) -> bool:
        while kept.process.returncode is None:
            if await kept.child.ready():
                return True
            if time.monotonic() > deadline:
                raise StartFailed(f"{kept.child.name} was not ready in time. {last_words(kept.child.name, self.logs)}")
            await asyncio.sleep(0.03)
        return False

    async def _keep(self, kept: _Kept) -> None:
        pause, started = FIRST_PAUSE_SECONDS, time.monotonic()
        while True:
            status = await kept.process.wait()
            kill_group(kept.process)
            if time.monotonic() - started > STEADY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self.tell(f"{kept.child.name} ended ({ending(status)}); starting it again")
            await asyncio.sleep(pause)
            pause, started = min(pause * 2, LONGEST_PAUSE_SECONDS), time.monotonic()
            try:
                kept.process = await spawn(kept.child, self.logs)
            except StartFailed as reason:
                # Short of memory or processes for a moment: the next round tries again.
                self.tell(str(reason))


@contextlib.asynccontextmanager
async def supervised(logs: Path, tell: Callable[[str], None]) -> AsyncIterator[Supervisor]:
    """A supervisor whose children are gone when the block is left, however it is left."""
    logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    supervisor = Supervisor(logs, tell)
    try:
        yield supervisor
    finally:
        await asyncio.shield(supervisor.stop())


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """At most one supervisor has this folder; the kernel gives it back however the process ends.

    Refuses: a folder that another one has.
    """
    import fcntl

    with (folder / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartFailed(
                f"Investiture already runs on the folder {folder}. Stop it first, or name another folder with DATA=."
            ) from None
        yield
