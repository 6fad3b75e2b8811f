"""Training from the command line: the same acts as the API's, through the API; each capability brings its own."""

from collections.abc import Callable

import typer

from domain.identity import Role
from runtime import training_act_reading as acts_read
from runtime import training_act_steps as acts
from runtime import training_import_steps as imports
from runtime import training_record_steps as records
from runtime import training_report_reading as reports
from runtime import training_standing_reading as standings
from runtime.case_step import Step, reading

READING: dict[str, tuple[Role, Callable[..., None]]] = {
    "plans": (Role.AUDITOR, acts_read.plans),
    "plan": (Role.AUDITOR, acts_read.plan),
    "rules": (Role.AUDITOR, acts_read.rules),
    "guidance": (Role.AUDITOR, acts_read.guidance),
    "coordination": (Role.AUDITOR, acts_read.coordination),
    "inspections": (Role.AUDITOR, acts_read.inspections),
    "remarks": (Role.AUDITOR, acts_read.remarks),
    "report": (Role.AUDITOR, reports.report),
    "standing": (Role.AUDITOR, standings.standing),
    "readiness": (Role.AUDITOR, standings.readiness),
    "school-keys": (Role.AUDITOR, imports.school_keys),
    "verify-import": (Role.AUDITOR, imports.verify_import),
}
STEPS: dict[str, tuple[Step, ...]] = {
    "The personnel department": (*acts.MACRO, *records.SERVICE),
    "The school": (*acts.MICRO, *records.RECORDS, *imports.KEYS),
}

training_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Plan training and put it on record, and read what was done and who vouched for it.\n\n"
    "The personnel department plans and the school teaches: neither writes what is the other's. Each command speaks to "
    "a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture training plans --open --year 2027",
)
for _name, (_role, _read) in READING.items():
    reading(training_app, _name, "Reading", _role)(_read)
for _panel, _steps in STEPS.items():
    for _step in _steps:
        _step.add_to(training_app, _panel)
imports.add_to(training_app)
