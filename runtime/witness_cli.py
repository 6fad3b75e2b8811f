"""The command `witness`: a second memory of the log, run by the supervision organ on a machine of its own.

It needs no database, no workflow engine and no setting of the service: a folder is all.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from eventstore.transparency.note import UnreadableKey, Verifier
from runtime.bars import bar
from runtime.witness_alarms import now_in_words
from runtime.witness_folder import WitnessFolder, WitnessUnusable
from runtime.witness_status import alarms_of, status

SOMETHING_IS_WRONG = 1
CANNOT_WORK = 2

witness_app = typer.Typer(
    help="The witness of a log: a process with a key and a memory of its own, made for the supervision organ's own "
    "machine. It cosigns what only grew, follows the log by itself, and raises the alarm when the past has changed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[Path, typer.Option("--data", help="Folder of the witness.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON with stable keys, for programs.")]
DEFAULT = Path("witness")


@contextlib.contextmanager
def _said_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except (WitnessUnusable, UnreadableKey) as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(CANNOT_WORK) from None


@witness_app.command()
def init(
    name: Annotated[str, typer.Option(help="Name of the key, such as the organ's host name; without spaces.")],
    data: Data = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Make a witness: a folder with a key of its own, never over an old one.

    It prints the key that the office needs, to tell this witness's cosignatures from others.

    \b
    Example:
      investiture witness init --name supervision.example/witness --data /srv/witness

    \b
    Exit codes: 0 made; 2 not made.
    """
    with _said_in_a_sentence():
        key = str(WitnessFolder.make(data, name).signer().verifier)
    _tell({"key": key, "data": str(data)}, as_json, key)
    if not as_json:
        typer.echo(f"Hand this key to the office. What is secret stays in {data}; keep a copy of it apart.", err=True)


@witness_app.command()
def rotate(data: Data = DEFAULT, as_json: AsJson = False) -> None:
    """Give the witness a new key, while it does not run. It forgets nothing of what it cosigned.

    The office names the new key in its settings; until then it takes the witness for silent.

    \b
    Example:
      investiture witness rotate --data /srv/witness

    \b
    Exit codes: 0 done; 2 the witness runs, or there is none.
    """
    with _said_in_a_sentence():
        key = str(WitnessFolder(data).rotate().verifier)
    _tell({"key": key}, as_json, key)


