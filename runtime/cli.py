"""The command line: every command of the program, and nothing else.

What only one command needs is imported in it, so that `token` does not wait for the workflow engine's library.
"""

import json
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from domain.identity import Role
from domain.refusal import Refusal
from eventstore.keys import PostgresKeyStore, WrongMasterKey
from eventstore.pack_text import UnreadablePack
from runtime.archive_cli import archive_app
from runtime.audit_cli import audit_app
from runtime.bars import bar
from runtime.bench_cli import bench_app
from runtime.case_cli import case_app
from runtime.case_step import reading
from runtime.connections import now, open_house, open_pool
from runtime.course_cli import course_app
from runtime.dossier_reading import dossier
from runtime.entry_cli import moderation_app, objection_app
from runtime.events_document import events_document
from runtime.exception_reading import exceptions
from runtime.forgetting_cli import forget_app
from runtime.installation import NothingRuns, found_settings
from runtime.keys_cli import keys_app
from runtime.local_issuer import EXAMPLES, CannotMint, RefusesOutsideEmbeddedMode, mint
from runtime.log_key_cli import log_key_app
from runtime.logging import set_up_logging
from runtime.master_key import MasterKeyUnavailable, custody, read_master_key
from runtime.master_key import make_master_key as write_master_key
from runtime.meeting_cli import meeting_app
from runtime.migrate import KEY_MIGRATIONS, LOG_MIGRATIONS, migrate
from runtime.organ_request_cli import organ_request_app
from runtime.packs import read_packs
from runtime.packs_cli import packs_app
from runtime.problem_cli import problem_app
from runtime.publish_cli import publish
from runtime.rebuild_public import rebuild_public
from runtime.record_reading import record_of
from runtime.reusable_check_cli import check_app
from runtime.settings import Settings, load_settings
from runtime.static_site import site
from runtime.supervise_cli import supervise_app
from runtime.survey_cli import survey_app
from runtime.training_cli import training_app
from runtime.trend_reading import trends
from runtime.up import up
from runtime.verify_cli import verify
from runtime.webhook_cli import webhook_app
from runtime.witness_cli import witness_app
from runtime.yearly_report_cli import yearly_report_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Selection and appointment to public office, step by step on the record.",
)
app.command()(up)
app.command()(verify)
app.command()(rebuild_public)
app.command()(site)
app.command()(publish)
app.add_typer(case_app, name="case")
app.add_typer(training_app, name="training")
app.add_typer(course_app, name="course")
app.add_typer(objection_app, name="objection")
app.add_typer(moderation_app, name="moderation")
app.add_typer(forget_app, name="forget")
app.add_typer(audit_app, name="audit")
app.add_typer(keys_app, name="keys")
app.add_typer(packs_app, name="packs")
app.add_typer(log_key_app, name="log-key")
app.add_typer(archive_app, name="archive")
app.add_typer(bench_app, name="bench")
app.add_typer(witness_app, name="witness")
app.add_typer(webhook_app, name="webhook")
app.add_typer(yearly_report_app, name="yearly-report")
app.add_typer(problem_app, name="problem")
app.add_typer(supervise_app, name="supervise")
app.add_typer(meeting_app, name="meeting")
app.add_typer(survey_app, name="survey")
app.add_typer(organ_request_app, name="organ-request")
app.add_typer(check_app, name="check")
reading(app, "exceptions", "Commands")(exceptions)
reading(app, "dossier", "Commands")(dossier)
reading(app, "trends", "Commands")(trends)
reading(app, "record-of", "Commands", Role.SUPERVISION)(record_of)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
SAID_IN_A_SENTENCE = (
    *(NothingRuns, RefusesOutsideEmbeddedMode, CannotMint),
    *(UnreadablePack, Refusal, WrongMasterKey, MasterKeyUnavailable),
)
DataFolder = Annotated[Path, typer.Option("--data", help="Data folder of the running installation.")]


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return uvloop.run(work)


def _process(name: str) -> None:
    from runtime import processes

    settings = load_settings()
    set_up_logging(settings)
    _run(getattr(processes, f"run_{name}")(settings))


@app.command()
def api() -> None:
    """Run the API and the public pages.

    Example: INVESTITURE_DATABASE_URL=… investiture api
    """
    _process("api")


@app.command()
def worker() -> None:
    """Run the worker of the cases' workflows.

    Example: INVESTITURE_TEMPORAL_ADDRESS=… investiture worker
    """
    _process("worker")


@app.command()
def projector() -> None:
    """Keep the read models up to date.

    Example: INVESTITURE_DATABASE_URL=… investiture projector
    """
    _process("projector")


@app.command()
def relay() -> None:
    """Carry recorded facts to the cases' workflows.

    Example: INVESTITURE_TEMPORAL_ADDRESS=… investiture relay
    """
    _process("relay")


