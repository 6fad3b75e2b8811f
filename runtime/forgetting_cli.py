"""Forgetting people from the command line: the same acts as the API's, through the API."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from domain.forgetting import (
    ApproveForgetting,
    ForgettingState,
    Ground,
    ProposeForgetting,
    RefuseForgetting,
    WithdrawForgetting,
)
from domain.identity import Role
from runtime.api_client import ApiClient
from runtime.case_options import Body, TextFile
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson, long_text, reading, step
from runtime.case_words import safe
from runtime.list_table import list_table, tell_list

Person = Annotated[str, typer.Argument(metavar="PERSON", help="Their identifier at the identity provider.")]
ByPseudonym = Annotated[
    bool, typer.Option("--by-pseudonym", help="PERSON is the pseudonym in the record, not the identifier.")
]
Reason = Annotated[str | None, typer.Option(help="Why; sealed with the person's own key, and destroyed with it.")]

forget_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Forget a person: their key is destroyed, what was sealed about them is deleted, and a tombstone stands.\n\n"
    "Personnel propose it and another officer, of supervision, approves it. Each command speaks to a running service, "
    "as `investiture case` does, and ends with the same codes.\n\n"
    'Example: investiture forget propose staff-4711 --ground request --reason "Asked for in writing on 3 March"',
)


def _named(person: str, by_pseudonym: bool) -> Body:
    return {"person_id" if by_pseudonym else "person": person}


@step("propose", ProposeForgetting, "/forgettings", Role.PERSONNEL)
def propose(
    person: Person,
    ground: Annotated[Ground, typer.Option(help="Public: their request, an order, or retention.")],
    reason: Reason = None,
    reason_file: TextFile = None,
    by_pseudonym: ByPseudonym = False,
) -> Body:
    """Propose to forget somebody whom no open case, inquiry, service or retention floor keeps on record.

    Example: investiture forget propose staff-4711 --ground request --reason "Asked for in writing on 3 March" --dry-run
    """
    return _named(person, by_pseudonym) | {"ground": ground, "reason": long_text("reason", reason, reason_file)}


@step("approve", ApproveForgetting, "/forgetting-approvals", Role.SUPERVISION)
def approve(person: Person, by_pseudonym: ByPseudonym = False) -> Body:
    """Approve it, as an officer of supervision. Their key is destroyed soon after, which nobody can take back.

    Example: investiture forget approve staff-4711
    """
    return _named(person, by_pseudonym)


@step("refuse", RefuseForgetting, "/forgetting-refusals", Role.SUPERVISION)
def refuse(
    person: Person, reason: Reason = None, reason_file: TextFile = None, by_pseudonym: ByPseudonym = False
) -> Body:
    """Refuse it, as an officer of supervision, and say why; it may be proposed again.

    Example: investiture forget refuse staff-4711 --reason "The complaint of May is not settled."
    """
    return _named(person, by_pseudonym) | {"reason": long_text("reason", reason, reason_file)}


@step("withdraw", WithdrawForgetting, "/forgetting-withdrawals", Role.PERSONNEL)
def withdraw(person: Person, by_pseudonym: ByPseudonym = False) -> Body:
    """Take back a proposal that supervision has not judged.

    Example: investiture forget withdraw staff-4711
    """
    return _named(person, by_pseudonym)


def list_forgettings(
    service: ApiClient,
    state: Annotated[ForgettingState | None, typer.Option(help="Only those in this state.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List who was forgotten or is to be, by pseudonym, the most recently proposed first.

    Example: investiture forget list --state proposed
    """
    asked = {"state": state, "limit": PAGE, "after_position": after}
    found = [row for page in service.pages("/forgettings", asked) for row in page["forgettings"]]
    tell_list("forgettings", found, _table, "Nobody was proposed to be forgotten.", as_json)


def show(service: ApiClient, person: Person, by_pseudonym: ByPseudonym = False, as_json: AsJson = False) -> None:
    """Show how it stands with forgetting somebody, and what keeps them on record today; the reading is recorded.

    Example: investiture forget show staff-4711
    """
    found = service.ask("/forgetting-readings", _named(person, by_pseudonym))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(Text(safe(_sentence(found)), "bold"))
    for label, name in (("Why", "reason"), ("Why not", "reason_against"), ("Kept by", "kept_by")):
        if found[name]:
            console.print(Text(safe(f"{label:9}{found[name]}")))


def _sentence(found: Mapping[str, Any]) -> str:
    if found["state"] == ForgettingState.FORGOTTEN:
        parts = f"{found['sealed_parts']} sealed parts were destroyed"
        return f"Forgotten on {found['since_on']} because of: {found['ground']}. {parts}."
    return f"{str(found['state']).capitalize()} on {found['since_on']} because of: {found['ground']}."


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    return list_table(("Person", "State", "Since", "Ground", "Parts destroyed"), map(_cells, rows))


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    parts = "" if row["sealed_parts"] is None else str(row["sealed_parts"])
    return (row["person_id"], row["state"], row["since_on"], row["ground"], parts)


for _step in (propose, withdraw):
    _step.add_to(forget_app, "The personnel department")
for _step in (approve, refuse):
    _step.add_to(forget_app, "Supervision")
reading(forget_app, "list", "Reading")(list_forgettings)
reading(forget_app, "show", "Reading")(show)
