"""A school's signed file of training records through the real door, beside a plain COPY of the same lines.

Each record is read, decided on its person's file, sealed with their key, hash-chained and durable before its line is
reported. The projector runs beside it; server, database, projector and the calling client share the machine's cores.
"""

import asyncio
import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import orjson
import uvloop
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.import_file import COLUMNS
from benchmarks.http_load import Caller
from benchmarks.results import OURS, Row, measured
from benchmarks.step import running_installation, token
from domain.identity import Role
from domain.school_key import key_id_of, pem_of
from domain.training_import import signed_statement
from projections.projector import Projector, wait_until_projected
from projections.training_register import TrainingRegister
from runtime.connections import House, open_house
from runtime.settings import PROJECT, Settings

COPY = "COPY of the same lines into one plain table"
STANDINGS = 500
LONGEST_SECONDS = 900.0
NAMES = [column.name for column in COLUMNS["import_training"] if column.name != "course_id"]


async def bench_training(lines: int = 100_000, people: int = 20_000) -> list[Row]:
    """Seconds and lines a second, the second go, the standings after it, the read model, and memory."""
    async with running_installation("api", "projector") as (environment, supervisor):
        found = await _measure(environment, lines, people)
        memory = _peak_mebibytes(supervisor.process_id("api"))
    work = f"{lines:,} training records of {people:,} people from one signed file"
    return [
        measured(work, OURS, "records/s", [lines / found["first"]]),
        measured(work, COPY, "records/s", [lines / found["copied"]]),
        measured(f"{work}, time", OURS, "s", [found["first"]]),
        measured(f"{work}, sent again, time", OURS, "s", [found["again"]], f"{found['new_events']:.0f} new events"),
        measured("a standing after it, median", OURS, "ms", [found["median_ms"]]),
        measured("a standing after it, p99", OURS, "ms", [found["p99_ms"]]),
        measured("training register, seconds behind the import's end", OURS, "s", [found["behind"]]),
        measured("training register, rebuilt", OURS, "events/s", [found["rebuilt"]]),
        measured("memory of the API process at its peak", OURS, "MiB", [memory]),
    ]


def _peak_mebibytes(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


async def _measure(environment: Mapping[str, str], lines: int, people: int) -> dict[str, float]:
    """In a process of its own, as a client is."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.training_import", str(lines), str(people)),
        env={**os.environ, **environment},
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"the run ended with {child.returncode}")
    found: dict[str, float] = json.loads(out)
    return found


def records(lines: int, people: int) -> list[Sequence[str]]:
    """Records as a school has them: its people come again and again, all over the file."""
    return [
        (
            f"staff-{number * 7919 % people}",
            f"2026/{number}",
            f"Administrative law for registrars, part {number % 40}",
            "in_service",
            "off_job",
            f"2026-01-{1 + number % 14:02}",
            f"2026-01-{15 + number % 14:02}",
            *("70", "64", "6", "10"),
            str(60 + number % 41),
            "yes",
            "Settled every exercise case; asks good questions.",
        )
        for number in range(lines)
    ]


async def _run(lines: int, people: int) -> dict[str, float]:
    settings = Settings()
    rows = records(lines, people)
    content = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in (NAMES, *rows)).encode()
    found = {"copied": await _copied(settings, rows)}
    signed = await _signed(settings, content)
    async with open_house(settings) as house:
        found["first"] = await _imported(settings, content, signed, {"recorded": lines})
        size = await house.store.size()
        began = perf_counter()
        await wait_until_projected(house.pool, ["training_register"], size - 1, LONGEST_SECONDS)
        found["behind"] = perf_counter() - began
        found["again"] = await _imported(settings, content, signed, {"repeated": lines})
        found["new_events"] = await house.store.size() - size
        found |= await _standings(settings, people)
        found["rebuilt"] = await _rebuilt(house)
    return found


async def _copied(settings: Settings, rows: Sequence[Sequence[str]]) -> float:
    connection = await asyncpg.connect(settings.database_owner_url)
    columns = ", ".join(f"{name} text" for name in NAMES)
    await connection.execute(f"CREATE TABLE public.plain_copy ({columns})")
    began = perf_counter()
    await connection.copy_records_to_table("plain_copy", schema_name="public", records=rows)
    took = perf_counter() - began
    await connection.execute("DROP TABLE public.plain_copy")
    await connection.close()
    return took


async def _signed(settings: Settings, content: bytes) -> str:
    """A new key of the school, registered, and its signature."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    statement = signed_statement("standard", sha256(content).hexdigest())
    caller = await Caller.connect(settings.port)
    said = {"idempotency-key": uuid4().hex, "content-type": "application/json"}
    authorised = {"authorization": f"Bearer {token(settings, Role.SCHOOL)}"}
    reply = await caller.post(
        "/api/v1/school-keys", orjson.dumps({"public_key": pem_of(public)}), {**said, **authorised}
    )
    if reply.status != 201:
        raise RuntimeError(f"{reply.status} {reply.body!r}")
    return f"{key_id_of(public)}:{base64.b64encode(private.sign(statement)).decode()}"


async def _imported(settings: Settings, content: bytes, signed: str, expected: Mapping[str, int]) -> float:
    """Seconds from the first byte sent to the last line of the report."""
    headers = {"Authorization": f"Bearer {token(settings, Role.SCHOOL)}", "Investiture-Signature": signed}
    url = f"http://127.0.0.1:{settings.port}/api/v1/training-imports"
    tail = b""
    async with httpx2.AsyncClient(timeout=LONGEST_SECONDS, trust_env=False) as client:
        began = perf_counter()
        async with client.stream("POST", url, content=content, headers=headers) as answer:
            async for part in answer.aiter_bytes():
                tail = (tail + part)[-4096:]
        took = perf_counter() - began
    summary: dict[str, Any] = orjson.loads(tail.rstrip().rpartition(b"\n")[2])
    if summary != {"counts": dict(expected), "completed": True}:
        raise RuntimeError(f"{answer.status_code} {summary!r}")
    return took


async def _standings(settings: Settings, people: int) -> dict[str, float]:
    caller = await Caller.connect(settings.port)
    headers = {
        "authorization": f"Bearer {token(settings, Role.PERSONNEL)}",
        "content-type": "application/json",
    }
    times = []
    for number in range(STANDINGS):
        asked = orjson.dumps({"person": f"staff-{number * 104729 % people}", "rank": "officer"})
        began = perf_counter()
        reply = await caller.post("/api/v1/training-standings", asked, headers)
        times.append((perf_counter() - began) * 1000)
        if reply.status != 200 or not reply.json()["lines"]:
            raise RuntimeError(f"{reply.status} {reply.body!r}")
    cuts = quantiles(times, n=100)
    return {"median_ms": cuts[49], "p99_ms": cuts[98]}


async def _rebuilt(house: House) -> float:
    """Events a second, of the whole log, while nothing else is done."""
    register = TrainingRegister(house.store, house.keys)
    began = perf_counter()
    events = await Projector(house.pool, house.store, [register]).rebuild(register)
    return events / (perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(int(sys.argv[1]), int(sys.argv[2])))))
