"""A place where training is held: how many it seats, what it has, and on which days which course has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.command import Command
from domain.event import Event, StreamId
from domain.identity import Actor, CourseId, FacilityId, OrganId
from domain.refusal import Refusal
from domain.replacing import put
from domain.training_record import schools_alone
from domain.working_days import latest_today

Places = Annotated[int, Field(ge=1, le=10_000)]
Equipment = dict[Annotated[str, Field(min_length=1, max_length=60)], Places]
"""What there is, or what is needed, by its name. Units: places that have it."""


class RegisterFacility(Command):
    """The school puts a room, a hall or a training base on its register."""

    title: str = Field(min_length=2, max_length=120, description="what it is called; public")
    places: Places = Field(description="how many people it seats")
    equipment: Equipment = Field(default_factory=dict, max_length=40, description="places that have it, by its name")
    available_from_on: date
    available_until_on: date | None = None

    @model_validator(mode="after")
    def _available_in_order(self) -> Self:
        if self.available_until_on is not None and self.available_until_on < self.available_from_on:
            raise ValueError("it is available until a day before the one from which it is; write them in their order")
        return self


class ChangeFacility(RegisterFacility):
    """The school says how a facility is now, and why it changed."""

    reason: str = Field(min_length=5, max_length=500, description="public: no names of people")


class FacilityRegistered(Event):
    """A facility came on the register of a school."""

    facility_id: FacilityId
    school: OrganId
    title: str
    places: int
    equipment: Equipment
    available_from_on: date
    available_until_on: date | None = None


class FacilityChanged(Event):
    """A facility is different from what the register said, and why."""

    facility_id: FacilityId
    title: str
    places: int
    equipment: Equipment
    available_from_on: date
    available_until_on: date | None = None
    reason: str


class FacilityHeld(Event):
    """A facility is kept for a course while that is put on record, until an instant."""

    facility_id: FacilityId
    course_id: CourseId
    course_version: int
    days: tuple[date, ...]
    until: datetime


class FacilityBooked(Event):
    """A course has a facility on these days and no others; on none, when it gave it back."""

    facility_id: FacilityId
    course_id: CourseId
    course_version: int
    days: tuple[date, ...]
    places: int
    needs: Equipment


class FacilityNotFound(Refusal):
    rule = "house.known_values"


class AnotherSchoolsFacility(Refusal):
    rule = "house.a_school_keeps_its_own_register"


class FacilityStillNeeded(Refusal):
    rule = "house.a_course_fits_its_facility"


@dataclass(frozen=True, slots=True)
class Booking:
    """What one course has of a facility, and which days are kept for it while it is put on record."""

    course_version: int = 0
    days: frozenset[date] = frozenset()
    places: int = 0
    needs: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    held: frozenset[date] = frozenset()
    held_for_version: int = -1
    held_until: datetime | None = None

    def keeps(self, day: date, at: datetime) -> bool:
        return day in self.days or (day in self.held and self.held_until is not None and at < self.held_until)


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility as the register has it."""

    facility_id: FacilityId
    school: OrganId
    title: str
    places: int
    equipment: Mapping[str, int]
    available_from_on: date
    available_until_on: date | None
    bookings: Mapping[CourseId, Booking] = field(default_factory=lambda: MappingProxyType({}))

    def is_open_on(self, day: date) -> bool:
        return self.available_from_on <= day and (self.available_until_on is None or day <= self.available_until_on)

    def booking(self, course_id: CourseId) -> Booking:
        return self.bookings.get(course_id, Booking())

    def with_booking(self, course_id: CourseId, booking: Booking) -> "Facility":
        return replace(self, bookings=put(self.bookings, course_id, booking))

    def shortfalls(self, places: int, needs: Mapping[str, int]) -> dict[str, int]:
        """How many places are missing for what a course asks; `places` stands for seats."""
        missing = {name: wanted - self.equipment.get(name, 0) for name, wanted in needs.items()}
        return {name: short for name, short in {**missing, "places": places - self.places}.items() if short > 0}


