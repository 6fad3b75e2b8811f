"""Bringing the databases to the shape that this version of the program needs."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from runtime.settings import PROJECT

LOG_MIGRATIONS = PROJECT / "eventstore" / "migrations"
KEY_MIGRATIONS = PROJECT / "eventstore" / "keys_migrations"

ONE_AT_A_TIME = 7_305_291
"""Advisory lock: two processes that migrate at once take turns."""


class MigrationChanged(Exception):
    """A migration that was applied has been edited since; write a new one instead."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a run of migrations did."""

    already: tuple[str, ...]
    now: tuple[str, ...]


async def migrate(url: str, folder: Path, password: str | None = None) -> Applied:
    """Applies the folder's migrations that the database does not have yet, in the order of their names.

    Refuses: MigrationChanged.
    Survives: a crash between two migrations; each is one transaction with its own record.
    """
    connection = await asyncpg.connect(url, password=password)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS migration "
            "(name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = {row["name"]: row["digest"] for row in await connection.fetch("SELECT name, digest FROM migration")}
        applied = [path.name for path in sorted(folder.glob("*.sql")) if await _apply(connection, path, done)]
        return Applied(tuple(sorted(done)), tuple(applied))
    finally:
        await connection.close()


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", path: Path, done: dict[str, str]) -> bool:
    text = path.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    if path.name in done:
        if done[path.name] != digest:
            raise MigrationChanged(f"{path.name} was applied in another form; write a new migration instead")
        return False
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute("INSERT INTO migration (name, digest) VALUES ($1, $2)", path.name, digest)
    return True
