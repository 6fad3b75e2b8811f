"""Which inquiries there are, and what throws doubt on appointments.

A sanction, a failed probation, training that lapsed, and a corrected record that a verification had counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import orjson

from domain.case_opening import CaseWithdrawn
from domain.event import Event, Recorded
from domain.hold import HoldPlaced
from domain.inquiry import Cause, FindingRecorded, InquiryConcluded, InquiryOpened
from domain.nomination import CandidateNominated
from domain.pack import OnExpiry
from domain.probation import AppointmentIssued, ProbationFailed
from domain.sanction import SanctionRecorded
from domain.stage import CaseEnded
from domain.supervision_rules import Severity
from domain.training_file import TrainingRecordCorrected
from domain.training_verification import MakeUpTrainingExpired, TrainingVerified
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection
from projections.reading import start_of

SQL = statements("projections", "inquiry.sql")
HEARD = {
    kind.alias
    for kind in (
        CandidateNominated,
        TrainingVerified,
        TrainingRecordCorrected,
        HoldPlaced,
        CaseEnded,
        CaseWithdrawn,
        AppointmentIssued,
        ProbationFailed,
        MakeUpTrainingExpired,
        SanctionRecorded,
        InquiryOpened,
        FindingRecorded,
        InquiryConcluded,
    )
}


@dataclass(frozen=True, slots=True)
class InquiryRow:
    """One inquiry. `took_part` has everybody who had acted in the case when it was opened."""

    inquiry_id: str
    case_id: str
    cause: str
    because_of: str | None
    opened_on: date
    opened_by: str
    took_part: list[dict[str, Any]]
    findings: int
    outcome: str | None
    concluded_on: date | None
    opened_position: int


@dataclass(frozen=True, slots=True)
class DueReview:
    """A reverse review that has its cause and has not been opened.

    `to_hold`: the candidate of a case without a letter yet, who is to be held instead.
    """

    case_id: str
    cause: Cause
    because_of: str
    to_hold: str | None = None


class Inquiries(Projection):
    """Keeps the inquiries, and what brings old cases back."""

    name = "inquiry"
    version = 3
    tables = ("inquiry", "inquiry_nominee", "inquiry_office", "inquiry_doubt", "inquiry_counted", "inquiry_sanction")
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, packs: PackLibrary):
        self._packs = packs

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.type in HEARD:
                recorded = decode(stored)
                await self._apply(connection, recorded, stored.stream.partition("/")[2])

    async def _apply(self, connection: Connection, recorded: Recorded[Event], of: str) -> None:
        match recorded.event:
            case CandidateNominated() as event:
                await connection.execute(SQL["nominee"], of, event.candidate_id, event.person_id)
            case TrainingVerified() as event:
                await connection.execute(SQL["counted"], of, event.candidate_id, list(event.counted))
            case TrainingRecordCorrected() as event:
                said_of_file = (event.person_id, event.entry, Cause.TRAINING_CORRECTED)
                await connection.execute(SQL["corrected"], *said_of_file, f"correction/{recorded.position}")
            case HoldPlaced(because_of=str() as because_of):
                await connection.execute(SQL["judged"], of, because_of)
            case CaseEnded() | CaseWithdrawn():
                await connection.execute(SQL["ended"], of)
                await connection.execute(SQL["ended_in_doubt"], of)
            case AppointmentIssued() as event:
                reviewed_from = await self._reviewed_from(recorded)
                await connection.execute(SQL["office"], of, event.candidate_id, event.issued_on, reviewed_from)
            case ProbationFailed(cause_predates_appointment=True):
                await connection.execute(SQL["doubt"], of, Cause.FAILED_PROBATION, f"probation/{of}")
            case MakeUpTrainingExpired(on_expiry=OnExpiry.LAPSE):
                await connection.execute(SQL["doubt"], of, Cause.TRAINING_LAPSED, f"training/{of}")
            case SanctionRecorded() as event:
                said = (event.sanction_id, event.person_id, event.severity, event.wrongdoing_from_on)
                await connection.execute(SQL["sanction"], *said)
            case InquiryOpened() as event:
                took_part = orjson.dumps([found.model_dump() for found in event.took_part]).decode()
                said_of_it = (event.inquiry_id, event.case_id, event.cause, event.because_of, event.opened_on)
                officer = recorded.actor.officer
                await connection.execute(SQL["open"], *said_of_it, officer, took_part, recorded.position)
            case FindingRecorded():
                await connection.execute(SQL["found"], of)
            case InquiryConcluded() as event:
                await connection.execute(SQL["conclude"], of, event.outcome, event.concluded_on)

    async def _reviewed_from(self, recorded: Recorded[Event]) -> str:
        """The lightest sanction that brings the case back: any, where its pack does not say."""
        assert recorded.pack is not None
        rule = (await self._packs.get(recorded.pack)).supervision
        return str(rule.reverse_review_from.value if rule else Severity.WARNING)


async def due_reviews(pool: "asyncpg.Pool[asyncpg.Record]") -> list[DueReview]:
    """Every reverse review that is due and not opened, as far as the read model has come."""
    return [
        DueReview(row["case_id"], Cause(row["cause"]), row["because_of"], row["to_hold"])
        for row in await pool.fetch(SQL["missing"])
        if row["severity"] is None or Severity(row["severity"]).at_least(Severity(row["reviewed_from"]))
    ]


async def inquiries_page(
    pool: "asyncpg.Pool[asyncpg.Record]",
    *,
    hidden_from: Iterable[str] = (),
    case_id: str | None = None,
    still_open: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[InquiryRow]:
    """Inquiries that match, the most recently opened first, opened before a position.

    None is shown into a case in which one of those it is hidden from had acted, or stood.
    """
    rows = await pool.fetch(SQL["page"], start_of(before), case_id, still_open, limit, list(hidden_from))
    return [_row(row) for row in rows]


def _row(row: Any) -> InquiryRow:
    return InquiryRow(**{**row, "took_part": orjson.loads(row["took_part"])})
