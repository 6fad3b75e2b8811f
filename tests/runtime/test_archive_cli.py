"""`investiture archive` writes full partitions, and verifies them with and without the database."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eventstore.postgres import PostgresEventStore
from eventstore.transparency.merkle import root_of
from runtime.cli import app
from runtime.connections import open_pool
from tests.conftest import FreshDatabase, connected
from tests.eventstore.test_partitions import SMALL, carve_small
from tests.eventstore.writing import write_some


async def asked(*arguments: str, code: int = 0) -> Any:
    done = await asyncio.to_thread(CliRunner().invoke, app, ["archive", *arguments, "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


async def test_full_partitions_are_archived_once_and_verified(
    database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await open_pool(database.database_url)
    postgres_store = PostgresEventStore(pool)
    monkeypatch.setenv("INVESTITURE_DATABASE_URL", database.database_url)
    await carve_small(database)
    await write_some(postgres_store, "appointment/one", "appointment/two", each=SMALL + 2)
    to = str(tmp_path / "archive")
    written = await asked("write", "--to", to)
    assert [(one["first"], one["end"]) for one in written["archives"]] == [(0, SMALL), (SMALL, 2 * SMALL)]
    assert (await asked("write", "--to", to))["archives"] == []
    said = await asked("verify", to)
    leaves = [row[6] for row in await postgres_store.read_rows(0, 2 * SMALL)]
    assert (said["whole"], said["events"], said["root"]) == (True, 2 * SMALL, root_of(leaves).hex())
    assert await asked("verify", to, "--against-log") == said
    async with connected(database.superuser_url) as owner:
        await owner.execute(
            "ALTER TABLE log.event DISABLE TRIGGER ALL; UPDATE log.event SET entry = 'no' WHERE position = 50"
        )
    assert await asked("verify", to) == said
    await pool.close()
    found = await asked("verify", to, "--against-log", code=1)
    assert "position 50" in found["what"] and not found["whole"]
