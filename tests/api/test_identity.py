"""A token opens the door only when everything about it holds; a silent issuer is a fault and not a refusal."""

import asyncio
import base64
import hmac
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from api import identity
from api.identity import Claims, TokenVerifier, Unauthenticated, bearer
from api.issuer_keys import IssuerUnreachable
from domain.identity import Role

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
AUDIENCE = "investiture"
FIRST = ECKey.generate_key("P-256", {"kid": "first"})
SECOND = ECKey.generate_key("P-256", {"kid": "second"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "edwards"})


def listed(*keys: Key) -> bytes:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]}).encode()


class Issuer:
    """An identity provider on a loopback port, whose answers a test can change while it runs."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.silent_until: threading.Event | None = None
        issuer = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.asked.append(self.path)
                if issuer.silent_until:
                    issuer.silent_until.wait(10)
                status, body = issuer.answers.get(self.path, (404, b"{}"))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server.server_port}/realm"
        self.says_of_itself(issuer=self.url, jwks_uri=f"{self.url}/keys")
        self.lists(FIRST, RSA, EDWARDS)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def says_of_itself(self, **document: str) -> None:
        self.answers["/realm/.well-known/openid-configuration"] = (200, json.dumps(document).encode())

    def lists(self, *keys: Key) -> None:
        self.answers["/realm/keys"] = (200, listed(*keys))

    def times_asked_for_keys(self) -> int:
        return self.asked.count("/realm/keys")

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


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


def said(issuer: Issuer, **changed: Any) -> dict[str, Any]:
    usual = {
        "iss": issuer.url,
        "aud": AUDIENCE,
        "sub": "u-17",
        "name": "王芳",
        "organ": "personnel-department",
        "realm_access": {"roles": ["personnel", "offline_access"]},
        "iat": NOW.timestamp(),
        "exp": (NOW + timedelta(hours=1)).timestamp(),
    }
    return {claim: value for claim, value in (usual | changed).items() if value is not None}


def signed(claims: dict[str, Any], key: Any = FIRST, alg: str = "ES256", **header: Any) -> str:
    names = {"alg": alg, "kid": key.kid} | header
    return jwt.encode({name: value for name, value in names.items() if value}, claims, key, algorithms=[alg])


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


async def refused(verifier: TokenVerifier, token: str, because: str, now: datetime = NOW) -> None:
    with pytest.raises(Unauthenticated, match=because) as refusal:
        await verifier.verify(token, now)
    assert refusal.value.reason.endswith(".") and refusal.value.next_step.endswith(".")
    assert not any(part in str(refusal.value) for part in token.split(".") if len(part) > 5)
    assert verifier.cached(token, now) is None


async def test_a_good_token_says_who_is_at_the_door(verifier: TokenVerifier, issuer: Issuer) -> None:
    claims = await verifier.verify(signed(said(issuer)), NOW)
    assert claims == Claims(
        issuer=issuer.url,
        subject="u-17",
        name="王芳",
        organ="personnel-department",
        roles=frozenset({Role.PERSONNEL}),
        expires_at=NOW + timedelta(hours=1),
    )


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(
    ("key", "alg"), [(FIRST, "ES256"), (RSA, "RS256"), (RSA, "PS256"), (EDWARDS, "EdDSA"), (EDWARDS, "Ed25519")]
)
async def test_every_algorithm_of_the_allow_list_is_accepted(
    verifier: TokenVerifier, issuer: Issuer, key: Key, alg: str
) -> None:
    assert (await verifier.verify(signed(said(issuer), key, alg), NOW)).subject == "u-17"


async def test_a_token_that_is_not_signed_is_refused(verifier: TokenVerifier, issuer: Issuer) -> None:
    for header in ({"alg": "none"}, {"alg": "none", "kid": "first"}, {"alg": "None", "kid": "first"}):
        unsigned = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(said(issuer)).encode())}."
        await refused(verifier, unsigned, "not signed in a way")


async def test_a_public_key_cannot_be_used_as_a_shared_secret(verifier: TokenVerifier, issuer: Issuer) -> None:
    for public in (RSA.as_pem(private=False), RSA.as_der(private=False), listed(RSA)):
        said_of_itself = encoded(json.dumps({"alg": "HS256", "kid": "rsa"}).encode())
        body = f"{said_of_itself}.{encoded(json.dumps(said(issuer)).encode())}"
        forged = f"{body}.{encoded(hmac.digest(public, body.encode(), 'sha256'))}"
        await refused(verifier, forged, "not signed in a way")


async def test_a_shared_secret_that_the_issuer_lists_is_passed_over(verifier: TokenVerifier, issuer: Issuer) -> None:
    secret = OctKey.generate_key(256, {"kid": "secret"})
    private = json.dumps({"keys": [secret.as_dict(private=True), FIRST.as_dict(private=False)]})
    issuer.answers["/realm/keys"] = (200, private.encode())
    await refused(verifier, signed(said(issuer), secret, "HS256"), "not signed in a way")
    await refused(verifier, signed(said(issuer), SECOND, kid="secret"), "does not list")


async def test_algorithms_outside_the_list_and_keys_of_another_kind_are_refused(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    await refused(verifier, signed(said(issuer), RSA, "RS512"), "not signed in a way")
    await refused(verifier, signed(said(issuer), RSA, "RS256", kid="first"), "signature does not hold")
    await refused(verifier, signed(said(issuer), SECOND, kid="first"), "signature does not hold")


async def test_a_token_that_was_changed_is_refused(verifier: TokenVerifier, issuer: Issuer) -> None:
    header, _, signature = signed(said(issuer)).split(".")
    richer = encoded(json.dumps(said(issuer, organ="decision-body")).encode())
    await refused(verifier, f"{header}.{richer}.{signature}", "signature does not hold")


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"iss": "https://elsewhere.example"}, "another issuer"),
        ({"iss": None}, "another issuer"),
        ({"aud": "another-service"}, "another service"),
        ({"aud": ["a", "b"]}, "another service"),
        ({"aud": None}, "another service"),
        ({"exp": (NOW - timedelta(seconds=30)).timestamp()}, "has expired"),
        ({"exp": None}, "no end"),
        ({"exp": "tomorrow"}, "not a moment"),
        ({"exp": True}, "not a moment"),
        ({"exp": 1e300}, "not a moment"),
        ({"nbf": (NOW + timedelta(seconds=31)).timestamp()}, "not valid yet"),
        ({"iat": (NOW + timedelta(seconds=31)).timestamp()}, "not valid yet"),
        ({"nbf": [1]}, "not a moment"),
        ({"sub": None}, "who you are"),
        ({"sub": " "}, "who you are"),
        ({"sub": 17}, "who you are"),
        ({"sub": "a\x00b"}, "who you are"),
        ({"organ": None}, "which organ"),
        ({"organ": ["one", "two"]}, "which organ"),
        ({"organ": "x" * 256}, "which organ"),
        ({"realm_access": None}, "no role"),
        ({"realm_access": "personnel"}, "no role"),
        ({"realm_access": {"roles": []}}, "no role"),
        ({"realm_access": {"roles": ["janitor", 7, None]}}, "no role"),
        ({"realm_access": {"roles": ["system"]}}, "no role"),
    ],
)
async def test_a_claim_that_does_not_hold_is_refused(
    verifier: TokenVerifier, issuer: Issuer, changed: dict[str, Any], because: str
) -> None:
    await refused(verifier, signed(said(issuer, **changed)), because)


async def test_clocks_may_differ_by_half_a_minute(verifier: TokenVerifier, issuer: Issuer) -> None:
    soon, just_now = NOW + timedelta(seconds=30), NOW - timedelta(seconds=29)
    for changed in ({"exp": just_now.timestamp()}, {"nbf": soon.timestamp()}, {"iat": soon.timestamp()}):
        await verifier.verify(signed(said(issuer, **changed)), NOW)


async def test_roles_and_organ_are_found_where_the_settings_say(issuer: Issuer, http: httpx2.AsyncClient) -> None:
    flat = TokenVerifier(issuer.url, AUDIENCE, "https://example.org/roles", "groups.organ", http)
    claims = said(issuer, groups={"organ": ["supervision-organ"]}) | {"https://example.org/roles": "supervision school"}
    found = await flat.verify(signed(claims), NOW)
    assert found.organ == "supervision-organ"
    assert found.roles == {Role.SUPERVISION, Role.SCHOOL}


async def test_a_name_is_optional_and_one_that_cannot_be_shown_is_left_out(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    for name in (None, "", "a\nb", 7, "x" * 300):
        assert (await verifier.verify(signed(said(issuer, name=name)), NOW)).name is None


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "junk",
        "a.b.c",
        "王.芳.芳",
        "\ud800.b.c",
        "....",
        f"{encoded(b'[1]')}.e30.e30",
        f"{encoded(b'{}')}.e30.e30",
        f'{encoded(b"""{"alg": 7}""")}.e30.e30',
        f'{encoded(b"""{"alg": "ES256", "kid": {}}""")}.e30.e30',
        f'{encoded(b"""{"alg": "ES256", "b64": false, "crit": ["b64"]}""")}.e30.e30',
        f'{encoded(b"""{"alg": "ES256", "crit": 7}""")}.e30.e30',
        f"{encoded(b'[' * 2900)}.e30.e30",
    ],
)
async def test_junk_is_refused_and_costs_the_issuer_nothing(verifier: TokenVerifier, issuer: Issuer, junk: str) -> None:
    await refused(verifier, junk, "not one")
    assert issuer.asked == []


async def test_an_oversized_token_is_not_even_read(verifier: TokenVerifier, issuer: Issuer) -> None:
    await refused(verifier, signed(said(issuer, note="x" * 8000)), "longer than 8192")
    assert issuer.asked == []


async def test_a_new_key_is_found_and_the_withdrawn_one_is_forgotten(verifier: TokenVerifier, issuer: Issuer) -> None:
    old, new = signed(said(issuer)), signed(said(issuer), SECOND)
    await verifier.verify(old, NOW)
    issuer.lists(SECOND)
    later = NOW + timedelta(minutes=1)
    assert (await verifier.verify(new, later)).subject == "u-17"
    assert verifier.cached(old, later) is None
    await refused(verifier, old, "does not list", later)


async def test_unknown_keys_cost_the_issuer_one_question_a_minute(verifier: TokenVerifier, issuer: Issuer) -> None:
    unknown = signed(said(issuer), SECOND)
    for second in range(0, 59, 7):
        await refused(verifier, unknown, "does not list", NOW + timedelta(seconds=second))
    assert issuer.times_asked_for_keys() == 1
    await refused(verifier, unknown, "does not list", NOW + timedelta(seconds=60))
    assert issuer.times_asked_for_keys() == 2


async def test_a_withdrawn_key_stops_working_even_if_no_new_one_comes(verifier: TokenVerifier, issuer: Issuer) -> None:
    token = signed(said(issuer))
    await verifier.verify(token, NOW)
    issuer.lists(RSA)
    await refused(verifier, token, "does not list", NOW + identity.REMEMBERED_FOR + timedelta(minutes=10))


async def test_a_token_without_a_key_id_needs_the_issuer_to_list_one_key(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    await refused(verifier, signed(said(issuer), kid=None), "does not list")
    issuer.lists(FIRST)
    await verifier.verify(signed(said(issuer), kid=None), NOW + timedelta(minutes=1))


@pytest.mark.filterwarnings("ignore:Key size should be")
async def test_weak_and_foreign_keys_are_passed_over(verifier: TokenVerifier, issuer: Issuer) -> None:
    weak = RSAKey.generate_key(1024, {"kid": "weak"})
    sealing = ECKey.generate_key("P-256", {"kid": "sealing", "use": "enc"})
    described = [key.as_dict(private=False) for key in (weak, sealing, FIRST)]
    issuer.answers["/realm/keys"] = (200, json.dumps({"keys": [7, {"kty": "new"}, {}, *described]}).encode())
    await verifier.verify(signed(said(issuer)), NOW)
    await refused(verifier, signed(said(issuer), weak, "RS256"), "does not list")


async def test_an_issuer_that_is_down_is_a_fault_and_not_a_refusal(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        nobody = f"http://127.0.0.1:{door.getsockname()[1]}"
    verifier = TokenVerifier(nobody, AUDIENCE, "roles", "organ", http)
    with pytest.raises(IssuerUnreachable, match="cannot be reached"):
        await verifier.verify(signed(said(issuer)), NOW)


async def test_many_at_the_door_at_once_ask_the_issuer_once(verifier: TokenVerifier, issuer: Issuer) -> None:
    tokens = [signed(said(issuer, sub=f"u-{number}")) for number in range(20)]
    moments = [NOW + timedelta(milliseconds=20 - number) for number in range(20)]
    await asyncio.gather(*(verifier.verify(token, at) for token, at in zip(tokens, moments, strict=True)))
    assert issuer.times_asked_for_keys() == 1


async def test_an_issuer_that_says_nothing_is_waited_for_only_so_long(http: httpx2.AsyncClient, issuer: Issuer) -> None:
    verifier = TokenVerifier(issuer.url, AUDIENCE, "realm_access.roles", "organ", http, fetch_seconds=0.2)
    issuer.silent_until = threading.Event()
    with pytest.raises(IssuerUnreachable):
        await verifier.verify(signed(said(issuer)), NOW)
    issuer.silent_until.set()
    assert (await verifier.verify(signed(said(issuer)), NOW + timedelta(seconds=5))).subject == "u-17"


async def test_known_keys_serve_on_while_the_issuer_is_down(verifier: TokenVerifier, issuer: Issuer) -> None:
    await verifier.verify(signed(said(issuer)), NOW)
    issuer.answers.clear()
    later = NOW + timedelta(minutes=20)
    await verifier.verify(signed(said(issuer, sub="u-18")), later)
    with pytest.raises(IssuerUnreachable, match="answered 404"):
        await verifier.verify(signed(said(issuer), SECOND), later)


@pytest.mark.parametrize(
    ("path", "answer", "because"),
    [
        (".well-known/openid-configuration", b'{"issuer": "https://elsewhere.example"}', "another name"),
        (".well-known/openid-configuration", b"<html>", "not a JSON object"),
        (".well-known/openid-configuration", b" " * 262_145, "more than 262144 bytes"),
        ("keys", b'{"keys": []}', "no key"),
        ("keys", b'{"keys": "none"}', "no key"),
        ("keys", b"[" * 100_000, "not a JSON object"),
    ],
)
async def test_an_issuer_that_answers_wrongly_is_a_fault(
    verifier: TokenVerifier, issuer: Issuer, path: str, answer: bytes, because: str
) -> None:
    issuer.answers[f"/realm/{path}"] = (200, answer)
    with pytest.raises(IssuerUnreachable, match=because):
        await verifier.verify(signed(said(issuer)), NOW)


async def test_keys_are_fetched_only_from_a_web_address(verifier: TokenVerifier, issuer: Issuer) -> None:
    issuer.says_of_itself(issuer=issuer.url, jwks_uri="file:///etc/passwd")
    with pytest.raises(IssuerUnreachable, match="no usable address"):
        await verifier.verify(signed(said(issuer)), NOW)


async def test_a_token_is_checked_once_and_then_remembered_without_a_question(
    verifier: TokenVerifier, issuer: Issuer
) -> None:
    token = signed(said(issuer))
    assert verifier.cached(token, NOW) is None
    claims = await verifier.verify(token, NOW)
    issuer.stop()
    assert verifier.cached(token, NOW) is claims
    assert await verifier.verify(token, NOW + timedelta(minutes=4)) is claims


async def test_what_is_remembered_is_forgotten_when_the_token_ends(verifier: TokenVerifier, issuer: Issuer) -> None:
    ends = NOW + timedelta(minutes=2)
    token = signed(said(issuer, exp=ends.timestamp()))
    await verifier.verify(token, NOW)
    assert verifier.cached(token, ends + timedelta(seconds=29))
    assert verifier.cached(token, ends + timedelta(seconds=30)) is None
    await refused(verifier, token, "expired", ends + timedelta(seconds=30))


async def test_only_so_many_tokens_are_remembered_the_least_used_going_first(
    verifier: TokenVerifier, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "REMEMBERED_TOKENS", 2)
    first, second, third = (signed(said(issuer, sub=f"u-{number}")) for number in range(3))
    await verifier.verify(first, NOW)
    await verifier.verify(second, NOW)
    assert verifier.cached(first, NOW)
    await verifier.verify(third, NOW)
    assert [bool(verifier.cached(token, NOW)) for token in (first, second, third)] == [True, False, True]


def test_the_token_is_taken_from_the_header_and_from_nowhere_else() -> None:
    assert bearer("Bearer abc") == bearer("bearer  abc ") == "abc"
    for header in (None, "", "Bearer", "Bearer ", "Basic abc", "abc"):
        with pytest.raises(Unauthenticated, match="no bearer token"):
            bearer(header)
