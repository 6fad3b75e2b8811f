"""Who is at the door: a bearer token of the OpenID Connect issuer, checked; it never learns what they may do.

Nothing of a token leaves this module but its claims: no sentence here quotes one, and nothing here is logged.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from api.issuer_keys import IssuerKeys
from domain.identity import Role

# "Ed25519" is what RFC 9864 calls EdDSA over that curve.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
LEEWAY = timedelta(seconds=30)
REMEMBERED_FOR = timedelta(minutes=5)
REMEMBERED_TOKENS = 10_000
TOKEN_LIMIT_BYTES = 8_192
LONGEST_TEXT = 255

ROLES_OF_PEOPLE = {str(role): role for role in Role if role is not Role.SYSTEM}
SIGN_IN_AGAIN = "Sign in again to get a new one."
ASK_OPERATOR = "Ask whoever runs the identity provider to correct it."


class Unauthenticated(Exception):
    """The token does not say who is at the door; `reason` says why not and `next_step` what to do."""

    def __init__(self, reason: str, next_step: str = SIGN_IN_AGAIN):
        super().__init__(f"{reason} {next_step}")
        self.reason = reason
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class Claims:
    """What a checked token says of a person; `subject` with `issuer` is who they are, for ever."""

    issuer: str
    subject: str
    name: str | None
    organ: str
    roles: frozenset[Role]
    expires_at: datetime


class TokenVerifier:
    """Checks tokens for one audience against one issuer; for one event loop.

    A token that passed is remembered by its SHA-256, for minutes: that bounds how long a key that the issuer has
    withdrawn goes on opening the door.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        role_claim: str,
        organ_claim: str,
        http: httpx2.AsyncClient,
        *,
        fetch_seconds: float = 5.0,
    ):
        self._issuer = issuer
        self._audience = audience
        self._role_claim = role_claim
        self._organ_claim = organ_claim
        self._keys = IssuerKeys(issuer, http, fetch_seconds)
        self._edition = 0
        self._remembered: OrderedDict[bytes, tuple[Claims, datetime]] = OrderedDict()

    async def verify(self, token: str, now: datetime) -> Claims:
        """Who the token says is at the door, once everything about it holds.

        Refuses: Unauthenticated.
        Survives: the issuer being away, for tokens signed with a key that it listed before; IssuerUnreachable, which
        is a fault, for others.
        """
        known = self.cached(token, now)
        if known is not None:
            return known
        signed = _signed(token)
        key = await self._keys.key(signed.headers().get("kid"), now)
        if self._keys.edition != self._edition:
            self._edition = self._keys.edition
            self._remembered.clear()
        if key is None:
            raise Unauthenticated("The token is signed with a key that its issuer does not list.")
        claims = self._claims(_payload(signed, key), now)
        self._remember(token, claims, now)
        return claims

    def cached(self, token: str, now: datetime) -> Claims | None:
        """What a token said that passed a moment ago; None sends the caller to `verify`."""
        if len(token) > TOKEN_LIMIT_BYTES:
            return None
        mark = _mark(token)
        remembered = self._remembered.get(mark)
        if remembered is None:
            return None
        claims, until = remembered
        if now >= until:
            del self._remembered[mark]
            return None
        self._remembered.move_to_end(mark)
        return claims

    def _remember(self, token: str, claims: Claims, now: datetime) -> None:
        self._remembered[_mark(token)] = (claims, min(claims.expires_at + LEEWAY, now + REMEMBERED_FOR))
        if len(self._remembered) > REMEMBERED_TOKENS:
            self._remembered.popitem(last=False)

    def _claims(self, said: Mapping[str, Any], now: datetime) -> Claims:
        if said.get("iss") != self._issuer:
            raise Unauthenticated("The token comes from another issuer than the one this service trusts.")
        audience = said.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise Unauthenticated("The token was made for another service than this one.")
        return Claims(
            issuer=self._issuer,
            subject=_person(said),
            name=_text(said.get("name")),
            organ=self._organ(said),
            roles=self._roles(said),
            expires_at=_in_its_time(said, now),
        )

    def _organ(self, said: Mapping[str, Any]) -> str:
        found = _at(said, self._organ_claim)
        organ = _text(found[0] if isinstance(found, list) and len(found) == 1 else found)
        if organ is None:
            raise Unauthenticated("The token does not say which organ you act for.", ASK_OPERATOR)
        return organ

    def _roles(self, said: Mapping[str, Any]) -> frozenset[Role]:
        found = _at(said, self._role_claim)
        names = found.split() if isinstance(found, str) else found if isinstance(found, list) else []
        roles = frozenset(ROLES_OF_PEOPLE[name] for name in names if isinstance(name, str) and name in ROLES_OF_PEOPLE)
        if not roles:
            raise Unauthenticated("The token gives you no role that this service knows.", ASK_OPERATOR)
        return roles


