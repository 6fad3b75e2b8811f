"""The register's export is the sum of the events, whatever was recorded and corrected in whatever order."""

from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.identity import PersonId
from domain.training_file import TrainingRecordCorrected, TrainingRecorded
from eventstore.opening import opened
from projections.training_standing import years_of_training
from tests.desk import Desk, S

DAYS = st.dates(date(2021, 1, 1), date(2026, 2, 1))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    ended_on, length = draw(DAYS), draw(st.integers(0, 90))
    hours = draw(st.integers(0, min(600, 24 * (length + 1))))
    attended = draw(st.integers(0, hours))
    return {
        "number": str(draw(st.integers(1, 6))),
        "title": "A course",
        "kind": "in_service",
        "method": draw(st.sampled_from(("online", "off_job"))),
        "began_on": str(ended_on - timedelta(days=length)),
        "ended_on": str(ended_on),
        "hours": hours,
        "attended_hours": attended,
        "leave_hours": draw(st.integers(0, hours - attended)),
        "days": draw(st.integers(0, length + 1)) if attended else 0,
        "passed": draw(st.booleans()),
    }


STEP = st.tuples(st.integers(1, 3), st.booleans(), st.integers(1, 4), records())


async def acted(desk: Desk, house: str, step: tuple[int, bool, int, dict[str, Any]]) -> None:
    """A record or a correction, granted or refused as the rules say."""
    who, corrects, entry, record = step
    person = {"person": f"{house}-{who}", "record": record}
    if corrects:
        await desk.post("/training-record-corrections", person | {"entry": entry, "reason": "Read wrongly."}, S)
    else:
        await desk.post("/training-records", person, S)


async def summed(desk: Desk, people: set[PersonId]) -> dict[tuple[str, int], Counter[str]]:
    """What the events of these people's files add up to, year by year; a correction takes its record's place."""
    last: dict[tuple[str, int], Any] = {}
    rows = await desk.house.store.read_log(limit=100_000)
    for recorded in await opened(desk.house.store, desk.house.keys, rows):
        event = recorded.event
        if isinstance(event, TrainingRecorded | TrainingRecordCorrected) and event.person_id in people:
            last[event.person_id, event.entry] = event.record
    sums: dict[tuple[str, int], Counter[str]] = {}
    for (person, _), record in last.items():
        of_year = sums.setdefault((person, record.ended_on.year), Counter())
        of_year.update(trainings=1, passed=int(record.passed), attended_hours=record.attended_hours, days=record.days)
    return sums


@given(st.lists(STEP, max_size=12))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_export_equals_the_sum_of_the_events(
    desk: Desk, steps: list[tuple[int, bool, int, dict[str, Any]]]
) -> None:
    house = uuid4().hex[:8]
    for step in steps:
        await acted(desk, house, step)
    await desk.project()
    found = [await desk.house.keys.find_subject(f"{house}-{who}") for who in (1, 2, 3)]
    people = {person for person in found if person is not None}
    exported = {
        (year.person_id, year.year): Counter(
            trainings=year.trainings, passed=year.passed, attended_hours=year.attended_hours, days=year.days
        )
        async for year in years_of_training(desk.house.pool)
        if year.person_id in people
    }
    assert exported == await summed(desk, people)
