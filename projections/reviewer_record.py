"""An officer's own record, out of the registers there are: what they did, what waits for them, what they let pass."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.identity import Actor, OfficerId, OrganId, Role
from domain.law import Text
from domain.pack_titles import titles_of_duties
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from projections.reading import Pool

SQL = statements("projections", "reviewer_record.sql")
READ_FROM = (
    "audit_trail",
    "duty_register",
    "case_board",
    "supervision_problem",
    "organ_request",
    "officer",
    "supervision_point",
)
MOST = 500
"""Duties that are shown, and as many supervision points beside them: no list of the ones crowds out the others."""


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


@dataclass(frozen=True, slots=True)
class Known:
    """An officer as the log knows them."""

    actor: Actor
    name: str | None


async def known_officer(pool: "Pool[Any]", officer: OfficerId) -> Known | None:
    """The officer of a pseudonym with their organ and the roles in which they acted last; None for nobody."""
    row = await pool.fetchrow(SQL["known"], officer)
    if row is None:
        return None
    roles = tuple(Role(role) for role in row["roles"])
    return Known(Actor(officer=officer, organ=OrganId(row["organ"]), roles=roles), row["name"])


async def reviewer_record(pool: "Pool[Any]", actor: Actor, *, closed: tuple[str, ...] = ()) -> ReviewerRecord:
    """The record of an officer, what is due first and what was missed last coming first.

    `closed` are kinds of stream that the reader's audit trail leaves out; so do these counts.

    Source: features F27, F31.
    """
    roles = [str(role) for role in actor.roles]
    whose = (actor.officer, actor.organ, roles, MOST)
    acts, due, missed, due_points, missed_points = await asyncio.gather(
        pool.fetch(SQL["acts"], actor.officer, list(closed)),
        pool.fetch(SQL["due"], *whose),
        pool.fetch(SQL["missed"], *whose),
        pool.fetch(SQL["due_points"], roles, MOST),
        pool.fetch(SQL["missed_points"], roles, MOST),
    )
    return ReviewerRecord(
        tuple(Acts(*row) for row in acts),
        tuple(sorted((Due(*row) for row in (*due, *due_points)), key=lambda found: found.due_on or date.max)),
        tuple(
            sorted(
                (Missed(*row) for row in (*missed, *missed_points)),
                key=lambda found: found.due_on or date.min,
                reverse=True,
            )
        ),
    )


async def titles_of(pool: "Pool[Any]", library: PackLibrary, record: ReviewerRecord) -> dict[tuple[str, str], Text]:
    """What the packs of their cases call what waits and what was missed, by the case and its id in the record."""
    told: tuple[Due | Missed, ...] = (*record.due, *record.missed)
    waits = {(each.case_id, each.id) for each in told if each.case_id}
    rows = await pool.fetch(SQL["packs"], list({case_id for case_id, _ in waits}))
    titles = {
        version: titles_of_duties((await library.version(*version)).pack)
        for version in {(row["pack_id"], row["pack_version"]) for row in rows}
    }
    known = {row["case_id"]: titles[row["pack_id"], row["pack_version"]] for row in rows}
    called = {(case_id, id_): known.get(case_id, {}).get(id_) for case_id, id_ in waits}
    return {wait: title for wait, title in called.items() if title}
