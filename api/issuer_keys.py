"""The token issuer's public keys: found through its discovery document, kept while fresh, asked for anew in measure."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx2
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

ROTATION_GAP = timedelta(minutes=1)
OUTAGE_GAP = timedelta(seconds=5)
KEYS_FRESH_FOR = timedelta(minutes=10)
ANSWER_LIMIT_BYTES = 262_144
KEYS_LIMIT = 100
SMALLEST_RSA_BITS = 2048


class IssuerUnreachable(Exception):
    """A fault, never a refusal: the issuer's keys cannot be had just now, so no unknown token can be judged."""

    def __init__(self, sentence: str, retry_after: timedelta = OUTAGE_GAP):
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after


class IssuerKeys:
    """The issuer's public keys, found through its discovery document and kept while they are fresh.

    Survives: an outage of the issuer, on the keys that it listed last.
    """

    def __init__(self, issuer: str, http: httpx2.AsyncClient, fetch_seconds: float):
        self._issuer = issuer
        self._http = http
        self._fetch_seconds = fetch_seconds
        self._keys: dict[str, Key] = {}
        self._asked_at: datetime | None = None
        self._failure: str | None = None
        self._asking = asyncio.Lock()
        self.edition = 0
        """Counts the times that the set of keys has changed."""

    async def key(self, kid: str | None, now: datetime) -> Key | None:
        """The key of that id, or the only key when none is named; None when the issuer lists no such key."""
        # One caller renews keys that have aged; the others need not wait for it.
        if not self._keys or (self._older_than(KEYS_FRESH_FOR, now) and not self._asking.locked()):
            await self._ask(now)
        if self._find(kid) is None:
            await self._ask(now)
        found = self._find(kid)
        if found is None and self._failure:
            raise IssuerUnreachable(self._failure)
        return found

    def _find(self, kid: str | None) -> Key | None:
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid)

    def _older_than(self, age: timedelta, now: datetime) -> bool:
        # Either way: those who waited for the lock carry an earlier `now`, and a clock may be set back.
        return self._asked_at is None or abs(now - self._asked_at) >= age

    async def _ask(self, now: datetime) -> None:
        async with self._asking:
            # Anybody can send unknown keys, so they cost the issuer one question a minute and no more.
            if not self._older_than(ROTATION_GAP if self._keys else OUTAGE_GAP, now):
                return
            self._asked_at = now
            try:
                keys = await self._fetch()
            except IssuerUnreachable as fault:
                self._failure = fault.sentence
                return
            self._failure = None
            if _prints(keys) != _prints(self._keys):
                self._keys, self.edition = keys, self.edition + 1

    async def _fetch(self) -> dict[str, Key]:
        try:
            async with asyncio.timeout(self._fetch_seconds):
                document = await self._read(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
                return _usable_keys(await self._read(self._address_of_keys(document)))
        except TimeoutError:
            problem = f"did not answer within {self._fetch_seconds:g} seconds"
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            problem = f"cannot be reached ({type(error).__name__})"
        except ValueError as error:
            problem = str(error)
        raise IssuerUnreachable(f"The token issuer {self._issuer} {problem}. Try again in a moment.")

    def _address_of_keys(self, document: Mapping[str, Any]) -> str:
        if document.get("issuer") != self._issuer:
            raise ValueError("calls itself by another name in its discovery document than the settings do")
        address = document.get("jwks_uri")
        safe = ("https://",) if self._issuer.startswith("https://") else ("https://", "http://")
        if not isinstance(address, str) or not address.startswith(safe):
            raise ValueError("names no usable address for its keys")
        return address

    async def _read(self, address: str) -> Mapping[str, Any]:
        body = bytearray()
        # Unpacked, so that the limit holds for what is kept and not only for what was sent.
        plain = {"Accept": "application/json", "Accept-Encoding": "identity"}
        request = self._http.stream("GET", address, headers=plain, follow_redirects=False, timeout=self._fetch_seconds)
        async with request as answer:
            if answer.status_code != 200:
                raise ValueError(f"answered {answer.status_code} where its documents should be")
            async for part in answer.aiter_raw():
                body += part
                if len(body) > ANSWER_LIMIT_BYTES:
                    raise ValueError(f"sent a document of more than {ANSWER_LIMIT_BYTES} bytes")
        try:
            document = orjson.loads(body)
        except orjson.JSONDecodeError:
            document = None
        if not isinstance(document, dict):
            raise ValueError("sent a document that is not a JSON object")
        return document


def _usable_keys(document: Mapping[str, Any]) -> dict[str, Key]:
    listed = document.get("keys")
    keys: dict[str, Key] = {}
    for described in listed[:KEYS_LIMIT] if isinstance(listed, list) else []:
        key = _usable_key(described)
        if key is not None:
            keys[key.kid or key.thumbprint()] = key
    if not keys:
        raise ValueError("lists no key that can be used")
    return keys


def _usable_key(described: Any) -> Key | None:
    """A public signing key; a shared secret, a private key and a key for something else are passed over."""
    if not isinstance(described, dict) or "d" in described or described.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(described)
        small = isinstance(key, RSAKey) and key.raw_value.key_size < SMALLEST_RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAKey | ECKey | OKPKey) and not small else None


def _prints(keys: Mapping[str, Key]) -> dict[str, str]:
    return {kid: key.thumbprint() for kid, key in keys.items()}
