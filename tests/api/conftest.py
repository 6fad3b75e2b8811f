"""The door that the tests of the API knock at, and the issuer that its tokens come from."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from api.identity import TokenVerifier
from runtime.settings import Settings
from tests.api.issuer import AUDIENCE, Issuer
from tests.desk import Desk, open_desk


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[Desk]:
    """A door of this test's own."""
    async with open_desk(settings) as opened:
        yield opened


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    issuer = Issuer()
    yield issuer
    issuer.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as http:
        yield http


@pytest.fixture
def verifier(issuer: Issuer, http: httpx2.AsyncClient) -> TokenVerifier:
    return TokenVerifier(issuer.url, AUDIENCE, "realm_access.roles", "organ", http)
