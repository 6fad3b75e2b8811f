"""What the candidates are measured by, as a command."""

from typing import Annotated, Any

import typer

from domain.identity import Role
from domain.merit import SetCriteria
from runtime.case_options import Body
from runtime.case_step import step

WEIGHTED = "CRITERION=WEIGHT"


@step("set-criteria", SetCriteria, "/cases/{case_id}/criteria", Role.PERSONNEL)
def set_criteria(
    criterion: Annotated[
        list[str], typer.Option(metavar=WEIGHTED, help="One of the pack's list and its weight of 100; repeat it.")
    ],
) -> Body:
    """Say what the candidates are measured by; the weights add up to 100.

    Example: investiture case set-criteria d6fhcqtf5dfs --criterion results=60 --criterion integrity=40
    """
    return {"criteria": [_weighted(said) for said in criterion]}


def _weighted(said: str) -> dict[str, Any]:
    criterion, _, weight = said.partition("=")
    if not weight.isascii() or not weight.isdigit():
        raise typer.BadParameter(f"“{said}” is not {WEIGHTED}, such as results=60.", param_hint="--criterion")
    return {"criterion": criterion, "weight": int(weight)}
