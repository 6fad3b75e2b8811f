"""Who is on duty, and what a reviewer may do in a running case, from the command line."""

from typing import Annotated, Literal

import typer

from domain.duty import AssignDuty
from domain.hold import HoldCode, LiftHold, PlaceHold
from domain.identity import Role
from domain.query import AnswerQuery, QueryRunner
from domain.supervision_point import AttendSupervisionPoint, Observation
from runtime.case_options import Body, SealedReason, TextFile, body_of
from runtime.case_step import long_text, step

StageName = Annotated[str, typer.Argument(metavar="STAGE", help="Id of a stage of the case's pack.")]


@step("assign-duty", AssignDuty, "/cases/{case_id}/duty-assignments", Role.PERSONNEL)
def assign_duty(
    stage: StageName,
    person: Annotated[str, typer.Option(help="Their identifier at the identity provider, such as a staff number.")],
) -> Body:
    """Name the officer of your organ who answers for a stage, before it or while it runs.

    Example: investiture case assign-duty d6fhcqtf5dfs nomination --person staff-2301
    """
    return {"stage_id": stage, "person": person}


@step("attend-point", AttendSupervisionPoint, "/cases/{case_id}/supervision-points", Role.SUPERVISION)
def attend_point(
    stage: StageName,
    point: Annotated[str, typer.Argument(metavar="POINT", help="Id of the supervision point; `whole` if none is.")],
    observation: Annotated[Observation, typer.Option(help="What was seen.")] = Observation.NONE,
    text: Annotated[str | None, typer.Option(help="What it was; sealed for supervision.")] = None,
    text_file: TextFile = None,
) -> Body:
    """Sign off a supervision point of a stage that your organ watches.

    Example: investiture case attend-point d6fhcqtf5dfs nomination whole --observation remark --text "A name came late."
    """
    said = long_text("text", text, text_file) if text or text_file else None
    return body_of(stage_id=stage, point=point, observation=observation, text=said)


@step("hold", PlaceHold, "/cases/{case_id}/holds", Role.SUPERVISION)
def place_hold(
    code: Annotated[HoldCode, typer.Argument(help="Why, as everybody may know it.")],
    reason: SealedReason = None,
    reason_file: TextFile = None,
    candidate: Annotated[str | None, typer.Option("--candidate", help="The one candidate who is held.")] = None,
) -> Body:
    """Hold a case, or one candidate: whoever runs it waits; clocks, reviews and the public go on.

    Example: investiture case hold d6fhcqtf5dfs evidence_missing --reason "The register does not show these hours."
    """
    return body_of(code=code, reason=long_text("reason", reason, reason_file), candidate_id=candidate)


@step("lift-hold", LiftHold, "/cases/{case_id}/hold-liftings", Role.SUPERVISION)
def lift_hold(
    hold: Annotated[str, typer.Argument(metavar="HOLD", help="The hold's id.")],
    reason: SealedReason = None,
    reason_file: TextFile = None,
) -> Body:
    """Lift a hold that you placed, or as the deciding body outside of its own stage.

    Example: investiture case lift-hold d6fhcqtf5dfs k3v0d8s1m2qa --reason "The register was corrected."
    """
    return {"hold_id": hold, "reason": long_text("reason", reason, reason_file)}


@step("query", QueryRunner, "/cases/{case_id}/queries", Role.SUPERVISION)
def query_runner(
    question: Annotated[str, typer.Option(help="Stands in the record: no personal data.")],
    of: Annotated[
        Literal["personnel", "school", "decision_body"] | None,
        typer.Option(help="Who is asked; the stage's duty holder when left out."),
    ] = None,
) -> Body:
    """Ask whoever runs the case; the answer is owed by the pack's day.

    Example: investiture case query d6fhcqtf5dfs --question "On which day were the hours entered?"
    """
    return body_of(question=question, asked_of=of)


@step("answer-query", AnswerQuery, "/cases/{case_id}/query-answers", Role.PERSONNEL)
def answer_query(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="The query's id.")],
    answer: Annotated[str | None, typer.Option(help="The answer; sealed for supervision.")] = None,
    answer_file: TextFile = None,
) -> Body:
    """Answer a reviewer's query.

    Example: investiture case answer-query d6fhcqtf5dfs k3v0d8s1m2qa --answer "On 3 February."
    """
    return {"query_id": query, "answer": long_text("answer", answer, answer_file)}
