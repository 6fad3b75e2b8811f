"""What the public sent in, from the command line: for those who answer it, and for those who look at it first."""

from collections.abc import Callable
from dataclasses import replace

import typer

from domain.identity import Role
from runtime import entry_reading as entries
from runtime import entry_steps as steps
from runtime.case_step import Step, reading
from runtime.case_steps import dispose_objection

READING: dict[str, dict[str, Callable[..., None]]] = {
    "objection": {"inbox": entries.inbox, "show": entries.show_entry, "save-file": entries.save_file},
    "moderation": {
        "queue": entries.queue,
        "show": entries.show_entry,
        "save-file": entries.save_file,
        "reasons": entries.reasons,
    },
}
STEPS: dict[str, tuple[Step, ...]] = {
    "objection": (
        replace(steps.acknowledge_objection, name="acknowledge"),
        steps.ask,
        steps.write,
        replace(dispose_objection, name="dispose"),
        steps.answer,
    ),
    "moderation": (steps.admit, steps.reject, steps.admit_objection, steps.reject_objection),
}

objection_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Work through what the public sent in: objections as supervision, comments and reports as personnel.\n\n"
    "Example: investiture objection inbox",
)
moderation_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Look first at what came without proof of work, or is to be shown to everybody.\n\n"
    "Example: investiture moderation queue",
)
for _name, _app, _role in (
    ("objection", objection_app, Role.SUPERVISION),
    ("moderation", moderation_app, Role.MODERATOR),
):
    for _command, _read in READING[_name].items():
        reading(_app, _command, "Reading", _role)(_read)
    for _step in STEPS[_name]:
        _step.add_to(_app, "Steps")