@witness_app.command()
def trust(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The log's key, as the office handed it over.")],
    data: Data = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Trust a key of a log. A second key of the same log is its rotation: both count until one is distrusted.

    A witness that runs heeds it at once.

    \b
    Example:
      investiture witness trust 'appointments.example/log+530d903a+AekyeRrm…' --data /srv/witness

    \b
    Exit codes: 0 trusted; 2 not a log's key, or no witness.
    """
    with _said_in_a_sentence():
        found = Verifier.parse(key)
        new = WitnessFolder(data).trust(found)
    said = {"log": found.name, "key": str(found), "new": new}
    _tell(said, as_json, f"{found.name}: the key {found.key_id.hex()} {'is' if new else 'was already'} trusted")


@witness_app.command()
def distrust(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key, or the eight letters of its id.")],
    data: Data = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Trust a key no longer. What was cosigned under it is not forgotten.

    \b
    Example:
      investiture witness distrust 530d903a --data /srv/witness

    \b
    Exit codes: 0 done; 2 the key was not trusted.
    """
    with _said_in_a_sentence():
        found = WitnessFolder(data).distrust(key)
    said = {"log": found.name, "key": str(found)}
    _tell(said, as_json, f"{found.name}: the key {found.key_id.hex()} is trusted no longer")


@witness_app.command()
def show(data: Data = DEFAULT, as_json: AsJson = False) -> None:
    """Show the witness's key, the logs that it knows, how far each has come, and its alarms.

    \b
    Example:
      investiture witness show --data /srv/witness --json

    \b
    Exit codes: 0 shown, whatever it says; 2 no witness.
    """
    with _said_in_a_sentence():
        found = status(WitnessFolder(data), time.time())
    _tell(found, as_json, _in_words(found))


@witness_app.command()
def check(data: Data = DEFAULT, as_json: AsJson = False) -> None:
    """Say whether an alarm stands, for a timer or a monitor: the same as `show`, with an exit code.

    \b
    Example:
      investiture witness check --data /srv/witness || mail -s 'the log' supervision@example.org

    \b
    Exit codes: 0 nothing is wrong; 1 an alarm stands; 2 no witness.
    """
    with _said_in_a_sentence():
        found = status(WitnessFolder(data), time.time())
    _tell(found, as_json, _in_words(found))
    if found["alarms"]:
        raise typer.Exit(SOMETHING_IS_WRONG)


@witness_app.command()
def settle(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the alarm, as `show` has it.")],
    reason: Annotated[str, typer.Option(help="What was found and decided; it stays beside the alarm.")],
    data: Data = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Say that an alarm was looked into. It is kept, with the reason.

    \b
    Example:
      investiture witness settle 3 --reason 'restored from a backup, minutes of 2026-11-20' --data /srv/witness

    \b
    Exit codes: 0 settled; 2 no such alarm stands.
    """
    with _said_in_a_sentence():
        WitnessFolder(data).signer()
        alarm = alarms_of(WitnessFolder(data)).settle(number, reason)
    _tell({"number": number, "kind": alarm.kind, "log": alarm.log}, as_json, f"alarm {number} is settled: {reason}")


@witness_app.command()
def run(
    data: Data = DEFAULT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes any.", min=0, max=65535)] = 8470,
    follow: Annotated[list[str] | None, typer.Option(metavar="URL", help="Address of a log to read; repeated.")] = None,
    every: Annotated[float, typer.Option(metavar="SECONDS", help="Pause between two readings.", min=0.1)] = 60,
    silent_after: Annotated[
        float, typer.Option(metavar="SECONDS", help="Without a reading for so long, the alarm is raised.", min=1)
    ] = 3600,
) -> None:
    """Run the witness until it is told to stop: answer the log, and follow it.

    The log's office must reach http://HOST:PORT/add-checkpoint, through a proxy with TLS when it is elsewhere.

    \b
    Examples:
      investiture witness run --data /srv/witness --follow https://appointments.example/log
      investiture witness run --data /srv/witness --host 0.0.0.0 --every 300

    \b
    Exit codes: 2 it could not start; else that of the signal that stopped it.
    """
    from runtime.witness_following import followers
    from runtime.witness_process import Door, beside, listening, serve, witness_app

    with _said_in_a_sentence():
        folder = WitnessFolder(data)
        alarms = alarms_of(folder)
        door = Door(folder, alarms)
        with folder.held():
            status(folder, time.time())  # what cannot be read is said now, and not to the log
            logs = followers(folder, alarms, follow or (), silent_after, _warn)
            with listening(host, port) as listener:
                typer.echo(f"ready http://{host}:{listener.getsockname()[1]}")
                asyncio.run(serve(witness_app(door, beside(logs, every)), listener))


@witness_app.command()
def recheck(
    place: Annotated[str, typer.Option("--from", metavar="URL_OR_FOLDER", help="The log, or a copy of its files.")],
    data: Data = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Hash a whole log again from its first entry, and name the first entry or tile that is wrong.

    It is held against the signed checkpoint and against what this witness has seen and cosigned. It changes nothing
    and may run beside the witness.

    \b
    Examples:
      investiture witness recheck --from https://appointments.example/log --data /srv/witness
      investiture witness recheck --from /mnt/copy/log --data /srv/witness --json

    \b
    Exit codes: 0 whole; 1 something is wrong; 2 it could not be read.
    """
    from runtime.witness_following import LogWrong, rechecked
    from runtime.witness_source import Unreachable

    try:
        with _said_in_a_sentence(), bar(quiet=as_json) as shown:
            task = shown.add_task("hashing", total=None)
            found = rechecked(WitnessFolder(data), place, lambda done, of: shown.update(task, completed=done, total=of))
    except Unreachable as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(CANNOT_WORK) from None
    except LogWrong as wrong:
        said = {"whole": False, "kind": wrong.kind, "what": str(wrong)}
        _tell(said, as_json, f"{wrong.kind}: {wrong}")
        raise typer.Exit(SOMETHING_IS_WRONG) from None
    words = f"{found.origin}: {found.size} entries hashed again, every tile held against them; root {found.root.hex()}"
    _tell({"whole": True, "log": found.origin, "size": found.size, "root": found.root.hex()}, as_json, words)


def _warn(sentence: str) -> None:
    typer.echo(f"{now_in_words()} {sentence}", err=True)


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"witness  {found['name']}", f"key      {found['key']}", ""]
    for log in found["logs"]:
        lines += [*_log_in_words(log), ""]
    if not found["logs"]:
        lines += ["It trusts no log yet: investiture witness trust KEY", ""]
    for alarm in found["alarms"]:
        lines.append(f"ALARM {alarm['number']} {alarm['kind']} ({alarm['log']}, {alarm['raised_at']}): {alarm['what']}")
    return "\n".join(lines if found["alarms"] else [*lines, "No alarm stands."])


def _log_in_words(log: dict[str, Any]) -> Iterator[str]:
    yield f"log      {log['origin']}"
    yield from (f"  trusts    {key}" for key in log["keys"])
    for known in ("cosigned", "read"):
        if log[known] is not None:
            yield f"  {known:<9} {log[known]['size']} entries, {log[known]['at']}, root {log[known]['root']}"
    if log["following"] is not None:
        follows = log["following"]
        yield f"  follows   {follows['from']}: {follows['problem'] or 'last read ' + str(follows['succeeded_at'])}"


def _tell(found: dict[str, Any], as_json: bool, words: str) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else words)


if __name__ == "__main__":
    sys.exit(witness_app())
