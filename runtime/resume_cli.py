"""The command `resume`: for an engine that lost its state."""

import json
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from runtime.bars import bar
from runtime.connections import open_house
from runtime.installation import found_settings
from runtime.relay import Relay
from runtime.temporal import connect

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]


def resume(data: DataFolder = Path("data"), as_json: AsJson = False) -> None:
    """Have every open case followed again from its stream, after the engine lost its state.

    Safe to repeat. Example: investiture resume --data data
    """
    settings = found_settings(data)

    async def work() -> int:
        async with open_house(settings) as house:
            client = await connect(settings, house.master.payload_key)
            with bar(quiet=as_json) as shown:
                task = shown.add_task("resuming", total=None)
                done = await Relay(house.pool, house.store, client).resume(
                    lambda done, total: shown.update(task, completed=done, total=total)
                )
            return done.cases

    cases = uvloop.run(work())
    print(json.dumps({"resumed": cases}) if as_json else f"{cases} open cases are followed")
