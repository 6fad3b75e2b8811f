"""Whatever dies between a facility and a course, two courses never have one facility on one day."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.arrangement import Session
from domain.course import (
    ChangeCourse,
    Course,
    Known,
    ScheduleCourse,
    change_course,
    course_stream,
    schedule_course,
)
from domain.event import Event
from domain.facility import RegisterFacility, facility_stream, fold_facility, register_facility
from domain.facility_booking import HELD_FOR, FacilityTaken
from domain.identity import CourseId
from eventstore.course_recording import read_course, read_facility, record_arrangement
from eventstore.keys import KeyStore, MemoryKeyStore
from eventstore.store import Append, Appended, EventStore
from eventstore.stream_recording import Kept, Wish, record_in_stream
from eventstore.verifying import verify_log
from tests.courses import HALL, START, arranged, rules
from tests.examples import SCHOOL, reference

ONE, OTHER = CourseId("course000001"), CourseId("course000002")
KNOWN = Known(rules())
TERMS: dict[str, Any] = {"title": "Hall", "places": 30, "available_from_on": date(2026, 1, 1)}
LATER = START + HELD_FOR + timedelta(minutes=1)


class Died(Exception):
    """The process is gone."""


@pytest.fixture
def keys() -> KeyStore:
    return MemoryKeyStore()


async def with_hall(store: EventStore, keys: KeyStore) -> None:
    command = RegisterFacility(**TERMS)
    wish = Wish(facility_stream(HALL), command, SCHOOL, uuid4(), START)
    await record_in_stream(
        store, keys, wish, lambda events: register_facility(fold_facility(events), HALL, command, actor=SCHOOL)
    )


async def scheduled(
    store: EventStore, keys: KeyStore, course_id: CourseId, at: datetime = START, key: UUID | None = None
) -> Kept:
    command = ScheduleCourse(
        title="Law",
        pack=reference("standard"),
        kind="theory",
        method="off_job",
        arrangement=arranged(facility_id=HALL),
    )
    wish = Wish(course_stream(course_id), command, SCHOOL, key or uuid4(), at, reference("standard"))

    def decide(course: Course | None) -> list[Event]:
        return schedule_course(course, course_id, command, actor=SCHOOL, known=KNOWN)

    return await record_arrangement(store, keys, wish, course_id, decide)


async def moved(store: EventStore, keys: KeyStore, *days: int) -> Kept:
    sessions = tuple(Session(on=date(2026, 5, day), hours=6) for day in days)
    command = ChangeCourse(arrangement=arranged(facility_id=HALL, sessions=sessions), reason="Other days.")
    wish = Wish(course_stream(ONE), command, SCHOOL, uuid4(), START - timedelta(days=9))
    decide = partial(change_course, command=command, actor=SCHOOL, at=wish.at, known=KNOWN)
    return await record_arrangement(store, keys, wish, ONE, decide)


def dying_at(monkeypatch: pytest.MonkeyPatch, store: EventStore, dies: Callable[[Append], bool]) -> None:
    """The process dies when it wants to append such a thing."""
    alive = store.append

    async def append(wanted: Append) -> Appended:
        if dies(wanted):
            raise Died
        return await alive(wanted)

    monkeypatch.setattr(store, "append", append)


def of_type(name: str) -> Callable[[Append], bool]:
    return lambda wanted: wanted.events[0].type == name


async def days_of(store: EventStore, course_id: CourseId) -> set[date]:
    facility = await read_facility(store, HALL)
    assert facility is not None
    return set(facility.booking(course_id).days)


async def test_a_course_is_held_for_recorded_and_booked(store: EventStore, keys: KeyStore) -> None:
    await with_hall(store, keys)
    await scheduled(store, keys, ONE)
    assert await days_of(store, ONE) == {date(2026, 3, 2), date(2026, 3, 4)}
    with pytest.raises(FacilityTaken):
        await scheduled(store, keys, OTHER, LATER)
    assert [row.type for row in await store.read_log()] == [
        *("facility_registered", "facility_held", "course_scheduled", "facility_booked")
    ]
    await verify_log(store)


async def test_a_hold_whose_course_never_came_runs_out(
    memory_store: EventStore, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_hall(memory_store, keys)
    with monkeypatch.context() as dying:
        dying_at(dying, memory_store, of_type("course_scheduled"))
        with pytest.raises(Died):
            await scheduled(memory_store, keys, ONE)
    with pytest.raises(FacilityTaken):
        await scheduled(memory_store, keys, OTHER)
    await scheduled(memory_store, keys, OTHER, LATER)
    with pytest.raises(FacilityTaken):
        await scheduled(memory_store, keys, ONE, LATER)


async def test_a_course_on_record_keeps_its_days_although_nobody_booked_and_the_repetition_books(
    memory_store: EventStore, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_hall(memory_store, keys)
    key = uuid4()
    with monkeypatch.context() as dying:
        dying_at(dying, memory_store, of_type("facility_booked"))
        with pytest.raises(Died):
            await scheduled(memory_store, keys, ONE, key=key)
    with pytest.raises(FacilityTaken):
        await scheduled(memory_store, keys, OTHER, LATER)
    assert await days_of(memory_store, ONE) == set()
    assert (await scheduled(memory_store, keys, ONE, LATER, key)).repeated
    assert await days_of(memory_store, ONE) == {date(2026, 3, 2), date(2026, 3, 4)}


async def test_changes_of_one_course_at_once_end_with_the_days_that_it_has(store: EventStore, keys: KeyStore) -> None:
    await with_hall(store, keys)
    await scheduled(store, keys, ONE, START - timedelta(days=10))
    await asyncio.gather(moved(store, keys, 4, 5), moved(store, keys, 5, 6), moved(store, keys, 7, 8))
    course = (await read_course(store, ONE)).course
    assert course is not None
    assert await days_of(store, ONE) == set(course.days_needed)
    await verify_log(store)


async def test_of_many_rivals_at_once_one_has_the_facility(store: EventStore, keys: KeyStore) -> None:
    await with_hall(store, keys)
    rivals = [CourseId(f"course00001{place}") for place in range(5)]
    answers = await asyncio.gather(*(scheduled(store, keys, rival) for rival in rivals), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["FacilityTaken"] * 4 + ["Kept"]
