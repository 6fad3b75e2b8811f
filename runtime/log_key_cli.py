"""`investiture log-key`: the keys that sign the public log."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from eventstore.transparency.note import UnreadableKey
from runtime.connections import House, open_house
from runtime.installation import NothingRuns, found_settings
from runtime.log_key import (
    LastLogKey,
    NoSuchLogKey,
    retire_log_key,
    rotate_log_key,
    signers_in,
    transparency_log,
)

log_key_app = typer.Typer(no_args_is_help=True, help="The keys that sign the public log: show, rotate, retire.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]
Reason = Annotated[str, typer.Option(help="Why; it goes on the log, where everybody reads it.")]


@log_key_app.command()
def show(data: DataFolder = Path("data"), as_json: AsJson = False) -> None:
    """Show the keys that sign now and those that are retired, as the log has them on record.

    Example: investiture log-key show
    """

    async def look(house: House) -> dict[str, Any]:
        found = await transparency_log(house.store)
        signing = [str(signer.verifier) for signer in signers_in(house.settings.log_keys)]
        return {"signing": signing, "in_use": found.in_use, "retired": found.retired}

    said = _in_house(data, look)
    if as_json:
        print(json.dumps(said))
        return
    for state in ("in_use", "retired"):
        for key, holder in said[state].items():
            print(f"{state.replace('_', ' '):8} {holder:8} {key}")


@log_key_app.command()
def rotate(reason: Reason, data: DataFolder = Path("data"), as_json: AsJson = False) -> None:
    """Have a new key sign beside the old one, and say so on the log.

    Give the new key to the witness and to whoever checks, then retire the old one.
    Example: investiture log-key rotate --reason "Yearly rotation."
    """

    async def turn(house: House) -> dict[str, Any]:
        return {"key": str((await rotate_log_key(house, house.settings.log_keys, reason)).verifier)}

    key = _in_house(data, turn)["key"]
    print(json.dumps({"key": key}) if as_json else f"This key signs too from the next checkpoint on:\n{key}")


@log_key_app.command()
def retire(
    key_id: Annotated[str, typer.Argument(help="Id of the key: the eight hex digits in the middle of it.")],
    reason: Reason,
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Have a key sign nothing any more; what it has signed can still be checked.

    Example: investiture log-key retire 530d903a --reason "Its successor is known to the witness."
    """

    async def end(house: House) -> dict[str, Any]:
        return {"retired": str(await retire_log_key(house, house.settings.log_keys, key_id, reason))}

    said = _in_house(data, end)
    print(json.dumps(said) if as_json else f"Retired: {said['retired']}")


def _in_house(data: Path, work: Callable[[House], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    async def opened() -> dict[str, Any]:
        async with open_house(found_settings(data)) as house:
            return await work(house)

    try:
        return uvloop.run(opened())
    except (NothingRuns, NoSuchLogKey, LastLogKey, UnreadableKey) as problem:
        print(problem)
        raise typer.Exit(1) from None
