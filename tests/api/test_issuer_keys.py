"""Keys are asked of the issuer seldom and with care; a silent issuer is a fault and not a refusal."""

import asyncio
import json
import socket
import threading
from datetime import timedelta

import httpx2
import pytest
from joserfc.jwk import ECKey, RSAKey

from api import identity
from api.identity import TokenVerifier
from api.issuer_keys import IssuerUnreachable
from tests.api.issuer import AUDIENCE, FIRST, NOW, RSA, SECOND, Issuer, refused, said, signed


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
