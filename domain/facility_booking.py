"""A course fits its facility, and has it alone on its days.

Two streams cannot be appended to at once. So the facility is held for the course before the course is put on record,
and booked after; both stand in the facility's own stream, whose version check lets one of two rivals through.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from domain.command import Command
from domain.event import Event
from domain.facility import Equipment, Facility, FacilityBooked, FacilityHeld, found
from domain.identity import CourseId
from domain.refusal import Refusal

HELD_FOR = timedelta(hours=1)
"""How long a facility waits for a course that is being put on record: far longer than any request lives."""


class HoldFacility(Command):
    """A course is about to be put on record; its facility is kept for it meanwhile."""

    course_id: CourseId
    course_version: int
    days: tuple[date, ...]
    places: int
    needs: Equipment


class BookFacility(HoldFacility):
    """What a course that is on record has of its facility."""


class PlacesOverCapacity(Refusal):
    rule = "house.a_course_fits_its_facility"


class NeedNotMet(Refusal):
    rule = "house.a_course_fits_its_facility"


class FacilityNotAvailable(Refusal):
    rule = "house.a_course_fits_its_facility"


class FacilityTaken(Refusal):
    rule = "house.one_course_a_facility_a_day"


def hold_facility(
    facility: Facility | None, command: HoldFacility, *, at: datetime, standing: Mapping[CourseId, Iterable[date]]
) -> list[Event]:
    """A facility is held for a course that fits it, for an hour.

    `standing` has the days of those courses for which it was held, as they stand on record: one that was recorded
    keeps its days although nobody came back to book them.

    Source: features F16.
    Refuses: FacilityNotFound, PlacesOverCapacity, NeedNotMet, FacilityNotAvailable, FacilityTaken.
    """
    known = fits(facility, command, at=at, standing=standing)
    held = FacilityHeld(
        facility_id=known.facility_id,
        course_id=command.course_id,
        course_version=command.course_version,
        days=command.days,
        until=at + HELD_FOR,
    )
    return [held]


def book_facility(facility: Facility | None, command: BookFacility) -> list[Event]:
    """A course that is on record has its facility on its days, unless it was changed again since.

    Refuses: FacilityNotFound.
    """
    known = found(facility)
    booking = known.booking(command.course_id)
    if command.course_version <= booking.course_version:
        return []
    return [FacilityBooked(facility_id=known.facility_id, **command.model_dump())]


def fits(
    facility: Facility | None, wanted: HoldFacility, *, at: datetime, standing: Mapping[CourseId, Iterable[date]]
) -> Facility:
    """The facility, when it seats the course, has what it needs, and is free on its days.

    Refuses: FacilityNotFound, PlacesOverCapacity, NeedNotMet, FacilityNotAvailable, FacilityTaken.
    """
    known = found(facility)
    if wanted.places > known.places:
        raise PlacesOverCapacity(
            f"{wanted.places} places are more than the {known.places} of {known.title}. Name a larger facility, or "
            f"take {wanted.places - known.places} fewer people.",
            field="arrangement.places",
            places=wanted.places,
            capacity=known.places,
        )
    for need, short in known.shortfalls(0, wanted.needs).items():
        raise NeedNotMet(
            f"The course needs “{need}” for {wanted.needs[need]} places and {known.title} has it for "
            f"{known.equipment.get(need, 0)}: {short} too few. Name a facility that has it, or enter it there first.",
            field=f"arrangement.needs.{need}",
            needed=wanted.needs[need],
            available=known.equipment.get(need, 0),
        )
    for day in sorted(wanted.days):
        _free_on(known, day, wanted.course_id, at, standing)
    return known


def _free_on(
    facility: Facility, day: date, course_id: CourseId, at: datetime, standing: Mapping[CourseId, Iterable[date]]
) -> None:
    if not facility.is_open_on(day):
        raise FacilityNotAvailable(
            f"{facility.title} is not available on {day:%-d %B %Y}. Name another facility or another day.",
            field="arrangement.sessions",
            day=day,
        )
    rivals = {rival for rival, booking in facility.bookings.items() if booking.keeps(day, at)}
    rivals |= {rival for rival, days in standing.items() if day in set(days)}
    if taken_by := sorted(rivals - {course_id}):
        raise FacilityTaken(
            f"Course {taken_by[0]} has {facility.title} on {day:%-d %B %Y}. Name another day or another facility.",
            field="arrangement.sessions",
            day=day,
            course_id=taken_by[0],
        )
