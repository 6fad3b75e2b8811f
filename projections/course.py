"""Courses, who is in them and how far, the facilities that they are held in and the teachers who hold them.

What is sealed is opened once here and kept as figures beside pseudonyms; of a teacher forgotten no row is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg
import orjson

from domain.arrangement import Arrangement
from domain.course import CourseCancelled, CourseChanged, CourseScheduled
from domain.course_attendance import AttendanceRecorded, CourseEndedByLeave, CourseTakenUpAgain
from domain.course_completion import CourseCompleted, CourseRated
from domain.course_record import AssessmentRecorded, ExaminationRecorded, ProgressEvent, StudyRecorded
from domain.event import Event, Recorded
from domain.facility import Equipment, FacilityBooked, FacilityChanged, FacilityRegistered
from domain.participant import ParticipantEnrolled, ParticipantWithdrawn, PersonSentToCourse
from domain.small_group import SMALLEST_CELL
from domain.teacher import TeacherRegistered
from eventstore.keys import KeyStore
from eventstore.named_sql import statements
from eventstore.opening import opened
from eventstore.store import EventStore, StoredEvent
from projections.projection import Connection, Projection
from projections.reading import END_OF_LOG, start_of
from projections.training_told import told

SQL = statements("projections", "course.sql")
PEOPLE: dict[type[Event], str] = {
    PersonSentToCourse: "sent",
    ParticipantEnrolled: "enrolled",
    ParticipantWithdrawn: "withdrawn",
    StudyRecorded: "studied",
    ExaminationRecorded: "examined",
    AssessmentRecorded: "assessed",
    CourseEndedByLeave: "ended_by_leave",
    CourseTakenUpAgain: "taken_up_again",
    CourseCompleted: "completed",
}
KEPT: tuple[type[Event], ...] = (
    *PEOPLE,
    CourseScheduled,
    CourseChanged,
    CourseCancelled,
    AttendanceRecorded,
    CourseRated,
    FacilityRegistered,
    FacilityChanged,
    FacilityBooked,
    TeacherRegistered,
)
HEARD = {kind.alias for kind in KEPT}


@dataclass(frozen=True, slots=True)
class CourseFilter:
    """What a reader of the courses asks for."""

    kind: str | None = None
    method: str | None = None
    plan_id: str | None = None
    to_come: bool | None = None
    today: date = date.min


@dataclass(frozen=True, slots=True)
class CourseToCome:
    """A course that is yet to end, as everybody may read of it: it names nobody."""

    course_id: str
    school: str
    title: str
    pack: str
    kind: str
    method: str
    hours: int
    began_on: date
    ended_on: date
    facility: str | None
    places: int
    taken: int

    @property
    def left(self) -> int:
        """Places that nobody has taken yet."""
        return max(0, self.places - self.taken)


class Courses(Projection):
    """Keeps them."""

    name = "course"
    version = 3
    tables = (
        *("course", "course_participant", "course_attendance", "facility", "facility_booking", "teacher"),
        *("course_rating", "course_told", "teacher_told"),
    )
    definition = SQL["definition"]
    indexes = SQL["indexes"]

    def __init__(self, store: EventStore, keys: KeyStore):
        self._store = store
        self._keys = keys

    async def apply(self, connection: Connection, page: Sequence[StoredEvent]) -> None:
        heard = [row for row in page if row.type in HEARD]
        if not heard:
            return
        for row in await opened(self._store, self._keys, heard, lambda owner: owner.startswith("person/")):
            if isinstance(row.event, PersonSentToCourse | ParticipantEnrolled | ParticipantWithdrawn | ProgressEvent):
                await self._person(connection, row, row.event)
            else:
                await self._one(connection, row)
            if isinstance(row.event, CourseScheduled | CourseChanged | CourseCancelled):
                await connection.execute(SQL["course_told"], *told(row), row.event.course_id)

    async def _person(
        self,
        connection: Connection,
        recorded: Recorded[Event],
        event: PersonSentToCourse | ParticipantEnrolled | ParticipantWithdrawn | ProgressEvent,
    ) -> None:
        who = (event.course_id, event.person_id)
        await connection.execute(SQL["participant"], *who)
        match event:
            case AttendanceRecorded(attendance=stated) if stated is not None:
                said = (stated.session, stated.attended_hours, stated.leave_hours)
                await connection.execute(SQL["attended"], *who, *said)
            case CourseRated(rating=rating) if rating is not None:
                await connection.execute(SQL["rated"], *told(recorded), event.course_id, rating)
            case _ if type(event) in PEOPLE:
                await connection.execute(SQL[PEOPLE[type(event)]], *who)

    async def _one(self, connection: Connection, recorded: Recorded[Event]) -> None:
        match recorded.event:
            case CourseScheduled() as event:
                said = (event.course_id, event.school, event.title, str(event.pack), event.kind, event.method)
                arranged = _arranged(event.arrangement)
                await connection.execute(SQL["schedule"], *said, event.plan_id, recorded.position, *arranged)
            case CourseChanged() as event:
                await connection.execute(SQL["change"], event.course_id, *_arranged(event.arrangement))
            case CourseCancelled() as event:
                await connection.execute(SQL["cancel"], event.course_id)
            case FacilityRegistered() as event:
                await connection.execute(SQL["facility"], event.facility_id, event.school, *_premises(event))
            case FacilityChanged() as event:
                await connection.execute(SQL["change_facility"], event.facility_id, *_premises(event))
            case FacilityBooked() as event:
                await connection.execute(SQL["give_back"], event.facility_id, event.course_id)
                await connection.execute(SQL["book"], event.facility_id, event.course_id, list(event.days))
            case TeacherRegistered(terms=terms) as event if terms is not None:
                of = (terms.staff_type, terms.profession, terms.birth_year, terms.from_on, terms.until_on)
                await connection.execute(SQL["teacher"], event.person_id, event.school, *of)
                seen = (event.person_id, terms.staff_type, terms.profession, terms.birth_year)
                await connection.execute(SQL["teacher_told"], *told(recorded), *seen)


def _arranged(arranged: Arrangement) -> tuple[Any, ...]:
    sessions = orjson.dumps([session.model_dump() for session in arranged.sessions]).decode()
    return (
        arranged.places,
        arranged.hours,
        arranged.days,
        arranged.began_on,
        arranged.ended_on,
        sessions,
        arranged.facility_id,
        _json(arranged.needs),
        list(arranged.teachers),
    )


def _premises(event: FacilityRegistered | FacilityChanged) -> tuple[Any, ...]:
    available = (event.available_from_on, event.available_until_on)
    return (event.title, event.places, _json(event.equipment), *available)


def _json(equipment: Equipment) -> str:
    return orjson.dumps(equipment, option=orjson.OPT_SORT_KEYS).decode()


async def courses_page(
    pool: "asyncpg.Pool[asyncpg.Record]", asked: CourseFilter, *, before: int | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Courses that match, those scheduled last first."""
    said = (asked.kind, asked.method, asked.plan_id, asked.to_come, asked.today)
    return [_shown(row) for row in await pool.fetch(SQL["page"], start_of(before), None, *said, limit, SMALLEST_CELL)]


