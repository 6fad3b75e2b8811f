"""What every process opens when it starts: the log, the keys, the packs, and the door to them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from eventstore.key_rotation import with_its_identity
from eventstore.keys import KeyStore, MasterKey, PostgresKeyStore
from eventstore.packs import PackLibrary
from eventstore.postgres import PostgresEventStore
from eventstore.recording import Recorder
from runtime.calendars import calendar_for
from runtime.clock import now
from runtime.master_key import read_master_key
from runtime.settings import Settings

CONNECTIONS = 8
"""Of a process to the log's database, where nothing else is said."""


@dataclass(frozen=True, slots=True)
class House:
    """The open connections of one process."""

    settings: Settings
    pool: "asyncpg.Pool[asyncpg.Record]"
    store: PostgresEventStore
    keys: KeyStore
    packs: PackLibrary
    recorder: Recorder
    master: MasterKey


async def open_pool(url: str, password: str | None = None, size: int = CONNECTIONS) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool that gives up soon when the database is away, so that callers hear of it."""
    return await asyncpg.create_pool(
        url,
        password=password,
        min_size=1,
        max_size=size,
        timeout=10,
        command_timeout=30,
        reset=_keep_session,
        server_settings={"lock_timeout": "10s", "statement_timeout": "30s", "application_name": "investiture"},
    )


async def _keep_session(_: object) -> None:
    """Saves the round trip that cleans a session: ours hold nothing but settings of their transaction."""


@asynccontextmanager
async def open_house(
    settings: Settings, clock: Callable[[], datetime] = now, connections: int = CONNECTIONS
) -> AsyncIterator[House]:
    """The connections of a process, closed again at its end.

    Refuses: WrongMasterKey, MasterKeyUnavailable, before anything is done with it.
    """
    master = read_master_key(settings)
    pool = await open_pool(settings.database_url, settings.secret("database_password"), connections)
    keys_pool = await open_pool(settings.keys_url, settings.secret("keys_password"), size=4)
    try:
        store = PostgresEventStore(pool)
        await PostgresKeyStore(keys_pool, master).check_master_key()
        master = await with_its_identity(keys_pool, master)
        keys = PostgresKeyStore(keys_pool, master)
        packs = PackLibrary(store)
        recorder = Recorder(store, keys, packs, calendar_for, clock)
        yield House(settings, pool, store, keys, packs, recorder, master)
    finally:
        for open_one in (pool, keys_pool):
            try:
                await asyncio.wait_for(open_one.close(), timeout=5)
            except TimeoutError:
                open_one.terminate()
