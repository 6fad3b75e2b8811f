"""Campaigns under the United Kingdom's governance code: the three gates of November 2025, and what delay costs."""

from datetime import date

import pytest

from domain.appointment import ClosedCase
from domain.clock import ClockStarted, ClockStopped
from domain.conflict import DeclareInterests, UndeclaredRelationFound
from domain.declaration import CrossCheckMissing, DeclarationMissing
from domain.deviation import AllowDeviation
from domain.exceptional_appointment import ProposeException
from domain.interests import FoundRelation, RelationKind
from domain.merit import CriteriaMissing, CriterionRefused, SetCriteria, WeightedCriterion
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.pack import StageKind
from domain.prior_report import PriorConsentMissing, RecordSuperiorReply, Reply, ReportToSuperior
from domain.probation import IssueAppointment
from domain.record import ConcludeStage, RecordEntered, RecordIncomplete, RecordTooEarly, TooFewPeople
from domain.recusal import ConflictUndecided
from domain.refusal import OutOfOrder, UnknownChoice
from domain.stage import CaseEnded, Outcome
from domain.stage_gate import RecordMissing
from domain.timer import timers
from tests.domain.refusals import refused
from tests.examples import CHEN, pack
from tests.lives import live, run_out
from tests.regimes.campaigns import (
    CLOSING,
    COMMISSIONER,
    DEPARTMENT,
    ID,
    IN_MAY,
    INDEPENDENT,
    LOOKED_UP,
    MEASURED,
    MINISTER,
    START,
    advertised,
    announced,
    applied,
    assessed,
    before_the_announcement,
    before_the_panel,
    choice,
    chosen,
    closed,
    interests_checked,
    on,
    on_each,
    opened,
    record,
    specified,
    standing,
)
from tests.spec import Story

LATE = on("2026-07-06")


def missing(story: Story) -> list[str]:
    """Which records the stage still lacks when its holder would end it."""
    said = refused(story, RecordMissing, ConcludeStage(), DEPARTMENT, IN_MAY)
    found = said.facts["missing"]
    assert isinstance(found, list)
    return found


def test_a_campaign_leads_from_the_specification_to_the_letter() -> None:
    story = announced(before_the_announcement()).when(ConcludeStage(), DEPARTMENT, IN_MAY)
    story = story.when(IssueAppointment(), DEPARTMENT, IN_MAY)
    assert story.then(CaseEnded).outcome is Outcome.APPOINTED


def test_the_public_notices_are_the_advertisement_and_the_announcement() -> None:
    law = pack(ID)
    assert not law.has(StageKind.PUBLIC_NOTICE) and not law.has(StageKind.TRAINING_VERIFICATION)
    assert not law.has(StageKind.PROBATION) and law.objection_rules is None


def test_the_minister_agrees_the_role_before_it_is_advertised() -> None:
    story = opened().when(record("role_specification"), DEPARTMENT, START)
    said = refused(story, RecordMissing, ConcludeStage(), DEPARTMENT, START)
    assert (said.rule_path, said.facts["duty_holder"]) == ("records.role_specification.signed_by", "decision_body")


@pytest.mark.parametrize("left_out", ["role", "panel", "dates"])
def test_an_advertisement_shows_role_panel_and_dates(left_out: str) -> None:
    items = tuple(item for item in ("role", "panel", "dates") if item != left_out)
    said = refused(specified(opened()), RecordIncomplete, record("advertisement", items=items), DEPARTMENT, START)
    assert said.facts["missing"] == [left_out]


def test_applications_close_after_the_advertisement_and_not_unseen() -> None:
    story = applied(advertised(specified(opened())))
    refused(story, RecordMissing, CloseNominations(), DEPARTMENT, CLOSING)
    same_day = record("closing_date", dated_on=date(2026, 3, 2))
    refused(story, RecordTooEarly, same_day, DEPARTMENT, CLOSING)
    assert closed(story).events


def test_three_sit_on_a_panel_an_official_and_an_independent_member_among_them() -> None:
    story = before_the_panel()
    refused(story, TooFewPeople, record("panel", people=("chair", "official")), DEPARTMENT, IN_MAY)
    said = refused(story, RecordIncomplete, record("panel", items=("official",)), DEPARTMENT, IN_MAY)
    assert said.facts["missing"] == ["independent_member"]


def test_a_significant_appointment_has_a_senior_independent_member() -> None:
    story = before_the_panel("significant").when(record("panel"), DEPARTMENT, IN_MAY)
    story = on_each(story, "interview", "assessment", "time_served")
    assert missing(story) == ["senior_independent_member"]
    story.when(record("senior_independent_member"), DEPARTMENT, IN_MAY).when(ConcludeStage(), DEPARTMENT, IN_MAY)


