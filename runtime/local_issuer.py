"""A token issuer of the installation's own, for trying things out: whoever can read the data folder can be anybody.

That is why it refuses to do anything outside the embedded mode.
"""

import contextlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from domain.identity import Role
from runtime.settings import Settings

if TYPE_CHECKING:
    from fastapi import APIRouter

ALGORITHM = "ES256"
CURVE = "P-256"
DISCOVERY = "/.well-known/openid-configuration"
KEYS = "/jwks.json"
USUAL_LIFETIME = timedelta(hours=12)
LONGEST_LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class ExampleOfficer:
    """Who a token speaks of when nobody in particular is named; marked as an example wherever it is shown."""

    organ: str
    subject: str
    name: str


EXAMPLES = {
    Role.PERSONNEL: ExampleOfficer("personnel-department", "example-personnel", "Example: officer of personnel"),
    Role.SCHOOL: ExampleOfficer("training-school", "example-school", "Example: registrar of the training school"),
    Role.SUPERVISION: ExampleOfficer("supervision-organ", "example-supervision", "Example: officer of supervision"),
    Role.DECISION_BODY: ExampleOfficer("decision-body", "example-decision-body", "Example: clerk of the deciding body"),
    Role.AUDITOR: ExampleOfficer("audit-office", "example-auditor", "Example: auditor"),
    Role.MODERATOR: ExampleOfficer("moderation-desk", "example-moderator", "Example: moderator"),
    Role.PERSON: ExampleOfficer("registry", "example-person", "Example: clerk of the registry"),
}


class RefusesOutsideEmbeddedMode(Exception):
    """The local issuer was asked for where real people are to be told apart."""


class CannotMint(ValueError):
    """No token can say what was asked for; the sentence says which part of it."""


def mint(
    settings: Settings,
    roles: Iterable[Role],
    *,
    organ: str | None = None,
    subject: str | None = None,
    name: str | None = None,
    lifetime: timedelta = USUAL_LIFETIME,
    now: datetime,
) -> str:
    """A token for a person with these roles; who is not named is an example of the first role.

    Refuses: RefusesOutsideEmbeddedMode, CannotMint.
    """
    only_embedded(settings)
    held = list(dict.fromkeys(roles))
    _mintable(held, lifetime)
    example = EXAMPLES[held[0]]
    said: dict[str, Any] = {
        "iss": settings.oidc_issuer,
        "aud": settings.oidc_audience,
        "sub": subject or "-".join(["example", *(role.replace("_", "-") for role in held)]),
        "name": name or (example.name if subject is None else f"Example: {subject}"),
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": secrets.token_urlsafe(12),
    }
    _put(said, settings.oidc_role_claim, [str(role) for role in held])
    _put(said, settings.oidc_organ_claim, organ or example.organ)
    key = signing_key(settings.data)
    return jwt.encode({"alg": ALGORITHM, "kid": key.thumbprint()}, said, key, algorithms=[ALGORITHM])


def discovery_document(issuer: str) -> dict[str, Any]:
    """What the issuer says of itself: where its keys are. It has no page to sign in at."""
    return {
        "issuer": issuer,
        "jwks_uri": issuer.rstrip("/") + KEYS,
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "subject_types_supported": ["public"],
        "response_types_supported": [],
    }


def jwks(data: Path) -> dict[str, Any]:
    """The public half of the signing key."""
    key = signing_key(data)
    return {"keys": [{**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}]}


def local_issuer_routes(settings: Settings) -> "APIRouter":
    """The issuer's two documents, at the path that the issuer's own name has.

    Refuses: RefusesOutsideEmbeddedMode.
    """
    from fastapi import APIRouter  # here, because minting a token should not wait for a web framework
    from fastapi.responses import JSONResponse

    only_embedded(settings)
    router = APIRouter(prefix=urlsplit(settings.oidc_issuer).path.rstrip("/"), include_in_schema=False)

    @router.get(DISCOVERY)
    def discovery() -> JSONResponse:
        return JSONResponse(discovery_document(settings.oidc_issuer))

    # Read anew for each caller: a key that was replaced is then replaced here too.
    @router.get(KEYS)
    def keys() -> JSONResponse:
        return JSONResponse(jwks(settings.data))

    return router


def only_embedded(settings: Settings) -> None:
    """The local issuer works in the embedded mode alone.

    Refuses: RefusesOutsideEmbeddedMode.
    """
    if settings.mode != "embedded":
        raise RefusesOutsideEmbeddedMode(
            f"The local issuer gives anybody any role, so it works in embedded mode alone, and this is {settings.mode} "
            "mode. Set INVESTITURE_OIDC_ISSUER to your identity provider and get tokens from there."
        )


def signing_key(data: Path) -> ECKey:
    """The installation's signing key, made on first use, the same one for all who ask at once.

    Survives: a stop at any point; the key is either whole or not there.
    """
    file = data / "issuer" / "key.pem"
    if not file.exists():
        _make_key(file)
    return ECKey.import_key(file.read_bytes())


def _make_key(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"key.{os.getpid()}.{secrets.token_hex(8)}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
            written.write(ECKey.generate_key(CURVE).as_pem(private=True))
            written.flush()
            os.fsync(written.fileno())
        # A link, unlike a rename, does not replace: of two who make a key at once, the second keeps the first's.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def _mintable(roles: list[Role], lifetime: timedelta) -> None:
    if not roles:
        raise CannotMint(f"A token needs at least one role: {', '.join(EXAMPLES)}.")
    if Role.SYSTEM in roles:
        raise CannotMint("The role `system` is the engine's own; no token carries it.")
    if not timedelta(0) < lifetime <= LONGEST_LIFETIME:
        raise CannotMint(f"A token lasts longer than nothing and at most {LONGEST_LIFETIME.days} days, not {lifetime}.")


def _put(said: dict[str, Any], path: str, value: object) -> None:
    *outer, last = path.split(".")
    for step in outer:
        said = said.setdefault(step, {})
    said[last] = value
