"""Joint meetings from the command line: the same acts as the API's, through the API."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from domain.identity import Role
from domain.joint_meeting import ItemAbout, MeetingKind, Statistic
from domain.joint_meeting_agenda import CallInOrgan, ConveneMeeting, PlaceAgendaItem
from domain.joint_meeting_change import AgreeToAgendaAddition, CancelMeeting, ProposeAgendaAddition
from domain.joint_meeting_minutes import AnnotateMeetingMinutes, CloseMeeting, SignMinutes
from domain.joint_meeting_sitting import (
    AdoptResolution,
    MakeFinding,
    OpenMeeting,
    RecordMeetingAttendance,
    RecordStatement,
)
from domain.supervision_problem import ProblemType, Severity, SubjectKind
from runtime.api_client import ApiClient
from runtime.case_options import Body, TextFile, body_of, day_option
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, long_text, reading, step
from runtime.case_words import day, plain, safe
from runtime.list_table import list_table, tell_list

ONE = "/joint-meetings/{meeting_id}"
MeetingId = Annotated[str, typer.Argument(metavar="MEETING", help="Its id, as `meeting list` shows it.")]
Item = Annotated[str | None, typer.Option(metavar="ITEM", help="The item of the agenda that it belongs to.")]
PublicText = Annotated[str | None, typer.Option(help="Stands in the record: no personal data.")]
SealedText = Annotated[str | None, typer.Option(help="Sealed for the readers of the meeting.")]
Owner = Annotated[str, typer.Option(help="The organ that does it.")]
Accepting = Annotated[str, typer.Option(help="Another organ, which says when it is done.")]

meeting_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Hold the joint meeting of the two departments, from its agenda to minutes that both have signed.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture meeting list --state convened",
)


@step("convene", ConveneMeeting, "/joint-meetings", Role.PERSONNEL)
def convene(
    on: Annotated[datetime | None, day_option("The day on which it is held.")],
    place: Annotated[str, typer.Option(help="Where it is held.")],
    member: Annotated[list[str], typer.Option(metavar="ORGAN:SEAT", help="Who belongs to it; repeat it.")],
    kind: Annotated[MeetingKind, typer.Option(help="Which of the meetings it is.")] = MeetingKind.EXTRAORDINARY,
    pack: Annotated[str, typer.Option(help="Whose rules it is held by.")] = "standard",
) -> Body:
    """Call both departments together, and whoever else belongs there.

    Example: investiture meeting convene --on 2026-12-14 --place "Hall 2" --member personnel-department:personnel
    --member supervision-organ:supervision --member audit-office:guest
    """
    members = [{"organ": organ, "seat": seat} for organ, _, seat in (one.rpartition(":") for one in member)]
    return body_of(held_on=on, place=place, kind=kind, pack=pack) | {"members": members}


@step("agenda", PlaceAgendaItem, f"{ONE}/agenda-items", Role.PERSONNEL)
def agenda(
    meeting: MeetingId,
    title: Annotated[str, typer.Option(help="Without names.")],
    asked: Annotated[str, typer.Option(help="What the meeting is asked for; without names.")],
    about_kind: Annotated[ItemAbout, typer.Option(help="What it is about.")] = ItemAbout.CASE,
    about: Annotated[str | None, typer.Option(help="Its id or name.")] = None,
    evidence: Annotated[list[int] | None, typer.Option(metavar="POSITION", help="In the log; repeat it.")] = None,
) -> Body:
    """Put something on the agenda before it is settled.

    Example: investiture meeting agenda 0123456789ab --title "Letters of May" --asked "Say whether letters wait."
    """
    subject = {"subject": {"kind": about_kind, "id": about}} if about else {}
    return {"meeting_id": meeting, "title": title, "asked": asked, "evidence": evidence or []} | subject


@step("add", ProposeAgendaAddition, f"{ONE}/agenda-additions", Role.PERSONNEL)
def add(
    meeting: MeetingId,
    title: Annotated[str, typer.Option(help="Without names.")],
    asked: Annotated[str, typer.Option(help="What the meeting is asked for; without names.")],
    reason: Annotated[str, typer.Option(help="Why it cannot wait; without names.")],
    about_kind: Annotated[ItemAbout, typer.Option(help="What it is about.")] = ItemAbout.CASE,
    about: Annotated[str | None, typer.Option(help="Its id or name.")] = None,
) -> Body:
    """Ask for an urgent addition to a settled agenda; it is taken up once the other department agrees.

    Example: investiture meeting add 0123456789ab --title "A letter of tomorrow" --asked "Say whether it waits."
    --reason "It was found after the agenda was settled."
    """
    subject = {"subject": {"kind": about_kind, "id": about}} if about else {}
    return {"meeting_id": meeting, "title": title, "asked": asked, "reason": reason} | subject


@step("agree", AgreeToAgendaAddition, f"{ONE}/addition-agreements", Role.SUPERVISION)
def agree(
    meeting: MeetingId, item: Annotated[str, typer.Argument(metavar="ITEM", help="The addition, as `show` names it.")]
) -> Body:
    """Agree to an urgent addition that the other department asked for.

    Example: investiture meeting agree 0123456789ab 0123456789cd
    """
    return {"meeting_id": meeting, "item_id": item}


@step("cancel", CancelMeeting, f"{ONE}/cancellations", Role.PERSONNEL)
def cancel(meeting: MeetingId, reason: Annotated[str, typer.Option(help="Why; without names.")]) -> Body:
    """Call a meeting off before it is opened; what was before it goes on the next agenda by itself.

    Example: investiture meeting cancel 0123456789ab --reason "Both departments are at the inspection on that day."
    """
    return {"meeting_id": meeting, "reason": reason}


@step("call-in", CallInOrgan, f"{ONE}/called-in-organs", Role.SUPERVISION)
def call_in(
    meeting: MeetingId,
    department: Annotated[str, typer.Option(help="The department or school.")],
    statistic: Annotated[list[Statistic] | None, typer.Option(help="With which figures; repeat it.")] = None,
) -> Body:
    """Call an organ in with its figures.

    Example: investiture meeting call-in 0123456789ab --department training-school --statistic problems
    """
    return {"meeting_id": meeting, "organ": department, "statistics": statistic or [Statistic.PROBLEMS]}


@step("attend", RecordMeetingAttendance, f"{ONE}/attendance-records", Role.PERSONNEL)
def attend(
    meeting: MeetingId,
    of: Annotated[str, typer.Option(help="The organ that they sit for.")],
    present: Annotated[list[str] | None, typer.Option(help="An identifier of somebody there; repeat it.")] = None,
    myself: Annotated[bool, typer.Option("--myself", help="You are there yourself.")] = False,
    absent: Annotated[list[str] | None, typer.Option(metavar="WHO=WHY", help="Somebody who is not; repeat it.")] = None,
) -> Body:
    """Record who is there, and who is not and why.

    Example: investiture meeting attend 0123456789ab --of personnel-department --myself --absent "staff-18=On leave"
    """
    gone = [{"officer": who, "reason": why} for who, _, why in (one.partition("=") for one in absent or [])]
    return {"meeting_id": meeting, "organ": of, "present": present or [], "myself": myself, "absent": gone}


@step("open", OpenMeeting, f"{ONE}/openings", Role.PERSONNEL)
def open_one(meeting: MeetingId) -> Body:
    """Open a meeting on its day, when both departments are there.

    Example: investiture meeting open 0123456789ab
    """
    return {"meeting_id": meeting}


@step("say", RecordStatement, f"{ONE}/statements", Role.PERSONNEL)
def say(
    meeting: MeetingId,
    of: Annotated[str, typer.Option(help="The organ that says it.")],
    text: SealedText = None,
    text_file: TextFile = None,
    item: Item = None,
    speaker: Annotated[str | None, typer.Option(help="An identifier of who says it.")] = None,
) -> Body:
    """Put on record what an organ shares or says.

    Example: investiture meeting say 0123456789ab --of audit-office --text "The books are in order."
    """
    said = long_text("text", text, text_file)
    return body_of(item_id=item, speaker=speaker) | {"meeting_id": meeting, "organ": of, "text": said}


@step("find", MakeFinding, f"{ONE}/findings", Role.SUPERVISION)
def find(
    meeting: MeetingId,
    type: Annotated[ProblemType, typer.Option(help="What kind of problem it is.")],
    severity: Annotated[Severity, typer.Option(help="How heavy it is; the pack gives each its days.")],
    about: Annotated[str, typer.Option(help="A case id, a unit, an organ, a survey.")],
    owner: Owner,
    accepting: Accepting,
    about_kind: Annotated[SubjectKind, typer.Option(help="What that is.")] = SubjectKind.CASE,
    finding: PublicText = None,
    finding_file: TextFile = None,
    item: Item = None,
) -> Body:
    """Record a finding: it goes on the register of problems at once.

    Example: investiture meeting find 0123456789ab --type procedure --severity minor --about-kind unit --about Registry
    --finding "Three letters were issued on the day." --owner personnel-department --accepting supervision-organ
    """
    subject = {"kind": about_kind, "id": about}
    said = body_of(type=type, severity=severity, owner=owner, accepting=accepting, item_id=item)
    words = {"finding": long_text("finding", finding, finding_file)}
    return said | words | {"meeting_id": meeting, "subject": subject}


@step("resolve", AdoptResolution, f"{ONE}/resolutions", Role.PERSONNEL)
def resolve(
    meeting: MeetingId,
    owner: Owner,
    accepting: Accepting,
    due_on: Annotated[datetime | None, day_option("By the end of this day.")],
    text: PublicText = None,
    text_file: TextFile = None,
    item: Item = None,
) -> Body:
    """Adopt a resolution that one organ carries out and another one accepts.

    Example: investiture meeting resolve 0123456789ab --text "Write down when letters go out." --due-on 2027-01-15
    --owner personnel-department --accepting supervision-organ
    """
    said = body_of(owner=owner, accepting=accepting, due_on=due_on, item_id=item)
    return said | {"meeting_id": meeting, "text": long_text("text", text, text_file)}


@step("close", CloseMeeting, f"{ONE}/closings", Role.PERSONNEL)
def close(meeting: MeetingId) -> Body:
    """Close a meeting: its minutes are drawn up, and nothing in them changes afterwards.

    Example: investiture meeting close 0123456789ab
    """
    return {"meeting_id": meeting}


@step("sign", SignMinutes, f"{ONE}/signatures", Role.PERSONNEL)
def sign(
    meeting: MeetingId, digest: Annotated[str, typer.Option(help="The hash of the minutes that you have read.")]
) -> Body:
    """Sign the minutes for your department.

    Example: investiture meeting sign 0123456789ab --role supervision
    --digest 5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e
    """
    return {"meeting_id": meeting, "digest": digest}


@step("annotate", AnnotateMeetingMinutes, f"{ONE}/annotations", Role.PERSONNEL)
def annotate(meeting: MeetingId, note: SealedText = None, note_file: TextFile = None) -> Body:
    """Put a note beside the minutes, which stand as they were drawn up.

    Example: investiture meeting annotate 0123456789ab --note "The second letter was of April."
    """
    return {"meeting_id": meeting, "note": long_text("note", note, note_file)}


def list_meetings(
    service: ApiClient,
    state: Annotated[str | None, typer.Option(help="Only these, such as convened, open or concluded.")] = None,
    kind: Annotated[MeetingKind | None, typer.Option(help="Only of this kind.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List the meetings, the latest convened first.

    Example: investiture meeting list --state convened --json
    """
    asked = body_of(state=state, kind=kind, limit=PAGE, after_position=after)
    found = [meeting for page in service.pages("/joint-meetings", asked) for meeting in page["meetings"]]
    tell_list("meetings", found, _table, "No meeting matches.", as_json)


