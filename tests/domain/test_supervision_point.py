"""Every stage is watched at its points; where the pack asks for it, no letter is issued while one stands empty."""

from datetime import datetime

from domain.appointment import SuspendedCase
from domain.case_opening import SuspendCase
from domain.duty import AssignDuty
from domain.identity import Actor, OfficerId, OrganId, Role
from domain.probation import AppointmentIssued, ConfirmProbation, IssueAppointment, ProbationConfirmed
from domain.refusal import ActsInOwnCase, ReviewsOwnWork, UnknownChoice, WrongOrgan
from domain.supervision_point import (
    AttendSupervisionPoint,
    Observation,
    ObservationUnsaid,
    PointAlreadyAttended,
    PointNotYetReached,
    PointsUnattended,
    SupervisionPointAttended,
    unattended_points,
)
from tests.domain.refusals import refused
from tests.domain.variants import under, variant
from tests.examples import CHEN, DECIDERS, PERSONNEL, SUPERVISION, at
from tests.lives import appointed, at_stage, live, opened, run_out
from tests.spec import Story

START = at("2026-03-02")
STRICT = variant("standard", {"supervision.every_point_attended.value": True})
WATCHED = {stage.id: stage.duty.watched_by for stage in STRICT.stages}


def seeing(stage: str, observation: Observation = Observation.NONE, **more: str) -> AttendSupervisionPoint:
    return AttendSupervisionPoint(stage_id=stage, point="whole", observation=observation, **more)


def all_attended(story: Story, at: datetime) -> Story:
    for stage, point in list(unattended_points(live(story), story.pack)):
        watcher = DECIDERS if WATCHED[stage] is Role.DECISION_BODY else SUPERVISION
        command = AttendSupervisionPoint(stage_id=stage, point=point, observation=Observation.NONE)
        story = story.when(command, watcher, at)
    return story


def test_the_watching_organ_attends_a_point_of_a_stage_that_is_over_or_under_way() -> None:
    story = at_stage("standard", "training_verification", START)
    assert list(unattended_points(live(story), story.pack)) == [
        ("nomination", "whole"),
        ("training_verification", "whole"),
    ]
    story = story.when(seeing("nomination", Observation.REMARK, text="One name was added late."), SUPERVISION, START)
    seen = story.then(SupervisionPointAttended)
    assert (seen.observation, seen.text) == (Observation.REMARK, "One name was added late.")
    assert seen.without_sealed().text is None
    assert list(unattended_points(live(story), story.pack)) == [("training_verification", "whole")]


def test_a_point_is_attended_by_its_watcher_once_it_is_reached_and_once() -> None:
    story = at_stage("standard", "training_verification", START)
    refused(story, WrongOrgan, seeing("nomination"), PERSONNEL, START)
    refused(story, PointNotYetReached, seeing("decision"), SUPERVISION, START)
    refused(story, UnknownChoice, seeing("hearing"), SUPERVISION, START)
    refused(story, ObservationUnsaid, seeing("nomination", Observation.CONCERN), SUPERVISION, START)
    once = story.when(seeing("nomination"), SUPERVISION, START)
    refused(once, PointAlreadyAttended, seeing("nomination"), SUPERVISION, START)


def test_nobody_watches_their_own_work_or_their_own_case() -> None:
    opener = SUPERVISION.model_copy(update={"officer": PERSONNEL.officer})
    story = at_stage("standard", "training_verification", START)
    refused(story, ReviewsOwnWork, seeing("nomination"), opener, START)
    candidate = Actor(officer=OfficerId(CHEN), organ=OrganId("supervision-organ"), roles=(Role.SUPERVISION,))
    refused(story, ActsInOwnCase, seeing("nomination"), candidate, START)
    at_review = at_stage("standard", "supervision_review", START).when(
        AssignDuty(stage_id="supervision_review", officer=DECIDERS.officer), SUPERVISION, at("2026-03-20")
    )
    refused(at_review, ReviewsOwnWork, seeing("supervision_review"), DECIDERS, at("2026-03-20"))


def test_a_resting_case_is_watched_too() -> None:
    story = opened("standard", START).when(SuspendCase(reason="Waiting for a ruling."), SUPERVISION, START)
    watched = story.when(seeing("nomination"), SUPERVISION, START)
    assert isinstance(watched.case, SuspendedCase)
    assert not list(unattended_points(live(watched), watched.pack))


def test_no_letter_is_issued_while_a_point_stands_empty_where_the_pack_asks_for_every_one() -> None:
    later = at("2026-04-20")
    story = at_stage("standard", "appointment", START)
    assert story.when(IssueAppointment(), PERSONNEL, later).then(AppointmentIssued)
    strict = under(STRICT, story)
    no = refused(strict, PointsUnattended, IssueAppointment(), PERSONNEL, later)
    assert no.citation is not None
    assert no.facts["unattended"] == [f"{stage} whole" for stage in live(strict).completed]
    assert all_attended(strict, later).when(IssueAppointment(), PERSONNEL, later).then(AppointmentIssued)


def test_nobody_is_confirmed_while_the_point_of_the_probation_itself_stands_empty() -> None:
    later, at_last = at("2026-04-20"), at("2027-05-03")
    story = appointed(all_attended(under(STRICT, at_stage("standard", "appointment", START)), later), later)
    story = run_out(story, "probation")
    no = refused(story, PointsUnattended, ConfirmProbation(), PERSONNEL, at_last)
    assert no.facts["unattended"] == ["probation whole"]
    assert all_attended(story, at_last).when(ConfirmProbation(), PERSONNEL, at_last).then(ProbationConfirmed)
