"""The joint meetings, their agendas, and what in the log belongs before the next one.

Everything here is public in the log; what was said at a meeting is read from its own stream.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import orjson

from domain.event import Event, Recorded
from domain.joint_meeting import (
    JOINT_MEETING_EVENTS,
    AgendaAdditionAgreed,
    AgendaAdditionProposed,
    AgendaFrozen,
    AgendaItemPlaced,
    FindingMade,
    ItemAbout,
    ItemKind,
    ItemSubject,
    MeetingCancelled,
    MeetingConcluded,
    MeetingConvened,
    MeetingNotHeld,
    MeetingOpened,
    MinutesDrawnUp,
    MinutesUnsigned,
    ResolutionAdopted,
)
from domain.joint_meeting_agenda import CauseFound
from domain.supervision_problem import ProblemOpened
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.store import StoredEvent
from projections.organ_request import RequestFigures, request_figures
from projections.projection import Connection, Projection
from projections.reading import Pool, start_of

SQL = statements("projections", "joint_meeting.sql")
HEARD = {ProblemOpened.alias, *(kind.alias for kind in JOINT_MEETING_EVENTS)}
ONCE = frozenset({ItemKind.DEVIATION, ItemKind.INQUIRY_FINDING})
"""Causes that happened once; the others last, and are before each meeting until they are mended."""
STATES = ("convened", "agenda_settled", "open", "closed", "concluded", "not_held", "cancelled")


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as it stands, without what was said there."""

    meeting_id: str
    kind: str
    held_on: date
    place: str
    chair: str
    members: list[dict[str, str]]
    period: str | None
    agenda_frozen_on: date
    state: str
    pack_id: str
    items: int
    findings: int
    resolutions: int
    unsigned_overdue: bool
    convened_position: int


@dataclass(frozen=True, slots=True)
class OrganFigures:
    """With what an organ is called in. Units: how many, unless it says days."""

    organ: str
    problems: dict[str, int]
    duties: dict[str, int]
    requests: RequestFigures


class JointMeetings(Projection):
    """Keeps the list of meetings."""

    name = "joint_meeting"
    version = 1
    tables = ("joint_meeting", "joint_meeting_item", "joint_meeting_problem")
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type in HEARD:
                await _apply(connection, decode(stored))


async def _apply(connection: Connection, recorded: Recorded[Event]) -> None:
    of = recorded.stream.partition("/")[2]
    match recorded.event:
        case MeetingConvened() as event:
            assert recorded.pack is not None
            members = _json([member.model_dump() for member in event.members])
            said = (event.kind, event.held_on, event.place, event.chair, members, event.period, event.agenda_frozen_on)
            await connection.execute(SQL["convene"], of, *said, recorded.pack.id, recorded.position)
        case AgendaItemPlaced() as event:
            await connection.execute(SQL["place"], of, event.item_id, _json(event.model_dump(mode="json")))
            await connection.execute(SQL["count_item"], of)
        case AgendaAdditionProposed() as event:
            placed = _json(event.item.model_dump(mode="json"))
            await connection.execute(SQL["place"], of, event.item_id, placed)
        case AgendaAdditionAgreed():
            await connection.execute(SQL["count_item"], of)
        case FindingMade() as event:
            await connection.execute(SQL["found"], of, event.number)
            await connection.execute(SQL["problem"], event.problem_id, of, event.alias)
        case ResolutionAdopted() as event:
            await connection.execute(SQL["resolved"], of, event.number)
            await connection.execute(SQL["problem"], event.problem_id, of, event.alias)
        case ProblemOpened() as event:
            await connection.execute(SQL["problem_opened"], event.problem_id)
        case MinutesUnsigned():
            await connection.execute(SQL["unsigned"], of)
        case _:
            await _moved_on(connection, of, recorded.event)


