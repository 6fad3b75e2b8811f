"""Reading from the command line what the public sent in: what waits, one entry with what is sealed in it, its files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, CaseId
from runtime.case_words import day, facts, plain, safe
from runtime.entry_steps import EntryId


def inbox(service: ApiClient, after: After = None, as_json: AsJson = False) -> None:
    """List what waits for an answer, the oldest due date first: objections, or with --role personnel the rest.

    Example: investiture objection inbox
    """
    _list(service, "/entries", after, as_json)


def queue(service: ApiClient, after: After = None, as_json: AsJson = False) -> None:
    """List what waits for a moderator, the oldest due date first.

    Example: investiture moderation queue
    """
    _list(service, "/unmoderated-entries", after, as_json)


def show_entry(service: ApiClient, case_id: CaseId, entry_id: EntryId, as_json: AsJson = False) -> None:
    """Show an entry with what is sealed in it, as far as the role opens it; the reading itself goes on the log.

    Example: investiture objection show d6fhcqtf5dfs k3v0d8s1m2qa
    """
    found = service.read(f"/cases/{case_id}/entries/{entry_id}")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(Text(f"{plain(found['kind'])} {found['entry_id']}", "bold"))
    for name, value in facts(found["sealed"], ""):
        console.print(Text(f"  {name} {safe(str(value))}"))
    for file in found["attachments"]:
        named = safe(file["file_name"] or "cannot be opened any more")
        console.print(Text(f"  file {file['attachment_id']}: {named}, {file['size_class']}"))
    for line in found["conversation"]:
        who = "they" if line["by_the_public"] else "asked" if line["is_question"] else "wrote"
        console.print(Text(f"{day(line['said_on'])}, {who}: {safe(line['text'] or 'cannot be opened any more')}"))


def save_file(
    service: ApiClient,
    case_id: CaseId,
    entry_id: EntryId,
    attachment_id: Annotated[str, typer.Argument(metavar="FILE", help="The file's id, as `show` shows it.")],
    out: Annotated[Path, typer.Option(help="Where it is saved; what is there already is never overwritten.")],
    as_json: AsJson = False,
) -> None:
    """Save a file that was sent in; the reading itself goes on the log. It is a stranger's: open it with care.

    Example: investiture objection save-file d6fhcqtf5dfs k3v0d8s1m2qa 0m2qk3v0d8s1 --out note.png
    """
    if out.exists():
        raise typer.BadParameter(f"{out} is there already; choose another name", param_hint="--out")
    content = service.read_text(f"/cases/{case_id}/entries/{entry_id}/attachments/{attachment_id}", {})
    with out.open("xb") as file:
        file.write(content)
    if as_json:
        typer.echo(json.dumps({"saved": str(out), "bytes": len(content)}))
    else:
        Console(highlight=False).print(Text(f"Saved as {out}, {len(content)} bytes; that you read it is on the log"))


def reasons(service: ApiClient, as_json: AsJson = False) -> None:
    """List the reasons for which something may be turned away.

    Example: investiture moderation reasons
    """
    found = service.read("/moderation-reasons")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for reason in found["reasons"]:
        also = "also an objection" if reason["for_objections"] else "no objection"
        Console(highlight=False).print(Text(f"{reason['reason']}: {reason['says']['en']} ({also})"))


def _list(service: ApiClient, path: str, after: int | None, as_json: bool) -> None:
    pages = service.pages(path, {"limit": PAGE, "after_position": after})
    entries = [entry for page in pages for entry in page["entries"]]
    if as_json:
        typer.echo(json.dumps({"entries": entries}, ensure_ascii=False))
        return
    table = Table(*("Due", "Entry", "Kind", "Case", "Stands", "Files"), box=None, header_style="bold")
    for entry in entries:
        table.add_row(*_cells(entry))
    Console(highlight=False).print(table if entries else Text("Nothing waits."))


def _cells(entry: Mapping[str, Any]) -> tuple[str, ...]:
    due = day(entry["due_on"]) if entry["due_on"] else ""
    stands = (plain(entry["kind"]), entry["case_id"], plain(entry["status"]))
    return (due, entry["entry_id"], *stands, str(entry["attachments"] or ""))
