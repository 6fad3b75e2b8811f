"""Reading the acts of planning training from the command line."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from runtime.api_client import ApiClient
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson
from runtime.case_words import day, plain, safe

Organ = Annotated[str | None, typer.Option("--about", metavar="ORGAN", help="Only about this organ or school.")]
OfPlan = Annotated[str | None, typer.Option("--of-plan", metavar="PLAN", help="Only of this plan.")]
Cells = Sequence[str]


def plans(
    service: ApiClient,
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="Only of this year.")] = None,
    still_open: Annotated[
        bool | None, typer.Option("--open/--closed", help="Only those not closed; or closed.")
    ] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List the training plans in their present version, the latest first.

    Example: investiture training plans --year 2027 --open
    """
    found = _listed(service, "plans", "/training-plans", after, year=year, still_open=_asked(still_open))
    _show("plans", found, as_json, ("Plan", "Title", "For", "Version", "Stands"), _plan_cells)


def plan(
    service: ApiClient,
    plan_id: Annotated[str, typer.Argument(metavar="PLAN", help="The plan's id.")],
    as_json: AsJson = False,
) -> None:
    """Show a plan with all its versions, and what came of it.

    Example: investiture training plan 0k3v0d8s1m2q
    """
    found = service.read(f"/training-plans/{plan_id}")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False)
    for version in found["versions"]:
        console.print(Text(f"Version {version['plan_version']}, {day(version['recorded_at'])}", "bold"))
        for line in _plan_lines(version):
            console.print(Text(f"  {safe(line)}"))
    if end := found["closed"]:
        console.print(Text(f"Closed on {day(end['recorded_at'])}: {plain(end['outcome'])}", "bold"))
        console.print(Text(f"  {safe(end['came_of_it'])}"))


def rules(
    service: ApiClient,
    still_open: Annotated[
        bool | None, typer.Option("--standing/--replaced", help="Only those that nothing replaced; or the others.")
    ] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List the rules of training, the latest first.

    Example: investiture training rules --standing
    """
    found = _listed(service, "rules", "/training-rules", after, still_open=_asked(still_open))
    _show("rules", found, as_json, ("Rule", "Title", "From", "Source", "Stands"), _rule_cells)


def guidance(
    service: ApiClient, about: Organ = None, of_plan: OfPlan = None, after: After = None, as_json: AsJson = False
) -> None:
    """List guidance, the latest first.

    Example: investiture training guidance --about training-school
    """
    found = _listed(service, "guidance", "/training-guidance", after, organ=about, plan_id=of_plan)
    _show("guidance", found, as_json, ("Guidance", "To", "Subject", "Text"), _guidance_cells)


def coordination(
    service: ApiClient, about: Organ = None, of_plan: OfPlan = None, after: After = None, as_json: AsJson = False
) -> None:
    """List what was coordinated between organs, the latest first.

    Example: investiture training coordination --about training-school
    """
    found = _listed(service, "coordination", "/training-coordination", after, organ=about, plan_id=of_plan)
    _show("coordination", found, as_json, ("Id", "What", "For", "By", "Days"), _coordination_cells)


def inspections(
    service: ApiClient,
    about: Organ = None,
    of_plan: OfPlan = None,
    still_open: Annotated[
        bool | None, typer.Option("--open/--over", help="Only those yet to be answered; or the others.")
    ] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List inspections of schools, the latest first.

    Example: investiture training inspections --open
    """
    filters = {"organ": about, "plan_id": of_plan, "still_open": _asked(still_open)}
    found = _listed(service, "inspections", "/training-inspections", after, **filters)
    _show("inspections", found, as_json, ("Inspection", "School", "Found", "Due", "Answered"), _inspection_cells)


def remarks(
    service: ApiClient,
    inspection_id: Annotated[str, typer.Argument(metavar="INSPECTION", help="The inspection's id.")],
    as_json: AsJson = False,
) -> None:
    """Show what is sealed in an inspection; the reading itself goes on the log.

    Example: investiture training remarks 0k3v0d8s1m2q --role personnel
    """
    found = service.read(f"/training-inspections/{inspection_id}/remarks")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for step in found["steps"]:
        said = safe(step["remarks"] or "no remarks")
        Console(highlight=False).print(Text(f"{day(step['recorded_at'])}, {safe(step['organ'])}: {said}"))


def _listed(
    service: ApiClient, name: str, path: str, after: int | None, **filters: str | int | None
) -> list[Mapping[str, Any]]:
    asked = {**filters, "limit": PAGE, "after_position": after}
    return [found for page in service.pages(path, asked) for found in page[name]]


def _asked(still_open: bool | None) -> str | None:
    return None if still_open is None else str(still_open).lower()


def _show(
    name: str, found: list[Mapping[str, Any]], as_json: bool, heads: Cells, cells: Callable[[Mapping[str, Any]], Cells]
) -> None:
    if as_json:
        typer.echo(json.dumps({name: found}, ensure_ascii=False))
        return
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=place == 0, width=12 if place == 0 else None)
    for row in found:
        table.add_row(*(Text(safe(cell)) for cell in cells(row)))
    Console(highlight=False).print(table if found else "Nothing is listed.")


def _plan_cells(row: Mapping[str, Any]) -> Cells:
    says = row["plan"]
    posts = ", ".join([*says["target_ranks"], *says["target_posts"]])
    stands = "open" if row["still_open"] else plain(row["outcome"])
    return (row["plan_id"], f"{says['title']} ({says['year']})", posts, str(row["plan_version"]), stands)


def _plan_lines(version: Mapping[str, Any]) -> list[str]:
    says = version["plan"]
    lines = [
        f"{says['title']}, {says['year']}, {says['pack']}",
        f"Objective: {says['objective']}",
        f"For: {', '.join([*says['target_ranks'], *says['target_posts']])}",
        f"Test: {says['test']}",
    ]
    if targets := says["targets"]:
        lines.append(f"Coverage {targets['coverage_percent']} %, quality {targets['quality_percent']} %")
    lines += [f"Needs {need['name']}: {need['places']} places" for need in says["needs"]]
    return lines + ([f"Because: {version['reason']}"] if version["reason"] else [])


def _rule_cells(row: Mapping[str, Any]) -> Cells:
    stands = "stands" if row["still_open"] else f"replaced by {row['replaced_by']}"
    return (row["rule_id"], _worded(row["title"]), day(row["effective_on"]), row["source"], stands)


def _worded(words: Mapping[str, str | None]) -> str:
    return " / ".join(said for said in (words["en"], words["zh"]) if said)


def _guidance_cells(row: Mapping[str, Any]) -> Cells:
    return (row["guidance_id"], row["addressed_to"], row["subject"], row["text"])


def _coordination_cells(row: Mapping[str, Any]) -> Cells:
    what = f"{plain(row['kind'])}: {row['need']}" + (f" ({row['quantity']})" if row["quantity"] else "")
    days = f"{day(row['from_on'])} to {day(row['until_on'])}"
    return (row["coordination_id"], what, ", ".join(row["needed_by"]), row["served_by"], days)


def _inspection_cells(row: Mapping[str, Any]) -> Cells:
    due = day(row["remedy_due_on"]) if row["remedy_due_on"] else "nothing is due"
    answered = day(row["answered_at"]) if row["answered_at"] else ("not yet" if row["still_open"] else "in order")
    return (row["inspection_id"], row["school"], ", ".join(plain(code) for code in row["findings"]), due, answered)
