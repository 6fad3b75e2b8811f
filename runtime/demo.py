"""The command `demo`: whole appointments in seconds, in a data folder of their own, and then the service to look at."""

import asyncio
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from domain.appointment import case_stream
from eventstore.keys import MasterKey
from projections.every import every_projection
from projections.inquiry import inquiries_page
from projections.projector import Projector
from runtime.connections import House, open_house
from runtime.embedded import embedded_postgres
from runtime.example_lives import BEGINNING, live_through, open_today
from runtime.example_teller import Tell, Teller
from runtime.migrate import KEY_MIGRATIONS, LOG_MIGRATIONS, migrate
from runtime.packs import read_packs
from runtime.settings import PROJECT, Settings
from runtime.skipped_time import SkippedTime
from runtime.supervisor import only_one
from runtime.up import Installation, run_until_stopped

MARK = "EXAMPLE"
"""A file that says that a data folder holds examples; only such a folder is ever emptied."""


@dataclass(frozen=True, slots=True)
class Lived:
    """How one life came out."""

    id: str
    life: str
    pack: str
    pack_version: int
    outcome: str
    first_on: str
    last_on: str
    events: int
    inquiries: list[str]


def live_and_show(port: int, data: Path, once: bool, as_json: bool) -> None:
    """Lives through the examples, prints how they came out, and serves them unless it is only for once."""
    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    folder = data.expanduser().resolve()
    try:
        _emptied(folder)
    except FileExistsError as problem:
        console.print(f"[red]The examples were not begun.[/red] {problem}")
        raise typer.Exit(1) from None
    lived = asyncio.run(_live(folder, console, leave_one_open=not once))
    if as_json:
        print(json.dumps({"example": True, "cases": [asdict(life) for life in lived]}, indent=2))
    if once:
        return
    installation = Installation(folder, port)
    console.print(f"\nThe audit trail of a case: investiture case timeline {lived[0].id} --data {data}")
    asyncio.run(run_until_stopped(installation, console))


def _emptied(folder: Path) -> None:
    """Makes the folder, or empties it of earlier examples; whatever else is in it is left alone.

    Refuses: FileExistsError, for a folder that holds anything but examples.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise FileExistsError(f"“{folder}” holds something else than examples. Name another with --data.")
        with only_one(folder):
            pass  # an installation that still runs on it refuses here, before anything is removed
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / MARK).write_text("Everything in this folder is an example and is removed by `investiture demo`.\n")


async def _live(folder: Path, console: Console, *, leave_one_open: bool) -> list[Lived]:
    console.print("Four appointments, from September 2026 on, on the real log and the real engine (time skips).\n")
    master = folder / "master.key"
    MasterKey.make(master)
    async with embedded_postgres(folder) as urls:
        await migrate(urls.database_owner_url, LOG_MIGRATIONS)
        await migrate(urls.keys_url, KEY_MIGRATIONS)
        settings = Settings(
            mode="embedded",
            data=folder,
            database_url=urls.database_url,
            keys_url=urls.keys_url,
            master_key_file=master,
        )
        async with open_house(settings) as house:
            for pack in read_packs(PROJECT / "packs"):
                await house.packs.adopt(pack, BEGINNING)
            async with SkippedTime.beginning(house, BEGINNING) as skipped:
                lives = await live_through(skipped, _narrator(console))
            if leave_one_open:
                await open_today(house)
            await Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs)).prepare()
            lived = [await _lived(house, life) for life in lives]
    _show(lived, console)
    return lived


def _narrator(console: Console) -> Tell:
    def tell(at: datetime, life: str, what: str) -> None:
        day = at.astimezone(ZoneInfo("Asia/Shanghai"))
        console.print(f"{day:%Y-%m-%d}  [bold]{life:<12}[/bold] {what}", markup=True)

    return tell


async def _lived(house: House, life: Teller) -> Lived:
    stored = await house.store.read_stream(case_stream(life.case_id))
    pinned = (await life.case()).pack
    days = [found.recorded_at.astimezone(life.zone).date().isoformat() for found in stored]
    return Lived(
        id=life.case_id,
        life=life.name,
        pack=pinned.id,
        pack_version=pinned.version,
        outcome=await life.outcome(),
        first_on=days[0],
        last_on=days[-1],
        events=len(stored),
        inquiries=[found.cause for found in await inquiries_page(house.pool, case_id=life.case_id)],
    )


def _show(lived: list[Lived], console: Console) -> None:
    table = Table(title="\nHow they came out", title_justify="left", box=box.SIMPLE, pad_edge=False, padding=(0, 1))
    for heading in ("case", "life", "pack", "outcome", "last day", "events"):
        table.add_column(heading, no_wrap=True)
    for life in lived:
        table.add_row(life.id, life.life, life.pack, life.outcome, life.last_on, str(life.events))
    console.print(table)
