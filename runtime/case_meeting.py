"""Recording a meeting of the deciding body: from a file, or member by member on the command line."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api.meeting_words import Unclear, count, meeting, proceedings, put_off
from domain.decision import HeldAs, HoldDecisionMeeting
from domain.identity import Role
from domain.majority import BallotForm
from runtime.case_step import read_object, step

MINUTES = "For the minutes; sealed for the deciding body"
Members = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME:MARK",
        help="A member who was due; repeat it for each. Marks: :chief, :recused, :absent or :absent=REASON.",
    ),
]
VotedBy = Annotated[BallotForm | None, typer.Option(help="How it was voted; the pack's usual form when left out.")]
WhichBody = Annotated[str | None, typer.Option(help="Which body it was; public: no names of people.")]
Votes = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CANDIDATE=SAYS,…",
        help="agree, disagree or defer, one of each member who votes, in the order of --member; or NAME:agree,… "
        "in the order in which they spoke; or all:agree. Repeat it for each candidate.",
    ),
]
Counts = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CANDIDATE=FOR,AGAINST[,DEFERRED]",
        help="Of a secret ballot only how many; nobody is named. Repeat it for each candidate.",
    ),
]
PutOff = Annotated[
    str | None,
    typer.Option(
        "--put-off",
        metavar="WHY=REASON",
        help="Why no vote was taken: large_disagreement or unclear_question, and what it was about.",
    ),
]
WholeMeeting = Annotated[
    Path | None,
    typer.Option(help="The whole meeting as JSON, as the API takes it, instead of these; - is standard input."),
]


def _kept(help: str) -> Any:
    return typer.Option(help=help, rich_help_panel=MINUTES)


@step("hold-meeting", HoldDecisionMeeting, "/cases/{case_id}/decision-meetings", Role.DECISION_BODY)
def hold_meeting(
    held_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day it was held.")
    ] = None,
    member: Members = None,
    vote: Votes = None,
    counted: Counts = None,
    voted_by: VotedBy = None,
    put_off_for: PutOff = None,
    held_as: Annotated[HeldAs, typer.Option(help="How the members came together.")] = HeldAs.MEETING,
    body: WhichBody = None,
    title: Annotated[str | None, _kept("What the meeting is called.")] = None,
    place: Annotated[str | None, _kept("Where it was held.")] = None,
    chair: Annotated[str | None, _kept("Who chaired it, one of the members.")] = None,
    recorder: Annotated[str | None, _kept("Who took the minutes.")] = None,
    reporter: Annotated[str | None, _kept("Who reported on the case.")] = None,
    observer: Annotated[list[str] | None, _kept("Somebody who was there without a vote; repeat it.")] = None,
    agenda: Annotated[list[str] | None, _kept("An item of the agenda; repeat it.")] = None,
    resolution: Annotated[list[str] | None, _kept("What was resolved; repeat it, one by one.")] = None,
    file: WholeMeeting = None,
) -> dict[str, Any]:
    """Record a meeting of the deciding body; without a quorum, record it without votes.

    Name the members in the order in which they spoke, the chief last.

    Example: investiture case hold-meeting d6fhcqtf5dfs --held-on 2026-11-20 --member m-1 --member m-2:absent=ill \
    --member m-4 --member m-3:chief --vote 0k3v0d8s1m2q=agree,disagree,agree
    """
    if file is not None:
        if held_on or member or vote or counted or put_off_for:
            raise typer.BadParameter("The file holds the whole meeting; leave the other options out.")
        return read_object(file, "--file")
    if held_on is None or not member:
        raise typer.BadParameter("Say who was due with --member and when it was with --held-on, or name a --file.")
    people = {"chair": chair, "recorder": recorder, "reporter": reporter}
    lists = {"observers": observer, "agenda": agenda, "resolutions": resolution}
    try:
        more = {
            "counts": [count(written) for written in counted or []],
            "voted_by": voted_by,
            "held_as": held_as,
            "body": body,
            "unresolved": put_off(put_off_for) if put_off_for else None,
            "proceedings": proceedings(title=title, place=place, **people, **lists),
        }
        said = meeting(held_on.date().isoformat(), member, vote or [])
    except Unclear as problem:
        raise typer.BadParameter(str(problem)) from None
    return said | {name: found for name, found in more.items() if found}
