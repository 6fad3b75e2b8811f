"""The public site as files, from the projections, for any web server.

The bytes are those that the live site sends. What nothing has changed is neither rendered nor written again.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, get_args

import asyncpg
import httpx2
import orjson
from rich.progress import Progress

from api.app import create_app
from api.public_notice import notice_body
from api.transparency_log import LogStanding, alarm_in
from domain.law import Language
from eventstore.durable_file import keep, make_folder
from eventstore.public_log import CHECKPOINT, COSIGNED, KEYS, PublicLog
from eventstore.transparency.checkpoint import Checkpoint
from pages.large_print import in_print
from pages.log_alarm import log_alarm
from pages.notice_calendar import notice_calendar
from pages.public_notice import set_notice
from pages.static_files import STATIC_FILES
from pages.translations import LANGUAGE_TAGS
from projections.public_notice import notices_after
from projections.visible_notice import VisibleNotice
from runtime.api_process import services_of
from runtime.connections import House
from runtime.static_site import log_paths

MANIFEST = ".published.json"
GONE = "gone.map"
AT_ONCE = 500
WORTH_A_PROCESS = 100
GROUPS_AHEAD = 4
LINK = re.compile(r'(?:href|src)="(/[^"?#]*)')
LIVE = re.compile(
    r"/(?:log/|api/|static/|en/audit|zh/audit)|.*/(?:object|comment|recommend|report-error|receipt|subscribe|unsubscribe)\b"
    r"|/(?:en|zh)/(?:receipt|subscribe|cases|me|staff)\b|.*\.(?:pdf|ics)$|/(?:en|zh)/notices/[0-9a-z]{12}"
)
"""What stays with the live service: what asks or takes something, and what is made for one reader. Notices are written
from their rows, and the log is copied."""


@dataclass(slots=True)
class Site:
    """A folder that the public site is written into, and what it was written from."""

    folder: Path
    marks: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    written: int = 0

    @classmethod
    def at(cls, folder: Path) -> "Site":
        try:
            return cls(folder, orjson.loads((folder / MANIFEST).read_bytes()))
        except (FileNotFoundError, orjson.JSONDecodeError):
            return cls(folder)

    def stands(self, name: str, mark: str) -> bool:
        """Whether something was written from what it would be written from now."""
        self.kept[name] = mark
        return self.marks.get(name) == mark

    def write(self, path: str, content: bytes) -> None:
        """A file with that content; one that has it already is left alone."""
        self.written += write_file(self.folder / path, content)

    def finish(self) -> None:
        """What was written is said last: after a crash it is written again."""
        self.write(GONE, "".join(f"{address} 1;\n" for address in sorted(self.gone)).encode())
        keep(self.folder / MANIFEST, orjson.dumps(self.kept, option=orjson.OPT_SORT_KEYS))


async def publish_site(house: House, folder: Path, at: datetime, shown: Progress) -> dict[str, Any]:
    """The whole public site in a folder, as it is visible at an instant.

    Survives: a crash; the next run writes what is missing.
    """
    make_folder(folder)
    site = Site.at(folder)
    public = PublicLog(house.settings.public_log)
    log_alarm.set(alarm_in(LogStanding().of(public)))
    notices = await _write_notices(house, site, at, shown)
    pages = await _write_pages(house, site, at)
    _copy_log(public, site, shown)
    for name, file in STATIC_FILES.items():
        site.write(f"static/{name}", file.content)
    site.finish()
    return {"notices": notices, "pages": pages, "written": site.written}


async def _write_notices(house: House, site: Site, at: datetime, shown: Progress) -> int:
    count, task = 0, shown.add_task("notices", total=None)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        waiting: set[asyncio.Future[int]] = set()
        async for group in _notices(house.pool, at):
            changed = [notice for notice in group if not _stands(site, notice, house.settings.public_url)]
            if changed:
                waiting.add(_writing(processes, site, changed, house.settings.public_url))
            if len(waiting) > GROUPS_AHEAD:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                site.written += sum(one.result() for one in done)
            count += len(group)
            shown.update(task, completed=count)
        site.written += sum(await asyncio.gather(*waiting))
    shown.update(task, total=count)
    return count


def _stands(site: Site, notice: VisibleNotice, public_url: str) -> bool:
    if notice.gone:
        site.gone += [f"/{language}/notices/{notice.notice_id}" for language in LANGUAGE_TAGS]
    day: date | str = "gone" if notice.gone else notice.today
    mark = f"{notice.changed_at_position} {day} {public_url} {log_alarm.get()}"
    return site.stands(f"notices/{notice.notice_id}", mark)


def _writing(
    processes: ProcessPoolExecutor, site: Site, notices: list[VisibleNotice], public_url: str
) -> "asyncio.Future[int]":
    """Many are rendered on all cores; a few are there before another process has started."""
    where = processes if len(notices) >= WORTH_A_PROCESS else None
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(where, write_notices, site.folder, notices, public_url, log_alarm.get())


async def _notices(pool: "asyncpg.Pool[asyncpg.Record]", at: datetime) -> AsyncIterator[list[VisibleNotice]]:
    position = -1
    while group := await notices_after(pool, position, AT_ONCE, at):
        yield group
        position = group[-1].position


def write_notices(folder: Path, notices: list[VisibleNotice], public_url: str, alarm: str | None) -> int:
    """Notices in all their forms; gives how many files were written."""
    log_alarm.set(alarm)
    files = (file for notice in notices for file in files_of(notice, public_url))
    return sum(write_file(folder / path, content) for path, content in files)


def files_of(notice: VisibleNotice, public_url: str) -> Iterator[tuple[str, bytes]]:
    """A notice as its files: pages in both languages and in large print, calendar files, data, and proofs."""
    for language in get_args(Language):
        address = f"{language}/notices/{notice.notice_id}"
        page = set_notice(notice, language, public_url=public_url)
        yield f"{address}/index.html", in_print(page, large=False).encode()
        yield f"{address}/large-print/index.html", in_print(page, large=True).encode()
        yield f"{address}.ics", notice_calendar(notice, language, public_url=public_url)
    yield f"api/v1/notices/{notice.notice_id}.json", orjson.dumps(notice_body(notice))
    for version in notice.versions:
        if version.published:
            yield f"log/proof/{version.position}", version.published.proof.encode()


def write_file(file: Path, content: bytes) -> bool:
    """A file has that content afterwards; whether it had to be written for that."""
    try:
        if file.read_bytes() == content:
            return False
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
    return True


async def _write_pages(house: House, site: Site, at: datetime) -> int:
    """Every other page that can be reached from the front page, as the live site sends it."""
    async with _door(house, at) as http:
        waiting = [f"/{language}/" for language in LANGUAGE_TAGS] + ["/sitemap.xml", "/robots.txt", "/api/v1/notices"]
        seen = set(waiting)
        while waiting:
            address = waiting.pop()
            answer = await http.get(address)
            if answer.status_code != 200:
                continue
            site.write(_file_of(address, answer.headers["content-type"]), answer.content)
            found = set(_links(answer)) - seen
            seen |= found
            waiting += sorted(found)
        return len(seen)


@asynccontextmanager
async def _door(house: House, at: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as outward:
        app = create_app(services=replace(services_of(house, outward), clock=lambda: at))
        door = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=door, base_url="http://localhost") as http:
            yield http


def _links(answer: httpx2.Response) -> Iterator[str]:
    if answer.headers["content-type"].startswith("text/html"):
        yield from (link for link in LINK.findall(answer.text) if not LIVE.match(link))


def _file_of(address: str, media_type: str) -> str:
    path = address.lstrip("/")
    if media_type.startswith("text/html") and not path.endswith(".html"):
        return f"{path.rstrip('/')}/index.html"
    return f"{path}.json" if address == "/api/v1/notices" else path


def _copy_log(public: PublicLog, site: Site, shown: Progress) -> None:
    """The published log, with the newest checkpoint last: whatever it speaks of is there by then."""
    note = public.note(COSIGNED) or public.note()
    if note is None:
        return
    paths = [path for path in log_paths(Checkpoint.parse(note.text).size) if not (site.folder / "log" / path).exists()]
    for path in shown.track(paths, description="log"):
        site.write(f"log/{path}", public.fetch(path))
    site.write(f"log/{KEYS}", public.fetch(KEYS))
    site.write(f"log/{CHECKPOINT}", bytes(note))
