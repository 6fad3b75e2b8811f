"""Personnel send, the school enrols; a place is one person's, and never more are given than there are."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.course import AnotherSchoolsCourse, CourseIsCancelled, CourseIsOver, CourseNotFound
from domain.participant import (
    CourseIsFull,
    EnrolParticipant,
    NotEnrolled,
    PersonSentToCourse,
    SendToCourse,
    WithdrawParticipant,
    enrol_participant,
    send_to_course,
    withdraw_participant,
)
from domain.refusal import Refusal, WrongOrgan
from tests.courses import LATER, OTHER_SCHOOL, START, attended_by_chen, scheduled
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, LI, PERSONNEL, SCHOOL

SEND = SendToCourse(person_id=CHEN, reason="Lacks 24 hours.")
ENROL = EnrolParticipant(person_id=CHEN)
WITHDRAW = WithdrawParticipant(person_id=CHEN, reason="Needed at the registry.")


def refused(decide: Callable[[], object], kind: type[Refusal]) -> None:
    with pytest.raises(kind) as caught:
        decide()
    assert_whole(caught.value)


def test_personnel_send_somebody_once_and_the_school_does_not() -> None:
    (sent,) = send_to_course(scheduled(), SEND, actor=PERSONNEL, at=START)
    assert isinstance(sent, PersonSentToCourse) and sent.without_sealed().reason is None
    assert send_to_course(scheduled().after([sent]), SEND, actor=PERSONNEL, at=START) == []
    refused(lambda: send_to_course(scheduled(), SEND, actor=SCHOOL, at=START), WrongOrgan)
    refused(lambda: send_to_course(None, SEND, actor=PERSONNEL, at=START), CourseNotFound)
    refused(lambda: send_to_course(scheduled(), SEND, actor=PERSONNEL, at=LATER), CourseIsOver)
    cancelled = replace(scheduled(), cancelled=True)
    refused(lambda: send_to_course(cancelled, SEND, actor=PERSONNEL, at=START), CourseIsCancelled)


def test_the_school_enrols_somebody_once() -> None:
    course = scheduled().after(enrol_participant(scheduled(), ENROL, actor=SCHOOL, at=START))
    assert course.enrolled == {CHEN}
    assert enrol_participant(course, ENROL, actor=SCHOOL, at=START) == []
    refused(lambda: enrol_participant(scheduled(), ENROL, actor=PERSONNEL, at=START), WrongOrgan)
    refused(lambda: enrol_participant(scheduled(), ENROL, actor=OTHER_SCHOOL, at=START), AnotherSchoolsCourse)
    refused(lambda: enrol_participant(scheduled(), ENROL, actor=SCHOOL, at=LATER), CourseIsOver)


def test_no_more_places_are_given_than_there_are() -> None:
    full = attended_by_chen(places=1)
    late = EnrolParticipant(person_id=LI)
    refused(lambda: enrol_participant(full, late, actor=SCHOOL, at=START), CourseIsFull)
    freed = full.after(withdraw_participant(full, WITHDRAW, actor=SCHOOL))
    assert enrol_participant(freed, late, actor=SCHOOL, at=START)


def test_whoever_has_no_place_is_not_taken_out() -> None:
    refused(lambda: withdraw_participant(scheduled(), WITHDRAW, actor=SCHOOL), NotEnrolled)
