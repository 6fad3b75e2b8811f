"""Each stage has one officer on duty by the word of the organ that holds it."""

import pytest

from domain.duty import AssignDuty, CandidateOnDuty, DutyAssigned, NoDutyLeft, OfficerOfAnotherOrgan
from domain.identity import OfficerId, OrganId
from domain.refusal import UnknownChoice, WrongOrgan
from domain.stage_rule import Duty
from tests.domain.refusals import refused
from tests.domain.variants import variant
from tests.examples import CHEN, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import at_stage, live, nominated, opened

START = at("2026-03-02")
WU = OfficerId("officer-wu")


def test_an_organ_assigns_its_officer_before_the_stage_and_while_it_runs() -> None:
    story = opened("standard", START)
    early = story.when(AssignDuty(stage_id="training_verification", officer=WU), SCHOOL, START)
    assigned = early.then(DutyAssigned)
    assert (assigned.officer, assigned.organ, assigned.assigned_stage) == (WU, SCHOOL.organ, "training_verification")
    running = nominated(early, START).when(
        AssignDuty(stage_id="training_verification", officer=SCHOOL.officer, known_in=SCHOOL.organ), SCHOOL, START
    )
    assert live(running).supervised.on_duty == {"training_verification": SCHOOL.officer}


def test_only_the_organ_that_holds_a_stage_assigns_at_it() -> None:
    story = opened("standard", START)
    refused(story, WrongOrgan, AssignDuty(stage_id="decision", officer=WU), PERSONNEL, START)
    other = AssignDuty(stage_id="nomination", officer=WU, known_in=OrganId("elsewhere"))
    assert refused(story, OfficerOfAnotherOrgan, other, PERSONNEL, START).facts["organ"] == "elsewhere"


def test_nobody_is_put_on_duty_for_a_stage_that_is_over_or_unknown_or_their_own_case() -> None:
    story = at_stage("standard", "training_verification", START)
    refused(story, NoDutyLeft, AssignDuty(stage_id="nomination", officer=WU), PERSONNEL, START)
    refused(story, UnknownChoice, AssignDuty(stage_id="hearing", officer=WU), PERSONNEL, START)
    refused(story, CandidateOnDuty, AssignDuty(stage_id="appointment", officer=CHEN), PERSONNEL, START)


def test_a_stage_is_watched_by_another_organ_at_points_with_ids_of_their_own() -> None:
    with pytest.raises(ValueError, match="cannot watch itself"):
        variant("standard", {"stages.0.duty.watched_by": "personnel"})
    point = {"id": "register", "watches": {"en": "the register", "zh": "登记"}}
    with pytest.raises(ValueError, match="an id twice"):
        variant("standard", {"stages.0.duty.watch_points": [point, point]})
    duty: Duty = variant("standard", {"stages.0.duty.watch_points": [point]}).stages[0].duty
    assert [found.id for found in duty.points] == ["register"]
    assert [found.id for found in variant("standard", {}).stages[0].duty.points] == ["whole"]
    assert SUPERVISION.roles[0] is duty.watched_by
