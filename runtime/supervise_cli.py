"""Supervising from the command line: notes, what came by the channels, opinions and watches, through the API."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from domain.identity import Role
from domain.inquiry import InquiryOutcome
from domain.opinion_asking import AskOpinions, Direction, RecordOpinionCount
from domain.private_note import NoteKind, WritePrivateNote
from domain.supervision_input import (
    DismissInput,
    InputStatus,
    Membership,
    RecordInput,
    ReferInput,
    Secrecy,
    Source,
    VerifyInput,
    Voice,
)
from domain.supervision_point import Observation
from domain.supervision_problem import SubjectKind
from domain.supervision_watch import AttendWatchPoint, ConcludeWatch, OpenWatch
from runtime.api_client import ApiClient
from runtime.case_options import Body, SealedReason, TextFile, body_of, day_option
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, long_text, reading, step
from runtime.case_words import day, plain
from runtime.list_table import list_table

InputId = Annotated[str, typer.Argument(metavar="INPUT", help="Its id, as `supervise inputs` shows it.")]
AskingId = Annotated[str, typer.Argument(metavar="ASKING", help="Its id, as `supervise ask-opinions` gave it.")]
WatchId = Annotated[str, typer.Argument(metavar="WATCH", help="Its id, as `supervise watches` shows it.")]
About = Annotated[str, typer.Argument(metavar="ID", help="The id of what it is about.")]
Kind = Annotated[NoteKind, typer.Option(help="What it is about.")]
Sealed = Annotated[str | None, typer.Option(help="Sealed.")]
Numbers = Annotated[list[str], typer.Option(metavar="NAME=NUMBER", help="Repeat it.")]

supervise_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Supervise together: a department's own notes, what came by which channel, opinions, and watches.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture supervise inputs --status recorded",
)


@step("note", WritePrivateNote, "/private-notes", Role.SUPERVISION)
def note(about: About, kind: Kind = NoteKind.CASE, text: Sealed = None, text_file: TextFile = None) -> Body:
    """Write a note that your own department alone reads.

    Example: investiture supervise note d6fhcqtf5dfs --text "Ask for the register before the meeting." --role personnel
    """
    return {"about": {"kind": kind, "id": about}, "text": long_text("text", text, text_file)}


@step("input", RecordInput, "/supervision-inputs", Role.SUPERVISION)
def take_down(
    membership: Annotated[Membership, typer.Option(help="From inside the party or from outside of it.")],
    voice: Annotated[Voice, typer.Option(help="Whose supervision it is.")],
    source: Annotated[Source, typer.Option(help="A way of the system, or public opinion.")] = Source.SYSTEM,
    text: Sealed = None,
    text_file: TextFile = None,
    about_kind: Annotated[SubjectKind, typer.Option(help="What it is about.")] = SubjectKind.CASE,
    about: Annotated[str | None, typer.Option(help="Its id or name.")] = None,
    person: Annotated[str | None, typer.Option(help="Whom it is about, by the identity provider's id.")] = None,
    secrecy: Annotated[Secrecy, typer.Option(help="A restricted item is for your organ alone.")] = Secrecy.ORDINARY,
) -> Body:
    """Take down what has reached supervision, with its labels.

    Example: investiture supervise input --membership non_party --voice petitions --about-kind unit --about Registry
    --text "Three letters were issued on the day of the decision."
    """
    labels = {"membership": membership, "voice": voice, "source": source}
    subject = {"kind": about_kind, "id": about} if about else None
    said = long_text("text", text, text_file)
    return body_of(labels=labels, subject=subject, person=person, text=said, secrecy=secrecy)


@step("verify", VerifyInput, "/supervision-inputs/{input_id}/verifications", Role.SUPERVISION)
def verify(input: InputId, verified_with: Annotated[str, typer.Option("--with", help="What showed it.")]) -> Body:
    """Say that an input is true, as another officer than the one who took it down.

    Example: investiture supervise verify 0123456789ab --with "The register of letters, page 11." --subject another
    """
    return {"input_id": input, "verified_with": verified_with}


@step("dismiss", DismissInput, "/supervision-inputs/{input_id}/dismissals", Role.SUPERVISION)
def dismiss(input: InputId, reason: SealedReason = None, reason_file: TextFile = None) -> Body:
    """Say that nothing came of an input, and why.

    Example: investiture supervise dismiss 0123456789ab --reason "It is about another registry." --subject another
    """
    return {"input_id": input, "reason": long_text("reason", reason, reason_file)}


@step("refer", ReferInput, "/supervision-inputs/{input_id}/referrals", Role.SUPERVISION)
def refer(
    input: InputId,
    to: Annotated[str, typer.Option(help="The organ whose matter it is.")],
    remarks: Annotated[str, typer.Option(help="Sealed.")],
) -> Body:
    """Hand an input to the organ whose matter it is.

    Example: investiture supervise refer 0123456789ab --to audit-office --remarks "It is about an account of theirs."
    """
    return {"input_id": input, "to": to, "remarks": remarks}


@step("ask-opinions", AskOpinions, "/opinion-askings", Role.SUPERVISION)
def ask_opinions(
    about: About,
    asked: Numbers,
    about_kind: Annotated[Literal["case", "unit"], typer.Option(help="What that is.")] = "case",
) -> Body:
    """Ask superiors, peers and subordinates, each for themselves.

    Example: investiture supervise ask-opinions Registry --about-kind unit --asked superior=8 --asked peer=20
    """
    directions = [{"direction": name, "number": number} for name, number in _numbers(asked)]
    return {"subject": {"kind": about_kind, "id": about}, "asked": directions}


@step("count-opinions", RecordOpinionCount, "/opinion-askings/{asking_id}/counts", Role.SUPERVISION)
def count_opinions(
    asking: AskingId, direction: Annotated[Direction, typer.Option(help="Whose answers they are.")], count: Numbers
) -> Body:
    """Put on record what one direction answered; small cells are never shown.

    Example: investiture supervise count-opinions 0123456789ab --direction peer --count supports=12 --count opposes=6
    """
    counts = [{"opinion": name, "number": number} for name, number in _numbers(count)]
    return {"asking_id": asking, "direction": direction, "counts": counts}


@step("watch", OpenWatch, "/supervision-watches", Role.SUPERVISION)
def watch(
    about: About,
    point: Annotated[list[str], typer.Option(help="What is looked at: no personal data. Repeat it.")],
    about_kind: Annotated[
        Literal["training", "assessment", "daily_management"], typer.Option(help="What that is.")
    ] = "daily_management",
    grounds: Sealed = None,
    grounds_file: TextFile = None,
    person: Annotated[list[str] | None, typer.Option(help="Whom it is about; sealed. Repeat it.")] = None,
    assigned_to: Annotated[str | None, typer.Option(help="Who answers for it; left out: you.")] = None,
    due_on: Annotated[datetime | None, day_option("By when it is concluded.")] = None,
) -> Body:
    """Look at training, an assessment or daily management; nobody needs to have complained.

    Example: investiture supervise watch Registry --point "Who signs for the seal"
    --grounds "Letters were sealed on days of leave." --due-on 2030-06-30
    """
    said = long_text("grounds", grounds, grounds_file)
    subject = {"kind": about_kind, "id": about}
    return body_of(
        subject=subject, points=point, people=person or [], grounds=said, assigned_to=assigned_to, due_on=due_on
    )


@step("attend", AttendWatchPoint, "/supervision-watches/{watch_id}/points", Role.SUPERVISION)
def attend(
    watch: WatchId,
    point: Annotated[int, typer.Option(min=1, help="Its number.")],
    text: Annotated[str, typer.Option(help="What was seen; sealed.")],
    observation: Annotated[Observation, typer.Option(help="What it comes to.")] = Observation.NONE,
) -> Body:
    """Say what was seen at one point of a watch.

    Example: investiture supervise attend 0123456789ab --point 1 --observation remark --text "Signed by anybody."
    """
    return {"watch_id": watch, "point": point, "observation": observation, "text": text}


@step("conclude", ConcludeWatch, "/supervision-watches/{watch_id}/conclusions", Role.SUPERVISION)
def conclude(
    watch: WatchId,
    outcome: Annotated[InquiryOutcome, typer.Option(help="What came of it.")],
    remarks: Annotated[str, typer.Option(help="Sealed.")],
) -> Body:
    """Conclude a watch; what was found goes on the register with `investiture problem open`.

    Example: investiture supervise conclude 0123456789ab --outcome shortcomings --remarks "Two officers sign now."
    """
    return {"watch_id": watch, "outcome": outcome, "remarks": remarks}


def notes(service: ApiClient, about: About, kind: Kind = NoteKind.CASE, as_json: AsJson = False) -> None:
    """Read your own department's notes about something.

    Example: investiture supervise notes d6fhcqtf5dfs --role personnel
    """
    found = service.read("/private-notes", {"kind": kind, "about": about})
    rows = [(day(row["written_at"][:10]), row["officer"], row["text"]) for row in found["notes"]]
    _tell(found, as_json, ("Written", "By", "Note"), rows)


def inputs(
    service: ApiClient,
    status: Annotated[InputStatus | None, typer.Option(help="Only these.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List what has reached supervision; of a restricted item its status alone.

    Example: investiture supervise inputs --status recorded --json
    """
    asked = body_of(status=status, after_position=after) | {"limit": PAGE}
    found = [row for page in service.pages("/supervision-inputs", asked) for row in page["inputs"]]
    rows = [
        (day(row["recorded_on"]), row["input_id"], plain(row["status"]), _labels(row), row["organ"]) for row in found
    ]
    _tell({"inputs": found}, as_json, ("Recorded", "Input", "Status", "Channels", "Organ"), rows)


