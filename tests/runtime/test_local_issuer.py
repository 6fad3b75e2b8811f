"""The local issuer gives anybody any role, in the embedded mode and nowhere else."""

import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from api.identity import TokenVerifier, Unauthenticated
from domain.identity import Role
from runtime import local_issuer
from runtime.local_issuer import (
    EXAMPLES,
    CannotMint,
    RefusesOutsideEmbeddedMode,
    discovery_document,
    jwks,
    local_issuer_routes,
    mint,
    signing_key,
)
from runtime.settings import PROJECT, Settings

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MAKE_A_KEY = """
import sys
from pathlib import Path
from runtime.local_issuer import signing_key
print("ready", flush=True)
sys.stdin.readline()
print(signing_key(Path(sys.argv[1])).thumbprint())
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(mode="embedded", data=tmp_path, oidc_role_claim="realm_access.roles")


@pytest.fixture
async def verifier(settings: Settings) -> AsyncIterator[TokenVerifier]:
    app = FastAPI()
    app.include_router(local_issuer_routes(settings))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as http:
        yield TokenVerifier(
            settings.oidc_issuer, settings.oidc_audience, settings.oidc_role_claim, settings.oidc_organ_claim, http
        )


@pytest.mark.parametrize("role", EXAMPLES)
async def test_a_minted_token_opens_the_door_for_an_example(
    verifier: TokenVerifier, settings: Settings, role: Role
) -> None:
    claims = await verifier.verify(mint(settings, [role], now=NOW), NOW)
    assert claims.roles == {role}
    assert claims.organ == EXAMPLES[role].organ
    assert claims.subject == f"example-{role.replace('_', '-')}" == EXAMPLES[role].subject
    assert claims.name and claims.name.startswith("Example")
    assert claims.expires_at == NOW + timedelta(hours=12)


async def test_a_token_says_what_was_asked_for(verifier: TokenVerifier, settings: Settings) -> None:
    token = mint(
        settings,
        [Role.SCHOOL, Role.PERSONNEL],
        organ="party-school",
        subject="li",
        name="李雷",
        lifetime=timedelta(minutes=5),
        now=NOW,
    )
    claims = await verifier.verify(token, NOW)
    assert (claims.organ, claims.subject, claims.name) == ("party-school", "li", "李雷")
    assert claims.roles == {Role.SCHOOL, Role.PERSONNEL}
    with pytest.raises(Unauthenticated, match="expired"):
        await verifier.verify(token, NOW + timedelta(minutes=6))


async def test_another_installations_token_is_refused(
    verifier: TokenVerifier, settings: Settings, tmp_path: Path
) -> None:
    elsewhere = settings.model_copy(update={"data": tmp_path / "elsewhere"})
    with pytest.raises(Unauthenticated, match="does not list"):
        await verifier.verify(mint(elsewhere, [Role.PERSONNEL], now=NOW), NOW)


def test_outside_the_embedded_mode_it_mints_nothing_and_serves_nothing(tmp_path: Path) -> None:
    server = Settings(mode="server", data=tmp_path)
    with pytest.raises(RefusesOutsideEmbeddedMode, match="embedded mode alone"):
        mint(server, [Role.PERSONNEL], now=NOW)
    with pytest.raises(RefusesOutsideEmbeddedMode, match="INVESTITURE_OIDC_ISSUER"):
        local_issuer_routes(server)
    assert list(tmp_path.iterdir()) == []


def test_every_role_of_people_has_an_example_and_the_engine_has_none() -> None:
    assert set(EXAMPLES) == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize(
    ("roles", "lifetime", "because"),
    [
        ([], timedelta(hours=1), "at least one role"),
        ([Role.PERSONNEL, Role.SYSTEM], timedelta(hours=1), "engine's own"),
        ([Role.PERSONNEL], timedelta(0), "longer than nothing"),
        ([Role.PERSONNEL], timedelta(days=31), "at most 30 days"),
    ],
)
def test_some_tokens_cannot_be_minted(settings: Settings, roles: list[Role], lifetime: timedelta, because: str) -> None:
    with pytest.raises(CannotMint, match=because):
        mint(settings, roles, lifetime=lifetime, now=NOW)


def test_the_key_is_its_owners_alone_and_stays_the_same(tmp_path: Path) -> None:
    first = signing_key(tmp_path).thumbprint()
    file = tmp_path / "issuer" / "key.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["key.pem"]
    assert signing_key(tmp_path).thumbprint() == first


def test_two_processes_that_make_the_key_at_once_get_the_same_one(tmp_path: Path) -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE_A_KEY, str(tmp_path)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for maker in makers:
        assert maker.stdout and maker.stdout.readline() == "ready\n"
    for maker in makers:
        assert maker.stdin
        maker.stdin.write("go\n")
        maker.stdin.flush()
    prints = {maker.communicate(timeout=30)[0].strip() for maker in makers}
    assert prints == {signing_key(tmp_path).thumbprint()}


def test_whoever_comes_second_keeps_the_first_key(tmp_path: Path) -> None:
    first = signing_key(tmp_path).thumbprint()
    local_issuer._make_key(tmp_path / "issuer" / "key.pem")
    assert signing_key(tmp_path).thumbprint() == first
    assert [entry.name for entry in (tmp_path / "issuer").iterdir()] == ["key.pem"]


def test_the_documents_name_the_issuer_and_show_no_private_key(tmp_path: Path) -> None:
    document = discovery_document("http://127.0.0.1:8080/issuer/")
    assert document["issuer"] == "http://127.0.0.1:8080/issuer/"
    assert document["jwks_uri"] == "http://127.0.0.1:8080/issuer/jwks.json"
    (key,) = jwks(tmp_path)["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