def test_the_minister_chooses_among_the_appointable() -> None:
    story = before_the_panel().when(record("panel"), DEPARTMENT, IN_MAY)
    first, second = standing(story)
    out = story.when(record("assessment", candidate_id=first, in_order=False), DEPARTMENT, IN_MAY)
    assert out.then(RecordEntered).puts_out and standing(out) == (second,)
    story = on_each(out, "interview", "assessment", "time_served").when(ConcludeStage(), DEPARTMENT, IN_MAY)
    story = interests_checked(story)
    not_appointable = choice(assessed())
    refused(story, UnknownChoice, not_appointable, MINISTER, IN_MAY)
    assert live(chosen(story)).chosen == second


def test_where_nobody_is_appointable_the_campaign_ends() -> None:
    story = before_the_panel()
    for candidate in standing(story):
        story = story.when(record("assessment", candidate_id=candidate, in_order=False), DEPARTMENT, IN_MAY)
    assert story.then(CaseEnded).outcome is Outcome.NO_CANDIDATE_LEFT


def test_first_gate_the_ministers_interests_are_checked_against_donations_before_the_choice() -> None:
    story = assessed()
    undeclared = refused(story, DeclarationMissing, choice(story), MINISTER, IN_MAY)
    assert undeclared.facts["missing"] == [MINISTER.officer] and undeclared.citation and undeclared.citation.verified
    declared = story.when(DeclareInterests(), MINISTER, IN_MAY)
    unchecked = refused(declared, CrossCheckMissing, choice(story), MINISTER, IN_MAY)
    assert unchecked.rule_path == "conflicts.cross_check" and unchecked.citation and unchecked.citation.verified
    assert live(chosen(declared.when(LOOKED_UP, DEPARTMENT, IN_MAY))).stage == "announcement"


def test_a_declaration_from_before_anybody_applied_says_nothing_of_those_who_did() -> None:
    early = interests_checked(advertised(specified(opened())), START)
    story = assessed(closed(applied(early)))
    refused(story, DeclarationMissing, choice(story), MINISTER, IN_MAY)
    declared = story.when(DeclareInterests(), MINISTER, IN_MAY)
    refused(declared, CrossCheckMissing, choice(story), MINISTER, IN_MAY)


def test_a_minister_who_took_a_donation_from_a_candidate_waits_for_the_commissioners_side() -> None:
    story = assessed()
    donor = FoundRelation(candidate_id=standing(story)[0], kind=RelationKind.DONATION)
    found = story.when(DeclareInterests(), MINISTER, IN_MAY)
    found = found.when(LOOKED_UP.model_copy(update={"found": (donor,)}), DEPARTMENT, IN_MAY)
    assert found.then(UndeclaredRelationFound).officer == MINISTER.officer
    refused(found, ConflictUndecided, choice(story), MINISTER, IN_MAY)


def test_nobody_applies_before_it_is_on_record_what_they_are_measured_by() -> None:
    wish = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Somebody"))
    story = advertised(specified(opened()))
    assert refused(story, CriteriaMissing, wish, DEPARTMENT, CLOSING).rule_path == "merit.required"
    loyal = SetCriteria(criteria=(WeightedCriterion(criterion="political_loyalty", weight=100),))
    refused(story, CriterionRefused, loyal, DEPARTMENT, CLOSING)
    assert story.when(MEASURED, DEPARTMENT, CLOSING).when(wish, DEPARTMENT, CLOSING).latest


def test_second_gate_the_interview_record_shows_that_the_conflict_was_put() -> None:
    story = before_the_panel().when(record("panel"), DEPARTMENT, IN_MAY)
    story = on_each(story, "assessment", "time_served")
    first, second = standing(story)
    assert missing(story) == [f"interview/{first}", f"interview/{second}"]
    silent = record("interview", candidate_id=first, items=("answer",))
    said = refused(story, RecordIncomplete, silent, DEPARTMENT, IN_MAY)
    assert said.facts["missing"] == ["conflict_put"] and said.citation and said.citation.verified


def test_third_gate_the_announcement_shows_political_activity() -> None:
    story = before_the_announcement()
    for name in ("announcement", "audit_trail"):
        story = story.when(record(name), DEPARTMENT, IN_MAY)
    assert missing(story) == ["political_activity"]
    refused(story, RecordIncomplete, record("political_activity", items=()), DEPARTMENT, IN_MAY)
    refused(story, OutOfOrder, IssueAppointment(), DEPARTMENT, IN_MAY)


