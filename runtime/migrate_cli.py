"""The command `migrate`: databases and packs of this version."""

import json
from typing import Annotated

import typer
import uvloop

from eventstore.keys import PostgresKeyStore
from runtime.clock import now
from runtime.connections import open_house, open_pool
from runtime.master_key import read_master_key
from runtime.migrate import KEY_MIGRATIONS, LOG_MIGRATIONS
from runtime.migrate import migrate as apply
from runtime.packs import read_packs
from runtime.settings import Settings, load_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def migrate(as_json: AsJson = False) -> None:
    """Bring the databases to this version's shape, and adopt the packs of the packs folder.

    Safe to repeat. Example: investiture migrate
    """
    uvloop.run(bring_up_to_date(load_settings(), as_json))


async def bring_up_to_date(settings: Settings, as_json: bool) -> None:
    """Migrates both databases, and adopts what packs there are.

    Refuses: WrongMasterKey, UnreadablePack.
    """
    log = await apply(settings.database_owner_url, LOG_MIGRATIONS, settings.secret("owner_password"))
    keys = await apply(settings.keys_url, KEY_MIGRATIONS, settings.secret("keys_password"))
    await _keep_master_key_check(settings)
    async with open_house(settings) as house:
        adopted = [str((await house.packs.adopt(pack, now())).reference) for pack in read_packs(settings.packs)]
    applied = [*log.now, *keys.now]
    if as_json:
        print(json.dumps({"applied": applied, "packs": adopted}))
    else:
        print(f"migrations applied: {', '.join(applied) or 'none, all were there'}; packs: {', '.join(adopted)}")


async def _keep_master_key_check(settings: Settings) -> None:
    pool = await open_pool(settings.keys_url, settings.secret("keys_password"), size=1)
    try:
        await PostgresKeyStore(pool, read_master_key(settings)).keep_check()
    finally:
        await pool.close()
