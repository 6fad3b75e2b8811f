"""How the shapes that events once had become today's. Old shapes are kept as fixtures for ever."""

from collections.abc import Callable
from typing import Any

from domain.pack_adoption import SHIPPED

Data = dict[str, Any]


def _with(**added: Any) -> Callable[[Data], Data]:
    """A step that adds fields which that shape did not have yet."""
    return lambda data: {**added, **data}


def _meeting_before_forms(data: Data) -> Data:
    minutes = data.get("minutes")
    if minutes is not None:
        data = {**data, "minutes": {"proceedings": None, "unresolved": None, **minutes}}
    return {"body": None, "held_as": "meeting", "voted_by": None, **data}


def _before_training_files(data: Data) -> Data:
    short = max(0, data["required_hours"] - data["hours"])
    unknown = dict.fromkeys(("required_days", "file_version", "file_hash", "failed_years", "deviation"))
    return {**unknown, "days": 0, "missing_hours": short, "counted": [], **data}


def _objection_on_paper(data: Data) -> Data:
    unsaid = dict.fromkeys(("receipt_hash", "moderate_by", "identity", "about", "named_objector"))
    return {**unsaid, "attachments": 0, "awaits_admission": False, **data}


def _clocks_without_windows(data: Data) -> Data:
    return data | {"clocks": [{"window": None, **clock} for clock in data["clocks"]]}


def _year_before_titles(data: Data) -> Data:
    matter = data.get("matter")
    if matter is None:
        return data
    counts = {part: [{"called": None, **count} for count in matter[part]] for part in ("letters", "exceptions")}
    return data | {"matter": matter | counts}


UPCASTS: dict[tuple[str, int], Callable[[Data], Data]] = {
    ("case_moved", 1): _clocks_without_windows,
    ("case_resumed", 1): _clocks_without_windows,
    ("clock_paused", 1): _with(window=None),
    ("clock_resumed", 1): _with(window=None),
    ("decision_deferred", 1): _with(why="members_deferred"),
    ("decision_meeting_held", 1): _meeting_before_forms,
    ("decision_not_passed", 1): _with(reconsider=None, reasons=None),
    ("decision_taken", 1): _with(reasons=None),
    # What somebody stated once is read from a training file since.
    ("make_up_training_recorded", 1): _with(file_version=None, file_hash=None),
    ("hold_placed", 1): _with(because_of=None),
    ("interests_declared", 1): _with(roles=[], organ=None),
    ("nominations_closed", 1): _with(deviation=None),
    ("objection_disposed", 1): _with(public_answer=None),
    ("objection_lodged", 1): _objection_on_paper,
    # Before it had a reason, nobody but the program could adopt a pack.
    ("pack_adopted", 1): lambda data: data | {"reason": SHIPPED},
    ("record_entered", 1): _with(not_required=False),
    ("reported_to_superior", 1): _with(reported_by=None),
    ("stage_completed", 1): _with(deviations=[], silence_of=None),
    # Nobody could say yet when the cause began.
    ("probation_failed", 1): _with(cause_predates_appointment=False),
    ("training_list_read", 1): _with(course_id=None),
    ("training_verified", 1): _before_training_files,
    ("yearly_report_drawn_up", 1): _year_before_titles,
}
"""From (event type, schema version) to the step that gives the next version's shape."""


def upcast(alias: str, schema: int, data: Data) -> Data:
    """The event's data in the shape that its class has today."""
    while (step := UPCASTS.get((alias, schema))) is not None:
        data, schema = step(data), schema + 1
    return data
