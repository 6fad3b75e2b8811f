"""Publishing the log: new events become tiles, and a signed checkpoint says that there are so many.

The signer remembers its last checkpoint outside the database. It signs only what extends that one, whatever the
database says by now: after a rollback, or a past that was rewritten, it refuses.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eventstore.public_log import CHECKPOINT, COSIGNED, PublicLog
from eventstore.store import EventStore, StoredEvent
from eventstore.transparency.checkpoint import Checkpoint
from eventstore.transparency.merkle import EMPTY_ROOT, leaf_hash
from eventstore.transparency.note import Note, Signer
from eventstore.transparency.tile import WIDTH, Tile, TiledLog, grown_tiles, pack_entries

PAGE = 5_000
LAST = "last"


class LogContradicted(Exception):
    """What is in the database is not what was signed before. `code` names the alarm, `position` the first event."""

    def __init__(self, code: str, position: int, what: str):
        super().__init__(what)
        self.code, self.position = code, position


@dataclass(frozen=True, slots=True)
class SignerMemory:
    """The last checkpoint that was signed, in a folder beside the key and outside the database."""

    folder: Path

    def last(self) -> Note | None:
        """The checkpoint that the next one must extend."""
        try:
            return Note.parse((self.folder / LAST).read_bytes())
        except FileNotFoundError:
            return None

    def remember(self, note: Note) -> None:
        """Keeps a checkpoint before anybody sees it."""
        PublicLog(self.folder).keep(LAST, bytes(note))


class Publisher:
    """Carries the event log into the public one."""

    def __init__(self, store: EventStore, public: PublicLog, memory: SignerMemory, signers: Sequence[Signer]):
        self._store = store
        self._public = public
        self._memory = memory
        self.signers = tuple(signers)

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.signers[-1].name

    def last(self) -> Checkpoint:
        """The largest checkpoint that anybody was given, whichever of the two memories has it.

        Refuses: BadSignature, UnreadableNote, for a memory that was tampered with.
        """
        found = Checkpoint(self.origin, 0, EMPTY_ROOT)
        for note in (self._memory.last(), self._public.note(CHECKPOINT), self._public.note(COSIGNED)):
            if note is not None and self._is_ours(note):
                found = max(found, Checkpoint.parse(note.text), key=lambda checkpoint: checkpoint.size)
        return found

    def _is_ours(self, note: Note) -> bool:
        return bool(note.signed_by([signer.verifier for signer in self.signers]))

    async def publish(self) -> Note:
        """Everything that is in the log now is published under one new checkpoint; gives that checkpoint.

        Refuses: LogContradicted, with nothing signed; DamagedTile.
        Survives: a crash at any moment: tiles without a checkpoint are written again, the same.
        """
        last = await asyncio.to_thread(self.last)
        size = await self._store.size()
        if size < last.size:
            what = f"{last.size} events were signed for, and the database has {size}: it was rolled back."
            raise LogContradicted("rolled_back", size, what)
        if await asyncio.to_thread(self._root, last.size) != last.root:
            raise LogContradicted("tiles_changed", 0, f"the tiles do not give the root that was signed at {last.size}")
        await self._still_there(self._tiles(last.size))
        carried = last.size
        while carried < size:
            carried = await self._carry(carried, size)
        root = await asyncio.to_thread(self._root, carried)
        return await asyncio.to_thread(self._signed, Checkpoint(self.origin, carried, root))

    def _tiles(self, size: int) -> TiledLog:
        return TiledLog(self._public.fetch, size)

    def _root(self, size: int) -> bytes:
        return self._tiles(size).edge().root()

    async def _still_there(self, before: TiledLog) -> None:
        """The newest events that were signed for are the ones that the database has."""
        first = max(0, before.size - 1) // WIDTH * WIDTH
        for stored in await self._store.read_log(first - 1, before.size - first):
            if leaf_hash(stored.entry) != await asyncio.to_thread(before.leaf, stored.position):
                what = f"the event at {stored.position} is not the one that was signed for: the past was rewritten."
                raise LogContradicted("rewritten", stored.position, what)

    async def _carry(self, carried: int, size: int) -> int:
        """A page of events more is in the tiles; gives how many are by then."""
        first = carried // WIDTH * WIDTH
        page = await self._store.read_log(first - 1, min(PAGE // WIDTH * WIDTH, size - first))
        leaves = [_sound(stored, first + place) for place, stored in enumerate(page)]
        if len(leaves) <= carried - first:
            raise LogContradicted("missing", carried, f"the event at {carried} is counted and not there.")
        entries = [stored.entry for stored in page]
        await asyncio.to_thread(self._keep, self._tiles(carried), entries, leaves[carried - first :])
        return first + len(leaves)

    def _keep(self, before: TiledLog, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        tiles = list(grown_tiles(before, leaves))
        files = [(tile.path, hashes) for tile, hashes in tiles]
        for number, place in enumerate(range(0, len(entries), WIDTH), before.size // WIDTH):
            bundle = entries[place : place + WIDTH]
            files.append((Tile(0, number, len(bundle)).entries_path, pack_entries(bundle)))
        self._public.keep_tiles(files)

    def _signed(self, checkpoint: Checkpoint) -> Note:
        note = checkpoint.signed(self.signers)
        shown = self._public.note(CHECKPOINT)
        if self._memory.last() != note:
            self._memory.remember(note)
        if shown is not None and {one.line for one in note.signatures} <= {one.line for one in shown.signatures}:
            return shown  # nothing is new, and somebody may have cosigned it
        return note

    def show(self, note: Note, *, cosigned: bool) -> None:
        """The checkpoint stands where everybody finds it; narrower tiles that nobody needs any more go."""
        before = self._public.note(CHECKPOINT)
        if before == note:
            return
        if cosigned:
            self._public.keep(COSIGNED, bytes(note))
        self._public.keep(CHECKPOINT, bytes(note))
        size = Checkpoint.parse(note.text).size
        old = Checkpoint.parse(before.text).size if before else 0
        for level in range(8):
            first, full = old >> 8 * (level + 1), size >> 8 * (level + 1)
            for number in range(first, full):
                self._public.drop_partial(Tile(level, number))


def _sound(stored: StoredEvent, position: int) -> bytes:
    """The leaf hash of an event, hashed anew from its entry."""
    if stored.position != position:
        raise LogContradicted("missing", position, f"the event at {position} is counted and not there.")
    leaf = leaf_hash(stored.entry)
    if leaf != stored.hash:
        raise LogContradicted("rewritten", position, f"the entry at {position} does not give the hash beside it.")
    return leaf
