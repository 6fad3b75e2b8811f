"""Reading the record of an officer from the command line: one's own, or another's."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from domain.identity import Role
from runtime.api_client import ApiClient
from runtime.case_reading import After
from runtime.case_step import AsJson, asking
from runtime.case_words import day, plain, safe


@asking(Role.SUPERVISION)
def record_of(
    service: ApiClient,
    officer: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Another officer, by the number that they sign in with.")
    ] = None,
    officer_id: Annotated[
        str | None, typer.Option("--officer-id", metavar="ID", help="The same, by their id on the audit trail.")
    ] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """Show your own record: what you did, what waits for you or your organ, and what you let pass.

    Supervision and auditors may read another officer's; that they did is on the log.

    Example: investiture record-of --officer staff-2301 --json
    """
    found = _asked(service, officer, officer_id, after)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _tell(found)


def _asked(service: ApiClient, officer: str | None, officer_id: str | None, after: int | None) -> dict[str, Any]:
    if officer and officer_id:
        raise typer.BadParameter("Name the officer by --officer or by --officer-id, one of the two.")
    if not officer and not officer_id:
        return service.read("/reviewer-record", {"after_position": after})
    named = {"person": officer} if officer else {"person_id": officer_id}
    waits = "" if after is None else f"?after_position={after}"
    return service.ask(f"/reviewer-records{waits}", named)


def _tell(found: dict[str, Any]) -> None:
    console = Console(highlight=False, markup=False)
    if "roles" in found:
        console.print(safe(f"{found['name'] or found['officer']}, {found['organ']}"))
    console.print("Done:" if found["acts"] else "Nothing done yet.")
    for each in found["acts"]:
        console.print(safe(f"  {each['acts']:>6}  {plain(each['type'])}"))
    console.print("Due:" if found["due"] else "Nothing is due.")
    for each in found["due"]:
        by = f", due {day(each['due_on'])}" if each["due_on"] else ""
        late = f", {each['late_days']} days late" if each["late_days"] else ""
        where = f" in case {each['case_id']}" if each["case_id"] else ""
        whose = "" if each["own"] else " (the role's or organ's)"
        console.print(
            safe(f"  {plain(each['what'])} {_called(each)}{where}: {each['age_days']} days old{by}{late}{whose}")
        )
    console.print("Let pass:" if found["missed"] else "Nothing was let pass.")
    for each in found["missed"]:
        done = f"done {day(each['done_on'])}" if each["done_on"] else "not done"
        where = f" in case {each['case_id']}" if each["case_id"] else ""
        due = f" due {day(each['due_on'])}," if each["due_on"] else ""
        console.print(safe(f"  {plain(each['what'])} {_called(each)}{where}:{due} {done}"))


def _called(each: dict[str, Any]) -> str:
    return f"{each['id']} ({each['title']['en']})" if each["title"] else str(each["id"])
