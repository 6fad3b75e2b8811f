"""Courses from the command line: the same acts as the API's, through the API."""

from collections.abc import Callable

import typer

from runtime import course_reading as read
from runtime import course_steps as steps
from runtime.case_step import Step, calling, reading
from runtime.course_attendance import attend

READING: dict[str, Callable[..., None]] = {
    "list": read.list_courses,
    "show": read.show_course,
    "facilities": read.facilities,
}
STEPS: dict[str, tuple[Step, ...]] = {
    "Facilities and teachers": (steps.register_facility, steps.change_facility, steps.register_teacher),
    "A course and its people": (
        steps.schedule,
        steps.change,
        steps.cancel,
        steps.send,
        steps.enrol,
        steps.withdraw,
    ),
    "The four records": (
        steps.record_study,
        steps.record_examination,
        steps.record_assessment,
        steps.complete,
        steps.rate,
    ),
}

course_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Hold courses: facilities, teachers, sessions, participants, and the four records of each.\n\n"
    "The school's own work; `send` is the personnel department's, and `rate` whoever's that completed it. Each command "
    "speaks to a running service, as `investiture case` does, and ends with the same codes.\n\n"
    "Example: investiture course list --to-come",
)
for _name, _read in READING.items():
    reading(course_app, _name, "Reading")(_read)
for _panel, _steps in STEPS.items():
    for _step in _steps:
        _step.add_to(course_app, _panel)
course_app.command("attend", rich_help_panel="The four records")(calling(attend))
