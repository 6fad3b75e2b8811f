"""Exceptions, prior reports and breaches as commands: their options, and the request's body that they make."""

from datetime import datetime
from typing import Annotated

import typer

from domain.breach import RecordBreach
from domain.exceptional_appointment import ProposeException, WithdrawException
from domain.identity import Role
from domain.prior_report import RecordSuperiorReply, Reply, ReportToSuperior
from runtime.case_options import Body, PublicReason, TextFile, body_of, day_option
from runtime.case_step import long_text, step


@step("propose-exception", ProposeException, "/cases/{case_id}/exceptions", Role.PERSONNEL)
def propose_exception(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="One of the pack's exceptions.")],
    reason: PublicReason = None,
    reason_file: TextFile = None,
    candidate_id: Annotated[str | None, typer.Option("--candidate", help="Whom it is for, when it has limits.")] = None,
    basis: Annotated[str | None, typer.Option(help="File or register that the facts rest on; sealed.")] = None,
    levels: Annotated[int | None, typer.Option(min=0, help="Levels between the present post and this one.")] = None,
    last_promoted_on: Annotated[datetime | None, day_option("Day of the last promotion.")] = None,
    last_was_exceptional: Annotated[bool, typer.Option("--last-was-exceptional")] = False,
    in_probation: Annotated[bool, typer.Option("--in-probation")] = False,
) -> Body:
    """Propose that the ordinary course is not kept, for a stated reason, before the decision.

    Example: investiture case propose-exception d6fhcqtf5dfs no_competition --reason "A court date stands."
    """
    facts = None
    if levels is not None:
        facts = body_of(
            basis=basis,
            levels=levels,
            last_promoted_on=last_promoted_on,
            last_was_exceptional=last_was_exceptional,
            in_probation=in_probation,
        )
    return body_of(kind=kind, candidate_id=candidate_id, reason=long_text("reason", reason, reason_file), facts=facts)


@step("withdraw-exception", WithdrawException, "/cases/{case_id}/exception-withdrawals", Role.PERSONNEL)
def withdraw_exception(
    exception_id: Annotated[str, typer.Argument(metavar="EXCEPTION", help="The exception's id.")],
    reason: PublicReason = None,
    reason_file: TextFile = None,
) -> Body:
    """Take a proposed exception back, before the decision.

    Example: investiture case withdraw-exception d6fhcqtf5dfs k3v0d8s1m2qa --reason "The post is advertised after all."
    """
    return {"exception_id": exception_id, "reason": long_text("reason", reason, reason_file)}


@step("report-before-decision", ReportToSuperior, "/cases/{case_id}/prior-reports", Role.PERSONNEL)
def report_before_decision(
    matter: Annotated[
        str, typer.Argument(metavar="MATTER", help="A matter of the pack, or a proposed exception's id.")
    ],
    statement: Annotated[str | None, typer.Option(help="What is reported; sealed for supervision.")] = None,
    statement_file: TextFile = None,
) -> Body:
    """Report a matter to the organ that must hear of it before the decision; its time to reply begins.

    Example: investiture case report-before-decision d6fhcqtf5dfs leader_leaving --statement-file statement.txt
    """
    return {"matter": matter, "statement": long_text("statement", statement, statement_file)}


@step("record-reply", RecordSuperiorReply, "/cases/{case_id}/prior-report-replies", Role.SUPERVISION)
def record_reply(
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="What was reported.")],
    reply: Annotated[Reply, typer.Option(help="What the organ said.")],
    paper: Annotated[str | None, typer.Option(help="Reference of its paper; public: no names.")] = None,
    text: Annotated[str | None, typer.Option(help="What it says; sealed for supervision.")] = None,
    text_file: TextFile = None,
) -> Body:
    """Record the reply to a prior report; the organ's own officer needs no paper.

    Example: investiture case record-reply d6fhcqtf5dfs leader_leaving --reply consents --paper "reply 2026/118" \
    --text "The appointment may be discussed."
    """
    return body_of(matter=matter, reply=reply, paper=paper, text=long_text("text", text, text_file))


@step("record-breach", RecordBreach, "/cases/{case_id}/breaches", Role.SUPERVISION)
def record_breach(
    code: Annotated[str, typer.Argument(metavar="CODE", help="One of the pack's prohibitions.")],
    happened_on: Annotated[datetime, day_option("Day on which it happened.")],
    evidence: Annotated[str | None, typer.Option(help="What shows it; sealed for supervision.")] = None,
    evidence_file: TextFile = None,
) -> Body:
    """Record that a prohibition was broken, also in a case that has ended.

    Example: investiture case record-breach d6fhcqtf5dfs leak --happened-on 2026-03-02 --evidence-file found.txt
    """
    return body_of(code=code, happened_on=happened_on, evidence=long_text("evidence", evidence, evidence_file))