class AcceptedAlgorithms(jws.JWSRegistry):
    """The allow-list. `none` and every algorithm with a shared secret are outside of it."""

    max_header_length = 4_096

    def get_alg(self, name: str) -> Any:
        if name not in ALGORITHMS:
            raise Unauthenticated("The token is not signed in a way that this service accepts.", ASK_OPERATOR)
        return self.algorithms[name]


# Headers that nobody here has heard of are ignored, as RFC 7515 has it; those that must be understood are refused.
ACCEPTED = AcceptedAlgorithms(algorithms=ALGORITHMS, strict_check_header=False)


def bearer(authorization: str | None) -> str:
    """The token in an `Authorization` header.

    Refuses: Unauthenticated.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            "The request carries no bearer token.", "Sign in, and send it as `Authorization: Bearer`."
        )
    return token.strip()


def _mark(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _signed(token: str) -> jws.CompactSignature:
    if len(token) > TOKEN_LIMIT_BYTES:
        raise Unauthenticated(f"The token is longer than {TOKEN_LIMIT_BYTES} characters.", ASK_OPERATOR)
    try:
        signed = jws.extract_compact(token.encode("ascii"), registry=ACCEPTED)
        headers: object = signed.headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Unauthenticated("What was sent as a token is not one.") from None
    if not isinstance(headers, dict) or "crit" in headers or not isinstance(headers.get("kid"), str | None):
        raise Unauthenticated("What was sent as a token is not one.")
    if not isinstance(headers.get("alg"), str):
        raise Unauthenticated("What was sent as a token is not one.")
    ACCEPTED.get_alg(headers["alg"])
    return signed


def _payload(signed: jws.CompactSignature, key: Key) -> Mapping[str, Any]:
    try:
        genuine = jws.validate_compact(signed, key, registry=ACCEPTED)
    except (JoseError, ValueError, TypeError):
        genuine = False
    if not genuine:
        raise Unauthenticated("The token's signature does not hold.")
    try:
        said = orjson.loads(signed.payload or b"")
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise Unauthenticated("What was sent as a token is not one.")
    return said


def _at(said: Mapping[str, Any], path: str) -> Any:
    """The claim at a path; a claim whose own name has dots in it, as web addresses do, is found first."""
    if path in said:
        return said[path]
    found: Any = said
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _text(found: Any) -> str | None:
    """A short line of text, or nothing: what goes into the log for ever must be storable and legible."""
    fits = isinstance(found, str) and found.strip() and found.isprintable() and len(found) <= LONGEST_TEXT
    return found.strip() if fits else None


def _person(said: Mapping[str, Any]) -> str:
    subject = said.get("sub")
    if _text(subject) != subject or subject is None:
        raise Unauthenticated("The token does not say who you are.", ASK_OPERATOR)
    return str(subject)


def _in_its_time(said: Mapping[str, Any], now: datetime) -> datetime:
    """When the token ends.

    Refuses: Unauthenticated, before its time, after it, and when it never ends.
    """
    expires_at = _instant(said, "exp")
    if expires_at is None:
        raise Unauthenticated("The token has no end, and one without an end is not accepted.", ASK_OPERATOR)
    if now >= expires_at + LEEWAY:
        raise Unauthenticated("The token has expired.")
    starts = [instant for claim in ("nbf", "iat") if (instant := _instant(said, claim))]
    if any(now < start - LEEWAY for start in starts):
        raise Unauthenticated("The token is not valid yet.", "If it is new, one of the two clocks is wrong.")
    return expires_at


def _instant(said: Mapping[str, Any], claim: str) -> datetime | None:
    seconds = said.get(claim)
    if seconds is None:
        return None
    try:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError(claim)
        # A margin at either end, so that adding the leeway cannot run off the calendar.
        return min(max(datetime.fromtimestamp(seconds, UTC), _EARLIEST), _LATEST)
    except (ValueError, OverflowError, OSError):
        raise Unauthenticated(f"The token's `{claim}` is not a moment in time.", ASK_OPERATOR) from None


_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
