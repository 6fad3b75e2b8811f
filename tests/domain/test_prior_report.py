"""What must be reported before the decision blocks it until the answer is there: silence never is consent."""

from typing import Any

import pytest

from domain.case_opening import ResumeCase, SuspendCase
from domain.decision import DecisionTaken
from domain.exceptional_appointment import CareerFacts, ExceptionProposed, ProposeException, WithdrawException
from domain.hold import HoldCode, PlaceHold
from domain.identity import Actor, OfficerId, OrganId, Role
from domain.next_step import next_steps
from domain.prior_report import (
    AlreadyReported,
    NothingReported,
    PaperMissing,
    PriorConsentMissing,
    RecordSuperiorReply,
    RepliesInOwnCase,
    Reply,
    ReportAfterDecision,
    ReportedToSuperior,
    ReportToSuperior,
    SuperiorReplied,
    SuperiorSilent,
)
from domain.refusal import HeldByReviewer, UnknownChoice, WrongOrgan
from domain.supervision_review import RequestOpinion
from domain.timer import timers
from tests.domain.refusals import refused
from tests.domain.variants import variant
from tests.examples import DECIDERS, PERSONNEL, SCHOOL, SUPERVISION, at
from tests.lives import (
    at_stage,
    live,
    meeting,
    nominated,
    noticed,
    only_candidate,
    opened,
    reviewed,
    run_out,
    trained,
)
from tests.spec import Story

START = at("2026-03-02")
MATTER = "leader_leaving"
SUPERIOR = Actor(officer=OfficerId("officer-superior"), organ=OrganId("superior-organ"), roles=(Role.SUPERVISION,))
REPORT = ReportToSuperior(matter=MATTER, statement="The head of the bureau leaves office in April.")


def replying(matter: str = MATTER, reply: Reply = Reply.CONSENTS, paper: str | None = None) -> RecordSuperiorReply:
    return RecordSuperiorReply(matter=matter, reply=reply, paper=paper, text="As reported.")


def deciding(pack_id: str = "cn.sr2019") -> Story:
    return at_stage(pack_id, "decision", START)


def reported() -> Story:
    return deciding().when(REPORT, PERSONNEL, START)


def excepted() -> tuple[Story, str]:
    """A case about to be decided in which an exceptional promotion was proposed, and the exception's id."""
    story = deciding()
    wish = ProposeException(
        kind="exceptional_promotion",
        candidate_id=only_candidate(story),
        reason="Led the flood defence of 2025.",
        facts=CareerFacts(basis="personal file", in_probation=False, last_was_exceptional=False, levels=1),
    )
    story = story.when(wish, PERSONNEL, START)
    return story, story.then(ExceptionProposed).exception_id


def blocked(story: Story, **meet: Any) -> PriorConsentMissing:
    return refused(story, PriorConsentMissing, meeting(story, START, **meet), DECIDERS, START)


def test_a_reported_matter_blocks_the_meeting_until_the_superior_consents() -> None:
    story = reported()
    event = story.then(ReportedToSuperior)
    assert (event.organ, event.answer_by.counted, str(event.on_expiry)) == ("superior-organ", 10, "block")
    assert set(event.rules_applied()) <= {path for path, _ in story.pack.rules()}
    refusal = blocked(story)
    assert refusal.rule_path == "prior_reports.superior-organ.consent_needed" and refusal.facts["missing"] == [MATTER]
    story = story.when(replying(), SUPERIOR, START)
    assert story.then(SuperiorReplied).reply is Reply.CONSENTS
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken)


def test_even_a_meeting_without_a_quorum_is_not_to_be_held() -> None:
    blocked(reported(), present=2)


def test_silence_past_the_date_counts_against_the_superior_and_consents_to_nothing() -> None:
    story = run_out(reported(), f"prior_report:{MATTER}")
    silent = story.then(SuperiorSilent)
    assert (silent.organ, str(silent.on_expiry)) == ("superior-organ", "block")
    later = at("2026-04-20")
    refused(story, PriorConsentMissing, meeting(story, later), DECIDERS, later)
    assert [timer.name for timer in timers(story.case, story.pack)] == ["stage:decision"]
    story = story.when(replying(), SUPERIOR, later)
    assert story.when(meeting(story, later), DECIDERS, later).then(DecisionTaken)


def test_a_refusal_blocks_and_the_matter_may_be_reported_again() -> None:
    story = reported().when(replying(reply=Reply.REFUSES), SUPERIOR, START)
    blocked(story)
    refused(story, NothingReported, replying(), SUPERIOR, START)
    story = story.when(REPORT, PERSONNEL, START).when(replying(), SUPERIOR, START)
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken)


def test_an_exception_that_was_not_reported_blocks_by_itself() -> None:
    story, name = excepted()
    assert blocked(story).facts["missing"] == [name]
    story = story.when(REPORT.model_copy(update={"matter": name}), PERSONNEL, START)
    assert story.then(ReportedToSuperior).about == "exceptions.exceptional_promotion.needs_prior_report"
    blocked(story)
    story = story.when(replying(name), SUPERIOR, START)
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken)


def test_a_withdrawn_exception_blocks_no_more_and_its_clock_is_gone() -> None:
    story, name = excepted()
    story = story.when(REPORT.model_copy(update={"matter": name}), PERSONNEL, START)
    assert f"prior_report:{name}" in [timer.name for timer in timers(story.case, story.pack)]
    story = story.when(WithdrawException(exception_id=name, reason="It takes the ordinary course."), PERSONNEL, START)
    assert f"prior_report:{name}" not in [timer.name for timer in timers(story.case, story.pack)]
    assert story.when(meeting(story, START), DECIDERS, START).then(DecisionTaken)


