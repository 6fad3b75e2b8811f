"""The command `up`: one whole installation on this machine, from the database to the API."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from rich.console import Console

from eventstore.keys import MasterKey
from runtime.child import Child, StartFailed
from runtime.embedded import DatabaseUrls, free_port, prepared_postgres, temporal_server
from runtime.own_witness import ELSEWHERE, OwnWitness, own_witness
from runtime.settings import PROJECT
from runtime.supervisor import Supervisor, only_one, supervised

HOST = "127.0.0.1"
PROGRAM = (sys.executable, "-m", "runtime.cli")
PROCESSES = ("api", "worker", "projector", "relay", "publisher")
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Installation:
    """Where one installation keeps its data and where it is reached."""

    data: Path
    port: int
    temporal_ui_port: int | None = None
    program: tuple[str, ...] = PROGRAM

    @property
    def address(self) -> str:
        """The address of its API and its pages."""
        return f"http://{HOST}:{self.port}"

    @property
    def master_key_file(self) -> Path:
        """The key that wraps the keys of the key store."""
        return self.data / "master.key"

    @property
    def log_keys(self) -> Path:
        """The folder of the keys that sign its log."""
        return self.data / "log-signer"

    def environment(self, urls: DatabaseUrls, temporal_port: int, witness: OwnWitness | None = None) -> dict[str, str]:
        """The settings of its processes, each as the environment variable that carries it."""
        settings = {
            "mode": "embedded",
            "data": str(self.data),
            "host": HOST,
            "port": str(self.port),
            "public_url": self.address,
            "oidc_issuer": f"{self.address}/issuer",
            "master_key_file": str(self.master_key_file),
            "public_log": str(self.data / "log"),
            "log_keys": str(self.log_keys),
            "temporal_address": f"{HOST}:{temporal_port}",
            **asdict(urls),
            **(witness.settings() if witness else {}),
        }
        return {f"INVESTITURE_{name.upper()}": value for name, value in settings.items()}


def up(
    port: Annotated[int, typer.Option(help="Port of the API and the pages.", min=1, max=65535)] = 8080,
    data: Annotated[Path, typer.Option(help="Folder that keeps everything; made when missing.")] = Path("data"),
    temporal_ui: Annotated[int | None, typer.Option(help="Also show the engine's own pages on this port.")] = None,
) -> None:
    """Run the whole service on this machine: database, workflow engine and every process.

    Example: investiture up --port 9000 --data /srv/investiture
    """
    console = Console(highlight=False, soft_wrap=True)
    installation = Installation(data.expanduser().resolve(), port, temporal_ui)
    try:
        asyncio.run(run_until_stopped(installation, console))
    except (StartFailed, OSError) as reason:
        console.print(f"[red]Investiture could not start.[/red] {reason}", markup=True)
        raise typer.Exit(1) from None


async def run_until_stopped(installation: Installation, console: Console) -> None:
    """The installation runs until a signal asks it to stop; a second signal kills instead of asking.

    Survives: the death of any of its processes, which are started again.
    Refuses: a folder that another one runs on, and a port that is taken.
    """
    tell = _teller(console)
    async with _held(installation) as data:
        async with supervised(data / "logs", tell) as supervisor:
            stop = _stop_on_signals(supervisor)
            starting = asyncio.create_task(_start(installation, supervisor, console))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                _announce(installation, starting.result(), console)
                await stopping
            starting.cancel()
            await asyncio.wait({starting})
            tell("stopping; Ctrl-C again does not wait")
        tell(f"stopped; everything is kept in {data}")


@contextlib.asynccontextmanager
async def _held(installation: Installation) -> AsyncIterator[Path]:
    data = installation.data
    if not data.exists():
        data.mkdir(parents=True, mode=0o700)
    with only_one(data):
        _refuse_taken_port(installation.port)
        try:
            yield data
        finally:
            (data / "up.json").unlink(missing_ok=True)


async def _start(installation: Installation, supervisor: Supervisor, console: Console) -> Mapping[str, str]:
    data = installation.data
    _make_master_key_once(installation)
    with _phase(console, "database"):
        postgres = await prepared_postgres(data, supervisor)
        await supervisor.start(postgres.server())
        await postgres.create_databases()
    temporal_port = free_port()
    with _phase(console, "workflow engine"):
        await supervisor.start(temporal_server(data, temporal_port, installation.temporal_ui_port))
    witness = own_witness(data, installation.address, installation.log_keys)
    settings = installation.environment(postgres.urls(), temporal_port, witness)
    with _phase(console, "migrations"):
        await supervisor.run_once(process("migrate", installation, settings))
    children = [process(name, installation, settings) for name in PROCESSES]
    children += [witness.child()] if witness else []
    with _phase(console, ", ".join(child.name for child in children)):
        await supervisor.start(*children)
    return settings


def _make_master_key_once(installation: Installation) -> None:
    file = installation.master_key_file
    if file.exists():
        return
    if (installation.data / "postgres").exists():
        raise StartFailed(
            f"{file} is missing, and {installation.data / 'postgres'} holds a database that was made with it. "
            "Put it back from the copy that was kept apart, or choose another data folder."
        )
    MasterKey.make(file)


def process(name: str, installation: Installation, settings: Mapping[str, str]) -> Child:
    """One process of the installation, by the name of its command."""
    command = (*installation.program, name)
    environment = {**os.environ, **settings, "PYTHONUNBUFFERED": "1"}
    if name == "api":
        return Child(name, command, environment, folder=PROJECT, ready=lambda: _is_ready(installation.address))
    return Child(name, command, environment, folder=PROJECT)


async def _is_ready(address: str) -> bool:
    try:
        # The machine's proxy settings are for other hosts than this one.
        async with httpx2.AsyncClient(trust_env=False, timeout=5) as client:
            return (await client.get(f"{address}/readyz")).status_code == 200
    except httpx2.HTTPError:
        return False


def _announce(installation: Installation, settings: Mapping[str, str], console: Console) -> None:
    running = {"address": installation.address, "pid": os.getpid(), "environment": dict(settings)}
    written = installation.data / "up.json.new"
    written.touch(mode=0o600)
    written.write_text(json.dumps(running, indent=2))
    written.replace(installation.data / "up.json")
    console.print(f"ready {installation.address}")
    elsewhere = "" if installation.data == Path("data").resolve() else f" --data {installation.data}"
    console.print(
        f"  the pages       {installation.address}/\n"
        f"  the API         {installation.address}/api/docs\n"
        f"  a token         .venv/bin/investiture token --role personnel{elsewhere}\n"
        "  whole examples  make demo\n"
        f"  the public log  {installation.address}/log/checkpoint; {_witnessed(settings)}\n"
        f"  logs            {installation.data / 'logs'}\n"
        "  Ctrl-C stops everything; the data stays"
    )


def _witnessed(settings: Mapping[str, str]) -> str:
    address = settings.get("INVESTITURE_WITNESS_URL")
    if address is None:
        return f"its witness: {os.environ[ELSEWHERE]}"
    return (
        f"its witness {address}/status\n"
        "                  runs on this same machine, so it proves nothing to outsiders: see docs/witness.md"
    )


def _stop_on_signals(supervisor: Supervisor) -> asyncio.Event:
    stop = asyncio.Event()

    def asked() -> None:
        if stop.is_set():
            supervisor.hurry()
        stop.set()

    for number in STOP_SIGNALS:
        # Started with nohup, it outlives its terminal; a shell's background job ignores SIGINT and must still stop.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, asked)
    return stop


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise StartFailed(
                f"Port {port} is reserved for root; choose one above 1023, for example PORT=8080."
            ) from None
        except OSError:
            raise StartFailed(
                f"Port {port} is taken by another program; choose another one, for example PORT={port + 1}."
            ) from None


def _teller(console: Console) -> Callable[[str], None]:
    def tell(sentence: str) -> None:
        # A terminal that has gone away must not take the restarts with it.
        with contextlib.suppress(OSError):
            console.print(f"{time.strftime('%H:%M:%S')} {sentence}", markup=False)

    return tell


@contextlib.contextmanager
def _phase(console: Console, name: str) -> Iterator[None]:
    started = time.monotonic()
    with console.status(f"starting {name}"):
        yield
    console.print(f"  {name:<32} {time.monotonic() - started:5.1f} s")
