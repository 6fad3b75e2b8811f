"""What is decided beside a meeting, as commands: by one office alone, anew, and notes to minutes."""

from datetime import datetime
from typing import Annotated

import typer

from api.meeting_words import Unclear
from api.meeting_words import member as as_member
from domain.authority import DeclineToDecide, TakeDecision
from domain.identity import Role
from domain.minutes import AnnotateMinutes
from domain.reconsideration import ReconsiderDecision
from runtime.case_meeting import Members, VotedBy, WhichBody
from runtime.case_options import Body, Candidate, TextFile
from runtime.case_step import long_text, step

Reasons = Annotated[str | None, typer.Option(help="Why; sealed for the deciding body.")]
DecidedOn = Annotated[
    datetime, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day on which it was decided.")
]


@step("decide", TakeDecision, "/cases/{case_id}/decisions", Role.DECISION_BODY)
def decide(candidate: Candidate, decided_on: DecidedOn, reasons: Reasons = None, reasons_file: TextFile = None) -> Body:
    """Choose a candidate, where the pack says that one office decides alone.

    Example: investiture case decide d6fhcqtf5dfs 0k3v0d8s1m2q --decided-on 2026-11-20 --reasons-file reasons.txt
    """
    return {
        "candidate_id": candidate,
        "decided_on": decided_on.date().isoformat(),
        "reasons": long_text("reasons", reasons, reasons_file),
    }


@step("decline", DeclineToDecide, "/cases/{case_id}/declined-decisions", Role.DECISION_BODY)
def decline(decided_on: DecidedOn, reasons: Reasons = None, reasons_file: TextFile = None) -> Body:
    """Choose nobody, where the pack says that one office decides alone; the case ends.

    Example: investiture case decline d6fhcqtf5dfs --decided-on 2026-11-20 --reasons "The post is described anew."
    """
    return {"decided_on": decided_on.date().isoformat(), "reasons": long_text("reasons", reasons, reasons_file)}


@step("reconsider", ReconsiderDecision, "/cases/{case_id}/reconsiderations", Role.DECISION_BODY)
def reconsider(
    reconsidered_on: DecidedOn,
    member: Members = None,
    consent: Annotated[list[str] | None, typer.Option(help="A member who consents; repeat it for each.")] = None,
    consents: Annotated[int | None, typer.Option(help="How many consent, of a secret ballot; nobody is named.")] = None,
    voted_by: VotedBy = None,
    body: WhichBody = None,
    reasons: Reasons = None,
    reasons_file: TextFile = None,
) -> Body:
    """Take a decision anew, with the consent of as many members as the pack asks for.

    The decision's stage begins again; a notice of the earlier choice is taken down.

    Example: investiture case reconsider d6fhcqtf5dfs --reconsidered-on 2026-11-20 --member m-1 --member m-2 \
    --member m-3:chief --consent m-1 --consent m-3 --reasons "A finding of the audit office came in."
    """
    try:
        members = [as_member(written).body() for written in member or []]
    except Unclear as problem:
        raise typer.BadParameter(str(problem)) from None
    said = {
        "reconsidered_on": reconsidered_on.date().isoformat(),
        "members": members,
        "consents": consent or [],
        "consents_counted": consents,
        "voted_by": voted_by,
        "body": body,
        "reasons": long_text("reasons", reasons, reasons_file),
    }
    return {name: found for name, found in said.items() if found is not None}


@step("annotate-minutes", AnnotateMinutes, "/cases/{case_id}/minutes-annotations", Role.DECISION_BODY)
def annotate_minutes(
    meeting: Annotated[str, typer.Argument(metavar="MEETING", help="The meeting's id, as `case timeline` shows it.")],
    note: Annotated[str | None, typer.Option(help="What is added; sealed for the deciding body.")] = None,
    note_file: TextFile = None,
) -> Body:
    """Add a note to the minutes of a meeting; they stand as they were taken.

    Example: investiture case annotate-minutes d6fhcqtf5dfs 0k3v0d8s1m2q --note "The observer left before the vote."
    """
    return {"meeting_id": meeting, "note": long_text("note", note, note_file)}
