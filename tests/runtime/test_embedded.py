"""The embedded database and engine, run for real in folders of their own."""

import asyncio
import os
import signal
import socket
import stat
import subprocess
from pathlib import Path

import asyncpg
import pytest
from rich.console import Console

from runtime.child import StartFailed
from runtime.database_account import database_account, let_through
from runtime.embedded import (
    SEARCH_ATTRIBUTES,
    SOCKET_PATH_LIMIT_BYTES,
    DatabaseUrls,
    embedded_postgres,
    free_port,
    prepared_postgres,
    temporal_server,
)
from runtime.settings import Settings
from runtime.supervisor import only_one, supervised
from runtime.up import Installation, run_until_stopped

PATIENCE_SECONDS = 60.0
NOBODY = 65534


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_database_is_durable_private_and_kept_between_starts(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as urls:
        assert await value(urls.database_url, "SHOW fsync") == "on"
        assert await value(urls.database_url, "SHOW synchronous_commit") == "on"
        assert await value(urls.database_url, "SHOW listen_addresses") == ""
        await value(urls.database_owner_url, "CREATE TABLE kept AS SELECT 42 AS answer")
    async with embedded_postgres(tmp_path) as urls:
        assert await value(urls.database_owner_url, "SELECT answer FROM kept") == 42


async def test_each_database_admits_its_own_roles_only(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path) as urls:
        assert await value(urls.database_url, "SELECT current_user") == "investiture_app"
        assert await value(urls.keys_url, "SELECT current_user") == "investiture_keys"
        strangers = [
            urls.database_url.replace("/investiture?", "/investiture_keys?"),
            urls.keys_url.replace("/investiture_keys?", "/investiture?"),
        ]
        for url in strangers:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asyncpg.connect(url)


async def test_database_comes_back_with_its_data_after_its_server_is_killed(tmp_path: Path) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    async with supervised(tmp_path / "logs", told.put_nowait) as supervisor:
        postgres = await prepared_postgres(tmp_path, supervisor)
        await supervisor.start(postgres.server())
        await postgres.create_databases()
        owner_url = postgres.urls().database_owner_url
        await value(owner_url, "CREATE TABLE recorded AS SELECT generate_series(1, 1000) AS position")
        # A session of the killed server lingers, as a client in the middle of its work would.
        lingering = await asyncpg.connect(owner_url)
        os.kill(supervisor.process_id("postgres"), signal.SIGKILL)
        assert "postgres ended (SIGKILL)" in await asyncio.wait_for(told.get(), PATIENCE_SECONDS)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await postgres.accepts():
                await asyncio.sleep(0.05)
        assert await value(owner_url, "SELECT count(*) FROM recorded") == 1000
        lingering.terminate()


async def test_lock_of_a_killed_server_does_not_stop_the_next_one(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path):
        pass
    # After a restart of the machine the number in the lock may be any other program's, here this test's.
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path / 'postgres'}\n0\n5432\n")
    async with embedded_postgres(tmp_path) as urls:
        assert await value(urls.database_url, "SELECT 1") == 1


async def test_cluster_of_another_release_is_refused(tmp_path: Path) -> None:
    async with embedded_postgres(tmp_path):
        pass
    (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(StartFailed, match="written by PostgreSQL 12"):
        async with embedded_postgres(tmp_path):
            pass


async def test_folder_whose_name_is_too_long_for_a_socket_works(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    async with embedded_postgres(deep) as urls:
        sockets = Path(urls.database_url.partition("host=")[2])
        assert len(os.fsencode(sockets)) < SOCKET_PATH_LIMIT_BYTES
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert await value(urls.database_url, "SELECT 1") == 1
    sockets.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its database to another account")
def test_account_of_the_database_passes_a_private_folder_without_seeing_into_it(tmp_path: Path) -> None:
    account = database_account()
    assert account is not None
    private = tmp_path / "private"
    target = private / "inside"
    target.mkdir(parents=True)
    private.chmod(0o700)
    let_through(target, account)
    assert runs_as(account.uid, f"stat {target}")
    assert not runs_as(account.uid, f"ls {private}")
    assert not runs_as(NOBODY, f"stat {target}"), "nobody else was let through"


def runs_as(uid: int, command: str) -> bool:
    return subprocess.run(command.split(), user=uid, group=uid, extra_groups=[], capture_output=True).returncode == 0


async def test_engine_answers_on_loopback_and_knows_the_search_attributes(tmp_path: Path) -> None:
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
    from temporalio.client import Client

    port = free_port()
    async with supervised(tmp_path / "logs", lambda sentence: None) as supervisor:
        await supervisor.start(temporal_server(tmp_path, port))
        client = await Client.connect(f"127.0.0.1:{port}")
        listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
        assert set(SEARCH_ATTRIBUTES) <= set(listed.custom_attributes)


def test_every_setting_of_the_installation_is_one_that_the_processes_read(tmp_path: Path) -> None:
    urls = DatabaseUrls("postgresql://a", "postgresql://b", "postgresql://c")
    environment = Installation(tmp_path, 8080).environment(urls, 7233)
    assert {name.removeprefix("INVESTITURE_").lower() for name in environment} <= set(Settings.model_fields)


async def test_second_start_on_a_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(StartFailed, match="already runs on the folder"):
        await run_until_stopped(Installation(tmp_path, free_port()), Console(quiet=True))


async def test_taken_port_is_refused_by_name(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StartFailed, match=r"Port \d+ is taken.*PORT="):
            await run_until_stopped(Installation(tmp_path, other.getsockname()[1]), Console(quiet=True))