async def course_by_id(pool: "asyncpg.Pool[asyncpg.Record]", course_id: str) -> dict[str, Any] | None:
    """One course."""
    row = await pool.fetchrow(SQL["page"], END_OF_LOG, course_id, None, None, None, None, date.min, 1, SMALLEST_CELL)
    return None if row is None else _shown(row)


async def courses_to_come(pool: "asyncpg.Pool[asyncpg.Record]", today: date, *, limit: int) -> list[CourseToCome]:
    """Courses that have not ended, the next one first."""
    return [CourseToCome(**row) for row in await pool.fetch(SQL["to_come"], today, limit)]


async def participants(pool: "asyncpg.Pool[asyncpg.Record]", course_id: str) -> list[dict[str, Any]]:
    """Who was sent to a course or has a place in it, and how far they are."""
    return [dict(row) for row in await pool.fetch(SQL["participants"], course_id)]


async def facilities(pool: "asyncpg.Pool[asyncpg.Record]", today: date) -> list[dict[str, Any]]:
    """Every facility, with the days from today on that are taken."""
    rows = await pool.fetch(SQL["facilities"], today)
    return [{**row, "equipment": orjson.loads(row["equipment"])} for row in rows]


async def shortfalls(pool: "asyncpg.Pool[asyncpg.Record]", today: date) -> list[dict[str, Any]]:
    """By need, what the facilities lack for courses to come that have none."""
    return [dict(row) for row in await pool.fetch(SQL["shortfalls"], today)]


def _shown(row: Any) -> dict[str, Any]:
    return {**row, "sessions": orjson.loads(row["sessions"]), "needs": orjson.loads(row["needs"])}
