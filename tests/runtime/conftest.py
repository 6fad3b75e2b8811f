"""The door through which tests of the processes record."""

from collections.abc import AsyncIterator

import pytest

from runtime.settings import Settings
from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A door of this test's own."""
    async with open_desk(settings) as opened:
        yield opened
