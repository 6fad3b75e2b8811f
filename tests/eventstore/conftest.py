"""Both logs and both key stores, for the contract suites."""

from collections.abc import AsyncIterator

import pytest

from eventstore.keys import KeyStore, MasterKey, MemoryKeyStore, PostgresKeyStore
from eventstore.memory import MemoryEventStore
from eventstore.postgres import PostgresEventStore
from eventstore.recording import Recorder
from eventstore.store import EventStore
from runtime.connections import open_pool
from runtime.settings import Settings
from tests.conftest import FreshDatabase
from tests.eventstore.saying import MORNING, recorder_on
from tests.examples import pack


@pytest.fixture
def memory_store() -> EventStore:
    return MemoryEventStore()


@pytest.fixture
async def postgres_store(database: FreshDatabase) -> AsyncIterator[PostgresEventStore]:
    pool = await open_pool(database.database_url)
    yield PostgresEventStore(pool)
    await pool.close()


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> EventStore:
    """A log; each test that asks for it is held against both implementations."""
    found: EventStore = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def memory_keys() -> KeyStore:
    return MemoryKeyStore()


@pytest.fixture
async def postgres_keys(settings: Settings) -> AsyncIterator[PostgresKeyStore]:
    pool = await open_pool(settings.keys_url)
    yield PostgresKeyStore(pool, MasterKey.read(settings.master_key_file))
    await pool.close()


@pytest.fixture(params=["memory", "postgres"])
def keys(request: pytest.FixtureRequest) -> KeyStore:
    """A key store of either kind."""
    found: KeyStore = request.getfixturevalue(f"{request.param}_keys")
    return found


@pytest.fixture
def shared_keys(request: pytest.FixtureRequest, store: EventStore) -> KeyStore:
    """Keys of the same kind as the log."""
    kind = "memory" if "memory" in request.node.name else "postgres"
    found: KeyStore = request.getfixturevalue(f"{kind}_keys")
    return found


@pytest.fixture
async def recorder(store: EventStore, shared_keys: KeyStore) -> Recorder:
    made = recorder_on(store, shared_keys)
    await made.packs.adopt(pack("standard"), MORNING)
    return made


@pytest.fixture
async def other(recorder: Recorder) -> Recorder:
    """Another process on the same log."""
    return recorder_on(recorder.store, recorder.keys)
