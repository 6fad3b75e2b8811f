"""An identity provider on a loopback port, and tokens as it gives them."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from api.identity import TokenVerifier, Unauthenticated

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


async def refused(verifier: TokenVerifier, token: str, because: str, now: datetime = NOW) -> None:
    with pytest.raises(Unauthenticated, match=because) as refusal:
        await verifier.verify(token, now)
    assert refusal.value.reason.endswith(".") and refusal.value.next_step.endswith(".")
    assert not any(part in str(refusal.value) for part in token.split(".") if len(part) > 5)
    assert verifier.cached(token, now) is None
