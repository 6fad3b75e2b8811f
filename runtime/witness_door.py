"""Asking a witness to cosign. Source: C2SP tlog-witness, the log's side."""

from dataclasses import dataclass
from pathlib import Path

import httpx2

from eventstore.public_log import PublicLog
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import BadSignature, Note, Signature, UnreadableNote, Verifier
from eventstore.transparency.tile import TiledLog
from eventstore.transparency.witness import AddCheckpoint, cosignatures
from runtime.settings import Settings

SEEN = "witnessed"
PATIENCE_SECONDS = 5.0


class WitnessSilent(Exception):
    """The witness cannot be reached, or answers nothing that can be read."""


class WitnessRefuses(Exception):
    """The witness has seen another log than this one."""


@dataclass(frozen=True, slots=True)
class WitnessDoor:
    """Where a witness is reached, and the size up to which it has cosigned, as far as is known here."""

    url: str
    key: Verifier
    http: httpx2.AsyncClient
    folder: Path

    async def cosign(self, note: Note, log: TiledLog) -> tuple[Signature, ...]:
        """The witness's signatures under a checkpoint.

        Refuses: WitnessRefuses; WitnessSilent is a fault.
        """
        size = Checkpoint.parse(note.text).size
        # Of a log that has become smaller nothing can be proved: the witness then says itself where it stands.
        known = self._known_size()
        answer = await self._ask(known if known <= size else 0, note, log)
        if answer.status_code == 409:  # it was asked by somebody else, or an answer was lost: it says where it stands
            answer = await self._ask(self._stands_at(answer, size), note, log)
        if answer.status_code >= 500:
            raise WitnessSilent(f"{self.key.name} cannot work: {answer.text.strip()[:300]}")
        if answer.status_code != 200:
            raise WitnessRefuses(f"{self.key.name} answered {answer.status_code}: {answer.text.strip()[:300]}")
        try:
            found = cosignatures(answer.text, self.key, note.text)
        except (BadSignature, UnreadableNote) as problem:
            raise WitnessSilent(f"{self.key.name} answered something else than a cosignature: {problem}") from problem
        PublicLog(self.folder).keep(SEEN, str(size).encode())
        return found

    async def _ask(self, old: int, note: Note, log: TiledLog) -> httpx2.Response:
        body = bytes(AddCheckpoint(old, tuple(log.consistency(old)), note))
        try:
            return await self.http.post(f"{self.url.rstrip('/')}/add-checkpoint", content=body)
        except httpx2.HTTPError as problem:
            raise WitnessSilent(f"{self.key.name} cannot be reached: {type(problem).__name__}") from problem

    def _known_size(self) -> int:
        try:
            return int((self.folder / SEEN).read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _stands_at(self, answer: httpx2.Response, size: int) -> int:
        try:
            stands = int(answer.text)
        except ValueError as problem:
            raise WitnessSilent(f"{self.key.name} did not say where it stands") from problem
        if stands > size:
            raise WitnessRefuses(f"{self.key.name} has cosigned {stands} events, and this log has {size}.")
        return stands


def witness_of(settings: Settings, http: httpx2.AsyncClient) -> WitnessDoor | None:
    """The witness that this installation was told of, if it was.

    Refuses: UnreadableKey.
    """
    if not settings.witness_url or not settings.witness_key:
        return None
    return WitnessDoor(settings.witness_url, Verifier.parse(settings.witness_key), http, settings.log_keys)
