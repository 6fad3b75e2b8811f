"""Puts on record that a notice is published: the hash of what its page says, and the checkpoint that holds it.

Nothing is left out and nothing is doubled, whoever dies when: until it is in the log, a version is found unpublished
again, and its second publication is the first one.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import asyncpg

from domain.identity import SYSTEM
from domain.notice_publishing import PublicNoticePublished, notice_stream, publication_command_id
from eventstore.noting import note
from eventstore.public_log import PublicLog
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.note import Note, Signature, Verifier
from eventstore.transparency.proof_file import Proof
from pages.notice_text import notice_text, text_hash
from projections.public_notice import unpublished_notices
from projections.visible_notice import VisibleNotice
from runtime.clock import now
from runtime.connections import House


class NoticePublishing:
    """Sees to it that every version of a notice that runs is on record as published."""

    def __init__(self, house: House, clock: Callable[[], datetime] = now):
        self._house = house
        self._clock = clock

    async def sweep(self, checkpoint: Note, witness: Verifier | None) -> int:
        """Records what a checkpoint holds and the log does not yet call published; gives how many.

        `witness`: whose cosignature is waited for; without one the log's own signature is enough.
        """
        signed = checkpoint.signed_by([witness]) if witness else []
        if witness and not signed:
            return 0
        size = Checkpoint.parse(checkpoint.text).size
        try:
            found = await unpublished_notices(self._house.pool, size, self._clock())
        except asyncpg.UndefinedTableError:
            return 0  # the projector has not come so far; the log is published all the same
        for notice in found:
            await self._record(notice, checkpoint, signed)
        return len(found)

    async def _record(self, notice: VisibleNotice, note_: Note, signed: Sequence[tuple[Verifier, Signature]]) -> None:
        checkpoint, version = Checkpoint.parse(note_.text), notice.versions[-1]
        names = tuple(dict.fromkeys(verifier.name for verifier, _ in signed))
        event = PublicNoticePublished(
            notice_id=notice.notice_id,
            number=version.number,
            of_position=version.position,
            text_sha256=text_hash(notice_text(notice, self._house.keys)),
            size=checkpoint.size,
            root=checkpoint.root.hex(),
            cosigned_by=names,
            cosigned_at=_latest(signed),
            by_own_witness=bool(names) and all(name.startswith(f"{checkpoint.origin}/") for name in names),
            proof=bytes(await self._proof(version.position, note_)).decode(),
        )
        await note(
            self._house.store,
            self._house.keys,
            notice_stream(notice.notice_id),
            event,
            actor=SYSTEM,
            command_id=publication_command_id(notice.notice_id, version.number),
            at=self._clock(),
        )

    async def _proof(self, position: int, checkpoint: Note) -> Proof:
        (stored,) = await self._house.store.read_log(position - 1, 1)
        log = PublicLog(self._house.settings.public_log).at(Checkpoint.parse(checkpoint.text))
        return Proof(position, tuple(await asyncio.to_thread(log.inclusion, position)), checkpoint, stored.entry)


def _latest(signed: Sequence[tuple[Verifier, Signature]]) -> datetime | None:
    return datetime.fromtimestamp(max(one.signed_at for _, one in signed), UTC) if signed else None
