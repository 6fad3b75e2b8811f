"""Reading the audit trail of one case in a long log, beside the same in a short one: a case must not know how old
the log is.

The events are made by SQL, set-based, straight into the tables: they have the shape of entries as they are stored,
with hashes of their own, and no chain.
"""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import asyncpg
import uvloop

from benchmarks.database import come_to_rest, migrated_server
from benchmarks.results import OURS, Row, measured
from domain.audit_trail import TrailFilter
from eventstore.keys import MemoryKeyStore
from eventstore.postgres import PostgresEventStore
from projections.audit_trail import Asked, AuditTrail, trail_page
from projections.officer import Officers
from projections.projector import Projector
from projections.reading import Pool
from runtime.connections import open_pool

UNIT = "ms"
SHORT = 50_000
A_CASE = 50
"""Events of an ordinary case."""
LONG_CASE = 20_000
"""Events of one case that outgrew all others."""
AT_ONCE = 250_000
SEED = 20261122
WARMING = 10
FILL = """
INSERT INTO log.event (position, stream, version, type, recorded_at, entry, hash)
SELECT n, stream, version, type, at, entry, sha256('\\x00'::bytea || entry)
FROM (
    SELECT n, stream, version, type, at, convert_to(jsonb_build_object(
        'actor', jsonb_build_object(
            'officer', 'officer-' || n % 40, 'organ', organ, 'roles', jsonb_build_array('personnel')),
        'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'command', md5(n::text)::uuid::text, 'previous', repeat('5e', 32), 'schema', 1, 'stream', stream, 'type', type,
        'version', version, 'pack', jsonb_build_object('id', 'standard', 'version', 1, 'digest', repeat('5e', 32)),
        'rules', jsonb_build_array('stages.order'),
        'data', jsonb_build_object('stage', 'nomination', 'began_on', '2026-03-02', 'remark', repeat('a word ', 20))
    )::text, 'UTF8') AS entry
    FROM (
        SELECT n, 'appointment/' || lpad(number::text, 12, '0') AS stream, version,
            base + n * interval '20 seconds' AS at,
            (ARRAY['stage_begun', 'record_entered', 'record_signed', 'stage_completed'])[version % 4 + 1] AS type,
            (ARRAY['personnel-department', 'supervision-organ', 'deciding-body'])[n % 3 + 1] AS organ
        FROM (
            SELECT n, timestamptz '2020-01-01 00:00Z' AS base,
                CASE WHEN n % $3 = 0 AND n / $3 < $4 THEN 0 ELSE 1 + n / $5 END AS number,
                CASE WHEN n % $3 = 0 AND n / $3 < $4 THEN n / $3 + 1 ELSE n % $5 + 1 END AS version
            FROM generate_series($1::bigint, $2::bigint) AS n
        ) numbered
    ) placed
) written
"""

Read = Callable[[], Awaitable[object]]


async def bench_audit_trail(events: int = 5_000_000, reads: int = 300) -> list[Row]:
    """Milliseconds of a page of 200, in a log of so many events and in one of fifty thousand."""
    async with _log_of(events) as (long, long_rate), _log_of(SHORT) as (short, short_rate):
        logs = {OURS: (long, events), f"in {SHORT:,} events": (short, SHORT)}
        asked = {subject: dict(_questions(pool, size)) for subject, (pool, size) in logs.items()}
        rates = dict(zip(logs, (long_rate, short_rate), strict=True))
        rows = [measured("rebuild of the trail", subject, "events/s", [rate]) for subject, rate in rates.items()]
        for work in next(iter(asked.values())):
            taken = await _timed({subject: found[work] for subject, found in asked.items()}, reads)
            rows += [measured(work, subject, UNIT, taken[subject], f"{logs[subject][1]:,} events") for subject in logs]
    return rows


def _questions(pool: "Pool[asyncpg.Record]", size: int) -> list[tuple[str, Read]]:
    dice = random.Random(SEED)
    place = iter(lambda: dice.randrange(size), -1)

    def ordinary() -> Awaitable[object]:
        return trail_page(pool, Asked(TrailFilter(case=f"{1 + next(place) // A_CASE:012d}")), limit=200)

    def long_one() -> Awaitable[object]:
        return trail_page(pool, Asked(TrailFilter(case="0" * 12)), before=next(place), limit=200)

    def latest() -> Awaitable[object]:
        return trail_page(pool, Asked(), before=next(place), limit=200)

    def filtered() -> Awaitable[object]:
        search = TrailFilter(organ="supervision-organ", type="record_signed")
        return trail_page(pool, Asked(search), before=next(place), limit=200)

    return [
        ("the trail of one case", ordinary),
        (f"a page of a case of {LONG_CASE:,} events", long_one),
        ("a page of the whole log", latest),
        ("a page by organ and type", filtered),
    ]


@asynccontextmanager
async def _log_of(size: int) -> AsyncIterator[tuple["Pool[asyncpg.Record]", float]]:
    with migrated_server() as server:
        owner = await asyncpg.connect(server.urls().database_owner_url)
        try:
            await _fill(owner, size)
        finally:
            await owner.close()
        pool = await open_pool(server.urls().database_url)
        try:
            projector = Projector(pool, PostgresEventStore(pool), ())
            await projector.rebuild(Officers(PostgresEventStore(pool), MemoryKeyStore()))
            started = time.perf_counter()
            await projector.rebuild(AuditTrail())
            rate = size / (time.perf_counter() - started)
            await come_to_rest(server)
            yield pool, rate
        finally:
            await pool.close()


async def _fill(owner: "asyncpg.Connection[asyncpg.Record]", size: int) -> None:
    long_case = min(LONG_CASE, size // 5)
    await owner.execute("SELECT log.make_room($1)", size)
    for first in range(0, size, AT_ONCE):
        last = min(size, first + AT_ONCE) - 1
        await owner.execute(FILL, first, last, size // long_case, long_case, A_CASE, timeout=600)
    await owner.execute("UPDATE log.log SET size = $1", size)
    await owner.execute("VACUUM ANALYZE log.event", timeout=600)  # rebuilding reads it by its statistics


async def _timed(subjects: Mapping[str, Read], reads: int) -> dict[str, list[float]]:
    """Each reading by itself, in turns, so that what else the machine does hits both; ten of each come before."""
    taken: dict[str, list[float]] = {subject: [] for subject in subjects}
    for turn in range(-WARMING, reads):
        for subject, read in subjects.items():
            started = time.perf_counter()
            await read()
            if turn >= 0:
                taken[subject].append((time.perf_counter() - started) * 1000)
    return taken


if __name__ == "__main__":
    from rich.console import Console

    from benchmarks.results import as_table

    Console().print(as_table(uvloop.run(bench_audit_trail()), "audit trail"))
