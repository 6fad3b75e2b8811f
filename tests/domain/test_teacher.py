"""Who teaches is registered by the school, sealed, and said again only when it changed."""

from datetime import date
from typing import Any

import pytest

from domain.identity import Actor, OrganId
from domain.refusal import Refusal, WrongOrgan
from domain.teacher import (
    AnotherSchoolsTeacher,
    RegisterTeacher,
    Teacher,
    TeacherRegistered,
    TeachingTerms,
    fold_teacher,
    register_teacher,
)
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SCHOOL


def terms(**changed: Any) -> TeachingTerms:
    said: dict[str, Any] = {"staff_type": "part_time", "profession": "law", "birth_year": 1974}
    return TeachingTerms(**{**said, "from_on": date(2026, 1, 1), **changed})


def refused(
    command: RegisterTeacher, kind: type[Refusal], actor: Actor = PERSONNEL, known: Teacher | None = None
) -> None:
    with pytest.raises(kind) as caught:
        register_teacher(known, command, actor=actor)
    assert_whole(caught.value)


def test_a_teacher_is_registered_sealed_and_once() -> None:
    command = RegisterTeacher(person_id=CHEN, terms=terms())
    (registered,) = register_teacher(None, command, actor=SCHOOL)
    assert isinstance(registered, TeacherRegistered) and registered.without_sealed().terms is None
    known = fold_teacher([registered])
    assert known == Teacher(CHEN, SCHOOL.organ, terms())
    assert register_teacher(known, command, actor=SCHOOL) == []
    left = command.model_copy(update={"terms": terms(until_on=date(2026, 6, 30))})
    assert len(register_teacher(known, left, actor=SCHOOL)) == 1


def test_the_personnel_department_registers_no_teacher() -> None:
    refused(RegisterTeacher(person_id=CHEN, terms=terms()), WrongOrgan)


def test_nobody_teaches_until_a_day_before_their_first() -> None:
    with pytest.raises(ValueError, match="write them in their order"):
        RegisterTeacher(person_id=CHEN, terms=terms(until_on=date(2025, 1, 1)))


def test_a_school_registers_no_teacher_of_another() -> None:
    theirs = Teacher(CHEN, OrganId("another-school"), terms())
    refused(RegisterTeacher(person_id=CHEN, terms=terms()), AnotherSchoolsTeacher, SCHOOL, theirs)
