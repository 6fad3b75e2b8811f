"""Reading the exception register from the command line."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, asking
from runtime.case_words import day, plain, safe

Kind = Literal["exception", "prior_report", "deviation", "breach", "delay"]


@asking()
def exceptions(
    service: ApiClient,
    kind: Annotated[Kind | None, typer.Option(help="Only these.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only of posts in this unit.")] = None,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="Only of this case.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="From this day.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Up to this day.")
    ] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """Show the exception register: whatever left the ordinary course in any case, and why.

    Example: investiture exceptions --kind deviation --from 2026-01-01 --json
    """
    asked = {
        "kind": kind,
        "unit": unit,
        "from": since.date().isoformat() if since else None,
        "to": until.date().isoformat() if until else None,
        "limit": PAGE,
        "after_position": after,
    }
    if case:
        asked = {"limit": PAGE, "after_position": after}
    path = f"/cases/{case}/exceptions" if case else "/exceptions"
    entries = [entry for page in service.pages(path, asked) for entry in page["exceptions"]]
    if as_json:
        typer.echo(json.dumps({"exceptions": entries}, ensure_ascii=False))
        return
    Console(highlight=False).print(_table(entries) if entries else "Nothing stands in the register.")


def _table(entries: list[Mapping[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for name in ("Day", "Case", "What", "State", "Rule"):
        table.add_column(name, overflow="fold")
    for entry in entries:
        what = f"{plain(entry['kind'])}: {plain(entry['code'])}" + (f"\n{entry['reason']}" if entry["reason"] else "")
        state = plain(entry["state"]) + (f" ({entry['organ']})" if entry["organ"] else "")
        cells = (day(entry["entered_on"]), entry["case_id"], what, state, entry["rule"]["path"])
        table.add_row(*(Text(safe(cell)) for cell in cells))
    return table
