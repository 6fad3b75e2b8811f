"""The door to a course: its facility is held before it is put on record, and booked after.

A crash between the two leaves at worst a facility that is held for an hour, and never one that two courses have:
what is on record of a course counts as taken, booked or not. Repeating the command books it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID, uuid5

from domain.course import Course, course_stream, fold_course
from domain.event import Event
from domain.facility import Facility, facility_stream, fold_facility
from domain.facility_booking import BookFacility, HoldFacility, book_facility, fits, hold_facility
from domain.identity import CourseId, FacilityId
from eventstore.codec import decode
from eventstore.contention import ATTEMPTS, StaleVersion, TooBusy, stand_back
from eventstore.keys import KeyStore
from eventstore.store import EventStore
from eventstore.stream_recording import Kept, Wish, record_in_stream

Decide = Callable[[Course | None], list[Event]]


@dataclass(frozen=True, slots=True)
class CourseAsKept:
    """A course and the version at which the log has it."""

    course: Course | None
    version: int = 0


async def read_course(store: EventStore, course_id: CourseId) -> CourseAsKept:
    """A course as the log has it now."""
    stored = await store.read_stream(course_stream(course_id))
    return CourseAsKept(fold_course(decode(row).event for row in stored), len(stored))


async def read_facility(store: EventStore, facility_id: FacilityId) -> Facility | None:
    """A facility as the log has it now."""
    return fold_facility(decode(row).event for row in await store.read_stream(facility_stream(facility_id)))


async def record_in_course(store: EventStore, keys: KeyStore, wish: Wish, decide: Decide) -> Kept:
    """Decide a command on a course that takes nothing of its facility, and append what follows.

    Refuses: whatever `decide` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    return await record_in_stream(store, keys, wish, lambda events: decide(fold_course(events)))


async def record_arrangement(
    store: EventStore, keys: KeyStore, wish: Wish, course_id: CourseId, decide: Decide
) -> Kept:
    """Decide a command that says when and where a course is held, and append what follows, in both streams.

    Refuses: whatever `decide` refuses, what `hold_facility` refuses; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    Survives: a crash at any moment; repeating the command finds what was recorded, and books.
    """
    for attempt in range(ATTEMPTS):
        before = await read_course(store, course_id)
        if await store.find_command(wish.command_id) is None and wish.if_version in (None, before.version):
            after = _foreseen(before, decide)
            await _hold(store, keys, wish, before.version, after)
            exactly = replace(wish, if_version=before.version)
        else:
            exactly = wish
        try:
            kept = await record_in_course(store, keys, exactly, decide)
        except StaleVersion:
            if wish.if_version is not None:
                raise
            await stand_back(attempt)
            continue
        if not wish.dry_run:
            await _book(store, keys, wish, course_id)
        return kept
    raise TooBusy(wish.stream)


def _foreseen(before: CourseAsKept, decide: Decide) -> Course | None:
    """The course as it would be; only these events are needed for that, since an arrangement comes whole."""
    events = decide(before.course)
    if not events:
        return None
    return fold_course(events) if before.course is None else before.course.after(events)


async def _hold(store: EventStore, keys: KeyStore, wish: Wish, version: int, after: Course | None) -> None:
    if after is None or after.arrangement.facility_id is None or not after.days_needed:
        return
    facility_id, arranged = after.arrangement.facility_id, after.arrangement
    command = HoldFacility(
        course_id=after.course_id,
        course_version=version,
        days=after.days_needed,
        places=arranged.places,
        needs=arranged.needs,
    )
    for attempt in range(ATTEMPTS):
        try:
            return await _hold_once(store, keys, wish, facility_id, command)
        except StaleVersion:
            await stand_back(attempt)
    raise TooBusy(facility_stream(facility_id))


async def _hold_once(
    store: EventStore, keys: KeyStore, wish: Wish, facility_id: FacilityId, command: HoldFacility
) -> None:
    stream = facility_stream(facility_id)
    stored = await store.read_stream(stream)
    facility = fold_facility(decode(row).event for row in stored)
    # Read after the facility: a course that is recorded later than this was held before, so its hold is seen there.
    standing = await _standing(store, facility)
    if wish.dry_run:
        fits(facility, command, at=wish.at, standing=standing)
        return
    held_by = _id(wish.command_id, "hold", facility_id, len(stored))
    holding = replace(wish, stream=stream, command=command, command_id=held_by, if_version=len(stored))
    await record_in_stream(
        store,
        keys,
        holding,
        lambda events: hold_facility(fold_facility(events), command, at=wish.at, standing=standing),
    )


async def _standing(store: EventStore, facility: Facility | None) -> dict[CourseId, tuple[date, ...]]:
    """The days, here, of the courses that the facility was held for and that nobody has booked yet."""
    if facility is None:
        return {}
    unsettled = [course_id for course_id, booking in facility.bookings.items() if booking.held]
    found = {course_id: (await read_course(store, course_id)).course for course_id in unsettled}
    return {
        course_id: course.days_needed
        for course_id, course in found.items()
        if course is not None and course.arrangement.facility_id == facility.facility_id
    }


async def _book(store: EventStore, keys: KeyStore, wish: Wish, course_id: CourseId) -> None:
    """Each facility that the course ever had is booked as the course stands now."""
    stored = await store.read_stream(course_stream(course_id))
    events = [decode(row).event for row in stored]
    course = fold_course(events)
    if course is None:
        return
    arrangements = [arranged for event in events if (arranged := getattr(event, "arrangement", None)) is not None]
    for facility_id in {arranged.facility_id for arranged in arrangements if arranged.facility_id is not None}:
        has_it = facility_id == course.arrangement.facility_id
        command = BookFacility(
            course_id=course_id,
            course_version=len(stored),
            days=course.days_needed if has_it else (),
            places=course.arrangement.places,
            needs=course.arrangement.needs,
        )
        booking = replace(
            wish,
            stream=facility_stream(facility_id),
            command=command,
            command_id=_id(wish.command_id, "book", facility_id, len(stored)),
            if_version=None,
        )
        await record_in_stream(store, keys, booking, partial(_booked, command))


def _booked(command: BookFacility, events: Sequence[Event]) -> list[Event]:
    return book_facility(fold_facility(events), command)


def _id(command_id: UUID, step: str, facility_id: FacilityId, version: int) -> UUID:
    return uuid5(command_id, f"{step}/{facility_id}/{version}")
