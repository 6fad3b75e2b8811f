"""`investiture archive`: old partitions of the log as files that still verify."""

import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from eventstore.archive_file import UnreadableArchive, archives_in
from eventstore.archiving import Archived, ArchiveDiffers, verify_archives, write_archive
from eventstore.raw_log import PostgresRawLog
from eventstore.tampering import LogTampered
from runtime.bars import bar
from runtime.installation import found_settings
from runtime.verifying_process import connect

archive_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Old partitions of the log as files that still verify: self-contained, compressed, each a million events.\n\n"
    "What is sealed is in a file of its own beside each, which may be deleted. The database keeps its rows.\n\n"
    "Example: investiture archive write --to /mnt/archive",
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]
Tell = Callable[[int, int], None]


@archive_app.command()
def write(
    to: Annotated[Path, typer.Option(help="Folder of the archives; those that are there stay.")],
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Write each full partition that has no archive yet, read it back, and hold it against the database.

    Safe to repeat. Exit code 1 when an event is not as it was recorded.
    Example: investiture archive write --to /mnt/archive
    """

    async def work(log: PostgresRawLog, tell: Tell) -> list[Archived]:
        size, there = (await log.standing()).size, archives_in(to)
        return [
            await write_archive(log, to, first, end, tell)
            for first, end in await log.partitions()
            if end <= size and not any(first <= archive.first < end for archive in there)
        ]

    done = _finding(lambda: _on_log(data, work, quiet=as_json), as_json)
    said = {"archives": [_said(archived) for archived in done]}
    if as_json:
        print(json.dumps(said))
    elif not done:
        print("Every full partition has its archive already.")
    for archived in done if not as_json else ():
        print(f"{archived.archive.path}: {archived.events} events, {archived.sealed} sealed parts beside them; whole")


@archive_app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="Folder of the archives.")],
    against_log: Annotated[
        bool, typer.Option("--against-log", help="Hold them against the database of the installation too.")
    ] = False,
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Hash every archived event again; needs nothing but the files.

    The root that is shown is that of a checkpoint over as many events. Exit code 1 when anything is not whole.
    Example: investiture archive verify /mnt/archive
    """

    async def work(log: PostgresRawLog | None, tell: Tell) -> tuple[list[Archived], bytes | None]:
        return await verify_archives(folder, tell, log)

    run = (lambda: _on_log(data, work, quiet=as_json)) if against_log else (lambda: _offline(work, quiet=as_json))
    found, root = _finding(run, as_json)
    events = sum(archived.events for archived in found)
    if as_json:
        said = {"whole": True, "archives": [_said(archived) for archived in found]}
        print(json.dumps(said | {"events": events, "root": root.hex() if root else None}))
        return
    joined = f"root {root.hex()}" if root else "an archive between them is missing, so they have no common root"
    print(f"{events} events in {len(found)} archives: whole; {joined}")


def _said(archived: Archived) -> dict[str, Any]:
    archive = archived.archive
    return {"file": str(archive.path), "first": archive.first, "end": archive.end, "sealed": archived.sealed}


def _finding(run: Callable[[], Any], as_json: bool) -> Any:
    """What was asked for; a finding is an answer too, with exit code 1."""
    try:
        return run()
    except (LogTampered, UnreadableArchive, ArchiveDiffers) as found:
        what = f"Not as it was recorded: {found}." if isinstance(found, LogTampered) else str(found)
        print(json.dumps({"whole": False, "what": what}) if as_json else what)
        raise typer.Exit(1) from None


def _offline(work: Callable[[None, Tell], Coroutine[Any, Any, Any]], *, quiet: bool) -> Any:
    with bar(quiet=quiet) as shown:
        task = shown.add_task("verifying", total=None)
        return uvloop.run(work(None, lambda done, total: shown.update(task, completed=done, total=total)))


def _on_log(data: Path, work: Callable[[PostgresRawLog, Tell], Coroutine[Any, Any, Any]], *, quiet: bool) -> Any:
    settings = found_settings(data)

    async def connected() -> Any:
        connection = await connect(settings.database_url, settings.secret("database_password"))
        try:
            with bar(quiet=quiet) as shown:
                task = shown.add_task("archiving", total=None)
                tell = lambda done, total: shown.update(task, completed=done, total=total)  # noqa: E731
                return await work(PostgresRawLog(connection), tell)
        finally:
            await connection.close()

    return uvloop.run(connected())
