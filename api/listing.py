"""Lists that are read in pages: which page is asked for, and how fresh the read models behind it must be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson
from fastapi import Query, Response
from pydantic import Field

from api.answers import JSON
from api.problem import NotProjectedYet
from api.visitor import Visitor
from projections.projector import wait_until_projected
from projections.reading import Pool

WAIT_SECONDS = 5.0
LARGEST_POSITION = 2**53 - 1  # what every reader's numbers hold exactly
LARGEST_PLACE = 2**31 - 1
PREVIOUS = "`next_cursor` of the page before"
AN_ID = r"^[A-Za-z0-9._-]{1,60}$"
"""What a filter may ask for by its id: a stage, a role, a pack."""

AfterPosition = Annotated[
    int | None,
    Query(
        ge=0,
        le=LARGEST_POSITION,
        description="wait, a few seconds at most, until this position of the log can be read here",
    ),
]
NextCursor = Annotated[int | None, Field(description="for the next page; null when this was the last")]


@dataclass(frozen=True, slots=True)
class LatestFirst:
    """A page of a list whose latest entries come first: those that the log holds before a position."""

    before: Annotated[int | None, Query(alias="cursor", ge=0, le=LARGEST_POSITION, description=PREVIOUS)] = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50
    after_position: AfterPosition = None

    def next_cursor(self, positions: Sequence[int]) -> int | None:
        """Where the next page begins, by the positions that this one shows."""
        return positions[-1] if len(positions) == self.limit else None

    def answer(
        self, name: str, entries: Sequence[Any], positions: Sequence[int], headers: Mapping[str, str] | None = None
    ) -> Response:
        """The page as it is sent: its entries, and where the next one begins."""
        body = {name: entries, "next_cursor": self.next_cursor(positions)}
        return Response(orjson.dumps(body), media_type=JSON, headers=headers)


@dataclass(frozen=True, slots=True)
class FromTheFirst:
    """A page of a list that is read from its first entry on: those after a place in it."""

    after: Annotated[int, Query(alias="cursor", ge=0, le=LARGEST_PLACE, description=PREVIOUS)] = 0
    limit: Annotated[int, Query(ge=1, le=200)] = 200
    after_position: AfterPosition = None

    def next_cursor(self, shown: int) -> int | None:
        """Where the next page begins, by how many entries this one shows."""
        return self.after + shown if shown == self.limit else None


async def caught_up(visitor: Visitor, names: tuple[str, ...], position: int | None) -> None:
    """Those read models have reached a position of the log.

    Refuses: NotProjectedYet, when they have not after a few seconds.
    """
    await reached(visitor.services.pool, names, position)


async def reached(pool: "Pool[Any]", names: tuple[str, ...], position: int | None) -> None:
    """The same, for a list that needs no token.

    Refuses: NotProjectedYet.
    """
    if position is None:
        return
    if not await wait_until_projected(pool, names, position, WAIT_SECONDS):
        raise NotProjectedYet(position)
