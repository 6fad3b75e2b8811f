"""Every write on a case but the meeting as a command: its options, and the request's body that they make."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from domain.case_opening import OpenCase, ResumeCase, SuspendCase, WithdrawCase
from domain.deviation import AllowDeviation
from domain.identity import Role
from domain.nomination import CloseNominations, NominateCandidate, WithdrawCandidate
from domain.notice_correction import CorrectPublicNotice
from domain.objection import Channel, Disposal, DisposeObjection, LodgeObjection
from domain.probation import ConfirmProbation, FailProbation, IssueAppointment
from domain.public_notice import OpenPublicNotice
from domain.supervision_review import ConcludeSupervisionReview, Conclusion, RequestOpinion, ReturnOpinion
from domain.training_verification import RecordMakeUpTraining, VerifyTraining
from runtime.case_options import (
    AuditedReason,
    Body,
    Candidate,
    PublicReason,
    SealedReason,
    TextFile,
    body_of,
    day_option,
)
from runtime.case_step import long_text, read_object, step


@step("open", OpenCase, "/cases", Role.PERSONNEL)
def open_case(
    post_id: Annotated[str, typer.Option(help="The post's identifier, such as registry/head-clerk.")],
    title: Annotated[str, typer.Option(help="What the post is called; public: no names of people.")],
    unit: Annotated[str, typer.Option(help="Where the post is; public.")],
    rank: Annotated[str, typer.Option(help="The post's rank, one of the pack's.")],
    pack: Annotated[str, typer.Option(help="Policy pack to decide under.")] = "standard",
    jurisdiction: Annotated[
        str | None, typer.Option(help="Whose working days count; the pack's first when left out.")
    ] = None,
    vacancies: Annotated[int | None, typer.Option(help="How many such posts are filled from one list.")] = None,
    vacant_on: Annotated[datetime | None, day_option("Day from which it is, or falls, vacant.")] = None,
) -> Body:
    """Open a case for one post.

    Example: investiture case open --post-id registry/head-clerk --title "Head Clerk" --unit Registry --rank officer
    """
    post = body_of(post_id=post_id, title=title, unit=unit, rank=rank, vacancies=vacancies, vacant_on=vacant_on)
    return body_of(pack=pack, post=post, jurisdiction=jurisdiction)


@step("nominate", NominateCandidate, "/cases/{case_id}/candidates", Role.PERSONNEL)
def nominate(
    person: Annotated[str, typer.Option(help="Their identifier at the identity provider, such as a staff number.")],
    full_name: Annotated[str | None, typer.Option(help="Needed, here or in --particulars-file.")] = None,
    unit_of_origin: Annotated[str | None, typer.Option(help="Where they serve now; only counted.")] = None,
    sex: str | None = None,
    birth_year_month: Annotated[str | None, typer.Option(metavar="YYYY-MM")] = None,
    education: str | None = None,
    party: str | None = None,
    present_post: str | None = None,
    results: Annotated[str | None, typer.Option(help="What they have achieved.")] = None,
    exceptional_reason: str | None = None,
    integrity_statement: str | None = None,
    particulars_file: Annotated[
        Path | None, typer.Option(help="A JSON object with any of these; - is standard input. Options win over it.")
    ] = None,
) -> Body:
    """Put somebody forward. What is written about them is sealed with a key of their own.

    Example: investiture case nominate d6fhcqtf5dfs --person staff-4711 --full-name "Amina Okafor"
    """
    written = read_object(particulars_file, "--particulars-file") if particulars_file else {}
    options = body_of(
        full_name=full_name,
        sex=sex,
        birth_year_month=birth_year_month,
        education=education,
        party=party,
        present_post=present_post,
        results=results,
        exceptional_reason=exceptional_reason,
        integrity_statement=integrity_statement,
    )
    return body_of(person=person, unit_of_origin=unit_of_origin, particulars=written | options)


@step("withdraw-candidate", WithdrawCandidate, "/cases/{case_id}/candidate-withdrawals", Role.PERSONNEL)
def withdraw_candidate(candidate_id: Candidate) -> Body:
    """Take a candidate off the list.

    Example: investiture case withdraw-candidate d6fhcqtf5dfs 0k3v0d8s1m2q
    """
    return {"candidate_id": candidate_id}


@step("close-nominations", CloseNominations, "/cases/{case_id}/nomination-closings", Role.PERSONNEL)
def close_nominations() -> Body:
    """Close the list: nobody else can be put forward.

    Example: investiture case close-nominations d6fhcqtf5dfs
    """
    return {}


@step("verify-training", VerifyTraining, "/cases/{case_id}/training-verifications", Role.SCHOOL)
def verify_training(
    candidate_id: Candidate,
    conditional: Annotated[
        bool, typer.Option("--conditional", help="Ask for a pass on condition of making it up later.")
    ] = False,
) -> Body:
    """Hold a candidate's training file against what the post asks for; `investiture training record` writes the file.

    Example: investiture case verify-training d6fhcqtf5dfs 0k3v0d8s1m2q
    """
    return {"candidate_id": candidate_id, "conditional": conditional}


@step("make-up-training", RecordMakeUpTraining, "/cases/{case_id}/make-up-trainings", Role.SCHOOL)
def make_up_training() -> Body:
    """Hold the training that the appointee owed against what is on file since.

    Example: investiture case make-up-training d6fhcqtf5dfs
    """
    return {}


@step("open-notice", OpenPublicNotice, "/cases/{case_id}/public-notices", Role.PERSONNEL)
def open_notice(
    opens_on: Annotated[datetime | None, day_option("First day that it stands; today when left out.")] = None,
    closes_on: Annotated[datetime | None, day_option("Last day; the shortest lawful window when left out.")] = None,
) -> Body:
    """Publish the notice: from today, for the shortest lawful window, unless days are named.

    Example: investiture case open-notice d6fhcqtf5dfs --closes-on 2026-12-04
    """
    return body_of(opens_on=opens_on, closes_on=closes_on)


@step("correct-notice", CorrectPublicNotice, "/cases/{case_id}/notice-corrections", Role.PERSONNEL)
def correct_notice(
    particular: Annotated[str, typer.Argument(metavar="PARTICULAR", help="post_title, unit, or a field shown.")],
    says: Annotated[str | None, typer.Option(help="What it says from now on; of a candidate: sealed.")] = None,
    says_file: TextFile = None,
    candidate_id: Annotated[str | None, typer.Option("--candidate", help="Whom it is about.")] = None,
    reason: PublicReason = None,
    reason_file: TextFile = None,
) -> Body:
    """Put right what a standing notice says. What is essential begins its days anew.

    Example: investiture case correct-notice d6fhcqtf5dfs post_title --says "Head Clerk of Records" \
    --reason "The second half of the title was left out."
    """
    return body_of(
        particular=particular,
        says=long_text("says", says, says_file),
        candidate_id=candidate_id,
        reason=long_text("reason", reason, reason_file),
    )


@step("lodge-objection", LodgeObjection, "/cases/{case_id}/objections", Role.SUPERVISION)
def lodge_objection(
    channel: Annotated[Channel, typer.Option(help="How it came in.")],
    grounds: Annotated[str | None, typer.Option(help="Time, place and facts; sealed for supervision.")] = None,
    grounds_file: TextFile = None,
    objector: Annotated[str | None, typer.Option(help="Name and address, sealed; left out when anonymous.")] = None,
    objector_file: TextFile = None,
    candidate_id: Annotated[str | None, typer.Option("--candidate", help="Whom it is about.")] = None,
) -> Body:
    """Take down an objection of the public; it holds the case until it is disposed of.

    Example: investiture case lodge-objection d6fhcqtf5dfs --channel letter --grounds-file letter.txt
    """
    said = long_text("grounds", grounds, grounds_file)
    who = long_text("objector", objector, objector_file) if objector or objector_file else None
    return body_of(channel=channel, grounds=said, objector=who, candidate_id=candidate_id)


@step("dispose-objection", DisposeObjection, "/cases/{case_id}/objection-disposals", Role.SUPERVISION)
def dispose_objection(
    objection_id: Annotated[str, typer.Argument(metavar="OBJECTION", help="The objection's id.")],
    outcome: Annotated[Disposal, typer.Option(help="An upheld one puts its candidate out.")],
    reasons: SealedReason = None,
    reasons_file: TextFile = None,
    against: Annotated[str | None, typer.Option(help="Whom it puts out, when it is upheld and names nobody.")] = None,
    public_answer: Annotated[
        str | None, typer.Option(help="What everybody reads under the notice; it names nobody.")
    ] = None,
) -> Body:
    """Dispose of an objection, with reasons.

    Example: investiture case dispose-objection d6fhcqtf5dfs k3v0d8s1m2qa --outcome dismissed --reasons-file -
    """
    said = long_text("reasons", reasons, reasons_file)
    words = {"against": against, "public_answer": public_answer}
    return body_of(objection_id=objection_id, outcome=outcome, reasons=said, **words)


@step("request-opinion", RequestOpinion, "/cases/{case_id}/opinion-requests", Role.SUPERVISION)
def request_opinion(
    asked: Annotated[str, typer.Argument(metavar="ORGAN", help="The organ that is asked; the pack names them.")],
) -> Body:
    """Ask an organ for its opinion; its time to answer begins.

    Example: investiture case request-opinion d6fhcqtf5dfs audit-office
    """
    return {"organ": asked}


@step("return-opinion", ReturnOpinion, "/cases/{case_id}/opinions", Role.SUPERVISION, organ_from="answering")
def return_opinion(
    answering: Annotated[str, typer.Argument(metavar="ORGAN", help="The organ that answers, which is your own.")],
    finding: Annotated[Literal["no_objection", "reservation", "objection"], typer.Option(help="What it says.")],
    text: Annotated[str | None, typer.Option(help="The opinion; sealed for supervision.")] = None,
    text_file: TextFile = None,
) -> Body:
    """Return your organ's opinion.

    Example: investiture case return-opinion d6fhcqtf5dfs audit-office --finding no_objection --text-file opinion.txt
    """
    return {"organ": answering, "finding": finding, "text": long_text("text", text, text_file)}


@step("conclude-review", ConcludeSupervisionReview, "/cases/{case_id}/review-conclusions", Role.SUPERVISION)
def conclude_review(
    conclusion: Annotated[Conclusion, typer.Argument(help="Not cleared ends the case.")],
    remarks: Annotated[str | None, typer.Option(help="What it rests on; sealed for supervision.")] = None,
    remarks_file: TextFile = None,
) -> Body:
    """Conclude the supervision review.

    Example: investiture case conclude-review d6fhcqtf5dfs cleared --remarks "Every organ that was asked has answered."
    """
    return {"conclusion": conclusion, "remarks": long_text("remarks", remarks, remarks_file)}


@step("appoint", IssueAppointment, "/cases/{case_id}/appointments", Role.PERSONNEL)
def appoint(
    effective_on: Annotated[datetime | None, day_option("First day in office; today when left out.")] = None,
) -> Body:
    """Issue the letter of appointment; office begins today unless a later day is named.

    Example: investiture case appoint d6fhcqtf5dfs --effective-on 2026-12-01
    """
    return body_of(effective_on=effective_on)


@step("confirm-probation", ConfirmProbation, "/cases/{case_id}/probation-confirmations", Role.PERSONNEL)
def confirm_probation() -> Body:
    """Confirm the appointee after probation.

    Example: investiture case confirm-probation d6fhcqtf5dfs
    """
    return {}


@step("fail-probation", FailProbation, "/cases/{case_id}/probation-failures", Role.PERSONNEL)
def fail_probation(
    reasons: SealedReason = None,
    reasons_file: TextFile = None,
) -> Body:
    """End the probation without success, for stated reasons.

    Example: investiture case fail-probation d6fhcqtf5dfs --reasons-file reasons.txt
    """
    return {"reasons": long_text("reasons", reasons, reasons_file)}


@step("allow-deviation", AllowDeviation, "/cases/{case_id}/deviations", Role.SUPERVISION)
def allow_deviation(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Path of a rule that the pack marks as waivable.")],
    code: Annotated[str, typer.Option(help="One of the pack's codes.")],
    reason: AuditedReason = None,
    reason_file: TextFile = None,
) -> Body:
    """Let one rule of the pack not apply in this case.

    Example: investiture case allow-deviation d6fhcqtf5dfs training.requirements.1.hours --code exceptional \
    --reason "The academy was closed for the whole year after the flood."
    """
    return {"rule": rule, "code": code, "reason": long_text("reason", reason, reason_file)}


@step("suspend", SuspendCase, "/cases/{case_id}/suspensions", Role.SUPERVISION)
def suspend(
    reason: SealedReason = None,
    reason_file: TextFile = None,
) -> Body:
    """Let a case rest; nothing in it moves until it is resumed.

    Example: investiture case suspend d6fhcqtf5dfs --reason "Waiting for the court's ruling in a related matter."
    """
    return {"reason": long_text("reason", reason, reason_file)}


@step("resume", ResumeCase, "/cases/{case_id}/resumptions", Role.SUPERVISION)
def resume() -> Body:
    """Take a resting case up again.

    Example: investiture case resume d6fhcqtf5dfs
    """
    return {}


@step("withdraw", WithdrawCase, "/cases/{case_id}/withdrawals", Role.PERSONNEL)
def withdraw(
    reason: SealedReason = None,
    reason_file: TextFile = None,
) -> Body:
    """Give a case up for good, before anybody is appointed.

    Example: investiture case withdraw d6fhcqtf5dfs --reason "The post was abolished by the reorganisation."
    """
    return {"reason": long_text("reason", reason, reason_file)}
