"""`investiture site`: the public side as files, which any web server, or a disk on a shelf, keeps for ever.

It reads what anybody can read, by the same door. The checkpoint comes last: whatever it speaks of is there by then.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.progress import Progress

from eventstore.public_log import CHECKPOINT, COSIGNED, KEYS, PublicLog
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note, UnreadableNote
from eventstore.transparency.tile import Tile, tiles_of
from runtime.bars import bar

LANGUAGES = ("en", "zh")
ASSET = re.compile(r'(?:href|src)="(/static/[^"?#]+)')


class CannotBeRead(Exception):
    """The service does not hand out what the site is made of."""


@dataclass(frozen=True, slots=True)
class Site:
    """A folder that a service is copied into."""

    folder: Path
    http: httpx2.Client

    def copy(self, address: str, file: str) -> bytes:
        """Reads an address and keeps it as a file. Refuses: CannotBeRead."""
        try:
            answer = self.http.get(address, follow_redirects=True)
        except httpx2.HTTPError as problem:
            raise CannotBeRead(f"{self.http.base_url} cannot be reached: {type(problem).__name__}") from problem
        if answer.status_code not in (200, 410):  # what is gone leaves its tombstone
            raise CannotBeRead(f"{address} answered {answer.status_code}")
        PublicLog(self.folder).keep(file, answer.content)
        return bytes(answer.content)

    def newest_checkpoint(self) -> bytes:
        """The newest checkpoint that the witness has cosigned, or the newest one where there is no witness."""
        for name in (COSIGNED, CHECKPOINT):
            if (answer := self.http.get(f"/log/{name}")).status_code == 200:
                return bytes(answer.content)
        raise CannotBeRead("The service has no checkpoint yet. Ask again in a few seconds.")

    def copy_page(self, address: str) -> None:
        """A page, and what it is styled with."""
        page = self.copy(address, f"{address.strip('/')}/index.html")
        for asset in ASSET.findall(page.decode()):
            if not (self.folder / asset.lstrip("/")).exists():
                self.copy(asset, asset.lstrip("/"))


def site(
    out: Annotated[Path, typer.Option(help="Folder of the site; made when missing, brought up to date when not.")],
    url: Annotated[str, typer.Option(help="Address of the service.")] = "http://127.0.0.1:8080",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text.")] = False,
) -> None:
    """Copy the public side into a folder: notices in both languages, a proof of each case, and the whole log.

    Example: investiture site --out /srv/gazette --url https://appointments.example
    """
    try:
        with httpx2.Client(base_url=url, trust_env=False, timeout=30) as http, bar(quiet=as_json) as shown:
            said = copy_site(Site(out, http), shown)
    except (CannotBeRead, UnreadableNote) as problem:
        print(json.dumps({"copied": False, "what": str(problem)}) if as_json else f"Could not be copied: {problem}")
        raise typer.Exit(1) from None
    words = f"{said['notices']} notices and a log of {said['events']} events are in {out}."
    print(json.dumps({"copied": True, **said}) if as_json else words)


def copy_site(to: Site, shown: Progress) -> dict[str, Any]:
    """Everything that the public can read. Survives: a crash; the next copy goes on from what is there."""
    head = to.newest_checkpoint()
    size = Checkpoint.parse(Note.parse(head).text).size
    listed = json.loads(to.copy("/api/v1/notices", "api/v1/notices.json"))
    notices = [*listed["open"], *listed["recent"]]
    tiles = [path for path in log_paths(size) if not (to.folder / "log" / path).exists()]
    task = shown.add_task("copying", total=len(tiles) + len(notices))
    for notice in notices:
        _copy_notice(to, notice)
        shown.advance(task)
    for path in tiles:
        to.copy(f"/log/{path}", f"log/{path}")
        shown.advance(task)
    for language in LANGUAGES:
        to.copy_page(f"/{language}/")
    to.copy("/log/keys", f"log/{KEYS}")
    # The one that the tiles were copied for, however much the log has grown meanwhile.
    PublicLog(to.folder / "log").keep(CHECKPOINT, head)
    return {"notices": len(notices), "events": size}


def log_paths(size: int) -> Iterator[str]:
    """The tiles and bundles of entries that a log of that size has."""
    for tile in tiles_of(size):
        yield tile.path
        if tile.level == 0:
            yield Tile(0, tile.number, tile.width).entries_path


def _copy_notice(to: Site, notice: dict[str, Any]) -> None:
    notice_id, case_id = notice["notice_id"], notice["case_id"]
    to.copy(f"/api/v1/notices/{notice_id}", f"api/v1/notices/{notice_id}.json")
    for language in LANGUAGES:
        to.copy_page(f"/{language}/notices/{notice_id}")
    to.copy(f"/log/proof/cases/{case_id}", f"log/proof/cases/{case_id}.tlog-proof")