def facility_stream(facility_id: FacilityId) -> StreamId:
    """The stream of a facility."""
    return StreamId(f"facility/{facility_id}")


def fold_facility(events: Iterable[Event]) -> Facility | None:
    """The facility that a stream's events have made; None before the first."""
    facility: Facility | None = None
    for event in events:
        facility = _after(facility, event)
    return facility


def _after(facility: Facility | None, event: Event) -> Facility | None:
    if isinstance(event, FacilityRegistered):
        return Facility(
            event.facility_id,
            event.school,
            event.title,
            event.places,
            event.equipment,
            event.available_from_on,
            event.available_until_on,
        )
    if facility is None:
        return None
    match event:
        case FacilityChanged():
            return replace(
                facility,
                title=event.title,
                places=event.places,
                equipment=event.equipment,
                available_from_on=event.available_from_on,
                available_until_on=event.available_until_on,
            )
        case FacilityHeld():
            return facility.with_booking(event.course_id, _held(facility.booking(event.course_id), event))
        case FacilityBooked():
            return facility.with_booking(event.course_id, _booked(facility.booking(event.course_id), event))
    return facility


def _held(booking: Booking, event: FacilityHeld) -> Booking:
    # Two changes of one course may be on their way: what is kept for the other one stays kept as well.
    days = booking.held | frozenset(event.days)
    return replace(booking, held=days, held_for_version=event.course_version, held_until=event.until)


def _booked(booking: Booking, event: FacilityBooked) -> Booking:
    booked = replace(
        booking,
        course_version=event.course_version,
        days=frozenset(event.days),
        places=event.places,
        needs=event.needs,
    )
    # A later change of the course may be on its way: what is kept for that one stays kept.
    if booking.held_for_version < event.course_version:
        booked = replace(booked, held=frozenset(), held_until=None)
    return booked


def register_facility(
    facility: Facility | None, facility_id: FacilityId, command: RegisterFacility, *, actor: Actor
) -> list[Event]:
    """A school registers a facility once.

    Source: features F16.
    Refuses: WrongOrgan.
    """
    schools_alone(command, actor)
    if facility is not None:
        return []
    return [FacilityRegistered(facility_id=facility_id, school=actor.organ, **command.model_dump())]


def change_facility(facility: Facility | None, command: ChangeFacility, *, actor: Actor, at: datetime) -> list[Event]:
    """The school changes a facility of its own, never under what the courses that have it still need.

    Refuses: WrongOrgan, FacilityNotFound, AnotherSchoolsFacility, FacilityStillNeeded.
    """
    schools_alone(command, actor)
    known = found(facility)
    if known.school != actor.organ:
        raise AnotherSchoolsFacility(f"{known.title} is on the register of {known.school}. Ask that school.")
    event = FacilityChanged(facility_id=known.facility_id, **command.model_dump())
    changed = _after(known, event)
    if changed is not None:
        _still_suffices(changed, latest_today(at))
    return [event]


def found(facility: Facility | None) -> Facility:
    """The facility that is meant.

    Refuses: FacilityNotFound.
    """
    if facility is None:
        raise FacilityNotFound("There is no such facility. Check its id, or register it first.", field="facility_id")
    return facility


def _still_suffices(changed: Facility, today: date) -> None:
    for course_id, booking in changed.bookings.items():
        to_come = {day for day in booking.days if day >= today}
        closed = sorted(day for day in to_come if not changed.is_open_on(day))
        if closed:
            raise FacilityStillNeeded(
                f"Course {course_id} has it on {closed[0]:%-d %B %Y}, when it would not be available. Change the "
                "course first, or keep the facility available: check which of the two can give way.",
                course_id=course_id,
            )
        short = changed.shortfalls(booking.places, booking.needs) if to_come else {}
        if short:
            lacks = ", ".join(f"{name} for {missing}" for name, missing in sorted(short.items()))
            raise FacilityStillNeeded(
                f"Course {course_id} has it and would lack {lacks}. Change the course first, or leave the facility "
                "as it is: check which of the two can give way.",
                course_id=course_id,
            )
