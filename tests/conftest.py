"""What tests that need a real database stand on: one server a worker, a fresh pair of databases a test."""

import asyncio
import contextlib
import gc
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from benchmarks.database import migrated_server
from eventstore.keys import MasterKey
from runtime.clock import now
from runtime.connections import House, open_house
from runtime.embedded import DATABASES, DatabaseUrls, Postgres
from runtime.settings import PROJECT, Settings
from tests.examples import pack

WORN_TOGETHER = 40
WITH_PACKS = "investiture_with_packs"
_numbers = count(1)
_worn: list[str] = []


def pytest_collection_finish() -> None:
    """What ten thousand tests hold from here on is no garbage, and is not looked through again and again."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class FreshDatabase(DatabaseUrls):
    """The addresses of a test's own databases, and the doors of the server's superuser to both."""

    superuser_url: str
    keys_superuser_url: str


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of this test process, whose two databases are migrated and serve as templates.

    A third template is a log with every shipped pack adopted.
    """
    # Waiting for the disk at each of some thousand commits took the suite minutes, and proves nothing that
    # tests/faults/ and tests/runtime/test_embedded.py do not prove on servers that wait.
    with migrated_server(durable=False) as server:
        asyncio.run(_make_template_with_packs(server))
        yield server


async def _make_template_with_packs(postgres: Postgres) -> None:
    async with fresh_database(postgres) as made:
        with tempfile.TemporaryDirectory() as folder:
            async with open_house(settings_on(made, Path(folder))) as opened:
                await adopt_shipped_packs(opened)
        async with connected(postgres.url("postgres", "postgres")) as administrator:
            made_from = made.database_url.partition("?")[0].rpartition("/")[2]
            await administrator.execute(
                f"CREATE DATABASE {WITH_PACKS} TEMPLATE {made_from} OWNER {DATABASES['investiture']}"
            )


@pytest.fixture
async def database(postgres: Postgres, request: pytest.FixtureRequest) -> AsyncIterator[FreshDatabase]:
    """A migrated log and key store that no other test sees; empty, but for the packs of a `house` or a `desk`."""
    log = WITH_PACKS if {"house", "desk"} & set(request.fixturenames) else "investiture"
    async with fresh_database(postgres, log) as made:
        yield made


@contextlib.asynccontextmanager
async def fresh_database(postgres: Postgres, log_template: str = "investiture") -> AsyncIterator[FreshDatabase]:
    """A log from a template and an empty key store for the block."""
    number = next(_numbers)
    names = {database: f"{database}_{number}" for database in DATABASES}
    administrator = await asyncpg.connect(postgres.url("postgres", "postgres"))
    try:
        for database, name in names.items():
            template = log_template if database == "investiture" else database
            await administrator.execute(
                f"CREATE DATABASE {name} TEMPLATE {template} OWNER {DATABASES[database]} STRATEGY FILE_COPY"
            )
        log, keys = names["investiture"], names["investiture_keys"]
        yield FreshDatabase(
            database_url=postgres.url("investiture_app", log),
            database_owner_url=postgres.url("investiture_owner", log),
            keys_url=postgres.url("investiture_keys", keys),
            superuser_url=postgres.url("postgres", log),
            keys_superuser_url=postgres.url("postgres", keys),
        )
    finally:
        _worn.extend(names.values())
        # Dropping writes out all that is dirty in the server, so many go together; the server takes the rest with it.
        while len(_worn) >= WORN_TOGETHER:
            for name in [_worn.pop() for _ in range(WORN_TOGETHER)]:
                await administrator.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await administrator.close()


@pytest.fixture
def settings(database: FreshDatabase, tmp_path: Path) -> Settings:
    """The settings of an installation on this test's databases, with a master key of its own."""
    return settings_on(database, tmp_path)


def settings_on(database: FreshDatabase, folder: Path) -> Settings:
    """The settings of an installation on these databases, with a new master key in the folder."""
    MasterKey.make(folder / "master.key")
    return Settings(
        database_url=database.database_url,
        database_owner_url=database.database_owner_url,
        keys_url=database.keys_url,
        master_key_file=folder / "master.key",
        data=folder,
        public_log=folder / "log",
        log_keys=folder / "log-signer",
    )


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """The open connections of a process, with every shipped pack adopted."""
    async with open_house(settings) as opened:
        yield opened


async def adopt_shipped_packs(house: House) -> None:
    """Every pack of the project is on the log, unless its template had them."""
    if await house.store.streams_under("pack/"):
        return
    for path in sorted((PROJECT / "packs").glob("*.yaml")):
        await house.packs.adopt(pack(path.stem), now())


@contextlib.asynccontextmanager
async def connected(url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection for the block."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
