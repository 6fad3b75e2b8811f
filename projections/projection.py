"""What a projection is: tables that answer one reader's question, and how a page of events changes them."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Protocol

from domain.event import Event, Recorded
from eventstore.codec import decode
from eventstore.store import StoredEvent

Connection = Any  # asyncpg's connection, or the pool's stand-in for one


class Projection(Protocol):
    """A disposable read model.

    Its tables are named without a schema: the connection's search path says whether the live one is meant or the one
    that is being rebuilt. A new `version` has it rebuilt.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def tables(self) -> tuple[str, ...]: ...

    @property
    def definition(self) -> str: ...

    @property
    def indexes(self) -> str: ...

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        """Change the tables by a page of the log, in the transaction that also moves the checkpoint."""
        ...

    def forget_cached(self) -> None:
        """Drop what was kept in memory between pages, because a page was rolled back. Most keep nothing there."""
        return


class SetBased(Projection):
    """A read model whose rows follow from the log alone, so that one statement makes those of any range of it.

    Ranges may be taken in any order, and several at once.
    """

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        await self.apply_between(connection, page[0].position, page[-1].position)

    @abstractmethod
    async def apply_between(self, connection: Connection, first: int, last: int) -> None:
        """Make the rows of the events from one position to another, both included."""


class EventByEvent(Projection, Protocol):
    """A read model that each event of certain kinds changes for itself."""

    @property
    def heard(self) -> frozenset[str]: ...

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type in self.heard:
                await self.take(connection, decode(stored))

    async def take(self, connection: Connection, recorded: Recorded[Event]) -> None:
        """Change the tables by one event."""
        ...
