"""Requests between organs from the command line: the same acts as the API's, through the API."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from domain.identity import Role
from domain.organ_request import AnswerRequest, AskOrgan, DeclineRequest, RequestState, WithdrawRequest
from domain.supervision_problem import SubjectKind
from runtime.api_client import ApiClient
from runtime.case_options import AuditedReason, Body, TextFile, body_of
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, long_text, reading, step
from runtime.case_words import day, plain, safe
from runtime.list_table import list_table, tell_list

RequestId = Annotated[str, typer.Argument(metavar="REQUEST", help="Its id, as `organ-request list` shows it.")]
PublicText = Annotated[str | None, typer.Option(help="Stands in the record: no personal data.")]
Particulars = Annotated[str | None, typer.Option(help="Sealed for the two organs.")]

organ_request_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Ask another organ something, and follow it until it is answered.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture organ-request list --unanswered",
)


@step("ask", AskOrgan, "/organ-requests", Role.SUPERVISION)
def ask(
    asked: Annotated[str, typer.Option(help="The organ that is to answer.")],
    about: Annotated[str, typer.Option(help="What it is about: a case id, a unit, an organ.")],
    about_kind: Annotated[SubjectKind, typer.Option(help="What that is.")] = SubjectKind.CASE,
    question: PublicText = None,
    question_file: TextFile = None,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="A case that it touches.")] = None,
    particulars: Particulars = None,
    pack: Annotated[str, typer.Option(help="Whose days it has.")] = "standard",
) -> Body:
    """Ask another organ, in the name of your own.

    Example: investiture organ-request ask --asked personnel-department --about-kind unit --about Registry
    --question "How many letters were issued before the end of a notice?"
    """
    said = long_text("question", question, question_file)
    subject = {"kind": about_kind, "id": about}
    return body_of(asked=asked, question=said, subject=subject, case_id=case, particulars=particulars, pack=pack)


@step("answer", AnswerRequest, "/organ-requests/{request_id}/answers", Role.PERSONNEL)
def answer(
    request: RequestId,
    answer: PublicText = None,
    answer_file: TextFile = None,
    proof: Annotated[
        list[int] | None, typer.Option(min=0, metavar="POSITION", help="An event of the log that shows it; repeat it.")
    ] = None,
    particulars: Particulars = None,
) -> Body:
    """Answer what your organ was asked, also late.

    Example: investiture organ-request answer 0123456789ab --answer "Three, all in March." --proof 4711
    """
    said = long_text("answer", answer, answer_file)
    return body_of(request_id=request, answer=said, proof=proof or [], particulars=particulars)


@step("decline", DeclineRequest, "/organ-requests/{request_id}/declinings", Role.PERSONNEL)
def decline(request: RequestId, reason: AuditedReason = None, reason_file: TextFile = None) -> Body:
    """Say that your organ will not answer, and why.

    Example: investiture organ-request decline 0123456789ab --reason "The court has the file until its ruling."
    """
    return {"request_id": request, "reason": long_text("reason", reason, reason_file)}


@step("withdraw", WithdrawRequest, "/organ-requests/{request_id}/withdrawals", Role.SUPERVISION)
def withdraw(request: RequestId, reason: AuditedReason = None, reason_file: TextFile = None) -> Body:
    """Take back what your organ asked.

    Example: investiture organ-request withdraw 0123456789ab --reason "The audit trail had the answer."
    """
    return {"request_id": request, "reason": long_text("reason", reason, reason_file)}


def list_requests(
    service: ApiClient,
    state: Annotated[RequestState | None, typer.Option(help="Only these.")] = None,
    asked: Annotated[str | None, typer.Option(help="Only those that this organ is to answer.")] = None,
    asked_by: Annotated[str | None, typer.Option(help="Only those that this organ made.")] = None,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="Only about this case.")] = None,
    unanswered: Annotated[bool, typer.Option("--unanswered", help="Only those that still wait.")] = False,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List requests between organs, the latest first.

    Example: investiture organ-request list --unanswered --asked personnel-department --json
    """
    waiting = {"unanswered": "true"} if unanswered else {}
    wanted = {"state": state, "asked": asked, "asked_by": asked_by, "case_id": case, "after_position": after}
    pages = service.pages("/organ-requests", wanted | waiting | {"limit": PAGE})
    found = [request for page in pages for request in page["requests"]]
    tell_list("requests", found, _table, "No request matches.", as_json)


def show(service: ApiClient, request: RequestId, after: After = None, as_json: AsJson = False) -> None:
    """Show one request and its answer.

    Example: investiture organ-request show 0123456789ab
    """
    found = service.read(f"/organ-requests/{request}", {"after_position": after})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    late = ", and the day passed" if found["overdue"] else ""
    typer.echo(safe(f"Request {found['request_id']}: {plain(found['state'])}, due {day(found['due_on'])}{late}"))
    typer.echo(safe(f"{found['asked_by']} asks {found['asked']}: {found['question']}"))
    for said in (found["answer"], found["reason"]):
        if said:
            typer.echo(safe(f"{day(found['settled_on'])}: {said}"))


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return list_table(("Due", "Request", "Asked by", "Asked", "State", "Question"), map(_cells, rows), "Request")


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    state = plain(row["state"]) + (", late" if row["overdue"] and row["state"] != "overdue" else "")
    return (day(row["due_on"]), row["request_id"], row["asked_by"], row["asked"], state, row["question"])


for _step in (ask, answer, decline, withdraw):
    _step.add_to(organ_request_app, "Acting")
reading(organ_request_app, "list", "Reading")(list_requests)
reading(organ_request_app, "show", "Reading")(show)
