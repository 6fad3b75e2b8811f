"""A pack says how long the file of a case is kept, at least and at most, counted from the day on which it ended."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from domain.appointment import ClosedCase, LiveCase
from domain.case_file import Appointed, Post
from domain.event import PackReference
from domain.identity import CandidateId, CaseId, OfficerId
from domain.pack import Pack
from domain.retention import ceiling_of_case, floor_of_case, floor_of_training
from domain.retention_rule import CaseFiles, Retention
from domain.training_file import Service, TrainingFile
from domain.working_days import Unit
from tests.examples import CHEN, pack

STANDARD = pack("standard")
ENDED_ON = date(2024, 2, 29)
POST = Post(post_id="p", title="Head", unit="Registry", rank="officer")
LIVE = LiveCase(CaseId("c1"), PackReference("standard", 1, "0"), POST, "GB-ENG", "Europe/London", OfficerId("o"))
NOBODY = ClosedCase(LIVE, "withdrawn", ENDED_ON)
APPOINTED = replace(NOBODY, case=replace(LIVE, appointed=Appointed(CandidateId("k"), ENDED_ON)))


def with_training(years: int) -> Pack:
    rule = STANDARD.rule("retention.with_appointment.at_least")
    kept = rule.model_copy(update={"value": rule.value.model_copy(update={"n": years})})
    return STANDARD.model_copy(update={"retention": Retention(training_files=kept)})


def test_a_case_with_an_appointment_is_kept_at_least_and_at_most_so_long() -> None:
    floor, ceiling = floor_of_case(APPOINTED, STANDARD), ceiling_of_case(APPOINTED, STANDARD)
    assert floor is not None and floor.kept_until == date(2026, 2, 28) and "c1" in floor.of
    assert not floor.citation.verified, "the house's own choice is no law"
    assert ceiling is not None and ceiling.last_day == date(2034, 2, 28)
    assert ceiling.rule == "retention.with_appointment.at_most"


def test_a_case_without_an_appointment_goes_sooner_and_has_no_floor() -> None:
    ceiling = ceiling_of_case(NOBODY, STANDARD)
    assert floor_of_case(NOBODY, STANDARD) is None
    assert ceiling is not None and ceiling.last_day == date(2026, 2, 28)


def test_a_pack_that_says_nothing_sets_nothing() -> None:
    silent = pack("uk.gcpa2025")
    assert silent.retention is None, "what the code of 2025 says of retention was not confirmed"
    for case in (NOBODY, APPOINTED):
        assert floor_of_case(case, silent) is None and ceiling_of_case(case, silent) is None
    assert floor_of_training(TrainingFile(CHEN), silent) is None


def test_a_training_file_is_kept_from_the_last_day_of_service() -> None:
    serving = TrainingFile(CHEN, service=Service("Registry", "standard", "officer", date(2020, 1, 1)))
    assert serving.service is not None
    left = replace(serving, service=replace(serving.service, until_on=date(2025, 6, 30)))
    found = floor_of_training(left, with_training(5))
    assert found is not None and found.kept_until == date(2030, 6, 30)
    assert floor_of_training(serving, with_training(5)) is None and floor_of_training(left, STANDARD) is None


def test_a_floor_above_its_ceiling_and_working_days_are_refused() -> None:
    assert STANDARD.retention is not None
    long, short = STANDARD.retention.with_appointment.at_most, STANDARD.retention.with_appointment.at_least
    assert long is not None and short is not None
    with pytest.raises(ValidationError, match="longer than"):
        CaseFiles(at_least=long, at_most=short)
    working = short.model_copy(update={"value": short.value.model_copy(update={"unit": Unit.WORKING_DAY})})
    with pytest.raises(ValidationError, match="working days"):
        CaseFiles(at_least=working)
    with pytest.raises(ValidationError, match="working days"):
        Retention(training_files=working)
