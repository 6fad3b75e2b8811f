"""Reading the trend report from the command line."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from runtime.api_client import ApiClient
from runtime.case_reading import After
from runtime.case_step import AsJson, asking
from runtime.case_words import day, plain
from runtime.list_table import list_table


@asking()
def trends(
    service: ApiClient,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="First day.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Last day.")
    ] = None,
    cursor: Annotated[int | None, typer.Option(min=0, help="Cases after this place, of which 200 are told.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """Show what went wrong more often than before: this quarter, or the days of a quarter or a year.

    Example: investiture trends --from 2026-07-01 --to 2026-09-30 --json
    """
    asked = {
        "from_on": since.date().isoformat() if since else None,
        "to_on": until.date().isoformat() if until else None,
        "cursor": cursor,
        "after_position": after,
    }
    report = service.read("/trend-report", asked)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        _tell(report)


def _tell(report: Mapping[str, Any]) -> None:
    console = Console(highlight=False)
    running = " (still running)" if report["running"] else ""
    console.print(f"{day(report['from_on'])} to {day(report['counted_to'])}{running}")
    for name, lines in report["tables"].items():
        _show(console, name, lines, ("name", "n", "expected", "before", "before_days", "chance", "unusual"))
    stages = ("name", "n", "median_days", "ninth_decile_days", "limit_days", "overrun", "open_and_late")
    _show(console, "stages", report["stages"], stages)
    console.print(f"\n{report['conforming']} of {report['of_cases']} cases keep to their pack.")
    departing = [case | {"by": "\n".join(case["departures"])} for case in report["conformance"] if not case["conforms"]]
    _show(console, "departures", departing, ("case_id", "unit", "pack", "by"))
    if departing and report["next_cursor"] and len(departing) == len(report["conformance"]):
        console.print(f"There are more: --cursor {report['next_cursor']}")


def _show(console: Console, name: str, lines: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    title = plain(name).capitalize()
    if not lines:
        console.print(f"\n{title}: nothing.")
        return
    heads = (plain(column).capitalize() for column in columns)
    console.print(f"\n{title}")
    console.print(list_table(heads, ([_cell(line[column]) for column in columns] for line in lines)))


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3g}"
    return str(value)
