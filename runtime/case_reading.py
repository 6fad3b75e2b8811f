"""Reading the board, a case and its audit trail from the command line."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_step import AsJson, CaseId
from runtime.case_words import clock_words, day, facts, plain, safe, stands, words

PAGE = 200
SHORT_HASH = 8
After = Annotated[
    int | None,
    typer.Option(help="Wait, a few seconds at most, until this position can be read.", min=0, metavar="POSITION"),
]


def list_cases(
    service: ApiClient,
    status: Annotated[Literal["open", "suspended", "closed"] | None, typer.Option(help="Only these.")] = None,
    stage: Annotated[str | None, typer.Option(help="Only in this stage.")] = None,
    duty_holder: Annotated[str | None, typer.Option(help="Only where they must act next.")] = None,
    pack: Annotated[str | None, typer.Option(help="Only under this pack.")] = None,
    due_by: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only with a clock that ends by then."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=PAGE, help="How many.")] = 50,
    cursor: Annotated[int | None, typer.Option(help="Go on where the last page ended.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All of them, page by page.")] = False,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List cases, the most recently opened first.

    Example: investiture case list --status open --duty-holder school --due-by 2026-12-31
    """
    asked = {
        "status": status,
        "stage": _as_id(stage),
        "duty_holder": _as_id(duty_holder),
        "pack": pack,
        "due_by": due_by.date().isoformat() if due_by else None,
        "limit": PAGE if every else limit,
        "cursor": cursor,
        "after_position": after,
    }
    pages = list(service.pages("/cases", asked)) if every else [service.read("/cases", asked)]
    cases = [case for page in pages for case in page["cases"]]
    following = pages[-1]["next_cursor"]
    if as_json:
        typer.echo(json.dumps({"cases": cases, "next_cursor": following}, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(_board(cases) if cases else "No case matches.")
    if following is not None:
        console.print(f"There are more: --cursor {following}, or --all.")


def _as_id(said: str | None) -> str | None:
    """An id, also when it was written as the board shows it."""
    return said.strip().lower().replace(" ", "_") if said else None


def show(service: ApiClient, case_id: CaseId, as_json: AsJson = False) -> None:
    """Show where a case stands, who must act next and which clocks run.

    Example: investiture case show d6fhcqtf5dfs
    """
    case = service.read(f"/cases/{case_id}")
    if as_json:
        typer.echo(json.dumps(case, ensure_ascii=False))
    else:
        Console(highlight=False).print(stands(case))


def timeline(service: ApiClient, case_id: CaseId, after: After = None, as_json: AsJson = False) -> None:
    """Show a case's audit trail: when, who, for which organ, what, under which rule, with its hash.

    Example: investiture case timeline d6fhcqtf5dfs
    """
    asked = {"limit": PAGE, "after_position": after}
    steps = [step for page in service.pages(f"/cases/{case_id}/timeline", asked) for step in page["steps"]]
    if as_json:
        typer.echo(json.dumps({"case_id": case_id, "steps": steps}, ensure_ascii=False))
    else:
        Console(highlight=False).print(trail(steps))


def sealed(service: ApiClient, case_id: CaseId, as_json: AsJson = False) -> None:
    """Show what is sealed in a case, as far as the role opens it; the reading itself goes on the log.

    Example: investiture case sealed d6fhcqtf5dfs --role supervision
    """
    found = service.read(f"/cases/{case_id}/sealed")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    for step in found["steps"]:
        console.print(Text(f"{words(step['type'])}, version {step['version']}", "bold"))
        for name, value in facts(step["sealed"], ""):
            console.print(Text(f"  {name} {safe(str(value))}"))
    console.print(Text(f"{len(found['steps'])} steps with sealed parts; that you read them is on the log", "dim"))


def trail(steps: list[Mapping[str, Any]]) -> RenderableType:
    """The audit trail, a group a day, in the case's own time."""
    named = next((step["what"]["timezone"] for step in steps if "timezone" in (step["what"] or {})), "UTC")
    zone = ZoneInfo(named)
    at = [(datetime.fromisoformat(step["recorded_at"]).astimezone(zone), step) for step in steps]
    days = groupby(at, key=lambda found: found[0].date())
    groups = [part for date, found in days for part in (Text(day(date.isoformat()), "bold"), _day_table(found))]
    return Group(*groups, Text(f"{len(steps)} steps, times in {named}; the whole of each with --json", "dim"))


def _day_table(steps: Iterable[tuple[datetime, Mapping[str, Any]]]) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=5, style="cyan")
    table.add_column(width=21)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(width=SHORT_HASH, style="dim")
    for at, step in steps:
        table.add_row(f"{at:%H:%M}", _who(step), _what(step, at.date().isoformat()), step["hash"][:SHORT_HASH])
    return table


def _who(step: Mapping[str, Any]) -> Text:
    who = step["who"]
    if who["officer"] == "system":
        return Text("the engine")
    shown = Text(safe(who["name"] or who["officer"]))
    shown.append(f"\n{safe(who['organ'])}", "dim")
    if who["on_behalf_of"]:
        shown.append(f"\nfor {who['on_behalf_of']}", "dim")
    return shown


def _what(step: Mapping[str, Any], recorded_on: str) -> Text:
    shown = Text(words(step["type"]), "bold")
    said = "; ".join(f"{name} {value}" for name, value in facts(step["what"] or {}, recorded_on))
    for line in (said, _sealed(step["sealed"])):
        shown.append(f"\n{safe(line)}" if line else "", "not bold")
    shown.append(_rules(step["rules"]), "not bold dim")
    return shown


def _sealed(marks: list[str]) -> str:
    """Whom the sealed parts are for: a person's own key, or an office's."""
    readers = [f"for {plain(mark.rpartition('#')[2])}" if "#" in mark else "personal data" for mark in marks]
    return f"sealed: {', '.join(dict.fromkeys(readers))}" if readers else ""


def _rules(rules: list[Mapping[str, Any]]) -> str:
    if not rules:
        return ""
    cited = ", ".join(f"{rule['path']} ({rule['article']})" if rule.get("article") else rule["path"] for rule in rules)
    return f"\nunder {cited}" + ("" if all(rule.get("verified") for rule in rules) else "; not verified")


def _board(cases: list[Mapping[str, Any]]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("Case", no_wrap=True, width=12)
    table.add_column("Post", ratio=3, overflow="fold")
    table.add_column("Stands in", ratio=2, overflow="fold")
    table.add_column("Next", ratio=2, overflow="fold")
    table.add_column("Ends", ratio=3, overflow="fold")
    for case in cases:
        post = f"{case['post_title']}, {case['unit']}"
        cells = (case["case_id"], post, _standing(case), _next(case), _ends(case))
        table.add_row(*(Text(safe(cell)) for cell in cells))
    return table


def _standing(case: Mapping[str, Any]) -> str:
    if case["status"] == "closed":
        return f"closed: {plain(case['outcome'])}"
    return plain(case["stage"]) + (" (suspended)" if case["status"] == "suspended" else "")


def _next(case: Mapping[str, Any]) -> str:
    open_ones = case["open_objections"]
    held = f"; {open_ones} objection{'s'[: open_ones > 1]} open" if open_ones else ""
    return plain(case["duty_holder"] or "nobody") + held


def _ends(case: Mapping[str, Any]) -> str:
    if case["closed_on"]:
        return day(case["closed_on"])
    provisional = " (provisional)" if case["provisional_by"] else ""
    ends = f"{day(case['due_on'])}: {clock_words(case['next_timer'])}" if case["due_on"] else "no clock runs"
    return f"{ends}{provisional}"
