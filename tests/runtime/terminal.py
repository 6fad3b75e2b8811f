"""A terminal in front of a service, and whoever types there."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvicorn
from typer.testing import CliRunner, Result

from projections.every import every_projection
from projections.projector import Projector
from runtime.cli import app
from runtime.connections import House
from runtime.settings import Settings


@dataclass(frozen=True)
class Clerk:
    """Somebody at a terminal, in front of a service."""

    settings: Settings
    group: str = "case"
    """Of the commands that they type."""

    def of(self, group: str) -> "Clerk":
        return replace(self, group=group)

    def types(self, *words: str, said: str | None = None) -> Result:
        return CliRunner().invoke(app, [self.group, *words, "--data", str(self.settings.data)], input=said)

    def gets(self, *words: str, said: str | None = None) -> dict[str, Any]:
        answer = self.types(*words, "--json", said=said)
        assert answer.exit_code == 0, answer.output
        found: dict[str, Any] = json.loads(answer.stdout)
        return found

    def is_refused(self, *words: str) -> str:
        answer = self.types(*words)
        assert (answer.exit_code, answer.stdout) == (1, ""), answer.output
        return " ".join(answer.stderr.split())


@contextmanager
def served(app_of: Callable[[Settings], Any], settings: Settings) -> Iterator[Settings]:
    """An API on a free port of this machine; connections wait in the socket until it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        running = settings.model_copy(
            update={"mode": "embedded", "public_url": address, "oidc_issuer": f"{address}/issuer"}
        )
        server = uvicorn.Server(uvicorn.Config(app_of(running), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield running
        finally:
            server.should_exit = True
            thread.join()


async def project(house: House) -> None:
    await Projector(house.pool, house.store, every_projection(house.store, house.keys, house.packs)).prepare()