@app.command()
def publisher() -> None:
    """Publish the log as tiles and signed checkpoints, and have the witness cosign them.

    Example: INVESTITURE_PUBLIC_LOG=/srv/log investiture publisher
    """
    _process("publisher")


@app.command(name="migrate")
def migrate_command(as_json: AsJson = False) -> None:
    """Bring the databases to this version's shape, and adopt the packs of the packs folder.

    Safe to repeat. Example: investiture migrate
    """
    _run(_migrate(load_settings(), as_json))


async def _migrate(settings: Settings, as_json: bool) -> None:
    log = await migrate(settings.database_owner_url, LOG_MIGRATIONS, settings.secret("owner_password"))
    keys = await migrate(settings.keys_url, KEY_MIGRATIONS, settings.secret("keys_password"))
    await _keep_master_key_check(settings)
    async with open_house(settings) as house:
        adopted = [str((await house.packs.adopt(pack, now())).reference) for pack in read_packs(settings.packs)]
    applied = [*log.now, *keys.now]
    if as_json:
        print(json.dumps({"applied": applied, "packs": adopted}))
    else:
        print(f"migrations applied: {', '.join(applied) or 'none, all were there'}; packs: {', '.join(adopted)}")


async def _keep_master_key_check(settings: Settings) -> None:
    pool = await open_pool(settings.keys_url, settings.secret("keys_password"), size=1)
    try:
        await PostgresKeyStore(pool, read_master_key(settings)).keep_check()
    finally:
        await pool.close()


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
def demo(
    port: Annotated[int, typer.Option(help="Port of the service that is left running.", min=1, max=65535)] = 8090,
    data: Annotated[Path, typer.Option(help="Folder of the examples; emptied at each start.")] = Path("data/demo"),
    once: Annotated[bool, typer.Option("--once", help="Stop when the lives are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """Live through four whole appointments in seconds, then leave the service running with what they produced.

    Example: investiture demo --once --json
    """
    from runtime.demo import live_and_show

    live_and_show(port, data, once, as_json)


@app.command()
def resume(data: DataFolder = Path("data"), as_json: AsJson = False) -> None:
    """Have every open case followed again from its stream, after the engine lost its state.

    Safe to repeat. Example: investiture resume --data data
    """
    from runtime.relay import Relay
    from runtime.temporal import connect

    settings = found_settings(data)

    async def work() -> int:
        async with open_house(settings) as house:
            client = await connect(settings, house.master.payload_key)
            with bar(quiet=as_json) as shown:
                task = shown.add_task("resuming", total=None)
                done = await Relay(house.pool, house.store, client).resume(
                    lambda done, total: shown.update(task, completed=done, total=total)
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

    Example: investiture rebuild audit_trail --data data
    """
    from projections.every import every_projection
    from projections.projector import Progress, Projector

    settings = found_settings(data)

    async def work() -> dict[str, int]:
        async with open_house(settings) as house:
            projector = Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs))
            known = {found.name: found for found in projector.projections}
            chosen = projection or list(known)
            if unknown := [name for name in chosen if name not in known]:
                raise typer.BadParameter(f"{', '.join(unknown)}: choose of {', '.join(known)}")
            done = {}
            with bar(quiet=as_json) as shown:
                for name in chosen:
                    task = shown.add_task(name, total=None)

                    def tell(progress: Progress, task: Any = task) -> None:
                        shown.update(task, completed=progress.done, total=progress.total)

                    done[name] = await projector.rebuild(known[name], tell)
            return done

    done = _run(work())
    print(json.dumps(done) if as_json else ", ".join(f"{name}: {events} events" for name, events in done.items()))


@app.command(name="events-document", hidden=True)
def events_document_command() -> None:
    """Write the catalogue of events as Markdown.

    Example: investiture events-document > docs/events.md
    """
    print(events_document(), end="")


@app.command(name="make-master-key")
def make_master_key(
    file: Annotated[Path, typer.Argument(help="Where to write it; never over an old one.")],
    command: Annotated[
        str | None,
        typer.Option(
            envvar="INVESTITURE_MASTER_KEY_COMMAND", help="Program of a KMS that wraps it: see docs/forgetting.md."
        ),
    ] = None,
) -> None:
    """Make the key that wraps all others. Keep a copy apart from every backup of the log.

    Example: investiture make-master-key /etc/investiture/master.key
    """
    try:
        write_master_key(file, custody(command))
    except FileExistsError:
        typer.echo(f"{file} is there already, and is left as it is.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{file} was written.")


def main() -> None:
    """The program; what a person can mend is said in a sentence, not in a traceback."""
    try:
        app()
    except SAID_IN_A_SENTENCE as problem:
        typer.echo(str(problem), err=True)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
