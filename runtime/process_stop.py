"""How a process of an installation ends: at a signal, or because its work failed."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


async def told_to_stop() -> None:
    """Waits for the signal that ends a process."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def until_told_to_stop(work: Coroutine[Any, Any, None]) -> None:
    """Works until then; what fails before ends the process with its reason."""
    task = asyncio.create_task(work)
    stopping = asyncio.create_task(told_to_stop())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for pending in (task, stopping):
        pending.cancel()
    results = await asyncio.gather(task, stopping, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
