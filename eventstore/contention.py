"""What writers of one stream meet: a version that has moved on, a key used before, and others who are quicker."""

import asyncio
import random

from domain.event import StreamId
from domain.refusal import Refusal
from eventstore.store import Appended

ATTEMPTS = 8


class StaleVersion(Refusal):
    """The caller spoke of another version than the log has."""

    rule = "house.if_match"


class CommandIdReused(Refusal):
    """The same idempotency key came with another command."""

    rule = "house.one_key_one_command"
    unlawful = False


class TooBusy(Exception):
    """A stream was being changed by others each time that something was to be appended to it."""

    def __init__(self, stream: StreamId):
        super().__init__(f"{stream} was changed by others {ATTEMPTS} times in a row")


async def stand_back(attempt: int) -> None:
    """Waits a little, longer with each attempt, so that those who met do not meet again."""
    await asyncio.sleep(random.random() * 0.002 * attempt)


def must_repeat(earlier: Appended, fingerprint: bytes) -> None:
    """What comes under a key that was used says the same as what was recorded under it.

    Refuses: CommandIdReused.
    """
    if earlier.fingerprint != fingerprint:
        raise CommandIdReused(
            "This idempotency key was used for another command. Send the new command under a new key.",
            field="Idempotency-Key",
        )
