"""The command `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.demo import live_and_show

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]


def demo(
    port: Annotated[int, typer.Option(help="Port of the service that is left running.", min=1, max=65535)] = 8090,
    data: Annotated[Path, typer.Option(help="Folder of the examples; emptied at each start.")] = Path("data/demo"),
    once: Annotated[bool, typer.Option("--once", help="Stop when the lives are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """Live through four whole appointments in seconds, then leave the service running with what they produced.

    Example: investiture demo --once --json
    """
    live_and_show(port, data, once, as_json)
