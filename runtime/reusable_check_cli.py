"""Checks of people from the command line: the same acts as the API's, through the API."""

import json
from datetime import datetime
from typing import Annotated

import typer

from domain.identity import Role
from domain.reusable_check import CheckKind, RecordCheck, RequestCheck
from runtime.api_client import ApiClient
from runtime.case_options import Body, TextFile, body_of, day_option
from runtime.case_step import AsJson, long_text, reading, step
from runtime.case_words import day, plain, safe
from runtime.forgetting_cli import ByPseudonym, Person

Kind = Annotated[CheckKind, typer.Option(help="What is looked into.")]

check_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Have somebody checked once, for both departments.\n\n"
    "Each command speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture check request staff-4711 --kind petitions --asked supervision-organ",
)


def _of(person: str, by_pseudonym: bool, **more: object) -> Body:
    return body_of(**{"person_id" if by_pseudonym else "person": person}, **more)


@step("request", RequestCheck, "/checks", Role.PERSONNEL)
def request(
    person: Person,
    kind: Kind,
    asked: Annotated[str, typer.Option(help="The organ that checks, when there is no check to use.")],
    case: Annotated[str | None, typer.Option(metavar="CASE", help="The case that it is for.")] = None,
    by_pseudonym: ByPseudonym = False,
) -> Body:
    """Have somebody checked; a check that is valid, or asked for already, is used instead.

    Example: investiture check request staff-4711 --kind petitions --asked supervision-organ
    """
    return _of(person, by_pseudonym, kind=kind, asked=asked, case_id=case)


@step("record", RecordCheck, "/check-results", Role.SUPERVISION)
def record(
    person: Person,
    kind: Kind,
    outcome: Annotated[str | None, typer.Option(help="Sealed with the person's own key.")] = None,
    outcome_file: TextFile = None,
    valid_until_on: Annotated[datetime | None, day_option("An earlier day than the pack's.")] = None,
    by_pseudonym: ByPseudonym = False,
) -> Body:
    """Say what a check found, for the organ that was asked.

    Example: investiture check record staff-4711 --kind petitions --outcome "Two petitions, both unfounded."
    """
    said = long_text("outcome", outcome, outcome_file)
    return _of(person, by_pseudonym, kind=kind, outcome=said, valid_until_on=valid_until_on)


def show(
    service: ApiClient, person: Person, kind: Kind, by_pseudonym: ByPseudonym = False, as_json: AsJson = False
) -> None:
    """Show what a check found and who used it; the reading is recorded.

    Example: investiture check show staff-4711 --kind petitions
    """
    found = service.ask("/check-readings", _of(person, by_pseudonym, kind=kind))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    until = found["valid_until_on"]
    stands = f"valid until {day(until)}" if until else f"asked of {found['asked']}, due {day(found['due_on'])}"
    typer.echo(safe(f"Check {found['number']}, {plain(found['kind'])}: {stands}, used again {found['reused']} times"))
    for said in found["steps"]:
        if outcome := said["what"].get("outcome"):
            typer.echo(safe(f"{day(said['recorded_at'])}, {said['organ']}: {outcome}"))


for _step in (request, record):
    _step.add_to(check_app, "Acting")
reading(check_app, "show", "Reading", Role.PERSONNEL)(show)
