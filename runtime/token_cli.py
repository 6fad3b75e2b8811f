"""The command `token`: for trying things out."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from domain.identity import Role
from runtime.clock import now
from runtime.installation import found_settings
from runtime.local_issuer import EXAMPLES, mint

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]


def token(
    role: Annotated[list[Role], typer.Option(help="What the person may be here to do; may be repeated.")],
    organ: Annotated[str | None, typer.Option(help="Organ that they act for; an example's when left out.")] = None,
    subject: Annotated[str | None, typer.Option(help="Their identifier, such as a staff number.")] = None,
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=720, help="How long it is valid.")] = 12,
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Make a token for trying things out, signed by the local issuer of an embedded installation.

    Example: TOKEN=$(investiture token --role personnel)
    """
    settings = found_settings(data)
    example = EXAMPLES[role[0]]
    made = mint(
        settings,
        role,
        organ=organ or example.organ,
        subject=subject or example.subject,
        name=name or example.name,
        lifetime=timedelta(hours=hours),
        now=now(),
    )
    print(json.dumps({"token": made, "roles": role, "hours": hours}) if as_json else made)