def opinions(service: ApiClient, asking: AskingId, as_json: AsJson = False) -> None:
    """Show what superiors, peers and subordinates answered, each for itself.

    Example: investiture supervise opinions 0123456789ab
    """
    found = service.read(f"/opinion-askings/{asking}")
    rows = [
        (plain(row["direction"]), row["asked"], plain(answer), "under the smallest" if number is None else number)
        for row in found["directions"]
        for answer, number in (row["answers"] or {"not_on_record": ""}).items()
    ]
    _tell(found, as_json, ("Direction", "Asked", "Answer", "Number"), rows)


def watches(
    service: ApiClient,
    still_open: Annotated[bool | None, typer.Option("--open/--over", help="Only these.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List what supervision watches beyond cases.

    Example: investiture supervise watches --open
    """
    asked = {"still_open": None if still_open is None else str(still_open).lower(), "after_position": after}
    found = [row for page in service.pages("/supervision-watches", asked) for row in page["watches"]]
    rows = [
        (
            day(row["opened_on"]),
            row["watch_id"],
            f"{plain(row['subject_kind'])} {row['subject_id']}",
            f"{len(row['attended'])} of {len(row['points'])}",
            plain(row["outcome"] or ("overdue" if row["overdue"] else "open")),
        )
        for row in found
    ]
    _tell({"watches": found}, as_json, ("Opened", "Watch", "About", "Points", "Outcome"), rows)


def channels(
    service: ApiClient,
    quarter: Annotated[datetime | None, day_option("First day of a quarter that is over; left out: the last.")] = None,
    as_json: AsJson = False,
) -> None:
    """Report what came by which channel in a quarter.

    Example: investiture supervise channels --quarter 2026-07-01 --json
    """
    found = service.read("/supervision-channels", body_of(quarter=quarter))
    names = ("recorded", "of_the_public", "verified", "dismissed", "open")
    rows = [
        (plain(line["axis"]), plain(line["channel"]), *("–" if line[name] is None else line[name] for name in names))
        for line in found["channels"]
    ]
    _tell(found, as_json, ("Axis", "Channel", "Recorded", "Public", "Verified", "Dismissed", "Open"), rows)


def person(service: ApiClient, who: Annotated[str, typer.Argument(metavar="PERSON")], as_json: AsJson = False) -> None:
    """Show what supervision has about one person; the reading is on the log.

    Example: investiture supervise person staff-4711
    """
    found = service.ask("/person-overviews", {"person": who})
    kinds = ("cases", "inquiries", "sanctions", "watches", "inputs", "checks")
    rows = [
        (plain(kind), ", ".join(f"{plain(name)} {value}" for name, value in row.items() if value not in (None, [])))
        for kind in kinds
        for row in found[kind]
    ]
    _tell(found, as_json, ("What", "It says"), rows)


def _numbers(given: list[str]) -> list[tuple[str, int]]:
    """Names with their numbers, as `peer=20`."""
    pairs = [said.partition("=") for said in given]
    if wrong := [said for said, (_, _, number) in zip(given, pairs, strict=True) if not number.isdigit()]:
        raise typer.BadParameter(f"“{wrong[0]}” is no NAME=NUMBER. Write it as `peer=20`.")
    return [(name, int(number)) for name, _, number in pairs]


def _labels(row: dict[str, Any]) -> str:
    if row["secrecy"] == Secrecy.RESTRICTED:
        return "restricted item"
    return ", ".join(plain(row[name]) for name in ("membership", "voice", "source") if row[name])


def _tell(found: dict[str, Any], as_json: bool, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    Console(highlight=False).print(list_table(columns, rows) if rows else "There is nothing.")


for _step in (note, take_down, verify, dismiss, refer, ask_opinions, count_opinions, watch, attend, conclude):
    _step.add_to(supervise_app, "Acting")
for _name, _read in (
    *(("notes", notes), ("inputs", inputs), ("opinions", opinions), ("watches", watches), ("channels", channels)),
    ("person", person),
):
    reading(supervise_app, _name, "Reading", Role.SUPERVISION)(_read)
