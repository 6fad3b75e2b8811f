"""Waiting before another attempt, for those who follow the log until they are told to stop."""

import asyncio


async def rest(seconds: float) -> None:
    """Waits, unless the caller was told to stop meanwhile: then it stops.

    A connection that is lost while a task is being cancelled puts its own complaint in the cancellation's place, and
    who caught that one would go on for ever, and its process with it.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    await asyncio.sleep(seconds)
