"""What a stage needs on record, and the clocks of a pack, from the command line."""

from datetime import datetime
from typing import Annotated

import typer

from domain.clock_pause import PauseClock, ResumeClock
from domain.identity import Role
from domain.record import ConcludeStage, EnterRecord
from domain.record_signature import SignRecord
from runtime.case_options import Body, body_of, day_option
from runtime.case_step import step

RecordName = Annotated[str, typer.Argument(metavar="RECORD", help="Id of the record in the pack.")]
ClockName = Annotated[str, typer.Argument(metavar="CLOCK", help="Id of the clock in the pack.")]
About = Annotated[str | None, typer.Option("--candidate", help="Whom it is about, where there is one of each.")]


@step("enter-record", EnterRecord, "/cases/{case_id}/records", Role.PERSONNEL)
def enter_record(
    record: RecordName,
    paper: Annotated[str, typer.Option(help="Where the paper is filed; public: no names.")],
    candidate: About = None,
    dated_on: Annotated[datetime | None, day_option("The day on which it was done; today when left out.")] = None,
    not_in_order: Annotated[bool, typer.Option("--not-in-order", help="What it found is not in order.")] = False,
    not_required: Annotated[
        bool, typer.Option("--not-required", help="It was not done, since it is not required; --remarks say why.")
    ] = False,
    item: Annotated[list[str] | None, typer.Option(help="An item that it holds; may stand more than once.")] = None,
    person: Annotated[list[str] | None, typer.Option(help="Who took part; may stand more than once.")] = None,
    invited: int | None = None,
    present: int | None = None,
    remarks: Annotated[str | None, typer.Option(help="Sealed for supervision.")] = None,
) -> Body:
    """Put on record what the pack asks of a stage: a paper, a check, a conclusion, a meeting.

    Example: investiture case enter-record d6fhcqtf5dfs file_review --candidate 0k3v0d8s1m2q --paper "file review 31"
    """
    return body_of(
        record=record,
        paper=paper,
        candidate_id=candidate,
        dated_on=dated_on,
        in_order=not not_in_order,
        not_required=not_required,
        items=item or [],
        people=person or [],
        invited=invited,
        present=present,
        remarks=remarks,
    )


@step("sign-record", SignRecord, "/cases/{case_id}/record-signatures", Role.SUPERVISION)
def sign_record(record: RecordName, candidate: About = None) -> Body:
    """Put your organ's signature under what is on record.

    Example: investiture case sign-record d6fhcqtf5dfs integrity_conclusion --candidate 0k3v0d8s1m2q
    """
    return body_of(record=record, candidate_id=candidate)


@step("conclude-stage", ConcludeStage, "/cases/{case_id}/stage-conclusions", Role.PERSONNEL)
def conclude_stage() -> Body:
    """State that a stage which lives by its records is over.

    Example: investiture case conclude-stage d6fhcqtf5dfs
    """
    return {}


@step("pause-clock", PauseClock, "/cases/{case_id}/clock-pauses", Role.SUPERVISION)
def pause_clock(
    clock: ClockName,
    until_on: Annotated[datetime, day_option("The day at whose end it goes on by itself.")],
    reason: Annotated[str, typer.Option(help="Stands in the public record: no personal data.")],
) -> Body:
    """Let a clock stand still, where the pack allows it.

    Example: investiture case pause-clock d6fhcqtf5dfs acting_limit --until-on 2026-12-31 \
    --reason "A nomination is pending."
    """
    return body_of(clock=clock, until_on=until_on, reason=reason)


@step("resume-clock", ResumeClock, "/cases/{case_id}/clock-resumptions", Role.SUPERVISION)
def resume_clock(clock: ClockName) -> Body:
    """Let a paused clock go on.

    Example: investiture case resume-clock d6fhcqtf5dfs acting_service
    """
    return {"clock": clock}
