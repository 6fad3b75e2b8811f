"""The register of problems from the command line: the same acts as the API's, through the API."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from domain.identity import Role
from domain.problem_mending import AcceptRemedy, OpenProblem, RefuseRemedy, ReopenProblem, ReportRemedy
from domain.supervision_problem import ProblemState, ProblemType, Severity, SubjectKind
from runtime.api_client import ApiClient
from runtime.case_options import AuditedReason, Body, TextFile, body_of, day_option
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, long_text, reading, step
from runtime.case_words import day, plain, safe
from runtime.list_table import list_table, tell_list

ProblemId = Annotated[str, typer.Argument(metavar="PROBLEM", help="Its id, as `problem list` shows it.")]
Shown = Annotated[
    list[int] | None, typer.Option(min=0, metavar="POSITION", help="An event of the log that shows it; repeat it.")
]
PublicText = Annotated[str | None, typer.Option(help="Stands in the record: no personal data.")]

problem_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Follow problems that supervision has found, until another organ accepts that they are mended.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture problem list --state overdue",
)


@step("open", OpenProblem, "/problems", Role.SUPERVISION)
def open_one(
    type: Annotated[ProblemType, typer.Option(help="What kind of problem it is.")],
    severity: Annotated[Severity, typer.Option(help="How heavy it is; the pack gives each its days.")],
    about: Annotated[str, typer.Option(help="What it is about: a case id, a unit, an organ, a survey.")],
    owner: Annotated[str, typer.Option(help="The organ that mends it.")],
    accepting: Annotated[str, typer.Option(help="Another organ, which says when it is mended.")],
    about_kind: Annotated[SubjectKind, typer.Option(help="What that is.")] = SubjectKind.CASE,
    finding: PublicText = None,
    finding_file: TextFile = None,
    evidence: Shown = None,
    details: Annotated[str | None, typer.Option(help="Sealed for supervision.")] = None,
    origin: Annotated[str | None, typer.Option(metavar="KIND:ID", help="Where it was found.")] = None,
    due_on: Annotated[datetime | None, day_option("An earlier day than the pack's.")] = None,
    pack: Annotated[str, typer.Option(help="Whose days it has.")] = "standard",
) -> Body:
    """Put a problem on the register.

    Example: investiture problem open --type procedure --severity minor --about-kind unit --about Registry
    --finding "Three letters were issued on the day of the decision." --owner personnel-department
    --accepting supervision-organ --evidence 4711 --origin inquiry:0123456789ab
    """
    said = long_text("finding", finding, finding_file)
    body = body_of(type=type, severity=severity, owner=owner, accepting=accepting, details=details, due_on=due_on)
    kind, _, of = (origin or "").partition(":")
    found = {"origin": {"kind": kind, "id": of}} if origin else {}
    subject = {"kind": about_kind, "id": about}
    return body | found | {"subject": subject, "finding": said, "evidence": evidence or [], "pack": pack}


@step("remedy", ReportRemedy, "/problems/{problem_id}/remedies", Role.PERSONNEL)
def remedy(
    problem: ProblemId,
    remedy: PublicText = None,
    remedy_file: TextFile = None,
    proof: Shown = None,
    details: Annotated[str | None, typer.Option(help="Sealed for supervision.")] = None,
) -> Body:
    """Say what was done about it, for the organ that owns it.

    Example: investiture problem remedy 0123456789ab --remedy "Letters now wait for the end of the notice."
    """
    said = long_text("remedy", remedy, remedy_file)
    return body_of(details=details) | {"problem_id": problem, "remedy": said, "proof": proof or []}


@step("accept", AcceptRemedy, "/problems/{problem_id}/remedy-acceptances", Role.SUPERVISION)
def accept(problem: ProblemId, remarks: PublicText = None) -> Body:
    """Say that it is mended, for the accepting organ, by an officer who did not find it.

    Example: investiture problem accept 0123456789ab --subject another-reviewer
    """
    return body_of(problem_id=problem, remarks=remarks)


@step("refuse", RefuseRemedy, "/problems/{problem_id}/remedy-refusals", Role.SUPERVISION)
def refuse(problem: ProblemId, reason: AuditedReason = None, reason_file: TextFile = None) -> Body:
    """Say that it is not mended, and why; the owner has its days again.

    Example: investiture problem refuse 0123456789ab --reason "Two letters of May were issued on the day again."
    """
    return {"problem_id": problem, "reason": long_text("reason", reason, reason_file)}


@step("reopen", ReopenProblem, "/problems/{problem_id}/reopenings", Role.SUPERVISION)
def reopen(
    problem: ProblemId, reason: AuditedReason = None, reason_file: TextFile = None, evidence: Shown = None
) -> Body:
    """Take a mended problem up again.

    Example: investiture problem reopen 0123456789ab --reason "It is back: four letters of June." --evidence 6001
    """
    return {"problem_id": problem, "reason": long_text("reason", reason, reason_file), "evidence": evidence or []}


def list_problems(
    service: ApiClient,
    state: Annotated[ProblemState | None, typer.Option(help="Only these.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those that this organ mends.")] = None,
    accepting: Annotated[str | None, typer.Option(help="Only those that this organ judges.")] = None,
    type: Annotated[ProblemType | None, typer.Option(help="Only of this kind.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only of this severity.")] = None,
    about_kind: Annotated[SubjectKind | None, typer.Option(help="Only about these.")] = None,
    about: Annotated[str | None, typer.Option(help="Only about this case, unit, organ or survey.")] = None,
    origin: Annotated[str | None, typer.Option(metavar="KIND[:ID]", help="Only those found there.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Opened from then."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Opened by then.")
    ] = None,
    sort: Annotated[Literal["due", "latest"], typer.Option(help="What is due first, or the latest opened.")] = "due",
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List problems, what is due first at the top and what is mended at the end.

    Example: investiture problem list --state overdue --owner personnel-department --json
    """
    kind, _, of = (origin or "").partition(":")
    asked = body_of(
        state=state, owner=owner, accepting=accepting, type=type, severity=severity, subject_kind=about_kind,
        subject_id=about, origin_kind=kind or None, origin_id=of or None, to=until, sort=sort, limit=PAGE,
        after_position=after,
    ) | body_of(**{"from": since})  # fmt: skip
    found = [problem for page in service.pages("/problems", asked) for problem in page["problems"]]
    tell_list("problems", found, _table, "No problem matches.", as_json)


