"""Who is ready for which rank, what each lacks and who falls out of order by when: lists that a department acts on."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import JSON, reads
from api.case_opening import CaseIdInPath
from api.listing import AfterPosition, caught_up
from api.training_standing import OwedShown, PartShown, owed_shown, pack_and_rank, summary
from api.visitor import Reads
from api.writing import API
from domain.access import TrainingFileRead, TrainingListRead
from domain.appointment import case_stream, underlying
from domain.identity import CaseId
from domain.pack import Pack
from domain.refusal import CaseNotFound
from domain.training_need import CourseThatHelps, CourseToTake, courses_that_help
from domain.training_standing import TrainingStanding, training_standing
from eventstore.training_files import read_training_files
from projections.training_standing import InService, already_sent, courses_with_places, in_service

router = APIRouter(prefix=API, tags=["training"])
State = Literal["everybody", "ready", "lacking"]


class HelpShown(BaseModel):
    """A course that somebody could be sent to, and the hours that they would still lack on its last day."""

    course_id: str
    began_on: date
    ended_on: date
    missing_hours: int


class ReadinessShown(BaseModel):
    """How somebody of the unit stands against the rank that was asked about."""

    person_id: str
    rank: str = Field(description="the rank that they serve at")
    since_on: date
    against: str = Field(description="the rank that they are held against")
    in_order: bool
    in_order_until: date | None = Field(description="the last day on which what is on file suffices")
    hours: int
    required_hours: int
    missing_hours: int
    days: int
    required_days: int | None
    parts: list[PartShown]
    owed: OwedShown | None
    sent_to: list[str] = Field(description="courses that they were sent to or have a place in, and that are not over")
    could_take: list[HelpShown] = Field(description="for whoever lacks: courses with a place left, the best first")


class ReadinessList(BaseModel):
    """Everybody of a unit whom the question is about."""

    unit: str
    pack: str
    on: date
    in_service: int = Field(description="people of the unit who serve on that day")
    ready: int
    people: list[ReadinessShown]


class CandidateStanding(BaseModel):
    """How a candidate stands against the rank of the post, now."""

    candidate_id: str
    verified: str | None = Field(description="what the verification found, once it was made")
    in_order: bool
    in_order_until: date | None
    hours: int
    required_hours: int
    missing_hours: int
    days: int
    required_days: int | None
    parts: list[PartShown]


class CaseTraining(BaseModel):
    """The training of everybody who stands in a case."""

    case_id: str
    rank: str
    candidates: list[CandidateStanding]


@router.get(
    "/readiness",
    operation_id="read_readiness",
    summary="Who of a unit is ready for a rank, and what the others lack",
    responses=reads(ReadinessList, "The people of the unit"),
)
async def read_readiness(
    visitor: Reads,
    unit: Annotated[str, Query(min_length=1, max_length=120)],
    pack: Annotated[str, Query(max_length=80)] = "standard",
    rank: Annotated[str | None, Query(max_length=80, description="their own, when left out")] = None,
    on: Annotated[date | None, Query(description="today, when left out; a later day foretells")] = None,
    state: Annotated[State, Query()] = "everybody",
    falls_out_by: Annotated[
        date | None, Query(description="only those who are in order now and no longer on this day")
    ] = None,
    after_position: AfterPosition = None,
) -> Response:
    """Who is ready, what the others lack, and which course each of these should be sent to.

    Whoever lacks least comes first, then whoever falls out of order soonest. The reading is itself recorded.
    """
    await visitor.may("read_readiness", "training-files")
    await caught_up(visitor, ("training_register", "course"), after_position)
    services = visitor.services
    reference, law = await pack_and_rank(visitor, pack, rank)
    day = on or services.clock().astimezone(UTC).date()
    people = await in_service(services.pool, unit, pack, day)
    courses = await courses_with_places(services.pool, pack, day)
    found = await asyncio.to_thread(_stand, people, law, rank, day, courses)
    shown = [each for each in found if each.is_asked(state, falls_out_by)]
    shown.sort(key=lambda each: (each.standing.missing_hours, each.standing.in_order_until or date.max))
    await visitor.note_access(TrainingListRead(officer=visitor.actor.officer, unit=unit), unit)
    sent = await already_sent(services.pool, [each.who.person_id for each in shown], day)
    body = {
        "unit": unit,
        "pack": str(reference),
        "on": day,
        "in_service": len(people),
        "ready": sum(each.standing.in_order for each in found),
        "people": [each.shown(sent.get(each.who.person_id, [])) for each in shown],
    }
    return Response(orjson.dumps(body), media_type=JSON)


@router.get(
    "/cases/{case_id}/training-standings",
    operation_id="read_case_training",
    summary="How the candidates of a case stand by their training",
    responses=reads(CaseTraining, "Each candidate who stands"),
)
async def read_case_training(visitor: Reads, case_id: CaseIdInPath) -> Response:
    """Read from the training files themselves, at every stage of the case, from the opening on."""
    await visitor.may("read_case_training", f"case/{case_id}")
    services = visitor.services
    case = underlying((await services.recorder.load(case_stream(CaseId(case_id)))).case)
    if case is None:
        raise CaseNotFound(f"There is no case “{case_id}”. Check the case id.", case_id=case_id)
    law = await services.packs.get(case.pack)
    candidates = case.standing if law.training_rules else ()
    files = await read_training_files(services.store, services.keys, [each.person for each in candidates])
    today = services.clock().astimezone(UTC).date()
    shown = [
        {
            "candidate_id": each.id,
            "verified": each.training,
            **summary(training_standing(files[each.person].file, law, case.post.rank, today)),
        }
        for each in candidates
    ]
    for each in candidates:
        read = TrainingFileRead(officer=visitor.actor.officer, person_id=each.person)
        await visitor.note_access(read, each.person)
    return Response(orjson.dumps({"case_id": case_id, "rank": case.post.rank, "candidates": shown}), media_type=JSON)


@dataclass(frozen=True, slots=True)
class _Stands:
    """Somebody who serves, and how they stand."""

    who: InService
    standing: TrainingStanding
    could_take: tuple[CourseThatHelps, ...]

    def is_asked(self, state: State, falls_out_by: date | None) -> bool:
        standing = self.standing
        if state != "everybody" and standing.in_order is not (state == "ready"):
            return False
        until = standing.in_order_until
        return falls_out_by is None or (standing.in_order and until is not None and until < falls_out_by)

    def shown(self, sent_to: list[str]) -> dict[str, Any]:
        return {
            "person_id": self.who.person_id,
            "rank": self.who.service.rank,
            "since_on": self.who.service.since_on,
            "against": self.standing.rank,
            **summary(self.standing),
            "owed": owed_shown(self.who.owed),
            "sent_to": sent_to,
            "could_take": [asdict(course) for course in self.could_take],
        }


def _stand(
    people: Sequence[InService], law: Pack, rank: str | None, on: date, courses: Sequence[CourseToTake]
) -> list[_Stands]:
    found = []
    for each in people:
        against = rank or each.service.rank
        if against not in {known.id for known in law.ranks}:
            continue  # a version of the pack has dropped the rank that the register has: held against nothing
        standing = training_standing(each.file, law, against, on)
        helps = () if standing.in_order else courses_that_help(each.file, law, against, courses, on)
        found.append(_Stands(each, standing, helps))
    return found
