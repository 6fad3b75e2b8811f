"""The command `rebuild`: read models anew."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from projections.every import every_projection
from projections.projector import Progress, Projector
from runtime.bars import bar
from runtime.connections import open_house
from runtime.garbage import look_once_at_what_lives
from runtime.installation import found_settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]


def rebuild(
    projection: Annotated[list[str] | None, typer.Argument(help="Projections; all when none is named.")] = None,
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Build read models anew beside the live ones, and swap them in at once.

    Example: investiture rebuild audit_trail --data data
    """
    settings = found_settings(data)
    look_once_at_what_lives()

    async def work() -> dict[str, int]:
        async with open_house(settings) as house:
            projector = Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs))
            known = {found.name: found for found in projector.projections}
            chosen = projection or list(known)
            if unknown := [name for name in chosen if name not in known]:
                raise typer.BadParameter(f"{', '.join(unknown)}: choose of {', '.join(known)}")
            done = {}
            with bar(quiet=as_json) as shown:
                for name in chosen:
                    task = shown.add_task(name, total=None)

                    def tell(progress: Progress, task: Any = task) -> None:
                        shown.update(task, completed=progress.done, total=progress.total)

                    done[name] = await projector.rebuild(known[name], tell)
            return done

    done = uvloop.run(work())
    print(json.dumps(done) if as_json else ", ".join(f"{name}: {events} events" for name, events in done.items()))
