"""Personnel inspect and set a day; the inspected school alone answers each finding, once."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.event import Event
from domain.identity import Actor, OrganId
from domain.refusal import Refusal, ReviewsOwnWork, WrongOrgan
from domain.training_act import TrainingActNotFound
from domain.training_inspection import (
    AnotherSchoolsInspection,
    AnswerTrainingInspection,
    FindingUnanswered,
    InspectionDoesNotAddUp,
    InspectionIsOver,
    InspectTraining,
    TrainingInspected,
    TrainingInspection,
    TrainingInspectionAnswered,
    answer_training_inspection,
    fold_training_inspection,
    inspect_training,
)
from tests.domain.refusals import assert_whole
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at

NOW = at("2026-03-02")
ID = "inspection01"
FINDINGS = ("attendance_not_kept", "records_late")


def inspection(**changed: Any) -> InspectTraining:
    said: dict[str, Any] = {
        "school": SCHOOL.organ,
        "inspected": "the attendance sheets of the spring term",
        "inspected_on": date(2026, 3, 2),
        "findings": FINDINGS,
        "remedy_due_on": date(2026, 4, 1),
        "remarks": "The sheets of teacher Wang were signed afterwards.",
    }
    return InspectTraining.model_validate({**said, **changed})


def answer(*findings: str) -> AnswerTrainingInspection:
    said = [{"finding": found, "outcome": "remedied", "text": "Two hands sign now."} for found in findings or FINDINGS]
    return AnswerTrainingInspection.model_validate({"answers": said})


def inspected(command: InspectTraining, actor: Actor = PERSONNEL, **known: bool) -> list[Event]:
    return inspect_training(ID, command, actor=actor, at=NOW, **known)


def held(**changed: Any) -> TrainingInspection:
    found = fold_training_inspection(inspected(inspection(**changed)))
    assert found is not None
    return found


def answered(about: TrainingInspection | None, command: AnswerTrainingInspection, actor: Actor = SCHOOL) -> list[Event]:
    return answer_training_inspection(ID, about, command, actor=actor)


def refused(acting: Callable[[], list[Event]], kind: type[Refusal]) -> Refusal:
    with pytest.raises(kind) as caught:
        acting()
    assert type(caught.value) is kind
    assert_whole(caught.value)
    return caught.value


def test_findings_are_public_and_what_names_people_is_sealed() -> None:
    (event,) = inspected(inspection())
    assert isinstance(event, TrainingInspected)
    assert set(event.sealed_fields) == {"remarks"}
    assert event.without_sealed().remarks is None


def test_the_school_answers_and_the_inspection_is_over() -> None:
    (event,) = answered(held(), answer())
    assert isinstance(event, TrainingInspectionAnswered)
    assert set(event.sealed_fields) == {"remarks"}
    over = fold_training_inspection([*inspected(inspection()), event])
    assert over is not None and over.is_over
    refused(lambda: answered(over, answer()), InspectionIsOver)


def test_a_school_in_order_has_nothing_to_answer() -> None:
    found = held(findings=("in_order",), remedy_due_on=None)
    assert found.is_over
    refused(lambda: answered(found, answer("in_order")), InspectionIsOver)


@pytest.mark.parametrize("actor", [SCHOOL, SUPERVISION, DECIDERS])
def test_nobody_but_personnel_inspects_and_not_themselves(actor: Actor) -> None:
    refused(lambda: inspected(inspection(), actor), WrongOrgan)
    refused(lambda: inspected(inspection(school=PERSONNEL.organ)), ReviewsOwnWork)


@pytest.mark.parametrize("actor", [PERSONNEL, SUPERVISION, DECIDERS])
def test_nobody_but_the_inspected_school_answers(actor: Actor) -> None:
    refused(lambda: answered(held(), answer(), actor), WrongOrgan)
    refused(
        lambda: answered(held(), answer(), SCHOOL.model_copy(update={"organ": OrganId("county")})),
        AnotherSchoolsInspection,
    )


def test_what_is_not_on_record_is_neither_answered_nor_named() -> None:
    refused(lambda: answered(None, answer()), TrainingActNotFound)
    refused(lambda: inspected(inspection(plan_id="0123456789ab"), plan_is_known=False), TrainingActNotFound)


@pytest.mark.parametrize("findings", [FINDINGS[:1], (*FINDINGS, "other"), (FINDINGS[0], FINDINGS[0])])
def test_every_finding_is_answered_once_and_nothing_else(findings: tuple[str, ...]) -> None:
    refused(lambda: answered(held(), answer(*findings)), FindingUnanswered)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"findings": ("other", "other")}, "findings"),
        ({"findings": ("in_order", "other")}, "findings"),
        ({"inspected_on": date(2026, 3, 4)}, "inspected_on"),
        ({"remedy_due_on": None}, "remedy_due_on"),
        ({"remedy_due_on": date(2026, 3, 2)}, "remedy_due_on"),
        ({"findings": ("in_order",)}, "remedy_due_on"),
    ],
)
def test_an_inspection_finds_something_and_sets_a_day_for_it(changed: dict[str, Any], field: str) -> None:
    assert refused(lambda: inspected(inspection(**changed)), InspectionDoesNotAddUp).field == field
