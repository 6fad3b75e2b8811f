"""What supervision has about one person, out of the registers of cases, inquiries, watches and inputs.

By pseudonym, and without what is sealed; restricted items are left out, whoever asks.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from eventstore.named_sql import statements
from projections.reading import Pool

SQL = statements("projections", "person_overview.sql")
READ_FROM = ("inquiry", "case_board", "supervision_watch", "supervision_channel")


@dataclass(frozen=True, slots=True)
class CaseOf:
    """A case in which the person stands or stood."""

    case_id: str
    stage: str | None
    outcome: str | None
    closed_on: date | None
    doubts: list[str]


@dataclass(frozen=True, slots=True)
class InquiryOf:
    """An inquiry into a case of theirs, or into one in which they acted."""

    inquiry_id: str
    case_id: str
    as_candidate: bool
    cause: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class SanctionOf:
    sanction_id: str
    severity: str


@dataclass(frozen=True, slots=True)
class WatchOf:
    watch_id: str
    subject_kind: str
    subject_id: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class InputOf:
    input_id: str
    voice: str | None
    status: str


@dataclass(frozen=True, slots=True)
class PersonOverview:
    """Everything at one glance."""

    cases: list[CaseOf]
    inquiries: list[InquiryOf]
    sanctions: list[SanctionOf]
    watches: list[WatchOf]
    inputs: list[InputOf]


async def person_overview(pool: "Pool[Any]", person: str, *, hidden_from: list[str]) -> PersonOverview:
    """What there is about somebody; no inquiry into a case in which its reader acted or stood."""
    return PersonOverview(
        [CaseOf(**row) for row in await pool.fetch(SQL["cases"], person)],
        [InquiryOf(**row) for row in await pool.fetch(SQL["inquiries"], person, hidden_from)],
        [SanctionOf(**row) for row in await pool.fetch(SQL["sanctions"], person)],
        [WatchOf(**row) for row in await pool.fetch(SQL["watches"], person)],
        [InputOf(**row) for row in await pool.fetch(SQL["inputs"], person)],
    )
