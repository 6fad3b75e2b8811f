"""Reading one's own record from the command line."""

import json

import typer
from rich.console import Console

from domain.identity import Role
from runtime.api_client import ApiClient
from runtime.case_reading import After
from runtime.case_step import AsJson, asking
from runtime.case_words import day, plain, safe


@asking(Role.SUPERVISION)
def record_of(service: ApiClient, after: After = None, as_json: AsJson = False) -> None:
    """Show your own record: what you did, what waits for you or your organ, and what you let pass.

    Example: investiture record-of --role supervision --json
    """
    found = service.read("/reviewer-record", {"after_position": after})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    console = Console(highlight=False, markup=False)
    console.print("Done:" if found["acts"] else "Nothing done yet.")
    for each in found["acts"]:
        console.print(safe(f"  {each['acts']:>6}  {plain(each['type'])}"))
    console.print("Due:" if found["due"] else "Nothing is due.")
    for each in found["due"]:
        by = f", due {day(each['due_on'])}" if each["due_on"] else ""
        late = f", {each['late_days']} days late" if each["late_days"] else ""
        where = f" in case {each['case_id']}" if each["case_id"] else ""
        whose = "" if each["own"] else " (your organ's)"
        console.print(
            safe(f"  {plain(each['what'])} {each['id']}{where}: {each['age_days']} days old{by}{late}{whose}")
        )
    console.print("Let pass:" if found["missed"] else "Nothing was let pass.")
    for each in found["missed"]:
        done = f"done {day(each['done_on'])}" if each["done_on"] else "not done"
        where = f" in case {each['case_id']}" if each["case_id"] else ""
        due = f" due {day(each['due_on'])}," if each["due_on"] else ""
        console.print(safe(f"  {plain(each['what'])} {each['id']}{where}:{due} {done}"))
