"""A whole installation as a program of its own, its staff at work, and the hand that kills its processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from domain.identity import Role
from runtime.clock import now
from runtime.embedded import free_port
from runtime.installation import found_settings
from runtime.local_issuer import mint
from runtime.settings import PROJECT, Settings
from tests.spec import studied

START_SECONDS = 90.0
STOP_SECONDS = 30.0

PROGRAMS = {
    "api": (b"runtime.cli", b"api"),
    "worker": (b"runtime.cli", b"worker"),
    "relay": (b"runtime.cli", b"relay"),
    "temporal": (b"start-dev",),
    "postgres": (b"-D", b"fsync=on"),
}
"""The words by which the command line of each process is known."""


@dataclass(frozen=True)
class Running:
    """An installation that runs, and the processes that it keeps."""

    settings: Settings
    pid: int

    def process_id(self, name: str) -> int | None:
        """The process that carries a part of the installation at this moment."""
        words = set(PROGRAMS[name])
        processes = (folder for folder in Path("/proc").iterdir() if folder.name.isdigit())
        children = (folder for folder in processes if _parent(folder) == self.pid)
        return next((int(folder.name) for folder in children if words <= set(_command(folder))), None)

    def send(self, name: str, number: signal.Signals) -> int:
        """Sends a signal to a part; gives the process that got it."""
        process = self.process_id(name)
        assert process is not None, f"{name} does not run"
        os.kill(process, number)
        return process

    def token(self, role: Role) -> str:
        return mint(self.settings, [role], now=now())


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended while we looked
        return 0


def _command(folder: Path) -> list[bytes]:
    try:
        return (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@contextmanager
def installation(folder: Path) -> Iterator[Running]:
    """`investiture up` in a folder, on a free port; everything of it is gone after the block."""
    command = (sys.executable, "-m", "runtime.cli", "up", "--port", str(free_port()), "--data", str(folder))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INVESTITURE_")}
    with (folder.with_suffix(".log")).open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not (folder / "up.json").exists():
            assert process.poll() is None and time.monotonic() < deadline, folder.with_suffix(".log").read_text()
            time.sleep(0.05)
        yield Running(found_settings(folder), process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()


@dataclass
class Acknowledged:
    """A step that the service has said is recorded."""

    case_id: str
    version: int
    position: int
    events: int


@dataclass
class Clerk:
    """Advances one case after another through the API, and repeats a step until it is acknowledged."""

    http: httpx2.AsyncClient
    tokens: dict[Role, str]
    name: str
    acknowledged: list[Acknowledged] = field(default_factory=list)
    repeats: int = 0

    async def step(self, path: str, role: Role, body: dict[str, Any]) -> dict[str, Any]:
        """A step of a case that is recorded, and counted as such."""
        said = await self.until_recorded(f"/cases{path}", role, body)
        self.acknowledged.append(Acknowledged(said["case_id"], said["version"], said["position"], len(said["events"])))
        return said

    async def until_recorded(self, path: str, role: Role, body: dict[str, Any]) -> dict[str, Any]:
        """A write is sent under one key until the service says that it is recorded."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", "Idempotency-Key": str(uuid4())}
        while True:
            try:
                answer = await self.http.post(f"/api/v1{path}", json=body, headers=headers)
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500:
                break
            self.repeats += 1
            await asyncio.sleep(0.05)
        assert answer.status_code in (200, 201), answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def brings_to_notice(self) -> str:
        """Opens a case and advances it until its notice stands."""
        post = {"post_id": f"registry/{self.name}", "title": "Clerk", "unit": "Registry", "rank": "officer"}
        opened = await self.step("", Role.PERSONNEL, {"pack": "standard", "post": post})
        case = str(opened["case_id"])
        nominee = {"person": f"staff-{self.name}", "particulars": {"full_name": f"Clerk {self.name}"}}
        nominated = await self.step(f"/{case}/candidates", Role.PERSONNEL, nominee)
        await self.step(f"/{case}/nomination-closings", Role.PERSONNEL, {})
        candidate = nominated["events"][0]["candidate_id"]
        record = studied(64, now().date()).model_dump(mode="json")
        await self.until_recorded("/training-records", Role.SCHOOL, {"person": nominee["person"], "record": record})
        verified = {"candidate_id": candidate}
        await self.step(f"/{case}/training-verifications", Role.SCHOOL, verified)
        await self.step(f"/{case}/public-notices", Role.PERSONNEL, {})
        return case

    async def works(self, until: asyncio.Event) -> None:
        """Has a case rest and go on, over and over, once its notice stands."""
        case = await self.brings_to_notice()
        while not until.is_set():
            await self.step(f"/{case}/suspensions", Role.SUPERVISION, {"reason": "Waiting for a ruling."})
            await self.step(f"/{case}/resumptions", Role.SUPERVISION, {})
