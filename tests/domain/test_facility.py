"""A course fits its facility and has it alone; what is held for a course on its way is nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.event import Event
from domain.facility import (
    AnotherSchoolsFacility,
    ChangeFacility,
    Facility,
    FacilityBooked,
    FacilityChanged,
    FacilityHeld,
    FacilityNotFound,
    FacilityRegistered,
    FacilityStillNeeded,
    RegisterFacility,
    change_facility,
    fold_facility,
    register_facility,
)
from domain.facility_booking import (
    HELD_FOR,
    BookFacility,
    FacilityNotAvailable,
    FacilityTaken,
    HoldFacility,
    NeedNotMet,
    PlacesOverCapacity,
    book_facility,
    hold_facility,
)
from domain.identity import CourseId
from domain.refusal import Refusal, WrongOrgan
from tests.courses import COURSE, HALL, OTHER_SCHOOL, START, hall
from tests.domain.refusals import assert_whole
from tests.examples import PERSONNEL, SCHOOL

DAY = date(2026, 3, 2)
RIVAL = CourseId("course000002")
TERMS: dict[str, Any] = {"title": "Hall", "places": 30, "available_from_on": date(2026, 1, 1)}
CHANGE = ChangeFacility(**{**TERMS, "places": 10}, reason="It was rebuilt.")


def refused(decide: Callable[[], object], kind: type[Refusal]) -> None:
    with pytest.raises(kind) as caught:
        decide()
    assert_whole(caught.value)


def wanted(**changed: Any) -> HoldFacility:
    said: dict[str, Any] = {"course_id": COURSE, "course_version": 0, "days": (DAY,), "places": 20, "needs": {}}
    return HoldFacility(**{**said, **changed})


def hold(facility: Facility | None, **changed: Any) -> list[Event]:
    return hold_facility(facility, wanted(**changed), at=START, standing={})


def applied(facility: Facility, *events: Event) -> Facility:
    registered = FacilityRegistered(facility_id=HALL, school=facility.school, **TERMS, equipment={"projector": 30})
    found = fold_facility([registered, *events])
    assert found is not None
    return found


def test_a_school_registers_a_facility_once() -> None:
    command = RegisterFacility(**TERMS, equipment={"projector": 30})
    (registered,) = register_facility(None, HALL, command, actor=SCHOOL)
    assert isinstance(registered, FacilityRegistered) and registered.places == 30
    assert register_facility(hall(), HALL, command, actor=SCHOOL) == []
    refused(lambda: register_facility(None, HALL, command, actor=PERSONNEL), WrongOrgan)


def test_a_facility_is_changed_by_its_own_school() -> None:
    (changed,) = change_facility(hall(), CHANGE, actor=SCHOOL, at=START)
    assert isinstance(changed, FacilityChanged)
    assert applied(hall(), changed).places == 10
    refused(lambda: change_facility(None, CHANGE, actor=SCHOOL, at=START), FacilityNotFound)
    refused(lambda: change_facility(hall(), CHANGE, actor=OTHER_SCHOOL, at=START), AnotherSchoolsFacility)


def test_a_facility_is_not_changed_under_what_a_course_to_come_needs() -> None:
    booked = applied(hall(), *book_facility(hall(), BookFacility(**dict(wanted(course_version=1)))))
    refused(lambda: change_facility(booked, CHANGE, actor=SCHOOL, at=START), FacilityStillNeeded)
    closing = ChangeFacility(**TERMS, available_until_on=date(2026, 3, 1), reason="It is sold.")
    refused(lambda: change_facility(booked, closing, actor=SCHOOL, at=START), FacilityStillNeeded)
    assert change_facility(booked, CHANGE, actor=SCHOOL, at=START + timedelta(days=3))


def test_a_course_fits_its_facility() -> None:
    (held,) = hold(hall(), places=30, needs={"projector": 30})
    assert isinstance(held, FacilityHeld) and held.until == START + HELD_FOR
    refused(lambda: hold(None), FacilityNotFound)
    refused(lambda: hold(hall(), places=31), PlacesOverCapacity)
    refused(lambda: hold(hall(), needs={"projector": 31}), NeedNotMet)
    refused(lambda: hold(hall(), needs={"computer": 1}), NeedNotMet)
    refused(lambda: hold(hall(), days=(date(2025, 12, 31),)), FacilityNotAvailable)


def test_a_day_is_taken_by_a_booking_by_a_hold_that_runs_and_by_a_course_that_stands_on_record() -> None:
    booked = applied(hall(), *book_facility(hall(), BookFacility(**dict(wanted(course_version=1)))))
    held = applied(hall(), *hold(hall()))
    rival = wanted(course_id=RIVAL)
    refused(lambda: hold_facility(booked, rival, at=START, standing={}), FacilityTaken)
    refused(lambda: hold_facility(held, rival, at=START, standing={}), FacilityTaken)
    later = START + HELD_FOR
    assert hold_facility(held, rival, at=later, standing={})
    refused(lambda: hold_facility(held, rival, at=later, standing={COURSE: (DAY,)}), FacilityTaken)
    assert hold_facility(booked, wanted(course_version=1), at=START, standing={})


def test_a_booking_ends_the_hold_that_came_before_it_and_no_later_one() -> None:
    other = (DAY + timedelta(days=7),)
    booking = BookFacility(**dict(wanted(course_version=1)))
    for version, kept in ((0, False), (1, True)):
        held = applied(hall(), *hold(hall(), days=other, course_version=version))
        booked = applied(hall(), *hold(hall(), days=other, course_version=version), *book_facility(held, booking))
        assert booked.booking(COURSE).keeps(other[0], START) is kept
        assert booked.booking(COURSE).keeps(DAY, START)
        assert book_facility(booked, booking) == []


def test_two_changes_of_one_course_both_keep_their_days() -> None:
    other = (DAY + timedelta(days=7),)
    both = applied(hall(), *hold(hall()), *hold(hall(), days=other)).booking(COURSE)
    assert both.keeps(DAY, START) and both.keeps(other[0], START)


def test_a_course_that_gives_its_facility_back_has_no_day_of_it() -> None:
    first = FacilityBooked(facility_id=HALL, **dict(wanted(course_version=1)))
    none = BookFacility(**dict(wanted(course_version=2, days=())))
    booked = applied(hall(), first)
    assert not applied(hall(), first, *book_facility(booked, none)).booking(COURSE).keeps(DAY, START)


def test_what_is_short_is_told_by_its_need() -> None:
    assert hall().shortfalls(35, {"projector": 31, "computer": 2}) == {"places": 5, "projector": 1, "computer": 2}
    assert replace(hall(), places=40).shortfalls(35, {}) == {}


def test_equipment_has_a_legible_name() -> None:
    with pytest.raises(ValueError, match="cannot be kept or shown"):
        RegisterFacility(**TERMS, equipment={"projector\x00": 3})


def test_a_facility_is_available_from_a_day_to_a_later_one() -> None:
    with pytest.raises(ValueError, match="write them in their order"):
        RegisterFacility(**TERMS, available_until_on=date(2025, 1, 1))
