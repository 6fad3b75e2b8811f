"""Folded cases kept in memory between commands, so that a step reads only what it does not know yet."""

from collections import OrderedDict
from dataclasses import dataclass

from domain.appointment import Case, Unopened, evolve
from domain.event import StreamId
from eventstore.codec import decode
from eventstore.store import NOTHING_BEFORE, EventStore

CASES_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Known:
    """A case as far as this process has read it: its version, its last hash, and what its events made of it."""

    version: int
    head: bytes
    case: Case


NOTHING_KNOWN = Known(0, NOTHING_BEFORE, Unopened())


class KnownCases:
    """The cases that this process has met last."""

    def __init__(self, store: EventStore):
        self._store = store
        self._known: OrderedDict[StreamId, Known] = OrderedDict()

    def get(self, stream: StreamId) -> Known | None:
        """The case as it was when this process met it last; it may have gone on since."""
        return self._known.get(stream)

    async def load(self, stream: StreamId) -> Known:
        """The case as the log has it now; only the events that this process has not read yet are read."""
        known = self._known.get(stream, NOTHING_KNOWN)
        for stored in await self._store.read_stream(stream, known.version):
            known = Known(stored.version, stored.hash, evolve(known.case, decode(stored).event))
        if known.version:
            self.remember(stream, known)
        return known

    def remember(self, stream: StreamId, known: Known) -> None:
        # Only forwards: an append that was overtaken on its way back must not hide what came after it.
        if self._known.get(stream, NOTHING_KNOWN).version <= known.version:
            self._known[stream] = known
            self._known.move_to_end(stream)
        if len(self._known) > CASES_KEPT:
            self._known.popitem(last=False)
