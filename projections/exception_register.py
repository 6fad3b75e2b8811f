"""The exception register: whatever in any case left the ordinary course, under which rule, why, and how it stands.

It is made from what is public in the log: an exception's reason and a deviation's are, a breach's evidence is not, nor
who did not declare what ties them to whom.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

import asyncpg

from domain.breach import BreachFound
from domain.clock import ClockExpired
from domain.conflict import UndeclaredRelationFound
from domain.deviation import DeviationAllowed
from domain.event import Event, PackReference, Recorded
from domain.exceptional_appointment import ExceptionProposed, ExceptionWithdrawn
from domain.identity import CaseId
from domain.objection import ObjectionAnswerOverdue
from domain.objection_admission import ObjectionAcknowledged
from domain.prior_report import ReportedToSuperior, SuperiorReplied, SuperiorSilent
from domain.record import RecordEntered
from domain.stage import StageLimitExpired
from domain.supervision_review import OpinionOverdue
from domain.training_verification import MakeUpTrainingExpired
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection
from projections.reading import start_of

SQL = statements("projections", "exception_register.sql")
UNDECLARED = "undeclared_interest"
KINDS = ("exception", "prior_report", "deviation", "breach", "delay")


@dataclass(frozen=True, slots=True)
class Entry:
    """A departure as it enters the register; `organ` is the one that allowed, found or kept silent."""

    id: str
    kind: str
    code: str
    entered_on: date
    state: str
    reason: str | None = None
    candidate_id: str | None = None
    organ: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """How an entry stands since a later event, and the organ by whose act it does."""

    id: str
    state: str
    organ: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """An entry as it is read; the fields are the columns that the page gives, in their order."""

    case_id: str
    entry_id: str
    position: int
    kind: str
    code: str
    rule: str
    reason: str | None
    candidate_id: str | None
    entered_on: date
    state: str
    organ: str | None
    pack_id: str
    pack_version: int
    pack_digest: str
    unit: str | None
    post_title: str | None

    @property
    def pack(self) -> PackReference:
        return PackReference(self.pack_id, self.pack_version, self.pack_digest)


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a reader of the register asks for."""

    kind: str | None = None
    unit: str | None = None
    case_id: CaseId | None = None
    from_on: date | None = None
    to_on: date | None = None


class ExceptionRegister(Projection):
    """Keeps the register. An entry is never taken out of it: what was withdrawn stands there as withdrawn."""

    name = "exception_register"
    version = 2
    tables = ("exception_register",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, packs: PackLibrary):
        self._packs = packs

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.stream.startswith("appointment/"):
                await self._apply_one(connection, decode(stored))

    async def _apply_one(self, connection: Connection, recorded: Recorded[Event]) -> None:
        case_id = recorded.stream.removeprefix("appointment/")
        for found in register_changes(recorded):
            if isinstance(found, Change):
                await connection.execute(SQL["change"], case_id, *astuple(found))
            elif recorded.pack is not None:
                await connection.execute(SQL["enter"], *_columns(case_id, recorded, recorded.pack, found))
        for rule in waived(recorded.event):
            await connection.execute(SQL["use_deviation"], case_id, rule)
        if isinstance(recorded.event, RecordEntered) and recorded.pack is not None:
            pack = await self._packs.get(recorded.pack)
            record = pack.record(recorded.event.record)
            occasion, _, clock = record.needed.value.partition(":") if record else ("", "", "")
            if occasion == "late":
                await connection.execute(SQL["state_delay"], case_id, clock)


def _columns(case_id: str, recorded: Recorded[Event], pack: PackReference, entry: Entry) -> tuple[Any, ...]:
    rule = recorded.rules[0] if recorded.rules else ""
    said = (entry.reason, entry.candidate_id, entry.entered_on, entry.state, entry.organ)
    return (
        *(case_id, entry.id, recorded.position, entry.kind, entry.code, rule, *said),
        *(pack.id, pack.version, pack.digest),
    )


def waived(event: Event) -> tuple[str, ...]:
    """The rules whose waiver an event was recorded under: every such event names them."""
    one = getattr(event, "deviation", None)
    return (*([one] if one else []), *getattr(event, "deviations", ()))


def register_changes(recorded: Recorded[Event]) -> Iterator[Entry | Change]:
    """What an event enters into the register, and what it changes there."""
    organ = recorded.actor.organ
    match recorded.event:
        case ExceptionProposed() as e:
            yield Entry(e.exception_id, "exception", e.kind, e.proposed_on, "proposed", e.reason, e.candidate_id)
        case ExceptionWithdrawn() as e:
            yield Change(e.exception_id, "withdrawn")
        case ReportedToSuperior() as e if e.about.startswith("exceptions."):
            yield Change(e.matter, "reported")
        case ReportedToSuperior() as e:
            yield Entry(e.matter, "prior_report", e.matter, e.answer_by.opens_on, "reported")
        case SuperiorReplied() as e:
            yield Change(e.matter, str(e.reply), str(e.organ))
        case DeviationAllowed() as e:
            yield Entry(e.deviation_id, "deviation", e.code, e.allowed_on, "allowed", e.reason, None, organ)
        case BreachFound() as e:
            yield Entry(e.breach_id, "breach", e.code, e.found_on, "found", None, None, organ)
        case UndeclaredRelationFound() as e:
            yield Entry(f"undeclared/{recorded.version}", "breach", UNDECLARED, e.found_on, "found", organ=organ)
        case SuperiorSilent() as e:
            yield Change(e.matter, "silent")
            yield _delay(recorded, f"prior_report:{e.matter}", e.due_on, e.organ)
        case OpinionOverdue() as e:
            yield _delay(recorded, f"opinion:{e.organ}", e.due_on, e.organ)
        case ObjectionAcknowledged(late=True) as e:
            yield _delay(recorded, "acknowledgement", e.due_on)
        case ObjectionAnswerOverdue() as e:
            yield _delay(recorded, "objection", e.due_on)
        case StageLimitExpired() as e:
            yield _delay(recorded, f"stage:{e.stage}", e.expired_on)
        case MakeUpTrainingExpired() as e:
            yield _delay(recorded, "make_up_training", e.due_on)
        case ClockExpired() as e:
            yield _delay(recorded, e.clock, e.due_on)


def _delay(recorded: Recorded[Event], code: str, due_on: date, organ: str | None = None) -> Entry:
    return Entry(f"delay/{recorded.version}", "delay", code, due_on, "missed", organ=organ)


async def register_page(
    pool: "asyncpg.Pool[asyncpg.Record]", asked: RegisterFilter, *, before: int | None = None, limit: int = 50
) -> list[RegisterRow]:
    """Entries that match, the latest first, entered before a position."""
    rows = await pool.fetch(
        SQL["page"],
        start_of(before),
        asked.kind,
        asked.unit,
        asked.case_id,
        asked.from_on,
        asked.to_on,
        limit,
    )
    return [RegisterRow(*row.values()) for row in rows]


async def register_counts(
    pool: "asyncpg.Pool[asyncpg.Record]", *, after: int = 0, limit: int = 200
) -> list[dict[str, Any]]:
    """How many entries each year has, by kind and code; a page of them, after so many."""
    return [dict(row) for row in await pool.fetch(SQL["counts"], after, limit)]
