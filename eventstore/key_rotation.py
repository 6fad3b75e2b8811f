"""Changing the master key: every owner's key is wrapped anew, in one transaction, and opens the same as before."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag

from eventstore.keys import MasterKey, WrongMasterKey

if TYPE_CHECKING:
    import asyncpg

IDENTITY = "identity"
AT_ONCE = 5_000
LONGEST_SECONDS = 3600.0
Progress = Callable[[int, int], None]


async def with_its_identity(pool: "asyncpg.Pool[asyncpg.Record]", master: MasterKey) -> MasterKey:
    """The master key as its key store knows it: what pseudonyms hang on outlives a change of the key.

    Refuses: WrongMasterKey.
    """
    wrapped = await pool.fetchval("SELECT wrapped FROM identity_secret")
    return master if wrapped is None else master.standing_for(_opened(master, IDENTITY, wrapped))


async def rewrap(
    pool: "asyncpg.Pool[asyncpg.Record]", old: MasterKey, new: MasterKey, progress: Progress | None = None
) -> int:
    """Wraps every key of the store under a new master key; gives how many. A store that is under it already has none.

    Whoever still holds the old key makes no key from then on and is told to read the new one.

    Refuses: WrongMasterKey.
    Survives: a crash at any moment; it is one transaction, and the old key is the right one until it is over.
    """
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        await connection.execute("LOCK TABLE owner_key, identity_secret, master_key_check IN EXCLUSIVE MODE")
        kept = await connection.fetchval("SELECT value FROM master_key_check")
        if kept == new.check:
            return 0
        if kept not in (None, old.check):
            raise WrongMasterKey
        done = await _rewrap_owners(connection, old, new, progress)
        wrapped = await connection.fetchval("SELECT wrapped FROM identity_secret")
        identity = old.identity if wrapped is None else _opened(old, IDENTITY, wrapped)
        await connection.execute(
            "INSERT INTO identity_secret (wrapped) VALUES ($1) ON CONFLICT (only_one) DO UPDATE SET wrapped = $1",
            new.wrap(IDENTITY, identity),
        )
        await connection.execute(
            "INSERT INTO master_key_check (value) VALUES ($1) ON CONFLICT (only_one) DO UPDATE SET value = $1",
            new.check,
        )
    return done


async def _rewrap_owners(connection: Any, old: MasterKey, new: MasterKey, progress: Progress | None) -> int:
    total = await connection.fetchval("SELECT count(*) FROM owner_key WHERE wrapped IS NOT NULL")
    done, last = 0, ""
    page = "SELECT owner, wrapped FROM owner_key WHERE wrapped IS NOT NULL AND owner > $1 ORDER BY owner LIMIT $2"
    while rows := await connection.fetch(page, last, AT_ONCE):
        owners = [row["owner"] for row in rows]
        wrapped = [new.wrap(row["owner"], _opened(old, row["owner"], row["wrapped"])) for row in rows]
        await connection.execute(
            "UPDATE owner_key k SET wrapped = n.wrapped FROM unnest($1::text[], $2::bytea[]) AS n (owner, wrapped) "
            "WHERE k.owner = n.owner",
            owners,
            wrapped,
            timeout=LONGEST_SECONDS,
        )
        done, last = done + len(rows), owners[-1]
        if progress is not None:
            progress(done, total)
    return done


def _opened(master: MasterKey, owner: str, wrapped: bytes) -> bytes:
    try:
        return master.unwrap(owner, wrapped)
    except InvalidTag as problem:
        raise WrongMasterKey from problem
