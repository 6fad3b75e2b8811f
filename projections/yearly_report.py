"""What a year was like, out of the read models: cases, letters, rules, exceptions, and problems with their remedies."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from domain.course import CourseScheduled
from domain.course_completion import CourseCompleted
from domain.event import Event
from domain.joint_meeting import MeetingConvened, MeetingNotHeld, MeetingOpened, MinutesSigned, ResolutionAdopted
from domain.law import Text
from domain.organ_request import OrganAsked, RequestAnswered, RequestDeclined, RequestOverdue
from domain.pack import Pack
from domain.pack_titles import titles_of_clocks, titles_of_codes
from domain.training_act import TrainingCoordinated, TrainingGuidanceIssued, TrainingRuleIssued
from domain.training_inspection import TrainingInspected
from domain.training_plan import TrainingPlanAdopted
from domain.training_verification import MakeUpTrainingExpired
from domain.yearly_report import Count, IndexOfYear, PolicyAdopted, ProblemOfYear, TitledCount, YearMatter
from eventstore.named_sql import statements
from eventstore.packs import PackLibrary
from projections.pack_adoption import packs_in_force
from projections.reading import Pool
from projections.survey import SurveyRow, index_series

SQL = statements("projections", "yearly_report.sql")
READ_FROM = (
    "case_board",
    "duty_register",
    "exception_register",
    "audit_trail",
    "pack_adoption",
    "training_act",
    "supervision_problem",
    "survey",
)

COUNTED: dict[str, tuple[type[Event], ...]] = {
    "training": (
        TrainingPlanAdopted,
        TrainingRuleIssued,
        TrainingGuidanceIssued,
        TrainingCoordinated,
        TrainingInspected,
        CourseScheduled,
        CourseCompleted,
        MakeUpTrainingExpired,
    ),
    "requests": (OrganAsked, RequestAnswered, RequestDeclined, RequestOverdue),
    "meetings": (MeetingConvened, MeetingOpened, MeetingNotHeld, ResolutionAdopted, MinutesSigned),
}
"""What is told by how often it was recorded, in the part of the report that tells it."""


async def year_matter(pool: "Pool[Any]", library: PackLibrary, year: int, at: datetime) -> YearMatter:
    """What the report of a year tells, as the read models have it now; titles by the packs in force at an instant."""
    first, last, before = date(year, 1, 1), date(year, 12, 31), date(year - 1, 1, 1)
    tables = ("endings", "letters", "objections", "exceptions")
    recorded = {part: [kind.alias for kind in kinds] for part, kinds in COUNTED.items()}
    found, events, opened, policy, problems = await asyncio.gather(
        asyncio.gather(*(pool.fetch(SQL[name], first, last, before) for name in tables)),
        asyncio.gather(*(pool.fetch(SQL["recorded"], first, last, before, kinds) for kinds in recorded.values())),
        pool.fetchval(SQL["opened"], first, last),
        pool.fetch(SQL["policy"], first, last),
        pool.fetch(SQL["problems"], first, last),
    )
    told = {
        name: tuple(Count(**dict(row)) for row in rows)
        for name, rows in zip((*tables, *recorded), (*found, *events), strict=True)
    }
    packs = await packs_in_force(pool, library, at)
    titles = _ranks(packs) | _titles(packs)
    titled = {
        part: tuple(TitledCount(**dict(count), called=titles.get(_code(part, count))) for count in told.pop(part))
        for part in ("letters", "exceptions")
    }
    known = [(row["of_this_year"], _problem(row)) for row in problems]
    return YearMatter(
        year=year,
        opened=opened,
        **told,
        **titled,
        policy=tuple(PolicyAdopted(**dict(row)) for row in policy),
        rectification=tuple(problem for of_this_year, problem in known if not of_this_year),
        problems=tuple(problem for of_this_year, problem in known if of_this_year),
        indices=tuple(_indices(await index_series(pool), year)),
    )


def _indices(series: Mapping[str, Sequence[SurveyRow]], year: int) -> Iterator[IndexOfYear]:
    """What was published of the surveys that closed in a year: for everybody, never for a class alone."""
    for unit, rows in series.items():
        for row in rows:
            for name, question in row.method.indices.items():
                figure = row.report.figure(question) if row.report and row.closes_on.year == year else None
                if figure is not None:
                    said = figure.model_dump(include={"n", "population", "mean", "low", "high"})
                    yield IndexOfYear(name=name, unit=unit, closed_on=row.closes_on, **said)


def _code(part: str, count: Count) -> str:
    return f"{count.name}/{count.detail}" if part == "letters" else count.detail


def _ranks(packs: Mapping[str, Pack]) -> dict[str, Text]:
    """Each pack with each of its ranks, by their titles."""
    return {
        f"{pack.id}/{rank.id}": Text(en=f"{pack.title.en}: {rank.title.en}", zh=f"{pack.title.zh}：{rank.title.zh}")
        for pack in packs.values()
        for rank in pack.ranks
    }


def _titles(packs: Mapping[str, Pack]) -> dict[str, Text]:
    """What is called the same by every pack that has it, by its code."""
    said: dict[str, set[Text]] = {}
    for pack in packs.values():
        for code, title in (titles_of_codes(pack) | titles_of_clocks(pack)).items():
            said.setdefault(code, set()).add(title)
    return {code: titles.pop() for code, titles in said.items() if len(titles) == 1}


def _problem(row: Any) -> ProblemOfYear:
    said = dict(row)
    del said["of_this_year"]
    return ProblemOfYear(**said)