def test_a_campaign_keeps_the_papers_of_recruiters() -> None:
    papers = record("audit_trail", items=("campaign_papers",))
    said = refused(before_the_announcement(), RecordIncomplete, papers, DEPARTMENT, IN_MAY)
    assert said.facts["missing"] == ["recruiter_papers"]


def test_the_aim_is_three_months_from_the_closing_date_to_the_announcement() -> None:
    started = [event for event in before_the_panel().events if isinstance(event, ClockStarted)]
    assert [(event.clock, event.due_on) for event in started] == [("campaign", date(2026, 7, 1))]
    in_time = announced(before_the_announcement())
    stopped = next(event for event in in_time.events if isinstance(event, ClockStopped))
    assert (stopped.stopped_on, stopped.late) == (date(2026, 5, 11), False)
    assert not timers(in_time.case, in_time.pack)
    in_time.when(ConcludeStage(), DEPARTMENT, IN_MAY)


def test_a_late_campaign_goes_on_and_says_why() -> None:
    story = announced(run_out(before_the_announcement(), "clock:campaign"), LATE)
    said = refused(story, RecordMissing, ConcludeStage(), DEPARTMENT, LATE)
    assert said.facts["missing"] == ["delay_statement"]
    refused(story, RecordIncomplete, record("delay_statement", items=("days_by_stage",)), DEPARTMENT, LATE)
    story = story.when(record("delay_statement"), DEPARTMENT, LATE).when(ConcludeStage(), DEPARTMENT, LATE)
    assert live(story).stage == "appointment"


def test_whoever_served_too_long_holds_the_panel_until_a_deviation_says_why() -> None:
    story = before_the_panel().when(record("panel"), DEPARTMENT, IN_MAY)
    story = on_each(story, "interview", "assessment", "time_served")
    first, _ = standing(story)
    story = story.when(record("time_served", candidate_id=first, in_order=False), DEPARTMENT, IN_MAY)
    assert missing(story) == [f"time_served/{first}"]
    waiver = AllowDeviation(
        rule="records.time_served.needed", code="with_commissioner", reason="A successor is to be found within a year."
    )
    story.when(waiver, INDEPENDENT, IN_MAY).when(ConcludeStage(), DEPARTMENT, IN_MAY)


def without_competition() -> Story:
    """Nobody was advertised for; one person stands before the minister."""
    wish = ProposeException(kind="no_competition", reason="The regulator must be led from the day of the Act.")
    story = specified(opened()).when(wish, DEPARTMENT, START).when(ConcludeStage(), DEPARTMENT, START)
    story = applied(story, CHEN).when(CloseNominations(), DEPARTMENT, CLOSING)
    story = on_each(story, "interview", "time_served").when(ConcludeStage(), DEPARTMENT, IN_MAY)
    return interests_checked(story)


def test_without_competition_there_is_no_choice_before_the_commissioner_was_heard() -> None:
    story = without_competition()
    refused(story, PriorConsentMissing, choice(story), MINISTER, IN_MAY)
    matter = next(iter(live(story).proposed_exceptions))
    report = ReportToSuperior(matter=matter, statement="One person is known who can begin at once.")
    story = story.when(report, DEPARTMENT, IN_MAY)
    silent = run_out(story, f"prior_report:{matter}")
    refused(silent, PriorConsentMissing, choice(silent, LATE), MINISTER, LATE)
    reply = RecordSuperiorReply(matter=matter, reply=Reply.REFUSES, text="A competition could be run in ten weeks.")
    heard = chosen(silent.when(reply, COMMISSIONER, LATE), LATE)
    assert live(heard).stage == "announcement", "the Commissioner is consulted, and does not decide"


def test_without_competition_the_reasons_are_made_public() -> None:
    story = without_competition()
    matter = next(iter(live(story).proposed_exceptions))
    story = story.when(ReportToSuperior(matter=matter, statement="One person is known."), DEPARTMENT, IN_MAY)
    reply = RecordSuperiorReply(matter=matter, reply=Reply.CONSENTS, text="The reasons are good.")
    story = announced(chosen(story.when(reply, COMMISSIONER, IN_MAY)))
    assert missing(story) == ["public_reasons"]
    story = story.when(record("public_reasons"), DEPARTMENT, IN_MAY).when(ConcludeStage(), DEPARTMENT, IN_MAY)
    assert isinstance(story.when(IssueAppointment(), DEPARTMENT, IN_MAY).case, ClosedCase)


def test_what_was_not_read_in_the_code_is_not_shown_as_law() -> None:
    law = pack(ID)
    unseen = ("records.panel.people", "records.panel.items", "records.time_served.needed", "records.announcement.items")
    assert not any(law.rule(path).confidence.verified for path in unseen)
