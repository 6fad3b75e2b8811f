"""An officer's own record, out of the registers there are: what they did, what waits for them, what they let pass."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.identity import Actor
from eventstore.named_sql import statements
from projections.reading import Pool

SQL = statements("projections", "reviewer_record.sql")
READ_FROM = ("audit_trail", "duty_register", "case_board", "supervision_problem", "organ_request")
MOST = 500


@dataclass(frozen=True, slots=True)
class Acts:
    """How often they did one thing, and when first and last."""

    type: str
    acts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What waits; `own` is false where it waits for any officer of their role or organ."""

    what: str
    id: str
    case_id: str | None
    began_on: date
    due_on: date | None
    own: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A day that passed while it was theirs, or their organ's; `done_on` where the act came after all."""

    what: str
    id: str
    case_id: str | None
    due_on: date | None
    done_on: date | None
    own: bool


@dataclass(frozen=True, slots=True)
class ReviewerRecord:
    """The record of one officer."""

    acts: tuple[Acts, ...]
    due: tuple[Due, ...]
    missed: tuple[Missed, ...]


async def reviewer_record(pool: "Pool[Any]", actor: Actor) -> ReviewerRecord:
    """The record of whoever asks, what is due first and what was missed last coming first.

    Source: features F27, F31.
    """
    whose = (actor.officer, actor.organ, [str(role) for role in actor.roles], MOST)
    acts, due, missed = await asyncio.gather(
        pool.fetch(SQL["acts"], actor.officer), pool.fetch(SQL["due"], *whose), pool.fetch(SQL["missed"], *whose)
    )
    return ReviewerRecord(
        tuple(Acts(*row) for row in acts), tuple(Due(*row) for row in due), tuple(Missed(*row) for row in missed)
    )
