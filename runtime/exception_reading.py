"""Reading the exception register from the command line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from runtime.api_client import ApiClient
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, asking
from runtime.case_words import day, plain
from runtime.list_table import list_table, tell_list

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
    tell_list("exceptions", entries, _table, "Nothing stands in the register.", as_json)


def _table(entries: Sequence[Mapping[str, Any]]) -> Table:
    return list_table(("Day", "Case", "What", "State", "Rule"), map(_cells, entries))


def _cells(entry: Mapping[str, Any]) -> tuple[object, ...]:
    what = f"{plain(entry['kind'])}: {plain(entry['code'])}" + (f"\n{entry['reason']}" if entry["reason"] else "")
    state = plain(entry["state"]) + (f" ({entry['organ']})" if entry["organ"] else "")
    return (day(entry["entered_on"]), entry["case_id"], what, state, entry["rule"]["path"])
