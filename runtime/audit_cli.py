"""The audit trail from the command line: list it, look at one event, take a copy; the filter is that of the page."""

import functools
import inspect
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.bars import bar
from runtime.case_reading import PAGE, After, trail
from runtime.case_step import AsJson, options_of, reading, taken_from
from runtime.case_words import safe, shown_value, words

SEARCH = "What is looked for"


def _asked(says: str, **more: Any) -> Any:
    return typer.Option(help=says, rich_help_panel=SEARCH, **more)


def _day(says: str) -> Any:
    return _asked(says, formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")


@dataclass(frozen=True, slots=True)
class Search:
    """The filter of the audit trail; each field is an option. Without any it is the whole log."""

    case: Annotated[str | None, _asked("Only of this case.", metavar="CASE")] = None
    kind: Annotated[str | None, _asked("Only of this kind of stream: appointment, inquiry, course, access …")] = None
    type: Annotated[str | None, _asked("Only this type of event, such as decision_taken.")] = None
    for_organ: Annotated[str | None, _asked("Only what was done for this organ.", metavar="ORGAN")] = None
    by: Annotated[str | None, _asked("Only what this officer did, by pseudonym.", metavar="OFFICER")] = None
    stage: Annotated[str | None, _asked("Only while the case stood at this stage.")] = None
    rule: Annotated[str | None, _asked("Only under this rule, by its path.", metavar="PATH")] = None
    pack: Annotated[str | None, _asked("Only under this pack: standard, or standard@1.")] = None
    since: Annotated[datetime | None, _day("From this day, by UTC.")] = None
    until: Annotated[datetime | None, _day("Up to this day, by UTC.")] = None
    command: Annotated[str | None, _asked("Only what this command led to.", metavar="ID")] = None
    deviations: Annotated[bool, _asked("Only deviations, exceptions and breaches.")] = False
    from_position: Annotated[int | None, _asked("From this position of the log.", min=0)] = None
    to_position: Annotated[int | None, _asked("Up to this position of the log.", min=0)] = None

    def query(self) -> dict[str, Any]:
        """The filter as the API is asked."""
        said = {name: value for name, value in asdict(self).items() if value not in (None, False)}
        said |= {name: value.date().isoformat() for name, value in said.items() if isinstance(value, datetime)}
        named = {"for_organ": "organ", "by": "officer"}
        return {named.get(name, name): "true" if value is True else value for name, value in said.items()}


def _searching(function: Callable[..., None]) -> Callable[..., None]:
    """A read whose `search` is made of options."""
    own = [found for found in inspect.signature(function).parameters.values() if found.name != "search"]

    @functools.wraps(function)
    def run(service: ApiClient, **given: Any) -> None:
        function(service, search=taken_from(Search, given), **given)

    run.__signature__ = inspect.Signature([*own, *options_of(Search)])  # type: ignore[attr-defined]
    return run


audit_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Read the audit trail of the whole log, and take copies of it. That you did is on the log.\n\n"
    "Each command speaks to a running service, as an auditor unless a token or --role says otherwise.\n\n"
    "Example: investiture audit list --deviations --since 2026-01-01",
)


@reading(audit_app, "list", "Commands")
@_searching
def list_events(
    service: ApiClient,
    search: Search,
    limit: Annotated[int, typer.Option(min=1, max=PAGE, help="How many.")] = 50,
    cursor: Annotated[int | None, typer.Option(help="Go on where the last page ended.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List what was recorded, the latest first.

    Example: investiture audit list --case d6fhcqtf5dfs --limit 20
    """
    page = service.read("/audit-events", {**search.query(), "limit": limit, "cursor": cursor, "after_position": after})
    if as_json:
        typer.echo(json.dumps(page, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(trail(page["events"]) if page["events"] else "Nothing that was recorded matches.")
    if page["closed"]:
        console.print(Text(f"Left out, because your role does not read them: {', '.join(page['closed'])}", "dim"))
    if page["next_cursor"] is not None:
        console.print(f"There is more: --cursor {page['next_cursor']}")


@reading(audit_app, "show", "Commands")
def show_event(
    service: ApiClient,
    position: Annotated[int, typer.Argument(min=0, help="The event's position in the log.")],
    as_json: AsJson = False,
) -> None:
    """Show one event, and each field that it changed, before and after.

    Example: investiture audit show 42
    """
    found = service.read(f"/audit-events/{position}")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(trail([found["event"]]))
    for change in found["changes"]:
        console.print(Text(f"{change['field']}: {_value(change['before'])} → {_value(change['after'])}"))
    if not found["changes"]:
        console.print(Text("It changed nothing of what is public.", "dim"))
    console.print(Text(f"{words(found['event']['type'])}: hash {found['event']['hash']}", "dim"))


@reading(audit_app, "export", "Commands")
@_searching
def export(
    service: ApiClient,
    search: Search,
    form: Annotated[
        Literal["csv", "jsonl", "ocel", "xes"],
        typer.Option("--format", help="A table, JSON lines, or for process mining OCEL 2.0 or XES."),
    ] = "csv",
    out: Annotated[Path | None, typer.Option(help="Write here instead of to standard output.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """Take a copy of the audit trail, the whole log or what a filter finds.

    Example: investiture audit export --format ocel --out trail.ocel.json --since 2026-01-01
    """
    asked = {**search.query(), "after_position": after}
    with service.download(f"/audit-exports/{form}", asked) as copy, bar(quiet=as_json or out is None) as shown:
        task = shown.add_task("copying", total=copy.rows)
        with out.open("wb") if out else _standard_output() as file:
            for part in copy.parts:
                file.write(part)
                shown.advance(task, part.count(b"\n"))
    said: Mapping[str, Any] = {"rows": copy.rows, "up_to_position": copy.position, "file": str(out) if out else None}
    if out and as_json:
        typer.echo(json.dumps(said))
    elif out:
        typer.echo(f"{copy.rows:,} events up to position {copy.position} are in {out}.")


def _standard_output() -> Any:
    return open(sys.stdout.fileno(), "wb", closefd=False)


def _value(value: Any) -> str:
    return safe(shown_value(value)) or "none"
