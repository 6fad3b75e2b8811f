"""Every write about what the public sent in as a command: its options, and the request's body that they make."""

from typing import Annotated

import typer

from domain.conversation import AnswerObjector, AskObjector
from domain.entry_admission import AdmitEntry, RejectEntry
from domain.identity import Role
from domain.objection_admission import AcknowledgeObjection, AdmitObjection, RejectObjection
from domain.public_entry import AnswerEntry, EntryOutcome
from runtime.case_options import Body, TextFile, body_of
from runtime.case_step import long_text, step

ObjectionId = Annotated[str, typer.Argument(metavar="OBJECTION", help="The objection's id, as the inbox shows it.")]
EntryId = Annotated[str, typer.Argument(metavar="ENTRY", help="The entry's id, as the inbox shows it.")]
Said = Annotated[str | None, typer.Option("--text", help="What you write; sealed for the two who write.")]
Reason = Annotated[str, typer.Option(help="A reason of the present list; `investiture moderation reasons` shows it.")]
ENTRY = "/cases/{case_id}/entries/{entry_id}"


@step("acknowledge-objection", AcknowledgeObjection, "/cases/{case_id}/objection-acknowledgements", Role.SUPERVISION)
def acknowledge_objection(objection_id: ObjectionId) -> Body:
    """Tell whoever objected that it is looked into; no moderator turns it away any more.

    Example: investiture case acknowledge-objection d6fhcqtf5dfs k3v0d8s1m2qa
    """
    return {"objection_id": objection_id}


@step("admit-objection", AdmitObjection, "/cases/{case_id}/objection-admissions", Role.MODERATOR)
def admit_objection(objection_id: ObjectionId) -> Body:
    """Pass on to supervision what came without proof of work.

    Example: investiture case admit-objection d6fhcqtf5dfs k3v0d8s1m2qa
    """
    return {"objection_id": objection_id}


@step("reject-objection", RejectObjection, "/cases/{case_id}/objection-rejections", Role.MODERATOR)
def reject_objection(objection_id: ObjectionId, reason: Reason) -> Body:
    """Turn away what is no objection at all; it holds the case no longer.

    Example: investiture case reject-objection d6fhcqtf5dfs k3v0d8s1m2qa --reason advertising
    """
    return {"objection_id": objection_id, "reason": reason}


@step("ask", AskObjector, f"{ENTRY}/questions", Role.SUPERVISION)
def ask(entry_id: EntryId, text: Said = None, text_file: TextFile = None) -> Body:
    """Ask whoever sent it in; they read it under their code. About a comment or a report: with --role personnel.

    Example: investiture objection ask d6fhcqtf5dfs k3v0d8s1m2qa --text "On which day was it?"
    """
    return {"entry_id": entry_id, "text": long_text("text", text, text_file)}


@step("write", AnswerObjector, f"{ENTRY}/messages", Role.SUPERVISION)
def write(entry_id: EntryId, text: Said = None, text_file: TextFile = None) -> Body:
    """Write to whoever sent it in, and wait for nothing.

    Example: investiture objection write d6fhcqtf5dfs k3v0d8s1m2qa --text "The depot was asked for its books."
    """
    return {"entry_id": entry_id, "text": long_text("text", text, text_file)}


@step("answer", AnswerEntry, f"{ENTRY}/answers", Role.PERSONNEL)
def answer(
    entry_id: EntryId,
    outcome: Annotated[EntryOutcome, typer.Option(help="What came of it.")],
    public_answer: Annotated[str, typer.Option(help="What everybody reads; it names nobody.")],
) -> Body:
    """Answer a comment or a report in public.

    Example: investiture objection answer d6fhcqtf5dfs k3v0d8s1m2qa --outcome corrected --public-answer "Put right."
    """
    return {"entry_id": entry_id, "outcome": outcome, "public_answer": public_answer}


@step("admit", AdmitEntry, f"{ENTRY}/admissions", Role.MODERATOR)
def admit(
    entry_id: EntryId,
    public_text: Annotated[
        str | None, typer.Option(help="What everybody may read of it, without any name; nothing when left out.")
    ] = None,
) -> Body:
    """Pass on a comment, a recommendation or a report, and state what everybody may read of it.

    Example: investiture moderation admit d6fhcqtf5dfs k3v0d8s1m2qa --public-text "These are another bureau's results."
    """
    return body_of(entry_id=entry_id, public_text=public_text)


@step("reject", RejectEntry, f"{ENTRY}/rejections", Role.MODERATOR)
def reject(entry_id: EntryId, reason: Reason) -> Body:
    """Turn away a comment, a recommendation or a report.

    Example: investiture moderation reject d6fhcqtf5dfs k3v0d8s1m2qa --reason not_about_the_notice
    """
    return {"entry_id": entry_id, "reason": reason}
