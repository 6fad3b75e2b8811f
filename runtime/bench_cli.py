"""The command `bench`: what was measured beside peers, in one run on this machine.

Benchmarks are imported when they are asked for: every other command starts without them.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks.results import Row, as_json, as_table

bench_app = typer.Typer(
    help="Measure beside peers, in one run; ratios are what to read. `make bench` installs the peers first."
)

AsJson = Annotated[bool, typer.Option("--json", help="Print the rows, their ratios and the machine as JSON.")]
Runs = Annotated[int, typer.Option(min=1, max=20, help="Runs of each subject, interleaved.")]
Seconds = Annotated[float, typer.Option(min=0.5, max=120, help="Length of one run.")]


@bench_app.callback(invoke_without_command=True)
def every(context: typer.Context, as_json: AsJson = False) -> None:
    """Everything, one after another.

    Example: investiture bench --json
    """
    if context.invoked_subcommand is None:
        from benchmarks.append import bench_append
        from benchmarks.batch import bench_batch
        from benchmarks.decide import bench_decide
        from benchmarks.dossier import bench_dossier
        from benchmarks.public_site import bench_public_site
        from benchmarks.rebuild import bench_rebuild
        from benchmarks.step import bench_step
        from benchmarks.training_import import bench_training
        from benchmarks.verify import bench_verify

        works = (
            *(bench_append(), bench_step(), bench_batch(), bench_training()),
            *(bench_rebuild(), bench_verify(), bench_decide(), bench_dossier(), bench_public_site()),
        )
        _show(_one_after_another(*works), as_json)


@bench_app.command()
def append(
    writers: Annotated[int, typer.Option(min=1, max=512, help="Concurrent writers.")] = 32,
    runs: Runs = 3,
    seconds: Seconds = 3.0,
    as_json: AsJson = False,
) -> None:
    """Appends of single events, beside the `eventsourcing` library and raw inserts.

    Example: investiture bench append --json
    """
    from benchmarks.append import bench_append

    _show(bench_append(seconds=seconds, writers=writers, runs=runs), as_json)


@bench_app.command()
def publish(runs: Runs = 3, seconds: Seconds = 6.0, as_json: AsJson = False) -> None:
    """Publishing 10,000 new events, and appends with a publisher at work beside appends without one.

    Example: investiture bench publish --json
    """
    from benchmarks.publish import bench_publish

    _show(bench_publish(runs=runs, seconds=seconds), as_json)


@bench_app.command()
def site(
    notices: Annotated[int, typer.Option(min=10, max=1_000_000, help="Notices to write as files.")] = 10_000,
    runs: Runs = 3,
    seconds: Seconds = 3.0,
    as_json: AsJson = False,
) -> None:
    """A notice's page beside a fixed string of its size, and the whole public site written as files.

    Example: investiture bench site --notices 10000 --json
    """
    from benchmarks.public_site import bench_public_site

    _show(bench_public_site(notices, runs=runs, seconds=seconds), as_json)


@bench_app.command()
def step(runs: Runs = 3, seconds: Seconds = 5.0, as_json: AsJson = False) -> None:
    """Steps of cases through the API, beside the same steps as Temporal updates.

    Example: investiture bench step --json
    """
    from benchmarks.step import bench_step

    _show(bench_step(runs=runs, seconds=seconds), as_json)


@bench_app.command()
def batch(
    runs: Runs = 3,
    lines: Annotated[int, typer.Option(min=1, max=5_000, help="Cases that one file opens.")] = 1_000,
    as_json: AsJson = False,
) -> None:
    """Cases opened from one file, beside as many single requests over 16 connections.

    Example: investiture bench batch --json
    """
    from benchmarks.batch import bench_batch

    _show(bench_batch(runs=runs, lines=lines), as_json)


@bench_app.command()
def training(
    lines: Annotated[int, typer.Option(min=100, max=200_000, help="Records in the file.")] = 100_000,
    people: Annotated[int, typer.Option(min=10, max=200_000, help="People whom they are of.")] = 20_000,
    as_json: AsJson = False,
) -> None:
    """A school's signed file of training records, beside a plain COPY of its lines; then standings, one by one.

    Example: investiture bench training --json
    """
    from benchmarks.training_import import bench_training

    _show(bench_training(lines=lines, people=people), as_json)


@bench_app.command()
def rebuild(
    events: Annotated[int, typer.Option(min=1_000, max=20_000_000, help="Events of the log.")] = 100_000,
    runs: Runs = 3,
    as_json: AsJson = False,
) -> None:
    """Rebuilding the audit timeline, beside one statement over the same log.

    Example: investiture bench rebuild --events 500000 --json
    """
    from benchmarks.rebuild import bench_rebuild

    _show(bench_rebuild(events=events, runs=runs), as_json)


@bench_app.command(name="audit-trail")
def audit_trail(
    events: Annotated[int, typer.Option(min=50_000, max=20_000_000, help="Events of the long log.")] = 5_000_000,
    reads: Annotated[int, typer.Option(min=10, max=10_000, help="Readings that are timed, each by itself.")] = 300,
    as_json: AsJson = False,
) -> None:
    """Reading the audit trail of one case in a long log, beside the same in a log of 50,000 events.

    Example: investiture bench audit-trail --events 1000000 --json
    """
    from benchmarks.audit_trail import bench_audit_trail

    _show(bench_audit_trail(events=events, reads=reads), as_json)


@bench_app.command()
def verify(
    events: Annotated[int, typer.Option(min=1_000, max=20_000_000, help="Events of the log.")] = 300_000,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work.")] = 2,
    runs: Runs = 3,
    as_json: AsJson = False,
) -> None:
    """Verifying the whole log, beside only reading its rows.

    Example: investiture bench verify --json
    """
    from benchmarks.verify import bench_verify

    _show(bench_verify(events=events, processes=processes, runs=runs), as_json)


@bench_app.command()
def decide(
    events: Annotated[int, typer.Option(min=20, max=20_000, help="Events of the case.")] = 500,
    decisions: Annotated[int, typer.Option(min=10, max=20_000, help="Decisions that are timed, each by itself.")] = 500,
    as_json: AsJson = False,
) -> None:
    """Deciding a command on a long case, in this process on one core, under two packs.

    Example: investiture bench decide --json
    """
    from benchmarks.decide import bench_decide

    _show(bench_decide(events=events, decisions=decisions), as_json)


@bench_app.command()
def dossier(
    events: Annotated[int, typer.Option(min=20, max=20_000, help="Events of the case.")] = 5_000,
    runs: Runs = 3,
    as_json: AsJson = False,
) -> None:
    """The dossier of a long case, from its stored rows to the file, on one core.

    Example: investiture bench dossier --json
    """
    from benchmarks.dossier import bench_dossier

    _show(bench_dossier(events=events, runs=runs), as_json)


async def _one_after_another(*works: Coroutine[Any, Any, list[Row]]) -> list[Row]:
    return [row for work in works for row in await work]


def _show(work: Coroutine[Any, Any, Sequence[Row]], as_json_wanted: bool) -> None:
    rows = asyncio.run(work)
    if as_json_wanted:
        print(as_json(rows))
    else:
        Console().print(as_table(rows))
