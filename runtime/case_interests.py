"""Interests as commands: declaring one's own, checking somebody's against registers, and deciding on a relation."""

from typing import Annotated, Any

import typer

from domain.conflict import CrossCheckInterests, DecideConflict, DeclareInterests
from domain.identity import Role
from domain.interests import RelationKind
from runtime.case_options import Body, TextFile
from runtime.case_step import long_text, step

KINDS = ", ".join(RelationKind)
RELATION = "CANDIDATE:KIND[:DETAILS]"


@step("declare-interests", DeclareInterests, "/cases/{case_id}/interest-declarations", Role.DECISION_BODY)
def declare_interests(
    relation: Annotated[
        list[str] | None,
        typer.Option(metavar=RELATION, help=f"Repeat it; leave it out when there is none. KIND: {KINDS}."),
    ] = None,
) -> Body:
    """Declare what ties you to the candidates, or that nothing does. Sealed for supervision.

    Example: investiture case declare-interests d6fhcqtf5dfs --relation "0k3v0d8s1m2q:same_unit:Same office until 2024."
    """
    return {"relations": [_relation(said, "--relation") for said in relation or []]}


@step("check-interests", CrossCheckInterests, "/cases/{case_id}/interest-checks", Role.SUPERVISION)
def check_interests(
    officer: Annotated[str, typer.Option(help="Their identifier at the identity provider, such as a staff number.")],
    register: Annotated[list[str], typer.Option(help="A register that was looked into; repeat it, best for all.")],
    found: Annotated[
        list[str] | None, typer.Option(metavar=RELATION, help="A relation that was found and not declared.")
    ] = None,
    declared: Annotated[
        list[str] | None, typer.Option(metavar=RELATION, help="A relation that was found and had been declared.")
    ] = None,
) -> Body:
    """Look an officer up in the registers that the pack names, and record what was found.

    Example: investiture case check-interests d6fhcqtf5dfs --officer staff-0815 --register personnel_file
    """
    relations = [_relation(said, "--found") | {"declared": False} for said in found or []]
    relations += [_relation(said, "--declared") | {"declared": True} for said in declared or []]
    return {"officer": officer, "registers": register, "found": relations}


@step("decide-conflict", DecideConflict, "/cases/{case_id}/conflict-decisions", Role.SUPERVISION)
def decide_conflict(
    relation_id: Annotated[str, typer.Argument(metavar="RELATION", help="Its id, as the case's timeline shows it.")],
    withdraws: Annotated[bool, typer.Option("--withdraws/--stays", help="Whether the officer is out of the case.")],
    plan: Annotated[str | None, typer.Option(help="How the conflict is dealt with; sealed for supervision.")] = None,
    plan_file: TextFile = None,
) -> Body:
    """Decide on a relation that does not recuse by itself.

    Example: investiture case decide-conflict d6fhcqtf5dfs k3v0d8s1m2qa --stays --plan "Votes, and speaks last but one."
    """
    return {"relation_id": relation_id, "withdraws": withdraws, "plan": long_text("plan", plan, plan_file)}


def _relation(said: str, option: str) -> dict[str, Any]:
    candidate, _, rest = said.partition(":")
    kind, _, details = rest.partition(":")
    if kind not in list(RelationKind):
        raise typer.BadParameter(f"“{said}” is not {RELATION}; KIND is one of {KINDS}.", param_hint=option)
    return {"candidate_id": candidate, "kind": kind, "details": details or None}
