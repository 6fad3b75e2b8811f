"""Names that running cases hold on to: a change here would strand them, so each is written out."""

from activities.case_following import (
    LET_TIMER_RUN_OUT,
    READ_CASE,
    CaseOnWatch,
    Clock,
    StageToCome,
    TimerToRunOut,
)
from activities.stream_following import (
    LET_STREAM_TIMER_RUN_OUT,
    READ_STREAM,
    StreamOnWatch,
    StreamTimerToRunOut,
)
from domain.appointment import case_stream
from domain.timer import timer_command_id
from runtime.embedded import SEARCH_ATTRIBUTES
from tests.examples import CASE
from workflows import durable_names
from workflows.appointment import AppointmentWorkflow, CaseToFollow
from workflows.clock_following import StreamToFollow


def test_names_of_workflow_queue_signal_and_queries_never_change() -> None:
    assert durable_names.APPOINTMENT_WORKFLOW == "AppointmentWorkflow"
    assert durable_names.PROBLEM_WORKFLOW == "ProblemWorkflow"
    assert durable_names.JOINT_MEETING_WORKFLOW == "JointMeetingWorkflow"
    assert durable_names.ORGAN_REQUEST_WORKFLOW == "OrganRequestWorkflow"
    assert durable_names.SURVEY_WORKFLOW == "SurveyWorkflow"
    assert durable_names.SUPERVISION_WATCH_WORKFLOW == "SupervisionWatchWorkflow"
    assert durable_names.TASK_QUEUE == "investiture"
    assert durable_names.FACTS_RECORDED == "facts_recorded"
    assert durable_names.NEXT_DEADLINE == "next_deadline"
    assert durable_names.VERSION_SEEN == "version_seen"


def test_names_of_activities_never_change() -> None:
    assert READ_CASE == "read_case"
    assert LET_TIMER_RUN_OUT == "let_timer_run_out"
    assert READ_STREAM == "read_stream"
    assert LET_STREAM_TIMER_RUN_OUT == "let_stream_timer_run_out"


def test_workflow_carries_its_durable_name_and_not_that_of_its_class() -> None:
    definition = AppointmentWorkflow.__temporal_workflow_definition  # type: ignore[attr-defined]
    assert definition.name == "AppointmentWorkflow"
    assert set(definition.signals) == {"facts_recorded"}
    assert set(definition.queries) == {"next_deadline", "version_seen"}


def test_id_of_a_workflow_is_the_name_of_its_stream() -> None:
    assert durable_names.appointment_workflow_id("case00000001") == "appointment/case00000001"
    assert case_stream(CASE) == "appointment/case00000001"


def test_search_attributes_are_the_ones_that_servers_register() -> None:
    named = {durable_names.STAGE, durable_names.ORGAN, durable_names.PACK, durable_names.DUE}
    assert named == {"Stage", "Organ", "Pack", "Due"} == set(SEARCH_ATTRIBUTES)


def test_end_of_a_clock_has_the_same_command_id_in_every_release() -> None:
    command_id = timer_command_id("case00000001", "public_notice", "2026-10-13")
    assert str(command_id) == "fa59adcb-5a8d-504e-9977-66876d35af4b"


def test_shapes_that_travel_through_the_engine_only_grow() -> None:
    assert list(CaseToFollow.__dataclass_fields__) == ["case_id"]
    assert list(StageToCome.__dataclass_fields__) == ["id", "kind", "title", "duty_holder"]
    assert list(Clock.__dataclass_fields__) == ["name", "due_on", "due_at"]
    assert list(TimerToRunOut.__dataclass_fields__) == ["case_id", "name", "due_on"]
    assert list(StreamToFollow.__dataclass_fields__) == ["stream"]
    assert list(StreamTimerToRunOut.__dataclass_fields__) == ["stream", "name", "due_on"]
    assert list(StreamOnWatch.__dataclass_fields__) == [
        *("stream", "version", "title", "organ", "waits_for", "clocks"),
        "over",
    ]
    assert list(CaseOnWatch.__dataclass_fields__) == [
        *("case_id", "version", "pack", "stages", "clocks"),
        *("suspended", "outcome"),
    ]
