"""The door through which tests of the processes record, and the terminal at which those of the commands type."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest

from runtime.api_process import api_app
from runtime.connections import House
from runtime.settings import Settings
from tests.desk import Desk, open_desk
from tests.runtime.terminal import Clerk, served


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A door of this test's own."""
    async with open_desk(settings) as opened:
        yield opened


@pytest.fixture
def nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ADDRESS", "TOKEN", "DATABASE_URL", "SECRETS"):
        monkeypatch.delenv(f"INVESTITURE_{name}", raising=False)
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def clerk(
    request: pytest.FixtureRequest, nothing_from_the_environment: None, settings: Settings, house: House
) -> Iterator[Clerk]:
    """Somebody who types the commands of the group that the tests of a file are about, its GROUP."""
    with served(api_app, settings) as running:
        said = {
            f"INVESTITURE_{name.upper()}": str(value) for name, value in running.model_dump(exclude_none=True).items()
        }
        (running.data / "up.json").write_text(json.dumps({"address": running.public_url, "environment": said}))
        yield Clerk(running, getattr(request.module, "GROUP", "case"))
