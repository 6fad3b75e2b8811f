"""Whoever follows the log stops when told to, also when a lost connection complains at that very moment."""

import asyncio

import pytest

from eventstore.patience import rest


async def test_a_cancellation_that_a_complaint_has_replaced_still_ends_the_work() -> None:
    started = asyncio.Event()

    async def follows_the_log() -> None:
        while True:
            try:
                started.set()
                try:
                    await asyncio.sleep(3600)
                finally:
                    raise OSError("the connection is closed")
            except OSError:
                await rest(3600)

    work = asyncio.create_task(follows_the_log())
    await started.wait()
    work.cancel()
    async with asyncio.timeout(10):
        with pytest.raises(asyncio.CancelledError):
            await work


async def test_an_uncancelled_one_goes_on_after_its_rest() -> None:
    await rest(0)
