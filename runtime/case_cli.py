"""Cases from the command line: the same commands as the API's, through the API, so that every rule is applied there."""

from collections.abc import Callable

import typer

from runtime import case_decision_steps as decisions
from runtime import case_exception_steps as exceptions
from runtime import case_interests as interests
from runtime import case_merit as merit
from runtime import case_record_steps as records
from runtime import case_steps as steps
from runtime import case_supervision_steps as supervision
from runtime import entry_steps as entries
from runtime.case_batch import batch, batch_template
from runtime.case_duties import duties
from runtime.case_explanation import explain
from runtime.case_meeting import hold_meeting
from runtime.case_move_step import move
from runtime.case_reading import list_cases, sealed, show, timeline
from runtime.case_step import Step, calling, reading

READING: dict[str, Callable[..., None]] = {
    "list": list_cases,
    "show": show,
    "explain": explain,
    "timeline": timeline,
    "sealed": sealed,
    "duties": duties,
}
STEPS: dict[str, tuple[Step, ...]] = {
    "Selection": (
        steps.open_case,
        merit.set_criteria,
        steps.nominate,
        steps.withdraw_candidate,
        steps.close_nominations,
        steps.verify_training,
        steps.open_notice,
        steps.correct_notice,
        steps.lodge_objection,
        entries.acknowledge_objection,
        entries.admit_objection,
        entries.reject_objection,
        steps.dispose_objection,
        steps.request_opinion,
        steps.return_opinion,
        steps.conclude_review,
        hold_meeting,
        decisions.decide,
        decisions.decline,
        decisions.reconsider,
        decisions.annotate_minutes,
        records.enter_record,
        records.sign_record,
        records.conclude_stage,
    ),
    "Office": (
        steps.appoint,
        steps.make_up_training,
        steps.confirm_probation,
        steps.fail_probation,
    ),
    "At any stage": (
        interests.declare_interests,
        interests.check_interests,
        interests.decide_conflict,
        steps.allow_deviation,
        move,
        supervision.assign_duty,
        supervision.attend_point,
        supervision.place_hold,
        supervision.lift_hold,
        supervision.query_runner,
        supervision.answer_query,
        exceptions.propose_exception,
        exceptions.withdraw_exception,
        exceptions.report_before_decision,
        exceptions.record_reply,
        exceptions.record_breach,
        steps.suspend,
        steps.resume,
        records.pause_clock,
        records.resume_clock,
        steps.withdraw,
    ),
}

case_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Open cases, advance them, and read where they stand.\n\n"
    "Each command speaks to a running service: the one whose folder --data names, or the one at --address. Without a "
    "token it speaks as an example officer of the role whose duty the command is, if that service runs on this "
    "machine.\n\n"
    "Ends with 0 when it was recorded or read, 1 when it was refused, 2 when the command was not understood, and 3 "
    "when the service failed or cannot be reached.\n\n"
    "Example: investiture case open --post-id registry/clerk --title Clerk --unit Registry --rank officer",
)
for _name, _read in READING.items():
    reading(case_app, _name, "Reading")(_read)
case_app.command("batch", rich_help_panel="Many at once")(calling(batch))
case_app.command("batch-template", rich_help_panel="Many at once")(calling(batch_template))
for _panel, _steps in STEPS.items():
    for _step in _steps:
        _step.add_to(case_app, _panel)
