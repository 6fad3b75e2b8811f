"""Cases opened from one file beside as many single requests, by the same client at the same API process.

Each case is authorised, decided under the pack and durable before its line is reported, as a single request's is.
Server, database and the calling client share the machine's cores.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from time import perf_counter
from uuid import uuid4

import orjson
import uvloop

from benchmarks.http_load import Caller
from benchmarks.results import OURS, Row, measured
from benchmarks.step import running_api, token
from domain.identity import Role
from runtime.settings import PROJECT, Settings

SINGLE = "single requests, 16 connections"
WITH_NOMINEE = "each with its nominee"
CONNECTIONS = 16
HEADER = "post_id,title,unit,rank,person,full_name"


async def bench_batch(runs: int = 3, lines: int = 1_000) -> list[Row]:
    """Seconds and cases a second, file beside single requests, in interleaved runs."""
    seconds: dict[str, list[float]] = {OURS: [], SINGLE: [], WITH_NOMINEE: []}
    async with running_api() as environment:
        for _ in range(runs):
            for way, found in seconds.items():
                found.append(await _measure(environment, way, lines))
    work = f"{lines:,} cases opened from one file"
    rates = {way: [lines / took for took in seconds[way]] for way in (OURS, SINGLE)}
    return [
        measured(f"{work}, time", OURS, "s", seconds[OURS]),
        measured(f"{work}, {WITH_NOMINEE}, time", OURS, "s", seconds[WITH_NOMINEE]),
        *(measured(work, way, "cases/s", values) for way, values in rates.items()),
    ]


async def _measure(environment: Mapping[str, str], way: str, lines: int) -> float:
    """One run in a process of its own, so that no subject inherits another's garbage."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.batch", way, str(lines)),
        env={**os.environ, **environment},
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"the run of {way} ended with {child.returncode}")
    return float(json.loads(out))


async def _opened(way: str, lines: int) -> float:
    """Seconds until so many cases were open."""
    settings = Settings()
    headers = {"authorization": f"Bearer {token(settings, Role.PERSONNEL)}"}
    callers = [await Caller.connect(settings.port) for _ in range(CONNECTIONS if way == SINGLE else 1)]
    await _one_by_one(callers, headers, len(callers))  # the first request of a process does what no other does again
    began = perf_counter()
    if way == SINGLE:
        await _one_by_one(callers, headers, lines)
    else:
        await _from_a_file(callers[0], headers, lines, nominees=way == WITH_NOMINEE)
    return perf_counter() - began


async def _from_a_file(caller: Caller, headers: Mapping[str, str], lines: int, *, nominees: bool) -> None:
    name = uuid4().hex
    who = f"person-{name}-{{0}},Amina Okafor" if nominees else ","
    rows = [f"bench/{name}/{number},Clerk,Registry,officer,{who.format(number)}" for number in range(lines)]
    content = "\r\n".join([HEADER, *rows]).encode()
    said = {"idempotency-key": name, "content-type": "text/csv"}
    reply = await caller.post("/api/v1/batches?action=open_case", content, {**headers, **said})
    if reply.status != 200 or reply.json()["counts"] != {"recorded": lines}:
        raise RuntimeError(f"{reply.status} {reply.body[:500]!r}")


async def _one_by_one(callers: list[Caller], headers: Mapping[str, str], lines: int) -> None:
    waiting = iter(range(lines))

    async def carry(caller: Caller) -> None:
        for _ in waiting:
            post = {"post_id": f"bench/{uuid4().hex}", "title": "Clerk", "unit": "Registry", "rank": "officer"}
            said = {"idempotency-key": uuid4().hex, "content-type": "application/json"}
            reply = await caller.post("/api/v1/cases", orjson.dumps({"post": post}), {**headers, **said})
            if reply.status != 201:
                raise RuntimeError(f"{reply.status} {reply.body!r}")

    await asyncio.gather(*(carry(caller) for caller in callers))


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_opened(sys.argv[1], int(sys.argv[2])))))