async def _moved_on(connection: Connection, meeting_id: str, event: Event) -> None:
    state = {
        AgendaFrozen: "agenda_settled",
        MeetingOpened: "open",
        MinutesDrawnUp: "closed",
        MeetingConcluded: "concluded",
        MeetingNotHeld: "not_held",
        MeetingCancelled: "cancelled",
    }.get(type(event))
    if state is not None:
        await connection.execute(SQL["state"], meeting_id, state)
    if isinstance(event, MinutesDrawnUp | MeetingNotHeld | MeetingCancelled):
        left = event.untouched if isinstance(event, MinutesDrawnUp) else event.left_over
        await connection.execute(SQL["close_items"], meeting_id, list(left))


def _json(said: Any) -> str:
    return orjson.dumps(said).decode()


async def meetings_page(
    pool: "Pool[asyncpg.Record]",
    *,
    kind: str | None = None,
    state: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[MeetingRow]:
    """Meetings that match, the latest convened first, convened before a position."""
    return [_row(row) for row in await pool.fetch(SQL["page"], start_of(before), kind, state, limit)]


async def next_meeting(pool: "Pool[asyncpg.Record]", pack_id: str) -> MeetingRow | None:
    """The meeting under a pack that is held first of those whose agenda is not settled yet."""
    row = await pool.fetchrow(SQL["next_meeting"], pack_id)
    return None if row is None else _row(row)


def _row(row: Any) -> MeetingRow:
    return MeetingRow(**{**row, "members": orjson.loads(row["members"])})


async def causes_found(pool: "Pool[asyncpg.Record]", today: date) -> list[CauseFound]:
    """What belongs before the next meeting and stands on no agenda yet, as far as the read models have come.

    What a department had placed and no meeting dealt with comes first, since it was promised.
    """
    states: dict[str, set[str]] = {}
    for row in await pool.fetch(SQL["items"]):
        states.setdefault(row["item_id"], set()).add(row["state"])
    left = [_left(row) for row in await pool.fetch(SQL["left_items"])]
    found = [_cause(row) for row in await pool.fetch(SQL["causes"], today)]
    return [cause for cause in (*left, *found) if _wanted(cause, states.get(cause.item_id, set()))]


def _wanted(cause: CauseFound, states: Iterable[str]) -> bool:
    """What was carried is placed once: where a meeting left it again, it is carried on from there."""
    if cause.carried_from:
        return not states
    return not {"standing", "dealt_with"} & set(states) if cause.kind in ONCE else "standing" not in states


def _left(row: Any) -> CauseFound:
    placed = AgendaItemPlaced.model_validate(orjson.loads(row["placed"]))
    return CauseFound(
        kind=placed.kind,
        cause=f"item/{row['item_id']}",
        subject=placed.subject,
        evidence=placed.evidence,
        title=placed.title,
        asked=placed.asked,
        placed_by=placed.placed_by,
        carried_from=row["meeting_id"],
    )


def _cause(row: Any) -> CauseFound:
    subject = ItemSubject(kind=ItemAbout(row["about"]), id=row["id"])
    return CauseFound(
        kind=ItemKind(row["kind"]), cause=row["cause"], subject=subject, evidence=tuple(row["evidence"][:200])
    )


async def not_carried(pool: "Pool[asyncpg.Record]") -> list[tuple[str, str]]:
    """Findings and resolutions that are not on the register yet: the problem's id and the meeting's."""
    return [(row["problem_id"], row["meeting_id"]) for row in await pool.fetch(SQL["not_carried"])]


async def figures_of(pool: "Pool[asyncpg.Record]", organ: str, today: date) -> OrganFigures:
    """The figures of one organ, as they stand now."""
    (problems,) = await pool.fetch(SQL["problems_of"], organ)
    (duties,) = await pool.fetch(SQL["duties_of"], organ, today)
    return OrganFigures(organ, dict(problems), dict(duties), await request_figures(pool, organ))


async def names_of(pool: "Pool[asyncpg.Record]", officers: Iterable[str]) -> dict[str, str]:
    """The names of officers by their pseudonyms, of those who have acted here."""
    return {row["officer"]: row["name"] for row in await pool.fetch(SQL["names"], sorted(set(officers)))}


async def has_cases(pool: "Pool[asyncpg.Record]", pack_id: str) -> bool:
    """Whether any case was ever opened under a pack."""
    return bool(await pool.fetchval(SQL["has_cases"], pack_id))
