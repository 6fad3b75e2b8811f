"""Recording a meeting of the deciding body: from a file, or member by member on the command line."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.meeting_words import Unclear, meeting
from domain.decision import HoldDecisionMeeting
from domain.identity import Role
from runtime.case_step import read_object, step


@step("hold-meeting", HoldDecisionMeeting, "/cases/{case_id}/decision-meetings", Role.DECISION_BODY)
def hold_meeting(
    held_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day it was held.")
    ] = None,
    member: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME:MARK",
            help="A member who was due; repeat it for each. Marks: :chief, :recused, :absent or :absent=REASON.",
        ),
    ] = None,
    vote: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CANDIDATE=SAYS,…",
            help="agree, disagree or defer, one of each member who votes, in the order of --member; or NAME:agree,… "
            "in the order in which they spoke; or all:agree. Repeat it for each candidate.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="The whole meeting as JSON, as the API takes it, instead of these; - is standard input."),
    ] = None,
) -> dict[str, Any]:
    """Record a meeting of the deciding body; without a quorum, record it without votes.

    Name the members in the order in which they spoke, the chief last.

    Example: investiture case hold-meeting d6fhcqtf5dfs --held-on 2026-11-20 --member m-1 --member m-2:absent=ill \
    --member m-4 --member m-3:chief --vote 0k3v0d8s1m2q=agree,disagree,agree
    """
    if file is not None:
        if held_on or member or vote:
            raise typer.BadParameter("The file holds the whole meeting; leave the other options out.")
        return read_object(file, "--file")
    if held_on is None or not member:
        raise typer.BadParameter("Say who was due with --member and when it was with --held-on, or name a --file.")
    try:
        return meeting(held_on.date().isoformat(), member, vote or [])
    except Unclear as problem:
        raise typer.BadParameter(str(problem)) from None
