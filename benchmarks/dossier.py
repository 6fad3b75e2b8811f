"""The dossier of a long case, from its stored rows to the file: opened, folded, stated, told, and set on paper.

The rows are in memory; what the database takes to hand them out is not in it. All of it runs on one core.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter, process_time
from typing import NamedTuple, TypeVar

from benchmarks.decide import LongLife
from benchmarks.results import OURS, Row, measured
from domain.appointment import case_stream
from domain.event import CommandId
from eventstore.codec import Envelope, decode, encode, sealed_owners
from eventstore.packs import reference_of
from eventstore.raw_reading import SealedPart
from eventstore.store import NOTHING_BEFORE, StoredEvent
from pages.dossier import dossier
from pages.dossier_pdf import as_pdf
from projections.dossier import DossierMatter, matter_of
from runtime.packs import read_pack
from runtime.settings import PROJECT

UNIT = "s"
KEY = b"k" * 32
OPENED_FOR = ("decision_body", "supervision")
T = TypeVar("T")


async def bench_dossier(events: int = 5_000, runs: int = 3) -> list[Row]:
    """Seconds for the dossier of a case of at least so many events under cn.sr2019, and for each half of the work.

    Each run is a process of its own that has set a short dossier before: typst would remember a page set twice.
    """
    fresh = ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with fresh:
        done = [fresh.submit(_run, events).result() for _ in range(runs)]
    told, paper = [run.told for run in done], [run.paper for run in done]
    took = {
        "opened, folded, stated, told": told,
        "set on paper": paper,
        "altogether": [run.told + run.paper for run in done],
        "processor time of all of it": [run.processor for run in done],
    }
    note = f"{done[0].events} events, {done[0].size / 1e6:.1f} MB"
    return [measured(f"dossier: {name}", OURS, UNIT, seconds, note) for name, seconds in took.items()]


class _Took(NamedTuple):
    """Seconds of one run, and what came of it."""

    told: float
    paper: float
    processor: float
    events: int
    size: int


def _run(events: int) -> _Took:
    life = LongLife(read_pack(PROJECT / "packs" / "cn.sr2019.yaml"))
    life.comes_to("inspection")
    as_pdf(dossier(_matter(life, *_stored(life)), "en"))
    life.grows_to(events)
    rows, parts = _stored(life)
    began = process_time()
    told_in, told = _timed(lambda: dossier(_matter(life, rows, parts), "en"))
    set_in, document = _timed(lambda: as_pdf(told))
    return _Took(told_in, set_in, process_time() - began, len(rows), len(document))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = perf_counter()
    done = work()
    return perf_counter() - started, done


def _stored(life: LongLife) -> tuple[list[StoredEvent], dict[int, tuple[SealedPart, ...]]]:
    stream, head = case_stream(life.live.id), NOTHING_BEFORE
    rows: list[StoredEvent] = []
    parts: dict[int, tuple[SealedPart, ...]] = {}
    for version, (event, (actor, at)) in enumerate(zip(life.events, life.acts, strict=True), start=1):
        envelope = Envelope(stream, at, actor, CommandId(f"command-{version}"), reference_of(life.pack))
        new, head = encode(event, envelope, version, head, dict.fromkeys(sealed_owners(event, stream), KEY))
        rows.append(StoredEvent(version, stream, version, new.type, at, new.entry, head))
        parts[version] = new.sealed
    return rows, parts


def _matter(life: LongLife, rows: list[StoredEvent], parts: dict[int, tuple[SealedPart, ...]]) -> DossierMatter:
    keys = {part.owner: KEY for found in parts.values() for part in found}
    read = [decode(row, parts[row.position], keys) for row in rows]
    law, today = {reference_of(life.pack): life.pack}, rows[-1].recorded_at.date()
    officers = {row.actor.officer: f"Officer {row.actor.officer}" for row in read}
    return matter_of(rows, read, law, today, officers=officers, opened_for=OPENED_FOR)