def show(service: ApiClient, meeting: MeetingId, as_json: AsJson = False) -> None:
    """Show one meeting: agenda, who was there, what was said, found and resolved, and who has signed.

    Example: investiture meeting show 0123456789ab
    """
    found = service.read(f"/joint-meetings/{meeting}", {})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in _story(found):
        typer.echo(safe(line))


def minutes(
    service: ApiClient,
    meeting: MeetingId,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write the PDF.")] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the paper.")] = "en",
    as_json: AsJson = False,
) -> None:
    """Take the minutes of a closed meeting as PDF; with --json the meeting as data, and no file.

    Example: investiture meeting minutes 0123456789ab --out minutes.pdf --lang zh
    """
    if as_json:
        typer.echo(json.dumps(service.read(f"/joint-meetings/{meeting}", {}), ensure_ascii=False))
        return
    file = out or Path(f"minutes-{meeting}-{lang}.pdf")
    content = service.read_text(f"/joint-meetings/{meeting}/minutes", {"language": lang})
    file.write_bytes(content)
    Console(highlight=False).print(f"{file}: {len(content):,} bytes")


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return list_table(("Held on", "Meeting", "Kind", "State", "Agenda settled", "Items"), map(_cells, rows), "Meeting")


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    settled = day(row["agenda_frozen_on"])
    cells = (day(row["held_on"]), row["meeting_id"], plain(row["kind"]), plain(row["state"]), settled)
    return (*cells, str(row["items"]))


