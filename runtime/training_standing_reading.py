"""Reading how people stand by their training from the command line."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_options import body_of, day_option
from runtime.case_step import AsJson
from runtime.case_words import plain, safe
from runtime.list_table import list_table

Rank = Annotated[str | None, typer.Option(help="Against this rank; their own when left out.")]
On = Annotated[datetime | None, day_option("On this day; a later one foretells. Today when left out.")]
Pack = Annotated[str, typer.Option(help="The pack whose rules are meant.")]


def standing(
    service: ApiClient,
    person: Annotated[str, typer.Argument(metavar="PERSON", help="Their identifier at the identity provider.")],
    rank: Rank = None,
    on: On = None,
    pack: Pack = "standard",
    as_json: AsJson = False,
) -> None:
    """Show how somebody stands by their training, line by line, and until when they are in order.

    Example: investiture training standing staff-4711 --rank officer --on 2027-06-30
    """
    found = service.ask("/training-standings", body_of(person=person, rank=rank, on=on, pack=pack))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(Text(safe(_verdict(found)), "bold"))
    table = list_table(("Entry", "Ended", "Training", "Hours", "Counts"), map(_line_cells, found["lines"]))
    console.print(table if found["lines"] else "Nothing is on file.")


def _line_cells(line: Mapping[str, Any]) -> tuple[object, ...]:
    record = line["record"] or {"ended_on": "–", "title": "forgotten"}
    return (line["entry"], record["ended_on"], record["title"], line["hours"], plain(line["counts"]))


def readiness(
    service: ApiClient,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit, as the register of units calls it.")],
    rank: Rank = None,
    on: On = None,
    state: Annotated[Literal["everybody", "ready", "lacking"], typer.Option(help="Whom to list.")] = "everybody",
    falls_out_by: Annotated[datetime | None, day_option("Only who is in order and no longer on this day.")] = None,
    pack: Pack = "standard",
    as_json: AsJson = False,
) -> None:
    """List who of a unit is ready for a rank, what the others lack, and where each could be sent.

    Example: investiture training readiness Registry --rank senior --state lacking
    """
    asked = body_of(unit=unit, rank=rank, on=on, state=state, falls_out_by=falls_out_by, pack=pack)
    found = service.read("/readiness", asked)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    heads = ("Person", "Rank", "Hours", "Missing", "In order until", "Owed by", "Sent to", "Could take")
    table = list_table(heads, map(_cells, found["people"]))
    console.print(table if found["people"] else "Nobody of the unit is in this list.")
    console.print(Text(safe(f"{found['ready']} of {found['in_service']} are ready on {found['on']}."), "dim"))


def _verdict(found: Mapping[str, Any]) -> str:
    hours = f"{found['hours']} of {found['required_hours']} hours since {found['window_from_on']}"
    if found["in_order"]:
        until = f" until {found['in_order_until']}" if found["in_order_until"] else ""
        return f"In order for {found['rank']}{until}: {hours}."
    return f"Not in order for {found['rank']} on {found['on']}: {hours}, {found['missing_hours']} are missing."


def _cells(each: Mapping[str, Any]) -> tuple[str, ...]:
    hours = f"{each['hours']} of {each['required_hours']}"
    owed = each["owed"]["due_on"] if each["owed"] else ""
    could = ", ".join(course["course_id"] for course in each["could_take"])
    until = each["in_order_until"] or ""
    return (
        each["person_id"],
        each["rank"],
        hours,
        str(each["missing_hours"]),
        until,
        owed,
        ", ".join(each["sent_to"]),
        could,
    )
