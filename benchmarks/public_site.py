"""The public site: a notice's page beside a fixed string of its size from one server, and the whole site as files.

Candidates' names are sealed with keys that this log's maker has thrown away: the pages say that they were forgotten, in
about as many words. Server, database and the calling client share the machine's cores.
"""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import httpx2
import uvicorn
import uvloop
from fastapi import APIRouter, Response

from api.app import create_app
from benchmarks.http_load import Caller
from benchmarks.lived_log import MORNING, fill
from benchmarks.results import OURS, Row, measured
from eventstore.keys import MasterKey
from projections.every import every_projection
from projections.projector import Projector
from projections.public_notice import notices_after
from runtime.api_process import services_of
from runtime.bars import bar
from runtime.connections import House, open_house
from runtime.embedded import free_port
from runtime.garbage import look_once_at_what_lives
from runtime.scratch_database import migrated_server
from runtime.settings import PROJECT, Settings
from runtime.site_publishing import publish_site

READERS = 16
EVENTS_A_NOTICE = 11
AT = MORNING + timedelta(hours=8)
FIXED = "/fixed"
START_SECONDS = 30


async def bench_public_site(notices: int = 10_000, runs: int = 3, seconds: float = 3.0) -> list[Row]:
    """Pages a second beside a fixed string of their size, and seconds to write so many notices as files."""
    look_once_at_what_lives()  # as the command and the API do
    return await asyncio.to_thread(uvloop.run, _bench(notices, runs, seconds))


async def _bench(notices: int, runs: int, seconds: float) -> list[Row]:
    rates: dict[str, list[float]] = {"a fixed string of its size": [], OURS: []}
    with migrated_server() as server, tempfile.TemporaryDirectory() as folder:
        urls = server.urls()
        environment = {
            "INVESTITURE_DATABASE_URL": urls.database_url,
            "INVESTITURE_KEYS_URL": urls.keys_url,
            "INVESTITURE_MASTER_KEY_FILE": f"{folder}/master.key",
            "INVESTITURE_PUBLIC_LOG": f"{folder}/log",
            "INVESTITURE_PORT": str(free_port()),
        }
        MasterKey.make(Path(folder) / "master.key")
        settings = Settings.model_validate({k.removeprefix("INVESTITURE_").lower(): v for k, v in environment.items()})
        async with open_house(settings) as house:
            address = await _noticed(house, notices)
            async with _serving(environment):
                for _ in range(runs):
                    rates["a fixed string of its size"].append(await _rate(settings.port, FIXED + address, seconds))
                    rates[OURS].append(await _rate(settings.port, address, seconds))
            first, again, files = await _written(house, Path(folder) / "site")
    rows = [measured(f"a notice's page, {READERS} readers", name, "pages/s", found) for name, found in rates.items()]
    work = f"publish {notices:,} notices, {files:,} files"
    return [*rows, measured(work, OURS, "s", [first]), measured(work, "once more, nothing changed", "s", [again])]


async def _noticed(house: House, notices: int) -> str:
    """The address of a notice among so many."""
    await fill(house.store, house.packs, notices * EVENTS_A_NOTICE)
    await Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs)).prepare()
    found = await notices_after(house.pool, -1, notices, AT)
    return f"/en/notices/{found[-1].notice_id}"


@asynccontextmanager
async def _serving(environment: Mapping[str, str]) -> AsyncIterator[None]:
    """The API in a process of its own, on the morning on which the notices opened."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.public_site"), env={**os.environ, **environment}, cwd=PROJECT
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    (await Caller.connect(int(environment["INVESTITURE_PORT"]))).close()
                    break
                except OSError:
                    await asyncio.sleep(0.05)
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        await child.wait()


async def _rate(port: int, path: str, seconds: float) -> float:
    readers = [await Caller.connect(port) for _ in range(READERS)]
    until = perf_counter() + seconds
    counts = await asyncio.gather(*(_read(reader, path, until) for reader in readers))
    return sum(counts) / seconds


async def _read(reader: Caller, path: str, until: float) -> int:
    count = 0
    while perf_counter() < until:
        reply = await reader.get(path)
        assert reply.status == 200 and reply.body, reply.status
        count += 1
    reader.close()
    return count


async def _written(house: House, folder: Path) -> tuple[float, float, int]:
    """Seconds for the first run and for one after which nothing has changed, and how many files there are."""
    took = []
    for _ in range(2):
        began = perf_counter()
        with bar(quiet=True) as shown:
            await publish_site(house, folder, AT, shown)
        took.append(perf_counter() - began)
    return took[0], took[1], sum(file.is_file() for file in folder.rglob("*"))


async def _serve(settings: Settings) -> None:
    async with open_house(settings) as house, httpx2.AsyncClient(trust_env=False) as http:
        services = replace(services_of(house, http), clock=lambda: AT)
        fixed = APIRouter()
        sizes: dict[str, bytes] = {}

        @fixed.get(FIXED + "/{language}/notices/{notice_id}")
        async def fixed_string(language: str, notice_id: str) -> Response:
            if notice_id not in sizes:
                async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://l") as own:
                    sizes[notice_id] = b"x" * len((await own.get(f"/{language}/notices/{notice_id}")).content)
            return Response(sizes[notice_id], media_type="text/html")

        app = create_app(services=services, routers=(fixed,))
        await uvicorn.Server(uvicorn.Config(app, port=settings.port, log_level="warning", access_log=False)).serve()


if __name__ == "__main__":
    uvloop.run(_serve(Settings()))
