"""The box of a survey: codes go out, sealed ballots come in, and after the count nothing joins the two.

A code is random and shown once; its SHA-256 is kept with its class. A ballot rests under a keyed hash of its code, with
its answers sealed. Both keys are the survey's own, rest in the key store, and are destroyed with the count.
"""

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.receipt_code import CODE_BYTES, receipt_code, receipt_hash
from domain.refusal import Refusal
from domain.survey_ballot import Answers
from eventstore.keys import NONCE_BYTES, KeyStore
from eventstore.named_sql import statements

if TYPE_CHECKING:
    import asyncpg

SQL = statements("eventstore", "ballot_box.sql")
SEALED_BYTES = 8192
"""Every ballot is as long as every other, so that the length of one says nothing of it."""


class CodeUnknown(Refusal):
    """No code of this survey, or one of a batch that was replaced."""

    rule = "house.a_ballot_comes_with_a_code"
    unlawful = False


class CodeUsed(Refusal):
    """The code has voted, and said something else."""

    rule = "house.a_code_votes_once"


class BoxShut(Refusal):
    """The survey takes no ballots now."""

    rule = "house.a_ballot_is_taken_while_the_survey_is_open"


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a box, in no order that anything has, and the digest of it as it was sealed."""

    ballots: Sequence[tuple[str, Answers]]
    minutes: Mapping[str, Mapping[datetime, int]]
    digest: str


def nullifying_key(survey_id: str) -> str:
    """The owner of the key that ballots are filed under."""
    return f"survey/{survey_id}#nullifier"


def sealing_key(survey_id: str) -> str:
    """The owner of the key that answers are sealed with."""
    return f"survey/{survey_id}#box"


class BallotBox:
    """The boxes of all surveys."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", keys: KeyStore):
        self._pool = pool
        self._keys = keys

    async def make(self, survey_id: str) -> None:
        """The box and its keys. Idempotent by: the survey."""
        await self._keys.keys_for([nullifying_key(survey_id), sealing_key(survey_id)])
        await self._pool.execute(SQL["open_box"], survey_id)

    async def give_out(
        self, survey_id: str, voter_class: str, batch: str, number: int, instead_of: str | None = None
    ) -> list[str]:
        """New codes, in the order of chance. Nothing is kept of them but their hashes, in the order of those.

        Units: 100 random bits a code.
        """
        codes = [receipt_code(secrets.token_bytes(CODE_BYTES)) for _ in range(number)]
        hashes = sorted(bytes.fromhex(receipt_hash(code)) for code in codes)
        async with self._pool.acquire() as connection, connection.transaction():
            if instead_of is not None:
                await connection.execute(SQL["drop_batch"], survey_id, instead_of)
            await connection.execute(SQL["keep_codes"], survey_id, hashes, voter_class, batch)
        return codes

    async def cast(self, survey_id: str, code: str, answers: Answers, *, batches: Sequence[str], at: datetime) -> bool:
        """Puts a ballot into the box; gives whether it is new. The answer means: one committed row.

        Refuses: BoxShut, CodeUnknown, CodeUsed.
        Idempotent by: the code, with the same answers.
        """
        keys = await self._keys.open_keys([nullifying_key(survey_id), sealing_key(survey_id)])
        if len(keys) < 2:
            raise _shut()
        nullifier = hmac.digest(keys[nullifying_key(survey_id)], code.encode("ascii"), "sha256")
        sealer = AESGCM(keys[sealing_key(survey_id)])
        about = survey_id.encode()
        async with self._pool.acquire() as connection, connection.transaction():
            if not await connection.fetchval(SQL["hold_box"], survey_id):
                raise _shut()
            hashed = bytes.fromhex(receipt_hash(code))
            voter_class = await connection.fetchval(SQL["class_of"], survey_id, hashed, list(batches))
            if voter_class is None:
                raise CodeUnknown("This code is none of this survey's. Check it against your slip.", field="code")
            sealed = _sealed(sealer, about, answers)
            if await connection.fetchval(SQL["cast"], survey_id, voter_class, nullifier, sealed):
                await connection.execute(SQL["one_more"], survey_id, voter_class, at)
                return True
            before = await connection.fetchval(SQL["cast_before"], survey_id, nullifier)
        if before is None or _unsealed(sealer, about, before) != answers:
            raise CodeUsed("This code has voted, and a ballot is never changed. Keep what you sent.", field="code")
        return False

    async def open(self, survey_id: str) -> Opened:
        """What is in the box, which takes no ballot any more. Read in the order of the nullifiers, and shuffled.

        Survives: a crash right after; the box is shut, and can be opened again until it is destroyed.
        """
        keys = await self._keys.open_keys([sealing_key(survey_id)])
        # Waits for whoever is casting: what was acknowledged is read, and nothing is acknowledged from here on.
        await self._pool.execute(SQL["shut"], survey_id)
        rows = await self._pool.fetch(SQL["in_box"], survey_id)
        digest = hashlib.sha256(b"".join(hashlib.sha256(row["sealed"]).digest() for row in rows)).hexdigest()
        if not rows:
            return Opened((), {}, digest)
        sealer, about = AESGCM(keys[sealing_key(survey_id)]), survey_id.encode()
        ballots = [(str(row["voter_class"]), _unsealed(sealer, about, row["sealed"])) for row in rows]
        secrets.SystemRandom().shuffle(ballots)
        minutes: dict[str, dict[datetime, int]] = defaultdict(dict)
        for voter_class, minute, count in await self._pool.fetch(SQL["minutes"], survey_id):
            minutes[voter_class][minute] = count
        return Opened(ballots, minutes, digest)

    async def destroy(self, survey_id: str) -> None:
        """The keys go first, so that whatever is left somewhere, in a dead row or a backup, can be read by nobody.

        Idempotent by: the survey.
        """
        await self._keys.discard([nullifying_key(survey_id), sealing_key(survey_id)])
        await self._pool.execute(SQL["destroy"], survey_id)


def _shut() -> BoxShut:
    return BoxShut("This survey takes no ballots now. Check its days on the page of the index.")


def _sealed(sealer: AESGCM, about: bytes, answers: Answers) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + sealer.encrypt(nonce, answers.model_dump_json().encode().ljust(SEALED_BYTES), about)


def _unsealed(sealer: AESGCM, about: bytes, sealed: bytes) -> Answers:
    return Answers.model_validate_json(sealer.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about).rstrip())
