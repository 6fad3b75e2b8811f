"""Reading courses and facilities from the command line."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from runtime.api_client import ApiClient
from runtime.case_reading import PAGE, After
from runtime.case_step import AsJson
from runtime.case_words import day, plain
from runtime.course_steps import CourseId
from runtime.list_table import list_table


def list_courses(
    service: ApiClient,
    kind: Annotated[str | None, typer.Option(help="Only of this kind.")] = None,
    method: Annotated[str | None, typer.Option(help="Only by this method.")] = None,
    plan: Annotated[str | None, typer.Option(metavar="PLAN", help="Only of this training plan.")] = None,
    to_come: Annotated[bool | None, typer.Option("--to-come/--over", help="Only those to come; or over.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=PAGE, help="How many.")] = 50,
    cursor: Annotated[int | None, typer.Option(help="Go on where the last page ended.")] = None,
    after: After = None,
    as_json: AsJson = False,
) -> None:
    """List courses, those scheduled last first.

    Example: investiture course list --method off_job --to-come
    """
    asked = {"kind": kind, "method": method, "plan_id": plan, "to_come": to_come, "limit": limit, "cursor": cursor}
    said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()}
    found = service.read("/courses", {**said, "after_position": after})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    rows = [_course_cells(course) for course in found["courses"]]
    _print(("Course", "Title", "Method", "When", "Places"), rows, "No course matches.")
    if found["next_cursor"] is not None:
        Console(highlight=False).print(f"There are more: --cursor {found['next_cursor']}.")


def show_course(service: ApiClient, course_id: CourseId, after: After = None, as_json: AsJson = False) -> None:
    """Show a course, and how far each participant is.

    Example: investiture course show 0k3v0d8s1m2q
    """
    found = service.read(f"/courses/{course_id}", {"after_position": after})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    cells = _course_cells(found)
    _print(("Course", "Title", "Method", "When", "Places"), [cells], "")
    rated = f"{found['rating']} of 5, by {found['ratings']}" if found["rating"] else f"{found['ratings']} ratings"
    where = found["facility_id"] or "no facility"
    print(f"{plain(found['kind'])}; {found['hours']} hours, {found['days']} days; {where}; {rated}")
    if found["participants"] is None:
        print("Who is in it is read by those who send, teach, supervise and audit.")
        return
    rows = [_participant_cells(person) for person in found["participants"]]
    _print(("Person", "Sessions", "Hours", "Leave", "Stands"), rows, "Nobody was sent or has a place yet.")


def facilities(service: ApiClient, after: After = None, as_json: AsJson = False) -> None:
    """List the facilities, the days on which they are taken, and what they lack for courses that have none.

    Example: investiture course facilities
    """
    found = service.read("/facilities", {"after_position": after})
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    rows = [_facility_cells(facility) for facility in found["facilities"]]
    _print(("Facility", "Title", "Places", "Has", "Taken on"), rows, "No facility is registered.")
    short = [
        (need["need"], str(need["needed"]), str(need["available"]), str(need["short"])) for need in found["shortfalls"]
    ]
    if short:
        _print(("Need", "Needed", "At most", "Short"), short, "")


def _course_cells(course: Mapping[str, Any]) -> Sequence[str]:
    first, last = day(course["began_on"]), day(course["ended_on"])
    when = first if first == last else f"{first} to {last}"
    if course["cancelled"]:
        when = f"cancelled ({when})"
    taken = f"{course['taken']} of {course['places']}, {course['sent']} sent"
    return (course["course_id"], course["title"], plain(course["method"]), when, taken)


def _participant_cells(person: Mapping[str, Any]) -> Sequence[str]:
    kept = [name for name in ("studied", "examined", "assessed") if person[name]]
    stands = "completed" if person["completed"] else "ended by leave" if person["ended_by_leave"] else ", ".join(kept)
    if not person["enrolled"]:
        stands = "sent" if person["sent"] else "withdrawn"
    hours = (str(person["sessions"]), str(person["attended_hours"]), str(person["leave_hours"]))
    return (person["person_id"], *hours, stands or "attending")


def _facility_cells(facility: Mapping[str, Any]) -> Sequence[str]:
    has = ", ".join(f"{plain(name)} {places}" for name, places in facility["equipment"].items())
    taken = ", ".join(day(found) for found in facility["booked_on"])
    return (facility["facility_id"], facility["title"], str(facility["places"]), has, taken or "no day")


def _print(header: Sequence[str], rows: Sequence[Sequence[str]], nothing: str) -> None:
    console = Console(highlight=False)
    console.print(list_table(header, rows, header[0]) if rows else nothing)
