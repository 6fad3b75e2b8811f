"""A step of a case through the HTTP API beside the same step as a Temporal update.

A step is authorised, decided under the pack, and durable in PostgreSQL with its hash chain before it is answered. The
steps are those of whole cases, from the opening to the open notice, a sealed nomination among them. Server, database
and the calling client share the machine's cores.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from random import random
from statistics import quantiles
from time import perf_counter
from uuid import uuid4

import orjson
import uvloop

from benchmarks.http_load import Caller
from benchmarks.on_file import studied
from benchmarks.results import OURS, Row, measured
from benchmarks.step_peer import carry_updates
from domain.identity import Role
from eventstore.keys import MasterKey
from runtime.clock import now
from runtime.embedded import free_port, prepared_postgres, temporal_server
from runtime.local_issuer import EXAMPLES, mint
from runtime.settings import PROJECT, Settings
from runtime.supervisor import Supervisor, supervised
from runtime.up import Installation, process

UPDATE = "Temporal update"
RATE, MILLISECONDS = "steps/s", "ms"


async def bench_step(runs: int = 3, seconds: float = 5.0, callers: tuple[int, ...] = (1, 16, 64)) -> list[Row]:
    """The rows of steps, subject beside subject, in interleaved runs."""
    rates: dict[tuple[int, str], list[float]] = {}
    alone: list[float] = []
    half_load: list[float] = []
    async with running_api() as environment:
        for _ in range(runs):
            for count in callers:
                ours = await _measure(environment, "http", count, seconds)
                rates.setdefault((count, OURS), []).append(ours["rate"])
                peer = await _measure(environment, "updates", count, seconds)
                rates.setdefault((count, UPDATE), []).append(peer["rate"])
                if count == 1:
                    alone.append(ours["median_ms"])
            top = max(rates[count, OURS][-1] for count in callers)
            half_load.append((await _measure(environment, "http", 16, seconds, rate=top / 2))["p99_ms"])
    rows = [
        measured(f"a step through the API, {count} at once", subject, RATE, values)
        for (count, subject), values in rates.items()
    ]
    rows.append(measured("a step alone, median", OURS, MILLISECONDS, alone))
    rows.append(measured("a step at half the best rate, p99", OURS, MILLISECONDS, half_load))
    return rows


@asynccontextmanager
async def running_api() -> AsyncIterator[Mapping[str, str]]:
    """Database, engine and API in a temporary folder; nothing else runs, so that steps are measured alone."""
    async with running_installation("api") as (settings, _):
        yield settings


@asynccontextmanager
async def running_installation(*processes: str) -> AsyncIterator[tuple[Mapping[str, str], Supervisor]]:
    """Database and engine in a temporary folder, and those processes of the program."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        installation = Installation(Path(folder), free_port())
        MasterKey.make(installation.master_key_file)
        async with supervised(Path(folder) / "logs", lambda sentence: None) as supervisor:
            postgres = await prepared_postgres(Path(folder), supervisor)
            await supervisor.start(postgres.server())
            await postgres.create_databases()
            engine = free_port()
            await supervisor.start(temporal_server(Path(folder), engine))
            settings = installation.environment(postgres.urls(), engine)
            await supervisor.run_once(process("migrate", installation, settings))
            await supervisor.start(*(process(name, installation, settings) for name in processes))
            yield settings, supervisor


async def _measure(
    environment: Mapping[str, str], way: str, callers: int, seconds: float, rate: float = 0.0
) -> dict[str, float]:
    """One run in a process of its own, so that no subject inherits another's garbage."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.step", way, str(callers), str(seconds), str(rate)),
        env={**os.environ, **environment},
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"the run of {way} ended with {child.returncode}")
    found: dict[str, float] = json.loads(out)
    return found


async def carry_http(callers: int, seconds: float, rate: float) -> dict[str, float]:
    """Steps a second and their times, as so many callers see them; `rate` holds the callers back to that many."""
    settings = Settings()
    tokens = {role: token(settings, role) for role in (Role.PERSONNEL, Role.SCHOOL)}
    clients = [await Caller.connect(settings.port) for _ in range(callers)]
    await _carry_case(clients[0], tokens, [], 0)
    times: list[float] = []
    began = perf_counter()
    pause = callers / rate if rate else 0.0
    await asyncio.gather(*(_caller(client, tokens, times, began + seconds, pause) for client in clients))
    took = perf_counter() - began
    cuts = quantiles(times, n=100)
    return {"rate": len(times) / took, "median_ms": cuts[49] * 1000, "p99_ms": cuts[98] * 1000}


def token(settings: Settings, role: Role) -> str:
    who = EXAMPLES[role]
    return mint(settings, [role], organ=who.organ, subject=who.subject, name=who.name, now=now())


async def _caller(client: Caller, tokens: Mapping[Role, str], times: list[float], until: float, pause: float) -> None:
    await asyncio.sleep(random() * pause)  # people do not act in step with each other
    while perf_counter() < until:
        await _carry_case(client, tokens, times, pause)


async def _carry_case(client: Caller, tokens: Mapping[Role, str], times: list[float], pause: float) -> None:
    name = uuid4().hex

    async def step(path: str, body: object, role: Role = Role.PERSONNEL) -> dict[str, object]:
        headers = {
            "authorization": f"Bearer {tokens[role]}",
            "idempotency-key": uuid4().hex,
            "content-type": "application/json",
        }
        sent = perf_counter()
        reply = await client.post(f"/api/v1{path}", orjson.dumps(body), headers)
        took = perf_counter() - sent
        if reply.status not in (200, 201):
            raise RuntimeError(f"{path}: {reply.status} {reply.body!r}")
        times.append(took)
        if pause > took:
            await asyncio.sleep(pause - took)
        return reply.json()

    post = {"post_id": f"bench/{name}", "title": "Clerk", "unit": "Registry", "rank": "officer"}
    case = f"/cases/{(await step('/cases', {'pack': 'standard', 'post': post}))['case_id']}"
    shown = {"full_name": "Amina Okafor", "present_post": "Senior Clerk", "results": "Cleared the backlog."}
    nominated = await step(f"{case}/candidates", {"person": f"person-{name}", "particulars": shown})
    await step(f"{case}/nomination-closings", {})
    candidate = nominated["events"][0]["candidate_id"]  # type: ignore[index]
    record = studied(64, now().date()).model_dump(mode="json")
    await step("/training-records", {"person": f"person-{name}", "record": record}, Role.SCHOOL)
    await step(f"{case}/training-verifications", {"candidate_id": candidate}, Role.SCHOOL)
    await step(f"{case}/public-notices", {})


async def _run(way: str, callers: int, seconds: float, rate: float) -> dict[str, float]:
    if way == "updates":
        return {"rate": await carry_updates(callers, seconds)}
    return await carry_http(callers, seconds, rate)


if __name__ == "__main__":
    found = uvloop.run(_run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
    print(json.dumps(found))
