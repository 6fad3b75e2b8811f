"""The process that publishes the log, signed and witnessed."""

import os

import httpx2
import structlog

from runtime.connections import open_house
from runtime.process_stop import until_told_to_stop
from runtime.publisher import LogPublishing
from runtime.settings import Settings
from runtime.timestamping import authority_of
from runtime.witness_door import PATIENCE_SECONDS, witness_of

PUBLISHER_NICENESS = 5
"""Whoever records goes first: a checkpoint that comes a moment later makes nobody wait."""


async def run(settings: Settings) -> None:
    """Publishes the log, signed and witnessed, until told to stop."""
    log = structlog.get_logger("publisher")
    os.nice(PUBLISHER_NICENESS)
    async with open_house(settings) as house, httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as http:
        publishing = LogPublishing(house, witness_of(settings, http), authority=authority_of(settings, http))
        await until_told_to_stop(publishing.run(log.warning))
