"""Moving a case to a later version of its pack as a command: its options, and the request's body that they make."""

from typing import Annotated

import typer

from domain.case_move import MoveCase
from domain.identity import Role
from runtime.case_options import AuditedReason, Body, TextFile
from runtime.case_step import long_text, step


@step("move", MoveCase, "/cases/{case_id}/moves", Role.SUPERVISION)
def move(
    to_version: Annotated[int, typer.Argument(metavar="VERSION", min=1, help="A later version of the case's pack.")],
    reason: AuditedReason = None,
    reason_file: TextFile = None,
    recount: Annotated[
        bool, typer.Option("--recount", help="Count running duties anew by the new version; else they stay.")
    ] = False,
) -> Body:
    """Move a case to a later version of its pack; --dry-run says what would change for it.

    Example: investiture case move d6fhcqtf5dfs 2 --reason "The council asked for the longer notice." --dry-run
    """
    clocks = "recount" if recount else "stay"
    return {"to_version": to_version, "reason": long_text("reason", reason, reason_file), "clocks": clocks}
