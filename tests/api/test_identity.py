"""A token opens the door only when everything about it holds."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc.jwk import Key, OctKey

from api import identity
from api.identity import Claims, TokenVerifier, Unauthenticated, bearer
from domain.identity import Role
from tests.api.issuer import AUDIENCE, EDWARDS, FIRST, NOW, RSA, SECOND, Issuer, listed, refused, said, signed


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


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
