"""What the reports on training are made of: the registers as they stood on a day, and the plans beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import orjson

from domain.facility_shortfall import Shortfall, shortfalls
from domain.identity import OrganId, PersonId
from domain.small_group import SMALLEST_CELL
from domain.teaching_team import PlanTeam, TeamMember
from domain.training_file import FiledRecord, Service, TrainingRecord
from domain.training_method import Ratings
from domain.training_promotion import MakeUp, Verified
from domain.training_report import Fellow, Target, services_of
from domain.training_verification import TrainingResult
from eventstore.named_sql import statements
from projections.reading import Pool
from projections.training_act import training_needs, training_targets
from projections.training_standing import RECORD_FIELDS
from projections.training_told import APPOINTED

SQL = statements("projections", "training_report.sql")
READ_FROM = ("training_register", "training_act", "course", "case_board")


async def state_on(pool: "Pool[asyncpg.Record]", day: date) -> str:
    """What tells two states of the registers apart, as they stood at the end of a day."""
    return str(await pool.fetchval(SQL["state"], day))


async def fellows_on(pool: "Pool[asyncpg.Record]", day: date, people: Sequence[PersonId] | None = None) -> list[Fellow]:
    """Some, or everybody who ever served, with what was on file at the end of a day, however it was corrected since."""
    services = services_of(_service_facts(await pool.fetch(SQL["services"], day, people)))
    records = _records(await pool.fetch(SQL["records"], day, people))
    return [Fellow(person, served, tuple(records.get(person, ()))) for person, served in services.items()]


def _service_facts(rows: Iterable[Any]) -> Iterable[tuple[PersonId, Service | date]]:
    for person, unit, pack, rank, since_on, until_on in rows:
        if unit is not None:
            yield PersonId(person), Service(unit, pack, rank, since_on)
        elif until_on is not None:
            yield PersonId(person), until_on


def _records(rows: Iterable[Any]) -> Mapping[PersonId, list[FiledRecord]]:
    found: dict[PersonId, list[FiledRecord]] = defaultdict(list)
    for row in rows:
        person, entry, school, *fields = row
        record = TrainingRecord.model_construct(**dict(zip(RECORD_FIELDS, fields, strict=True)))
        found[PersonId(person)].append(FiledRecord(entry, OrganId(school), record))
    return found


async def verified_on(pool: "Pool[asyncpg.Record]", day: date) -> list[Verified]:
    """What was verified of whom up to a day, and what had come of it by then."""
    return list(_verified(await pool.fetch(SQL["verdicts"], day)))


@dataclass
class _Verdict:
    person: str
    rank: str
    on: date
    result: TrainingResult
    appointed: bool = False
    make_up: MakeUp | None = None


def _verified(rows: Iterable[Any]) -> Iterable[Verified]:
    found: dict[tuple[str, str], _Verdict] = {}
    in_office: dict[str, _Verdict] = {}
    for row in rows:
        key, said = (row["case_id"], row["candidate_id"]), row["said"]
        if said in set(TrainingResult):
            result = TrainingResult(said)
            on = row["on_day"] or row["told_on"]
            found[key] = _Verdict(row["person_id"], f"{row['pack_id']}/{row['rank']}", on, result)
        elif said == APPOINTED and key in found:
            in_office[row["case_id"]] = verdict = found[key]
            verdict.appointed, verdict.make_up = True, MakeUp.OWED if row["on_day"] else None
        elif said in set(MakeUp) and row["case_id"] in in_office:
            in_office[row["case_id"]].make_up = MakeUp(said)
    for of in found.values():
        yield Verified(PersonId(of.person), of.rank, of.on, of.result, of.appointed, of.make_up)


async def targets(pool: "Pool[asyncpg.Record]") -> dict[tuple[int, str], Target]:
    """What the plans want of each year and unit."""
    found = await training_targets(pool)
    return {(of.year, of.unit): Target(of.coverage_percent, of.quality_percent) for of in found}


async def ratings_until(pool: "Pool[asyncpg.Record]", day: date) -> dict[tuple[int, str], Ratings]:
    """What participants had given by a day, by year and method, in courses that enough of them had rated.

    They are counted five at a time, so that no two readings differ by one person's rating.
    """
    rows = await pool.fetch(SQL["ratings"], day, SMALLEST_CELL)
    return {(row["year"], row["method"]): Ratings(row["number"], row["total"]) for row in rows}


async def teams_until(pool: "Pool[asyncpg.Record]", day: date) -> list[PlanTeam]:
    """The teachers of each plan's courses that had begun by a day, as both were known then, plan by plan."""
    teams: dict[str, PlanTeam] = {}
    for row in await pool.fetch(SQL["teams"], day):
        member = TeamMember(PersonId(row["person_id"]), row["staff_type"], row["profession"], row["birth_year"])
        team = teams.get(row["plan_id"]) or PlanTeam(row["plan_id"], row["title"], row["year"], ())
        teams[team.plan_id] = PlanTeam(team.plan_id, team.title, team.year, (*team.members, member))
    return list(teams.values())


async def facility_shortfalls(pool: "Pool[asyncpg.Record]", today: date) -> list[Shortfall]:
    """What the plans that stand need for this year or a later one, against what may be used today."""
    needs = [(of.name, of.places) for of in await training_needs(pool) if of.year >= today.year]
    rows = await pool.fetch(SQL["facilities"], today)
    return shortfalls(needs, [orjson.loads(row["equipment"]) | {"places": row["places"]} for row in rows])
