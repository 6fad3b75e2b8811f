"""The workflow engine, waited for: staff go on recording while it is away."""

import asyncio
from datetime import timedelta

import structlog
from temporalio.client import Client

from runtime.connections import House
from runtime.settings import Settings
from runtime.temporal import connect

ENGINE_RETRY_SECONDS = 1.0


async def engine(settings: Settings, house: House) -> Client:
    """The engine, once it can be reached; without it staff go on recording, so this only waits."""
    log = structlog.get_logger("engine")
    waited = timedelta(0)
    while True:
        try:
            return await connect(settings, house.master.payload_key)
        except RuntimeError as problem:
            log.warning("the engine cannot be reached yet", waited=str(waited), problem=str(problem))
            await asyncio.sleep(ENGINE_RETRY_SECONDS)
            waited += timedelta(seconds=ENGINE_RETRY_SECONDS)
