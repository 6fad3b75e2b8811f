"""What a record must hold and does not: why, where a waiver or a silence stands for it, and when it is not due yet."""

from dataclasses import replace
from datetime import date

from domain.completeness import Completeness, Required, Standing, completeness
from domain.deviation import AllowDeviation
from domain.event import Event
from domain.reconsideration import ReconsiderDecision
from domain.record import RecordEntered
from domain.record_signature import RecordSigned
from eventstore.packs import reference_of
from tests.domain.meetings import START, at_decision
from tests.domain.variants import variant
from tests.examples import DECIDERS, SUPERVISION, pack
from tests.lives import decided, live, meeting, run_out
from tests.recorded import recorded
from tests.regimes.hearings import notified
from tests.regimes.whole_case import Journey, opening


def stated(journey: Journey) -> Completeness:
    return completeness(recorded(journey.story), journey.law, journey.today)


def found(statement: Completeness, kind: str, what: str, stage: str | None = None) -> Required:
    return next(
        fact for fact in statement.facts if (fact.kind, fact.what) == (kind, what) and stage in (None, fact.stage)
    )


def test_what_is_to_come_is_not_due_and_nothing_is_missing() -> None:
    statement = stated(opening(pack("cn.sr2019")).until("inspection"))
    assert statement.is_complete
    assert found(statement, "record", "analysis").standing is Standing.PRESENT
    under_way, ahead = found(statement, "record", "file_review"), found(statement, "decision", "decision_taken")
    assert (under_way.standing, under_way.why) == (Standing.NOT_DUE, "under_way")
    assert (ahead.standing, ahead.why) == (Standing.NOT_DUE, "ahead")


def test_a_fact_says_where_it_is_and_by_which_rule() -> None:
    ended = opening(pack("cn.sr2019")).ended()
    statement = stated(ended)
    rows = {row.position: row for row in recorded(ended.story)}
    signature = found(statement, "signature", "integrity_conclusion:supervision")
    assert signature.rule == "records.integrity_conclusion.signed_by"
    assert [rows[position].type for position in signature.positions] == ["record_signed"]


def test_a_record_that_was_waived_names_the_waiver() -> None:
    law = pack("uk.gcpa2025")
    rule = next(found for found in law.records if found.needed.waivable and found.needed.value == "always")
    before = opening(law).until(rule.stage)
    code = next(iter(law.deviations.codes))
    path = f"records.{rule.id}.needed"
    waived = before.does(AllowDeviation(rule=path, code=code, reason="The archive burned down."), SUPERVISION)
    ended = waived.without(rule.id, f"sign:{rule.id}").ended()
    statement = stated(ended)
    fact = found(statement, "record", rule.id)
    assert (fact.standing, fact.why) == (Standing.WAIVED, "deviation")
    (position,) = fact.positions
    assert next(row.type for row in recorded(ended.story) if row.position == position) == "deviation_allowed"
    assert statement.is_complete
    without = [row for row in recorded(ended.story) if row.position != position]
    missing = {(found.kind, found.what) for found in completeness(without, law, ended.today).missing}
    assert missing >= {("record", rule.id), ("deviation", "deviation_allowed")}


def test_what_silence_has_approved_lacks_no_decision() -> None:
    story = run_out(notified(), "clock:house")
    rows = recorded(story)
    statement = completeness(rows, story.pack, live(story).stage_began_on)
    assert statement.is_complete
    decision = found(statement, "decision", "decision_taken")
    silence = next(row.position for row in rows if row.type == "clock_expired")
    assert (decision.standing, decision.positions) == (Standing.PRESENT, (silence,))
    assert {fact.stage for fact in statement.facts if fact.why == "silence"} <= set(live(story).by_silence)


def test_a_record_that_is_entered_again_waits_for_its_signature_again() -> None:
    law = pack("cn.sr2019")
    ended = opening(law).ended()
    rows = recorded(ended.story)
    place, signed = next((place, row) for place, row in enumerate(rows) if isinstance(row.event, RecordSigned))
    entered = next(row for row in rows if isinstance(row.event, RecordEntered) and _is_of(row.event, signed.event))
    again = replace(entered, position=signed.position + 1)
    (missing,) = completeness([*rows[: place + 1], again, *rows[place + 1 :]], law, ended.today).missing
    assert (missing.kind, missing.why) == ("signature", "unsigned")


def test_a_record_that_is_too_old_at_the_end_of_its_stage_is_missing() -> None:
    law = pack("cn.sr2019")
    ended = opening(law).ended()
    rows = [
        replace(row, event=row.event.model_copy(update={"valid_until": date(2026, 1, 1)}))
        if isinstance(row.event, RecordEntered) and row.event.record == "recommendation_meeting"
        else row
        for row in recorded(ended.story)
    ]
    (missing,) = completeness(rows, law, ended.today).missing
    assert (missing.what, missing.why, len(missing.positions)) == ("recommendation_meeting", "expired", 1)


def test_a_decision_that_is_reconsidered_is_due_again() -> None:
    story = decided(at_decision(), START)
    law, today = story.pack, START.date()
    assert found(completeness(recorded(story), law, today), "decision", "decision_taken").standing is Standing.PRESENT
    members = meeting(story, START).members
    wish = ReconsiderDecision(
        reconsidered_on=story._on(DECIDERS, START).today,
        members=members,
        consents=tuple(member.member for member in members[:5]),
        reasons="A finding of the audit office came in after the meeting.",
    )
    again = completeness(recorded(story.when(wish, DECIDERS, START)), law, today)
    assert found(again, "decision", "decision_taken").standing is Standing.NOT_DUE
    assert found(again, "stage", "stage_completed", "decision").standing is Standing.NOT_DUE
    assert again.is_complete


def test_minutes_that_were_not_written_down_are_missing() -> None:
    ended = opening(pack("standard")).ended()
    rows = [replace(row, sealed=()) for row in recorded(ended.story)]
    (missing,) = completeness(rows, ended.law, ended.today).missing
    assert (missing.kind, missing.why) == ("minutes", "not_written_down")


def test_a_stage_is_held_against_the_version_that_it_ended_under() -> None:
    law = pack("standard")
    stricter = variant("standard", {"version": 2, "merit.required.value": True})
    ended = opening(law).ended()
    rows = recorded(ended.story)
    assert completeness(rows, stricter, ended.today, {reference_of(law): law}).is_complete
    (missing,) = completeness(rows, stricter, ended.today).missing
    assert missing.what == "criteria_set"


def _is_of(entered: RecordEntered, signed: Event) -> bool:
    return isinstance(signed, RecordSigned) and (signed.record, signed.candidate_id) == (
        entered.record,
        entered.candidate_id,
    )