def show(service: ApiClient, problem: ProblemId, after: After = None, as_json: AsJson = False) -> None:
    """Show one problem with its remedies and what was said of them.

    Example: investiture problem show 0123456789ab
    """
    found = service.read(f"/problems/{problem}", {"after_position": after})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in _story(found):
        typer.echo(safe(line))


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return list_table(("Due", "Problem", "What", "State", "Owner", "Accepts"), map(_cells, rows), "Problem")


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    what = f"{plain(row['severity'])}, {plain(row['type'])}: {row['finding']}"
    state = plain(row["state"]) + (", overdue" if row["overdue"] and row["state"] != "overdue" else "")
    return (day(row["due_on"]), row["problem_id"], what, state, row["owner"], row["accepting"])


def _story(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"Problem {row['problem_id']}: {plain(row['state'])}, due {day(row['due_on'])}"
    yield f"{plain(row['severity'])}, {plain(row['type'])}, about {plain(row['subject_kind'])} {row['subject_id']}"
    yield f"{day(row['opened_on'])}: {row['finding']}"
    yield f"{row['owner']} mends it, and {row['accepting']} says when it is mended."
    for said in row["remedies"]:
        yield f"{day(said['reported_on'])}, remedy {said['number']}: {said['remedy']}"
        if said["answer"]:
            yield f"{day(said['answered_on'])}, {said['answer']}" + (f": {said['reason']}" if said["reason"] else ".")
    for back in row["reopened"]:
        yield f"{day(back['reopened_on'])}, reopened: {back['reason']}"
    if shown := [*row["evidence"], *(place for back in row["reopened"] for place in back["evidence"])]:
        yield f"Shown by the events at {', '.join(map(str, shown))}: see `investiture audit`."


for _step in (open_one, remedy, accept, refuse, reopen):
    _step.add_to(problem_app, "Acting")
reading(problem_app, "list", "Reading")(list_problems)
reading(problem_app, "show", "Reading")(show)
