"""`investiture rebuild-public`: the public view, made again from the published files alone, held against the live one.

Nothing of the office's database is used: entries from the tiles, the rules from the packs in them, the program's own
projections, and a scratch database that is thrown away. Names of live notices are sealed, so they are left out.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx2
import orjson
import typer
import uvloop

from domain.event import StreamId
from eventstore.keys import MemoryKeyStore
from eventstore.memory import MemoryEventStore
from eventstore.packs import PackLibrary
from eventstore.public_log import KEYS
from eventstore.store import NOTHING_BEFORE, Append, NewEvent
from eventstore.tiles_verifying import NotWhole, Whole, published, verify_tiles
from eventstore.transparency.checkpoint import NotSigned, Policy
from eventstore.transparency.note import BadSignature, UnreadableKey, UnreadableNote
from eventstore.transparency.tile import DamagedTile, Fetch, TiledLog
from projections.projector import Projector
from projections.public_notice import PublicNotices, every_notice
from runtime.bars import bar
from runtime.clock import now
from runtime.connections import open_pool
from runtime.scratch_database import migrated_server
from runtime.verify_cli import fetching

NOT_COMPARED = ("candidates",)
"""What a notice shows that entries do not: names, which are sealed with each person's key."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The public view as the published entries give it."""

    whole: Whole
    notices: dict[str, dict[str, Any]]


def rebuild_public(
    from_tiles: Annotated[str, typer.Option(help="The published log: a folder, or its address.")],
    keys: Annotated[
        Path | None, typer.Option(help="The keys to check by; those that the log shows, when left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the rebuilt notices, a JSON file each.")] = None,
    compare: Annotated[str | None, typer.Option(help="Address of the live service to hold it against.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")] = False,
) -> None:
    """Rebuild the public notices from the published log alone, and compare them with what the service shows.

    Exit code 1 when something differs or is not whole, 2 when it cannot be checked.

    Example: investiture rebuild-public --from-tiles https://appointments.example/log --keys keys.txt
    --compare https://appointments.example
    """
    fetch = fetching(from_tiles)
    try:
        policy = Policy.parse(keys.read_text(encoding="utf-8") if keys else fetch(KEYS).decode())
        with bar(quiet=as_json) as shown:
            task = shown.add_task("rebuilding", total=None)
            rebuilt = rebuild(fetch, policy, lambda done, total: shown.update(task, completed=done, total=total))
        differ = differences(rebuilt, compare) if compare else []
    except (NotWhole, DamagedTile, NotSigned, BadSignature) as problem:
        _say({"whole": False, "what": str(problem)}, f"NOT WHOLE: {problem}", as_json)
        raise typer.Exit(1) from None
    except (UnreadableKey, UnreadableNote, OSError, httpx2.HTTPError) as problem:
        _say({"whole": None, "what": str(problem)}, f"Cannot be checked: {problem}", as_json)
        raise typer.Exit(2) from None
    if out is not None:
        _keep(out, rebuilt)
    size = rebuilt.whole.checkpoint.size
    said = {"whole": not differ, "events": size, "notices": len(rebuilt.notices), "differ": differ}
    words = [f"{len(rebuilt.notices)} notices rebuilt from {size} published events."]
    words += [f"DIFFERS: notice {one['notice_id']}: {', '.join(one['fields'])}" for one in differ]
    words += [f"They are what {compare} shows."] if compare and not differ else []
    _say(said, "\n".join(words), as_json)
    if differ:
        raise typer.Exit(1)


def rebuild(fetch: Fetch, policy: Policy, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
    """The public view from a published log, once that was found whole.

    Refuses: what `verify_tiles` refuses.
    """
    whole = verify_tiles(fetch, policy, progress)
    with migrated_server() as server:
        notices = uvloop.run(_projected(server.urls().database_url, TiledLog(fetch, whole.checkpoint.size)))
    return Rebuilt(whole, notices)


async def _projected(database_url: str, log: TiledLog) -> dict[str, dict[str, Any]]:
    from api.public_notice import notice_body  # the web server's library comes with it

    store, keys = MemoryEventStore(), MemoryKeyStore()
    for append in appends(log):
        await store.append(append)
    pool = await open_pool(database_url)
    try:
        await Projector(pool, store, [PublicNotices(store, keys, PackLibrary(store))]).prepare()
        return {
            notice.notice_id: json.loads(orjson.dumps(notice_body(notice)))
            for notice in await every_notice(pool, now())
        }
    finally:
        await pool.close()


def appends(log: TiledLog) -> Iterator[Append]:
    """The published entries as the commands that they were recorded by."""
    heads: dict[str, tuple[int, bytes]] = {}
    read = ((orjson.loads(entry), entry, leaf) for _, entry, leaf in published(log))
    for (stream, command), rows in groupby(read, lambda row: (row[0]["stream"], row[0]["command"])):
        events = []
        version, head = heads.get(stream, (0, NOTHING_BEFORE))
        for said, entry, leaf in rows:
            events.append(NewEvent(said["type"], datetime.fromisoformat(said["at"]), entry))
            heads[stream] = said["version"], leaf
        yield Append(StreamId(stream), version, head, UUID(command), b"", tuple(events))


def differences(rebuilt: Rebuilt, address: str) -> list[dict[str, Any]]:
    """The notices that the live service shows otherwise, or not at all."""
    differ = []
    with httpx2.Client(base_url=address, trust_env=False, timeout=30) as http:
        for notice_id, found in rebuilt.notices.items():
            expected = _comparable(found)
            shown = _comparable(_notice_in(http.get(f"/api/v1/notices/{notice_id}")))
            fields = [name for name in expected if name not in NOT_COMPARED and shown.get(name) != expected[name]]
            if fields:
                differ.append({"notice_id": notice_id, "fields": fields})
        lists = http.get("/api/v1/notices").raise_for_status().json()
    size = rebuilt.whole.checkpoint.size
    for shown in (*lists["open"], *lists["recent"]):
        if shown["notice_id"] not in rebuilt.notices and shown["position"] < size:
            differ.append({"notice_id": shown["notice_id"], "fields": ["never recorded"]})
    return differ


def _comparable(notice: dict[str, Any]) -> dict[str, Any]:
    """A notice without what proves itself and comes a moment after it: the publications of its versions."""
    return notice | {"versions": [one | {"published": None} for one in notice.get("versions", ())]}


def _notice_in(answer: httpx2.Response) -> dict[str, Any]:
    """The notice that a service shows, or what it says is left of one; nothing where there is none."""
    match answer.status_code:
        case 200:
            return dict(answer.json())
        case 410:
            return dict(answer.json()["notice"])
        case _:
            return {}


def _keep(folder: Path, rebuilt: Rebuilt) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for notice_id, notice in rebuilt.notices.items():
        (folder / f"{notice_id}.json").write_bytes(orjson.dumps(notice, option=orjson.OPT_INDENT_2))


def _say(said: dict[str, Any], words: str, as_json: bool) -> None:
    print(json.dumps(said, ensure_ascii=False) if as_json else words)
