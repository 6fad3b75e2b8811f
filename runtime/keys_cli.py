"""The keys of an installation from the command line: changing the master key that wraps all others."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from eventstore.key_rotation import rewrap as rewrap_store
from eventstore.keys import PostgresKeyStore
from runtime.bars import bar
from runtime.connections import open_pool
from runtime.installation import found_settings
from runtime.master_key import custody, master_key_in, read_master_key
from runtime.settings import Settings

keys_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="The keys of an installation.\n\nExample: investiture keys rewrap --to new-master.key",
)


@keys_app.callback()
def keys() -> None:
    """The keys of an installation."""


@keys_app.command()
def rewrap(
    to: Annotated[Path, typer.Option(help="File of the new master key; make it with `investiture make-master-key`.")],
    to_command: Annotated[
        str | None, typer.Option(help="Program of the KMS that opens that file; the present one when left out.")
    ] = None,
    data: Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")] = Path("data"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")] = False,
) -> None:
    """Wrap every key of the store under a new master key. Safe to interrupt and to repeat.

    Afterwards put the new file in the old one's place and start the processes again: with the old key they record
    nothing sealed any more.

    Example: investiture keys rewrap --to new-master.key --to-command "kms-tool --key appointments"
    """
    settings = found_settings(data)
    done = asyncio.run(_rewrap(settings, to, to_command or settings.master_key_command, as_json))
    if as_json:
        typer.echo(json.dumps({"rewrapped": done}))
    elif done:
        typer.echo(f"{done} keys are wrapped under {to}. Put it in place of {settings.master_key_file}, and restart.")
    else:
        typer.echo(f"The key store is under {to} already; nothing was changed.")


async def _rewrap(settings: Settings, to: Path, to_command: str | None, quiet: bool) -> int:
    old, new = read_master_key(settings), master_key_in(to, custody(to_command))
    pool = await open_pool(settings.keys_url, settings.secret("keys_password"), size=2)
    try:
        with bar(quiet=quiet) as shown:
            task = shown.add_task("wrapping", total=None)
            done = await rewrap_store(
                pool, old, new, lambda count, total: shown.update(task, completed=count, total=total)
            )
        # What the old key could open does not rest in dead rows.
        await PostgresKeyStore(pool, new).rewrite()
        return done
    finally:
        await pool.close()
