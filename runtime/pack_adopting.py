"""Adopting packs through a running service, and listing what was adopted there: by whom, why, and from when."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.date_words import in_words
from runtime.api_client import ApiClient, Wish
from runtime.case_step import AsJson, long_text, read_text


def adopt_pack(
    service: ApiClient,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The pack's file; - is standard input.")],
    reason: Annotated[
        str | None, typer.Option(help="Why it is adopted; stands in the record for ever: no personal data.")
    ] = None,
    reason_file: Annotated[Path | None, typer.Option(help="The same, from a file of text.")] = None,
    effective_from: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="Cases open under it from this day on; the pack's own day when left out.",
        ),
    ] = None,
    key: Annotated[str | None, typer.Option(help="Idempotency key; a new one when left out.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and record nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Adopt a version of a pack in a running service. Cases that run stay under theirs until somebody moves them.

    \b
    Examples:
      investiture packs adopt ours.v2.yaml --reason "The council raised the notice to ten days." --dry-run
      investiture packs adopt ours.v2.yaml --reason-file resolution.txt --effective-from 2027-01-01

    \b
    Exit codes: 0 adopted, or adopted before; 1 refused; 2 the command was not understood; 3 no answer.
    """
    body: dict[str, Any] = {"text": read_text(file, "FILE"), "reason": long_text("reason", reason, reason_file)}
    if effective_from is not None:
        body["effective_from"] = effective_from.date().isoformat()
    answer = service.record(Wish("/packs", body, key or f"cli-{uuid.uuid4().hex}", dry_run=dry_run))
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    made = answer["adopted"]
    done = "would be adopted" if dry_run else "was adopted before" if answer["repeated"] else "was adopted"
    typer.echo(f"{made['pack_id']}@{made['version']} {done}: cases open under it from {_day(made)} on.")


def adopted_packs(service: ApiClient, as_json: AsJson = False) -> None:
    """List the versions that were adopted in a running service: by whom, why, and from when.

    \b
    Examples:
      investiture packs adopted
      investiture packs adopted --json

    \b
    Exit codes: 0 listed; 1 refused; 3 no answer.
    """
    found = service.read("/packs")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    Console(highlight=False).print(_table(found["packs"]))


def _table(adopted: Iterable[Mapping[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Pack", no_wrap=True)
    table.add_column("Cases open under it from", no_wrap=True)
    table.add_column("Adopted by")
    table.add_column("Why")
    for made in adopted:
        who = made["officer_name"] or made["officer"]
        by = who if made["organ"] == made["officer"] else f"{who}, {made['organ']}"
        table.add_row(f"{made['pack_id']}@{made['version']}", _day(made), escape(by), escape(made["reason"]))
    return table


def _day(made: Mapping[str, Any]) -> str:
    return in_words(date.fromisoformat(made["effective_from"]))
