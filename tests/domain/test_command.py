"""Every command waits for its stage, comes from the organ whose duty it is, and from nobody who stands in the case."""

import pytest

from domain.case_opening import ResumeCase, SuspendCase
from domain.catalogue import DECIDE
from domain.command import Command
from domain.decision import HoldDecisionMeeting
from domain.identity import Actor, OfficerId, Role
from domain.nomination import CloseNominations, NominateCandidate, Particulars, WithdrawCandidate
from domain.pack import ON_RECORD
from domain.probation import ConfirmProbation, IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.record import ConcludeStage
from domain.refusal import ActsInOwnCase, OutOfOrder, WrongOrgan
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, Finding, RequestOpinion, ReturnOpinion
from domain.training_verification import VerifyTraining
from tests.domain.refusals import refused
from tests.examples import AUDIT, CHEN, CO_MANAGING, DECIDERS, DISCIPLINE, LI, PERSONNEL, SCHOOL, SUPERVISION, at, pack
from tests.lives import at_stage, meeting, only_candidate
from tests.spec import Story

START = at("2026-03-02")
LONG_AFTER = at("2026-09-01")
CLEARED = ConcludeSupervisionReview(conclusion=Conclusion.CLEARED, remarks="In order.")
ASK = RequestOpinion(organ=AUDIT.organ)
REST = SuspendCase(reason="A court has to rule on the post first.")


def the_step_of(story: Story, stage: str) -> Command:
    """A command that belongs to a stage, and would be granted in it."""
    steps: dict[str, Command] = {
        "nomination": NominateCandidate(person_id=LI, particulars=Particulars(full_name="Li")),
        "public_notice": OpenPublicNotice(),
        "supervision_review": ASK,
        "appointment": IssueAppointment(),
        "probation": ConfirmProbation(),
    }
    if story.pack.stage(stage).kind in ON_RECORD:
        return ConcludeStage()
    if stage == "training_verification":
        return VerifyTraining(candidate_id=only_candidate(story))
    return meeting(story, LONG_AFTER) if stage == "decision" else steps[stage]


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
@pytest.mark.parametrize("shift", [-1, 1])
def test_no_stage_is_begun_early_or_taken_up_again(pack_id: str, shift: int) -> None:
    everybody = Actor(officer=OfficerId("officer-all"), organ=PERSONNEL.organ, roles=tuple(Role))
    stages = [stage.id for stage in pack(pack_id).stages if stage.kind not in ON_RECORD]
    for place, stage in enumerate(stages[1:], start=1):
        story = at_stage(pack_id, stage, START)
        for other in stages[:place] if shift < 0 else stages[place + 1 :]:
            refusal = refused(story, OutOfOrder, the_step_of(story, other), everybody, LONG_AFTER)
            assert (refusal.facts["stage"], refusal.facts["wanted"]) == (stage, other)
            assert ("is over" if shift < 0 else "has not begun") in refusal.sentence


@pytest.mark.parametrize("pack_id", ["standard", "cn.sr2019"])
def test_no_stage_is_taken_by_an_organ_without_its_duty(pack_id: str) -> None:
    cast = (PERSONNEL, SCHOOL, SUPERVISION, DECIDERS)
    for stage in pack(pack_id).stages:
        story = at_stage(pack_id, stage.id, START)
        step = the_step_of(story, stage.id)
        for actor in cast:
            if stage.duty.holder not in actor.roles:
                refusal = refused(story, WrongOrgan, step, actor, LONG_AFTER)
                assert refusal.facts["duty_holder"] == stage.duty.holder


def test_a_candidate_takes_no_step_in_the_case() -> None:
    chen = Actor(officer=OfficerId(CHEN), organ=SUPERVISION.organ, roles=tuple(Role))
    verified = at_stage("standard", "training_verification", START)
    refused(verified, ActsInOwnCase, the_step_of(verified, "training_verification"), chen, START)
    reviewed = at_stage("standard", "supervision_review", START)
    refused(reviewed, ActsInOwnCase, CLEARED, chen, LONG_AFTER)
    asked = reviewed.when(ASK, SUPERVISION, at("2026-03-11"))
    answer = ReturnOpinion(organ=AUDIT.organ, finding=Finding.NO_OBJECTION, text="None.")
    refused(asked, ActsInOwnCase, answer, chen, LONG_AFTER)


def test_a_candidate_does_not_resume_the_case() -> None:
    chen = Actor(officer=OfficerId(CHEN), organ=SUPERVISION.organ, roles=(Role.SUPERVISION,))
    story = at_stage("standard", "decision", START).when(REST, SUPERVISION, LONG_AFTER)
    refused(story, ActsInOwnCase, ResumeCase(), chen, LONG_AFTER)


def test_nobody_acts_for_a_candidate_who_stands_in_the_case() -> None:
    stand_in = Actor(
        officer=OfficerId("officer-stand-in"), organ=SCHOOL.organ, roles=(Role.SCHOOL,), on_behalf_of=OfficerId(CHEN)
    )
    story = at_stage("standard", "training_verification", START)
    refused(story, ActsInOwnCase, the_step_of(story, "training_verification"), stand_in, START)


CONSULTED = {"standard": [AUDIT], "cn.sr2019": [DISCIPLINE, CO_MANAGING]}


@pytest.mark.parametrize("pack_id", list(CONSULTED))
def test_an_organ_that_is_asked_its_opinion_supervises_nothing(pack_id: str) -> None:
    story = at_stage(pack_id, "supervision_review", START)
    resting = story.when(REST, SUPERVISION, LONG_AFTER)
    for organ in CONSULTED[pack_id]:
        ask = RequestOpinion(organ=organ.organ)
        for command in (ask, CLEARED, REST):
            assert refused(story, WrongOrgan, command, organ, LONG_AFTER).facts["organ"] == organ.organ
        refused(resting, WrongOrgan, ResumeCase(), organ, LONG_AFTER)
        answer = ReturnOpinion(organ=organ.organ, finding=Finding.NO_OBJECTION, text="None.")
        assert story.when(ask, SUPERVISION, LONG_AFTER).when(answer, organ, LONG_AFTER).latest


def test_a_candidate_who_was_withdrawn_still_takes_no_step() -> None:
    story = at_stage("standard", "nomination", START)
    for person in (CHEN, LI):
        wish = NominateCandidate(person_id=person, particulars=Particulars(full_name="Somebody"))
        story = story.when(wish, PERSONNEL, START)
    story = story.when(WithdrawCandidate(candidate_id=only_candidate(story)), PERSONNEL, START)
    chen = Actor(officer=OfficerId(CHEN), organ=PERSONNEL.organ, roles=(Role.PERSONNEL,))
    refused(story, ActsInOwnCase, CloseNominations(), chen, START)


def test_every_command_has_its_decide_function_under_its_own_name() -> None:
    assert {command.name(): decide.__name__ for command, decide in DECIDE.items()} == {
        command.name(): command.name() for command in DECIDE
    }
    assert HoldDecisionMeeting.name() == "hold_decision_meeting"
