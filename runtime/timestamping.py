"""Timestamps of checkpoints by an authority that is neither department: when the log stood at least that far.

Source: RFC 3161. They are checked offline by its root certificate: `investiture verify FILE.tsr --tsa ROOT.pem`.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2
from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from eventstore.public_log import PublicLog
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note
from runtime.settings import Settings

FOLDER = "timestamps"
REQUEST_TYPE = "application/timestamp-query"


class NoTimestamp(Exception):
    """The authority did not give a timestamp that holds."""


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """Where timestamps are asked for, and the certificates that they are checked by."""

    url: str
    roots: Path
    http: httpx2.AsyncClient

    async def stamp(self, note: Note, public: PublicLog) -> str:
        """Has a checkpoint stamped, and keeps token and checkpoint side by side; gives the token's path.

        Refuses: NoTimestamp.
        """
        request = TimestampRequestBuilder(bytes(note), HashAlgorithm.SHA256).build()
        try:
            answer = await self.http.post(self.url, content=request.as_bytes(), headers={"Content-Type": REQUEST_TYPE})
            answer.raise_for_status()
        except httpx2.HTTPError as problem:
            raise NoTimestamp(f"{self.url} did not answer: {type(problem).__name__}") from problem
        token = bytes(answer.content)
        stamped_at(token, bytes(note), self.roots, nonce=request.nonce)
        path = f"{FOLDER}/{Checkpoint.parse(note.text).size}"
        public.keep(path, bytes(note))
        public.keep(f"{path}.tsr", token)
        return f"{path}.tsr"


def stamped_at(token: bytes, stamped: bytes, roots: Path, *, nonce: int | None = None) -> datetime:
    """When the authority says that it saw those bytes.

    Refuses: NoTimestamp.
    """
    builder = VerifierBuilder() if nonce is None else VerifierBuilder().nonce(nonce)
    for certificate in load_pem_x509_certificates(roots.read_bytes()):
        builder = builder.add_root_certificate(certificate)
    try:
        response: TimeStampResponse = decode_timestamp_response(token)
        builder.build().verify_message(response, stamped)
    except (ValueError, VerificationError) as problem:
        raise NoTimestamp(f"The timestamp does not hold: {problem}") from problem
    found: datetime = response.tst_info.gen_time
    return found


def authority_of(settings: Settings, http: httpx2.AsyncClient) -> TimestampAuthority | None:
    """The authority that this installation was told of, if it was."""
    if not settings.timestamp_url or settings.timestamp_roots is None:
        return None
    return TimestampAuthority(settings.timestamp_url, settings.timestamp_roots, http)
