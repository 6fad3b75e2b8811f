"""What a page on training shows: everything once, in two languages, and nothing at all."""

from datetime import UTC, date, datetime
from typing import Any

from pages.training import TrainingMatter
from projections.course import CourseToCome
from projections.training_act import ActKind, ActRow
from runtime.packs import read_packs
from runtime.settings import PROJECT

TODAY = date(2026, 11, 22)
PACKS = [pack for pack in read_packs(PROJECT / "packs") if pack.training_rules is not None]
PLAN = {
    "title": "Registrars 2027",
    "year": 2027,
    "pack": "standard",
    "objective": "Every registrar settles a contested entry alone.",
    "target_ranks": ["officer"],
    "target_posts": ["registrar"],
    "test": "Nine in ten settle three contested entries in a practical examination.",
    "targets": {
        "coverage_percent": 90,
        "quality_percent": 85,
        "units": [{"unit": "Registry", "coverage_percent": 95, "quality_percent": None}],
    },
    "needs": [{"name": "computer room", "places": 40}],
}
CHINESE_PLAN = PLAN | {
    "title": "2027年登记人员轮训",
    "objective": "登记人员能够独立办理有争议的登记事项。",
    "target_posts": [],
    "test": "九成学员通过实操考试。",
    "targets": None,
    "needs": [],
}


def act(act_id: str, said: dict[str, Any], *, still_open: bool | None = None) -> ActRow:
    """An act of the personnel department."""
    return ActRow(act_id, "personnel-department", datetime(2026, 11, 16, 9, tzinfo=UTC), 7, still_open, said)


def plan(said: dict[str, Any], version: int = 1, reason: str | None = None) -> ActRow:
    """A plan that stands, in its present version."""
    return act(f"plan00000{version:03}", {"plan_version": version, "plan": said, "reason": reason}, still_open=True)


def inspection(**said: Any) -> ActRow:
    """An inspection of the training school."""
    found = {
        "school": "training-school",
        "inspected": "Attendance sheets of October",
        "inspected_on": "2026-11-09",
        "findings": ["records_late", "facility_unfit"],
        "remedy_due_on": "2026-12-09",
        "answers": [],
    }
    return act("inspected001", found | said, still_open="answers" not in said)


ANSWERS = [
    {"finding": "records_late", "outcome": "remedied", "text": "They are entered within a week now."},
    {"finding": "facility_unfit", "outcome": "disputed", "text": "房间由区里提供，符合要求。"},
]
RULE = {
    "title": {"en": "Attendance is taken every half day", "zh": "每半日考勤"},
    "text": {"en": "Each school takes attendance every half day and keeps the sheets.", "zh": None},
    "source": "House rules on training, 2.4",
    "effective_on": "2026-12-01",
}
GUIDANCE = {
    "addressed_to": "training-school",
    "subject": "Cases in the course for registrars",
    "text": "Build the exercises on contested entries of the last two years.",
}
COORDINATION = {
    "kind": "teachers",
    "need": "teachers of administrative law",
    "needed_by": ["county-school", "town-school"],
    "served_by": "training-school",
    "served_how": "Two teachers are lent for the spring term.",
    "quantity": 2,
    "from_on": "2027-03-01",
    "until_on": "2027-06-30",
}
COURSES = [
    CourseToCome(
        *("course000001", "training-school", "Contested entries", "standard@1", "in_service", "case_study", 24),
        *(date(2026, 12, 1), date(2026, 12, 4), "Main building", 30, 12),
    ),
    CourseToCome(
        *("course000002", "training-school", "新任职人员培训班", "standard@1", "first_appointment", "online", 8),
        *(date(2026, 12, 7), date(2026, 12, 7), None, 20, 20),
    ),
]
FACILITY = {
    "title": "Main building",
    "school": "training-school",
    "places": 60,
    "equipment": {"computers": 40, "投影仪": 1},
    "available_from_on": date(2026, 1, 1),
    "available_until_on": None,
    "booked_on": [date(2026, 12, day) for day in range(1, 5)],
}
FULL = TrainingMatter(
    today=TODAY,
    packs=PACKS,
    acts={
        ActKind.PLAN: [plan(CHINESE_PLAN, 2, "The computer room burnt down."), plan(PLAN)],
        ActKind.RULE: [act("rule00000001", RULE, still_open=True)],
        ActKind.GUIDANCE: [act("guidance0001", GUIDANCE)],
        ActKind.COORDINATION: [act("coordinated1", COORDINATION)],
        ActKind.INSPECTION: [inspection(remedy_due_on="2026-11-20"), inspection(answers=ANSWERS)],
    },
    courses=COURSES,
    facilities=[FACILITY],
)
EMPTY = TrainingMatter(today=TODAY, packs=(), acts=dict.fromkeys(ActKind, ()), courses=(), facilities=())