@pytest.mark.parametrize("reply", Reply)
def test_a_regulator_who_is_consulted_must_have_answered_and_does_not_bind(reply: Reply) -> None:
    regulator = Actor(officer=OfficerId("reg"), organ=OrganId("appointments-regulator"), roles=(Role.SUPERVISION,))
    story = opened("standard", START)
    wish = ProposeException(kind="no_competition", reason="A court date stands.")
    story = story.when(wish, PERSONNEL, START)
    name = story.then(ExceptionProposed).exception_id
    story = story.when(REPORT.model_copy(update={"matter": name}), PERSONNEL, START)
    assert live(story).reports_that_count[name].organ == regulator.organ
    later = at("2026-03-23")
    story = reviewed(noticed(trained(nominated(story, START), START), START), later)
    refused(story, PriorConsentMissing, meeting(story, later), DECIDERS, later)
    story = story.when(replying(name, reply), regulator, later)
    assert story.when(meeting(story, later), DECIDERS, later).then(DecisionTaken)


def test_supervision_may_report_what_personnel_keep_quiet_about_and_others_may_not() -> None:
    assert deciding().when(REPORT, SUPERVISION, START).then(ReportedToSuperior)
    refused(deciding(), WrongOrgan, REPORT, SCHOOL, START)


def test_a_matter_is_reported_once_and_before_the_decision() -> None:
    refused(reported(), AlreadyReported, REPORT, PERSONNEL, START)
    story = at_stage("cn.sr2019", "public_notice", START)
    refused(story, ReportAfterDecision, REPORT, PERSONNEL, START)
    refused(story, UnknownChoice, REPORT.model_copy(update={"matter": "weather"}), PERSONNEL, START)


def test_supervision_records_a_reply_from_its_paper_and_not_without() -> None:
    assert refused(reported(), PaperMissing, replying(), SUPERVISION, START).field == "paper"
    story = reported().when(replying(paper="reply 2026/118"), SUPERVISION, START)
    assert story.then(SuperiorReplied).paper == "reply 2026/118"
    refused(reported(), WrongOrgan, replying(paper="reply 2026/118"), PERSONNEL, START)
    refused(deciding(), NothingReported, replying(paper="reply 2026/118"), SUPERVISION, START)


def test_the_superior_organ_supervises_nothing_else_and_answers_only_what_it_was_asked() -> None:
    refused(
        at_stage("cn.sr2019", "supervision_review", START),
        WrongOrgan,
        RequestOpinion(organ=OrganId("discipline-organ")),
        SUPERIOR,
        START,
    )
    refused(deciding(), WrongOrgan, replying(), SUPERIOR, START)


def test_who_ran_the_case_records_no_reply_in_it() -> None:
    opener = SUPERVISION.model_copy(update={"officer": PERSONNEL.officer})
    refused(reported(), RepliesInOwnCase, replying(paper="reply 2026/118"), opener, START)


def test_whoever_reported_a_matter_records_no_reply_to_it() -> None:
    story = deciding().when(REPORT, SUPERVISION, START)
    answer = replying(paper="reply 2026/118")
    assert "You reported" in refused(story, RepliesInOwnCase, answer, SUPERVISION, START).sentence
    deputy = SUPERVISION.model_copy(update={"officer": OfficerId("deputy"), "on_behalf_of": SUPERVISION.officer})
    refused(story, RepliesInOwnCase, answer, deputy, START)
    colleague = SUPERVISION.model_copy(update={"officer": OfficerId("officer-colleague")})
    for actor in (colleague, SUPERIOR):
        assert story.when(answer, actor, START).then(SuperiorReplied)


def test_a_hold_stops_the_report_of_personnel_and_not_that_of_supervision() -> None:
    held = deciding().when(PlaceHold(code=HoldCode.PROCEDURE, reason="A matter was kept quiet."), SUPERVISION, START)
    refused(held, HeldByReviewer, REPORT, PERSONNEL, START)
    reported_by_supervision = held.when(REPORT, SUPERVISION, START)
    assert reported_by_supervision.when(replying(), SUPERIOR, START).then(SuperiorReplied)


def test_the_reply_keeps_the_time_that_was_left_when_a_case_rests() -> None:
    story = reported().when(SuspendCase(reason="A court has to rule first."), SUPERVISION, at("2026-03-03"))
    story = story.when(ResumeCase(), SUPERVISION, at("2026-04-01"))
    clock = next(timer for timer in timers(story.case, story.pack) if timer.name == f"prior_report:{MATTER}")
    assert clock.due_on > reported().then(ReportedToSuperior).answer_by.closes_on


def test_the_next_step_of_a_blocked_case_is_the_report_and_then_the_reply() -> None:
    story, name = excepted()
    assert [(step.by, step.step) for step in next_steps(story.case, story.pack, START.date())] == [
        ("personnel", "report_to_superior")
    ]
    story = story.when(REPORT.model_copy(update={"matter": name}), PERSONNEL, START)
    assert [(step.by, step.step, step.organ) for step in next_steps(story.case, story.pack, START.date())] == [
        ("supervision", "record_superior_reply", "superior-organ")
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"exceptions.0.reported_to": "nobody-listed"},
        {"exceptions.0.reported_to": None},
        {"prior_reports.0.on_expiry.value": "consent"},
    ],
)
def test_a_pack_whose_reports_go_nowhere_or_pass_by_silence_is_no_pack(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        variant("cn.sr2019", changes)
