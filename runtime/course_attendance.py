"""A session's attendance of a whole class from the command line: one table, and what became of each line."""

import csv
import io
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.identity import Role
from runtime.api_client import Wish
from runtime.case_caller import Caller
from runtime.case_step import HOW, REFUSED, AsJson, answering, read_text
from runtime.case_words import plain, safe
from runtime.course_steps import CourseId

COLUMNS = ("person", "attended_hours", "leave_hours", "leave_reason", "correcting")
NUMBERS = frozenset({"attended_hours", "leave_hours"})


def attend(
    caller: Caller,
    course_id: CourseId,
    session: Annotated[int, typer.Argument(metavar="SESSION", min=1, help="Its place among the sessions, from 1.")],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=f"CSV with the columns {', '.join(COLUMNS)}; - is standard input."),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say of each line what would happen, and record nothing.")
    ] = False,
    key: Annotated[
        str | None,
        typer.Option(
            help="Idempotency key: sending the same file with the key of its first try never records a line twice.",
            rich_help_panel=HOW,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record one session of a class: the second record. Leave over the pack's share ends the course by itself.

    The last three columns may be left out. A wrong line stops no other; ends with 1 when one was refused.

    Example: investiture course attend 0k3v0d8s1m2q 1 monday.csv --dry-run
    """
    lines = _lines(read_text(file, "FILE"))
    key = key or f"cli-{uuid.uuid4().hex}"
    wish = Wish(f"/courses/{course_id}/attendance-records", {"session": session, "lines": lines}, key, None, dry_run)
    with answering(as_json, key), caller.client(Role.SCHOOL) as service:
        found = service.record(wish)
    if as_json:
        typer.echo(json.dumps({"idempotency_key": key, **found}, ensure_ascii=False))
    else:
        _tell(found, lines)
    if found["counts"].get("refused"):
        raise typer.Exit(REFUSED)


def _lines(text: str) -> list[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if unknown := set(rows.fieldnames or ()) - set(COLUMNS):
        raise typer.BadParameter(
            f"“{sorted(unknown)[0]}” is no column; name them {', '.join(COLUMNS)}.", param_hint="FILE"
        )
    return [_line(place, row) for place, row in enumerate(rows, start=2)]


def _line(place: int, row: Mapping[str, str | None]) -> dict[str, Any]:
    said: dict[str, Any] = {name: value.strip() for name, value in row.items() if value and value.strip()}
    for name in NUMBERS & said.keys():
        if not said[name].isdecimal():
            raise typer.BadParameter(f"row {place}: “{said[name]}” is no whole number of hours.", param_hint="FILE")
        said[name] = int(said[name])
    return said


def _tell(found: Mapping[str, Any], lines: list[dict[str, Any]]) -> None:
    console = Console(highlight=False)
    counts = ", ".join(f"{number} {plain(outcome)}" for outcome, number in sorted(found["counts"].items()))
    console.print(Text(f"Session {found['session']}: {counts}", "bold"))
    told = [line for line in found["lines"] if line["problem"] or line["ended_by_leave"]]
    if not told:
        return
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column("Row", justify="right", no_wrap=True)
    table.add_column("Person", no_wrap=True)
    table.add_column("What", ratio=1, overflow="fold")
    for line in told:
        what = (line["problem"] or {}).get("detail") or "The course has ended for them: too much leave."
        table.add_row(str(line["line"] + 1), Text(safe(lines[line["line"] - 1]["person"])), Text(safe(what)))
    console.print(table)
