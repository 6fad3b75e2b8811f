"""Personnel keep the register of who serves where and since when; it has one place for each person at a time."""

from datetime import date
from typing import Any

import pytest

from domain.identity import Actor
from domain.in_service import (
    EndService,
    NotInService,
    RegisterService,
    RegistersThemselves,
    ServiceDatesWrong,
    end_service,
    register_service,
)
from domain.refusal import Refusal, WrongOrgan
from domain.training_file import Service, TrainingFile, fold_training_file
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SCHOOL, at

START = at("2026-03-02")
SINCE = date(2024, 9, 1)


def service(**changed: Any) -> RegisterService:
    said = {"person_id": CHEN, "unit": "Registry", "pack": "standard", "rank": "officer", "since_on": SINCE}
    return RegisterService.model_validate(said | changed)


def ending(until_on: date) -> EndService:
    return EndService(person_id=CHEN, until_on=until_on)


def decided(file: TrainingFile, command: Any, actor: Actor = PERSONNEL) -> list[Any]:
    decide: Any = register_service if isinstance(command, RegisterService) else end_service
    events: list[Any] = decide(file, command, actor=actor, at=START)
    return events


def after(*commands: Any) -> TrainingFile:
    events: list[Any] = []
    for command in commands:
        events += decided(fold_training_file(CHEN, events), command)
    return fold_training_file(CHEN, events)


def refused(file: TrainingFile, kind: type[Refusal], command: Any, actor: Actor = PERSONNEL) -> Refusal:
    with pytest.raises(kind) as caught:
        decided(file, command, actor)
    assert_whole(caught.value)
    return caught.value


def test_somebody_is_registered_and_all_of_it_is_sealed() -> None:
    file = after(service())
    assert (file.service, file.in_service_since) == (Service("Registry", "standard", "officer", SINCE), SINCE)
    (registered,) = decided(TrainingFile(CHEN), service())
    assert registered.without_sealed().service is None
    assert decided(file, service()) == [], "the same again changes nothing"


def test_a_move_keeps_the_first_day_of_service_and_a_return_begins_anew() -> None:
    moved = after(service(), service(unit="Treasury", rank="senior", since_on=date(2025, 9, 1)))
    assert moved.service == Service("Treasury", "standard", "senior", date(2025, 9, 1))
    assert moved.in_service_since == SINCE
    back = after(service(), ending(date(2025, 1, 31)), service(since_on=date(2026, 1, 1)))
    assert back.in_service_since == date(2026, 1, 1)


@pytest.mark.parametrize(("back_on", "since"), [(date(2025, 8, 2), SINCE), (date(2025, 8, 3), date(2025, 8, 3))])
def test_whoever_comes_back_within_half_a_year_was_only_away(back_on: date, since: date) -> None:
    back = after(service(), ending(date(2025, 1, 31)), service(since_on=back_on))
    assert back.in_service_since == since


def test_whoever_has_left_serves_no_more_from_the_day_after_their_last() -> None:
    file = after(service(), ending(date(2025, 1, 31)))
    assert file.in_service_since is None and file.service is not None
    days = (date(2024, 8, 31), SINCE, date(2025, 1, 31), date(2025, 2, 1))
    assert [file.service.on(day) for day in days] == [False, True, True, False]
    refused(file, NotInService, ending(date(2025, 2, 1)))


def test_nobody_leaves_who_does_not_serve_and_only_personnel_keep_the_register() -> None:
    refused(TrainingFile(CHEN), NotInService, ending(SINCE))
    refused(TrainingFile(CHEN), WrongOrgan, service(), SCHOOL)
    refused(after(service()), WrongOrgan, ending(SINCE), SCHOOL)


def test_service_has_begun_and_runs_forward() -> None:
    assert decided(TrainingFile(CHEN), service(since_on=date(2026, 3, 2)))
    refused(TrainingFile(CHEN), ServiceDatesWrong, service(since_on=date(2026, 3, 3)))
    earlier = service(unit="Treasury", since_on=date(2024, 8, 31))
    assert "since 1 September 2024" in refused(after(service()), ServiceDatesWrong, earlier).sentence
    left = after(service(), ending(date(2025, 1, 31)))
    overlapping = service(unit="Treasury", since_on=date(2025, 1, 30))
    assert "until 31 January 2025" in refused(left, ServiceDatesWrong, overlapping).sentence
    for day in (date(2024, 8, 31), date(2026, 3, 3)):
        refused(after(service()), ServiceDatesWrong, ending(day))


def test_nobody_registers_their_own_service() -> None:
    mine = service().model_copy(update={"person_id": PERSONNEL.officer})
    refused(TrainingFile(PERSONNEL.officer), RegistersThemselves, mine)
