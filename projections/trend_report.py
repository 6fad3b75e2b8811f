"""What the trend report counts: letters, kin ties and complaints from the log, the rest from the registers there are.

Only public fields of cases are kept. Which relation an officer declared is sealed for supervision, so it is not here.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from domain.conflict import ConflictDecided, InterestsDeclared
from domain.event import Event, Recorded
from domain.objection import ObjectionDisposed, ObjectionLodged
from domain.objection_admission import ObjectionRejected
from domain.probation import AppointmentIssued
from domain.refusal import UnknownChoice
from domain.trend_report import FOUND_UNDECLARED, CaseSpan, Fact, Kind, Service, StageTime, TrendPeriod, TrendRows
from domain.trend_rule import OF_THE_HOUSE
from eventstore.codec import decode
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from eventstore.store import StoredEvent
from projections.projection import Connection, Projection
from projections.reading import Pool

SQL = statements("projections", "trend_report.sql")
READ_FROM = ("trend_report", "exception_register", "duty_register", "case_board", "training_register", "pack_adoption")
OPEN, REJECTED = "open", "rejected"

Entered = tuple[str, Kind, str, date]
Changed = tuple[str, str]


class TrendReports(Projection):
    """Keeps the facts that no other register has."""

    name = "trend_report"
    version = 1
    tables = ("trend_fact",)
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        for stored in page:
            if stored.stream.startswith("appointment/"):
                await self._apply_one(connection, decode(stored))

    async def _apply_one(self, connection: Connection, recorded: Recorded[Event]) -> None:
        case_id = recorded.stream.removeprefix("appointment/")
        for found in trend_changes(recorded):
            if len(found) == 2:
                await connection.execute(SQL["change"], case_id, *found)
            else:
                fact, kind, code, on = found
                await connection.execute(SQL["enter"], case_id, fact, str(kind), code, on, recorded.position)


def trend_changes(recorded: Recorded[Event]) -> Iterator[Entered | Changed]:
    """The fact that an event is, or how one stands since."""
    fact = str(recorded.version)
    match recorded.event:
        case AppointmentIssued() as e:
            yield fact, Kind.LETTER, "issued", e.issued_on
        case InterestsDeclared(withdraws=True) as e:
            yield fact, Kind.KIN_TIE, "declared_recuses", e.declared_on
        case InterestsDeclared(to_decide=waiting) as e if waiting:
            yield fact, Kind.KIN_TIE, "declared_to_decide", e.declared_on
        case ConflictDecided() as e:
            yield fact, Kind.KIN_TIE, "decided_withdraws" if e.withdraws else "decided_stays", e.decided_on
        case ObjectionLodged() as e:
            yield e.objection_id, Kind.COMPLAINT, OPEN, e.answer_by.opens_on
        case ObjectionDisposed() as e:
            yield e.objection_id, str(e.outcome)
        case ObjectionRejected() as e:
            yield e.objection_id, REJECTED


async def trend_rows(pool: "Pool[Any]", packs: PackLibrary, period: TrendPeriod, at: datetime) -> TrendRows:
    """Everything that the report of a period counts."""
    rule = OF_THE_HOUSE
    longest = rule.before_days.value + max(rule.rush_days.value, rule.leaving_days.value)
    before, last = period.from_on - timedelta(days=longest), period.counted_to
    facts, stages, cases, services, first_on = await asyncio.gather(
        pool.fetch(SQL["facts"], before, last, FOUND_UNDECLARED),
        pool.fetch(SQL["stages"], period.from_on, last),
        pool.fetch(SQL["cases"], period.from_on, last),
        pool.fetch(SQL["services"], period.from_on, last),
        pool.fetchval(SQL["first_day"]),
    )
    spans = [CaseSpan(c["case_id"], c["unit"], f"{c[2]}@{c[3]}", c["began_on"], c["closed_on"]) for c in cases]
    return TrendRows(
        facts=[Fact(*row) for row in facts],
        stages=[StageTime(*row) for row in stages],
        cases=spans,
        services=await _services(packs, services, at),
        prohibitions=await _prohibitions(packs, sorted({(case[2], case[3]) for case in cases})),
        first_on=first_on,
    )


async def _services(packs: PackLibrary, rows: Sequence[Any], at: datetime) -> list[Service]:
    """Times of service by the height of their ranks: a pack names the highest first; one that it dropped is none."""
    heights: dict[tuple[str, str], int] = {}
    for pack_id in {row["pack"] for row in rows}:
        try:
            pack = await packs.get(await packs.latest(pack_id, at))
        except UnknownChoice:
            continue
        heights |= {(pack_id, rank.id): height for height, rank in enumerate(pack.ranks)}
    return [
        Service(row["person_id"], row["unit"], row["pack"], height, row["since_on"], row["until_on"])
        for row in rows
        if (height := heights.get((row["pack"], row["rank"]))) is not None
    ]


async def _prohibitions(packs: PackLibrary, versions: Sequence[tuple[str, int]]) -> list[str]:
    """Every prohibition of the packs of the period's cases, hit or not."""
    adopted = [await packs.version(pack_id, version) for pack_id, version in versions]
    return sorted({f"{found.pack.id}/{rule.id}" for found in adopted for rule in found.pack.deviations.prohibitions})
