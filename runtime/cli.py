"""The command line: every command of the program, and nothing else."""

import json
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from domain.identity import Role
from eventstore.keys import MasterKey
from projections.every import every_projection
from projections.projector import Progress as RebuildProgress
from projections.projector import Projector
from runtime import processes
from runtime.case_cli import case_app
from runtime.connections import now, open_house
from runtime.demo import demo
from runtime.installation import found_settings
from runtime.local_issuer import EXAMPLES, mint
from runtime.logging import set_up_logging
from runtime.migrate import KEY_MIGRATIONS, LOG_MIGRATIONS, migrate
from runtime.packs import read_packs
from runtime.packs_cli import packs_app
from runtime.relay import Relay
from runtime.settings import Settings, load_settings
from runtime.temporal import connect
from runtime.up import up

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Selection and appointment to public office, step by step on the record.",
)
app.command()(up)
app.command()(demo)
app.add_typer(case_app, name="case")
app.add_typer(packs_app, name="packs")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return uvloop.run(work)


def _process(work: Any) -> None:
    settings = load_settings()
    set_up_logging(settings)
    _run(work(settings))


@app.command()
def api() -> None:
    """Run the API and the public pages.

    Example: INVESTITURE_DATABASE_URL=… investiture api
    """
    _process(processes.run_api)


@app.command()
def worker() -> None:
    """Run the worker of the cases' workflows.

    Example: INVESTITURE_TEMPORAL_ADDRESS=… investiture worker
    """
    _process(processes.run_worker)


@app.command()
def projector() -> None:
    """Keep the read models up to date.

    Example: INVESTITURE_DATABASE_URL=… investiture projector
    """
    _process(processes.run_projector)


@app.command()
def relay() -> None:
    """Carry recorded facts to the cases' workflows.

    Example: INVESTITURE_TEMPORAL_ADDRESS=… investiture relay
    """
    _process(processes.run_relay)


@app.command(name="migrate")
def migrate_command(as_json: AsJson = False) -> None:
    """Bring the databases to this version's shape, and adopt the packs of the packs folder.

    Safe to repeat. Example: investiture migrate
    """
    _run(_migrate(load_settings(), as_json))


async def _migrate(settings: Settings, as_json: bool) -> None:
    log = await migrate(settings.database_owner_url, LOG_MIGRATIONS, settings.secret("owner_password"))
    keys = await migrate(settings.keys_url, KEY_MIGRATIONS, settings.secret("keys_password"))
    async with open_house(settings) as house:
        adopted = [str(await house.packs.adopt(pack, now())) for pack in read_packs(settings.packs)]
    applied = [*log.now, *keys.now]
    if as_json:
        print(json.dumps({"applied": applied, "packs": adopted}))
    else:
        print(f"migrations applied: {', '.join(applied) or 'none, all were there'}; packs: {', '.join(adopted)}")


@app.command()
def token(
    role: Annotated[list[Role], typer.Option(help="What the person may be here to do; may be repeated.")],
    organ: Annotated[str | None, typer.Option(help="Organ that they act for; an example's when left out.")] = None,
    subject: Annotated[str | None, typer.Option(help="Their identifier, such as a staff number.")] = None,
    name: Annotated[str | None, typer.Option(help="Their name.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=720, help="How long it is valid.")] = 12,
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Make a token for trying things out, signed by the local issuer of an embedded installation.

    Example: TOKEN=$(investiture token --role personnel)
    """
    settings = found_settings(data)
    example = EXAMPLES[role[0]]
    made = mint(
        settings,
        role,
        organ=organ or example.organ,
        subject=subject or example.subject,
        name=name or example.name,
        lifetime=timedelta(hours=hours),
        now=now(),
    )
    print(json.dumps({"token": made, "roles": role, "hours": hours}) if as_json else made)


@app.command()
def resume(data: DataFolder = Path("data"), as_json: AsJson = False) -> None:
    """Have every open case followed again from its stream, after the engine lost its state.

    Safe to repeat. Example: investiture resume --data data
    """
    settings = found_settings(data)

    async def work() -> int:
        async with open_house(settings) as house:
            client = await connect(settings, house.master.payload_key)
            with _bar(as_json) as bar:
                task = bar.add_task("resuming", total=None)
                done = await Relay(house.pool, house.store, client).resume(
                    lambda done, total: bar.update(task, completed=done, total=total)
                )
            return done.cases

    cases = _run(work())
    print(json.dumps({"resumed": cases}) if as_json else f"{cases} open cases are followed")


@app.command()
def rebuild(
    projection: Annotated[list[str] | None, typer.Argument(help="Projections; all when none is named.")] = None,
    data: DataFolder = Path("data"),
    as_json: AsJson = False,
) -> None:
    """Build read models anew beside the live ones, and swap them in at once.

    Example: investiture rebuild case_timeline --data data
    """
    settings = found_settings(data)

    async def work() -> dict[str, int]:
        async with open_house(settings) as house:
            projector = Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs))
            known = {found.name: found for found in projector.projections}
            chosen = projection or list(known)
            if unknown := [name for name in chosen if name not in known]:
                raise typer.BadParameter(f"{', '.join(unknown)}: choose of {', '.join(known)}")
            done = {}
            with _bar(as_json) as bar:
                for name in chosen:
                    task = bar.add_task(name, total=None)

                    def tell(progress: RebuildProgress, task: Any = task) -> None:
                        bar.update(task, completed=progress.done, total=progress.total)

                    done[name] = await projector.rebuild(known[name], tell)
            return done

    done = _run(work())
    print(json.dumps(done) if as_json else ", ".join(f"{name}: {events} events" for name, events in done.items()))


def _bar(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TextColumn("{task.completed:,.0f}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )


@app.command(name="make-master-key")
def make_master_key(file: Annotated[Path, typer.Argument(help="Where to write it; never over an old one.")]) -> None:
    """Make the key that wraps all others. Keep a copy apart from every backup of the log.

    Example: investiture make-master-key /etc/investiture/master.key
    """
    try:
        MasterKey.make(file)
    except FileExistsError:
        typer.echo(f"{file} is there already, and is left as it is.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{file} was written.")


if __name__ == "__main__":
    app()
