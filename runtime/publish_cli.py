"""`investiture publish`: the public site as files, from the projections, for any web server."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from runtime.bars import bar
from runtime.clock import now
from runtime.connections import open_house
from runtime.garbage import look_once_at_what_lives
from runtime.installation import NothingRuns, found_settings


def publish(
    out: Annotated[Path, typer.Option(help="Folder of the site; made when missing, brought up to date when not.")],
    data: Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")] = Path("data"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")] = False,
) -> None:
    """Write the public site as files: notices in both languages and as JSON, lists, rules, figures, and the log.

    Nothing is written that is there already, so a second run touches nothing. docs/static-site.md says how a web server
    serves the folder, and which addresses stay with the live service (forms, searches, posters).

    Example: investiture publish --out /srv/gazette
    """
    try:
        settings = found_settings(data)
    except NothingRuns as problem:
        print(json.dumps({"published": False, "what": str(problem)}) if as_json else str(problem))
        raise typer.Exit(2) from None

    from runtime.site_publishing import publish_site  # all pages of the API come with it

    look_once_at_what_lives()

    async def run() -> dict[str, Any]:
        async with open_house(settings) as house:
            with bar(quiet=as_json) as shown:
                return await publish_site(house, out, now(), shown)

    said = uvloop.run(run())
    words = f"{said['notices']} notices and {said['pages']} other pages are in {out}: {said['written']} files written."
    print(json.dumps({"published": True, **said}) if as_json else words)
