"""What was stored once can be read for ever: one kept example of every event and schema version."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.catalogue import EVENTS
from domain.upcasts import UPCASTS, upcast
from eventstore.codec import decode
from eventstore.raw_reading import SealedPart
from eventstore.store import StoredEvent
from eventstore.transparency.merkle import leaf_hash
from tests.stored_events.writing import ENVELOPE, STREAM, VERSION, path_of

KEPT = sorted(Path(__file__).parent.glob("*.json"))

# The names under which events rest in logs. A name may be added here, never changed or taken away.
DURABLE_NAMES = [
    "access_refused",
    "agenda_addition_agreed",
    "agenda_addition_proposed",
    "agenda_frozen",
    "agenda_item_placed",
    "appointment_issued",
    "assessment_recorded",
    "attachment_filed",
    "attendance_recorded",
    "audit_event_read",
    "audit_trail_exported",
    "audit_trail_read",
    "batch_completed",
    "batch_received",
    "breach_found",
    "candidate_nominated",
    "candidate_withdrawn",
    "case_ended",
    "case_file_destroyed",
    "case_file_expired",
    "case_moved",
    "case_opened",
    "case_resumed",
    "case_suspended",
    "case_withdrawn",
    "check_read",
    "check_recorded",
    "check_requested",
    "check_reused",
    "clock_expired",
    "clock_paused",
    "clock_resumed",
    "clock_started",
    "clock_stopped",
    "confirmation_mailed",
    "conflict_decided",
    "course_cancelled",
    "course_changed",
    "course_completed",
    "course_ended_by_leave",
    "course_rated",
    "course_scheduled",
    "course_taken_up_again",
    "criteria_set",
    "decision_deferred",
    "decision_meeting_held",
    "decision_not_passed",
    "decision_reconsidered",
    "decision_taken",
    "deviation_allowed",
    "digest_sent",
    "due_dates_recounted",
    "duty_assigned",
    "entry_admitted",
    "entry_answered",
    "entry_received",
    "entry_rejected",
    "examination_recorded",
    "exception_proposed",
    "exception_withdrawn",
    "facility_booked",
    "facility_changed",
    "facility_held",
    "facility_registered",
    "finding_made",
    "finding_recorded",
    "forgetting_approved",
    "forgetting_proposed",
    "forgetting_read",
    "forgetting_refused",
    "forgetting_withdrawn",
    "hold_lifted",
    "hold_placed",
    "index_use_recorded",
    "input_dismissed",
    "input_recorded",
    "input_referred",
    "input_verified",
    "inquiry_concluded",
    "inquiry_opened",
    "inspection_remarks_read",
    "interests_cross_checked",
    "interests_declared",
    "log_alarm_ended",
    "log_alarm_raised",
    "log_key_introduced",
    "log_key_retired",
    "mail_refused",
    "make_up_training_expired",
    "make_up_training_recorded",
    "make_up_training_reminded",
    "meeting_attendance_recorded",
    "meeting_cancelled",
    "meeting_concluded",
    "meeting_convened",
    "meeting_minutes_annotated",
    "meeting_not_held",
    "meeting_opened",
    "message_sent",
    "minutes_annotated",
    "minutes_drawn_up",
    "minutes_signed",
    "minutes_unsigned",
    "nominations_closed",
    "objection_acknowledged",
    "objection_admitted",
    "objection_answer_overdue",
    "objection_disposed",
    "objection_lodged",
    "objection_rejected",
    "objector_answered",
    "objector_asked",
    "officer_identified",
    "opinion_overdue",
    "opinion_requested",
    "opinion_returned",
    "opinions_asked",
    "opinions_counted",
    "organ_asked",
    "organ_called_in",
    "pack_adopted",
    "participant_enrolled",
    "participant_withdrawn",
    "person_forgotten",
    "person_overview_read",
    "person_sent_to_course",
    "private_note_written",
    "private_notes_read",
    "probation_confirmed",
    "probation_ended",
    "probation_failed",
    "problem_details_read",
    "problem_escalated",
    "problem_opened",
    "problem_reopened",
    "public_notice_corrected",
    "public_notice_elapsed",
    "public_notice_opened",
    "public_notice_published",
    "public_notice_withdrawn",
    "query_answer_overdue",
    "query_answered",
    "reconsideration_lapsed",
    "record_entered",
    "record_signed",
    "remedy_accepted",
    "remedy_overdue",
    "remedy_refused",
    "remedy_reported",
    "reported_to_superior",
    "request_answered",
    "request_declined",
    "request_overdue",
    "request_particulars_read",
    "request_withdrawn",
    "resolution_adopted",
    "reviewer_record_read",
    "runner_queried",
    "sanction_recorded",
    "school_key_registered",
    "school_key_revoked",
    "sealed_parts_read",
    "search_removed",
    "search_saved",
    "service_ended",
    "service_import_received",
    "service_registered",
    "stage_begun",
    "stage_completed",
    "stage_concluded",
    "stage_limit_expired",
    "statement_recorded",
    "study_recorded",
    "subscription_confirmed",
    "subscription_ended",
    "subscription_lapsed",
    "subscription_requested",
    "superior_replied",
    "superior_silent",
    "supervision_input_read",
    "supervision_point_attended",
    "supervision_review_concluded",
    "supervision_watch_read",
    "survey_closed",
    "survey_codes_issued",
    "survey_counted",
    "survey_house_report_read",
    "survey_method_published",
    "survey_opened",
    "survey_proposed",
    "survey_withdrawn",
    "teacher_registered",
    "training_coordinated",
    "training_file_read",
    "training_guidance_issued",
    "training_import_completed",
    "training_import_received",
    "training_inspected",
    "training_inspection_answered",
    "training_list_read",
    "training_plan_adopted",
    "training_plan_closed",
    "training_record_corrected",
    "training_recorded",
    "training_rule_issued",
    "training_verified",
    "undeclared_relation_found",
    "unit_of_origin_stated",
    "watch_concluded",
    "watch_opened",
    "watch_overdue",
    "watch_point_attended",
    "webhook_disabled",
    "webhook_ended",
    "webhook_registered",
    "webhook_test_asked",
    "yearly_report_drawn_up",
]


def test_the_durable_names_of_events_are_these() -> None:
    assert sorted(EVENTS) == DURABLE_NAMES


@pytest.mark.parametrize("alias", sorted(EVENTS))
def test_every_event_has_a_kept_example_of_its_present_shape(alias: str) -> None:
    path = path_of(EVENTS[alias])
    assert path.exists(), f"{path.name} is missing: run `python -m tests.stored_events.writing` and keep what it writes"


@pytest.mark.parametrize("alias", sorted(EVENTS))
def test_every_earlier_shape_has_a_kept_example_and_a_way_to_todays(alias: str) -> None:
    for earlier in range(1, EVENTS[alias].schema_version):
        assert (alias, earlier) in UPCASTS
        assert (Path(__file__).parent / f"{alias}.v{earlier}.json").exists()
    assert (alias, EVENTS[alias].schema_version) not in UPCASTS


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_kept_event_reads_as_it_did(path: Path) -> None:
    kept = json.loads(path.read_text(encoding="utf-8"))
    entry = kept["entry"].encode()
    assert leaf_hash(entry).hex() == kept["hash"]
    at = datetime.fromisoformat(json.loads(entry)["at"]).astimezone(UTC)
    stored = StoredEvent(41, STREAM, VERSION, kept["type"], at, entry, bytes.fromhex(kept["hash"]))
    parts = [SealedPart(owner, bytes.fromhex(nonce), bytes.fromhex(text)) for owner, nonce, text in kept["sealed"]]
    keys = {owner: bytes.fromhex(key) for owner, key in kept["keys"].items()}
    recorded = decode(stored, parts, keys)
    expected = upcast(kept["type"], kept["schema"], kept["reads_as"])
    assert type(recorded.event) is EVENTS[kept["type"]]
    assert recorded.event.model_dump(mode="json") == expected
    assert (recorded.actor, recorded.command_id, recorded.pack) == (ENVELOPE.actor, ENVELOPE.command_id, ENVELOPE.pack)
    assert (recorded.recorded_at, recorded.causation) == (ENVELOPE.recorded_at, ENVELOPE.causation)
    assert set(recorded.sealed) == set(keys)