def _story(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"Meeting {row['meeting_id']} ({plain(row['kind'])}): {plain(row['state'])}, held on {day(row['held_on'])}"
    yield f"{row['place']}; {row['chair']} takes the chair; agenda settled {day(row['agenda_frozen_on'])}"
    if row["cancelled"]:
        off = row["cancelled"]
        yield f"Called off by {off['organ']} on {day(off['cancelled_on'])}: {off['reason']}"
    for place, item in enumerate(row["agenda"], start=1):
        about = f" ({plain(item['subject']['kind'])} {item['subject']['id']})" if item["subject"] else ""
        yield f"Item {place} [{item['item_id']}]: {item['title'] or plain(item['kind'])}{about}"
        if (added := item.get("addition")) is not None:
            agreed = f"{added['agreed']['organ']} agreed" if added["agreed"] else "waits for the other department"
            yield f"  Urgent addition of {added['placed_by']}, {day(added['placed_on'])}: {added['reason']} ({agreed})"
    names = row["names"]
    for organ in row["attendance"]:
        there = ", ".join(names.get(one, one) for one in organ["present"]) or "nobody"
        yield f"{organ['organ']}: {there}"
    for said in row["statements"]:
        yield f"{said['organ']} said: {said['text']}"
    for found in row["findings"]:
        yield f"Found: {found['finding']} ({found['owner']} mends, {found['accepting']} accepts; {found['problem_id']})"
    for found in row["resolutions"]:
        yield f"Resolved: {found['text']} ({found['owner']} by {day(found['due_on'])}; {found['problem_id']})"
    if row["minutes"]:
        yield f"Minutes fixed by {row['minutes']['digest']}; to be signed by {day(row['minutes']['sign_by_on'])}"
        yield f"Still to sign: {', '.join(row['unsigned']) or 'nobody'}"


for _step in (
    convene,
    agenda,
    add,
    agree,
    cancel,
    call_in,
    attend,
    open_one,
    say,
    find,
    resolve,
    close,
    sign,
    annotate,
):
    _step.add_to(meeting_app, "Acting")
reading(meeting_app, "list", "Reading")(list_meetings)
reading(meeting_app, "show", "Reading")(show)
reading(meeting_app, "minutes", "Reading")(minutes)
