"""The command line: every command of the program by its name, and nothing else.

A command is imported when it is asked for, so that none waits for what only others need.
"""

from functools import cache
from importlib import import_module
from typing import cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

COMMANDS = {
    "Run it": {
        "up": "up:up",
        "demo": "demo_cli:demo",
        "token": "token_cli:token",
        "bench": "bench_cli:bench_app",
    },
    "Cases and training": {
        "case": "case_cli:case_app",
        "training": "training_cli:training_app",
        "course": "course_cli:course_app",
        "objection": "entry_cli:objection_app",
        "moderation": "entry_cli:moderation_app",
        "dossier": "dossier_reading:dossier",
        "packs": "packs_cli:packs_app",
    },
    "Supervising together": {
        "supervise": "supervise_cli:supervise_app",
        "meeting": "meeting_cli:meeting_app",
        "problem": "problem_cli:problem_app",
        "organ-request": "organ_request_cli:organ_request_app",
        "check": "reusable_check_cli:check_app",
        "survey": "survey_cli:survey_app",
        "yearly-report": "yearly_report_cli:yearly_report_app",
        "trends": "trend_reading:trends",
        "exceptions": "exception_reading:exceptions",
        "record-of": "record_reading:record_of",
        "audit": "audit_cli:audit_app",
    },
    "The log and its proofs": {
        "verify": "verify_cli:verify",
        "witness": "witness_cli:witness_app",
        "log-key": "log_key_cli:log_key_app",
        "archive": "archive_cli:archive_app",
        "rebuild-public": "rebuild_public:rebuild_public",
    },
    "The public site": {
        "publish": "publish_cli:publish",
        "site": "static_site:site",
        "webhook": "webhook_cli:webhook_app",
    },
    "People's data and its keys": {
        "forget": "forgetting_cli:forget_app",
        "keys": "keys_cli:keys_app",
        "make-master-key": "master_key_cli:make_master_key",
    },
    "Processes and upkeep": {
        "api": "process_cli:api",
        "worker": "process_cli:worker",
        "projector": "process_cli:projector",
        "relay": "process_cli:relay",
        "publisher": "process_cli:publisher",
        "migrate": "migrate_cli:migrate",
        "rebuild": "rebuild_cli:rebuild",
        "resume": "resume_cli:resume",
        "events-document": "events_document:print_events_document",
    },
}
"""By what they are for: each command, and the function or the group (`…_app`) that it is."""

PANELS = {name: panel for panel, commands in COMMANDS.items() for name in commands}
HIDDEN = {"events-document"}


@cache
def command_called(name: str) -> TyperCommand | TyperGroup:
    """A command of the table, imported."""
    panel = PANELS[name]
    module, _, attribute = COMMANDS[panel][name].partition(":")
    found = getattr(import_module(f"runtime.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name, group.rich_help_panel = name, panel
        return group
    alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
    alone.command(name, hidden=name in HIDDEN, rich_help_panel=panel)(found)
    return cast(TyperCommand, get_command(alone))


class Commands(TyperGroup):
    """The commands of the table. Listing them for `--help` imports them all."""

    def list_commands(self, ctx: object) -> list[str]:
        return list(PANELS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
        return command_called(cmd_name) if cmd_name in PANELS else None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def program() -> None:
    """Selection and appointment to public office, step by step on the record."""


def main() -> None:
    """The program; what a person can mend is said in a sentence, not in a traceback."""
    try:
        app()
    except Exception as problem:
        if not isinstance(problem, said_in_a_sentence()):
            raise
        typer.echo(str(problem), err=True)
        raise SystemExit(2) from None


def said_in_a_sentence() -> tuple[type[Exception], ...]:
    """What a person can mend."""
    from domain.refusal import Refusal
    from eventstore.keys import WrongMasterKey
    from eventstore.pack_text import UnreadablePack
    from runtime.installation import NothingRuns
    from runtime.local_issuer import CannotMint, RefusesOutsideEmbeddedMode
    from runtime.master_key import MasterKeyUnavailable

    needs = (NothingRuns, RefusesOutsideEmbeddedMode, CannotMint)
    return (*needs, UnreadablePack, Refusal, WrongMasterKey, MasterKeyUnavailable)


if __name__ == "__main__":
    main()
