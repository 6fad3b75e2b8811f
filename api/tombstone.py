"""The tombstone of somebody who was forgotten, as it stands in answers in the place of what was said of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from api.visitor import Services
from domain.identity import PersonId
from eventstore.tombstone import tombstones


class TombstoneShown(BaseModel):
    """When and why somebody was forgotten."""

    on: date
    because: str = Field(description="request, order or retention")


async def shown_tombstones(services: Services, people: Iterable[PersonId]) -> dict[PersonId, dict[str, Any]]:
    """Of some people those who were forgotten, read from the log itself."""
    found = await tombstones(services.store, people)
    return {person: {"on": stone.forgotten_on, "because": stone.ground} for person, stone in found.items()}
