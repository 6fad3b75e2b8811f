"""Trainings that the example school puts on file, so that a candidate has so many hours when they are verified."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from domain.identity import Actor, PersonId
from domain.training_file import TrainingRecord, training_file_stream
from domain.training_record import RecordTraining, record_training
from domain.training_rules import TrainingTerms
from eventstore.stream_recording import Wish
from eventstore.training_recording import record_in_training_file
from runtime.connections import House

TITLES = ("Administrative law", "Public finance", "Integrity in office", "Plain language in decisions")
LONGEST = 120
BETWEEN = timedelta(days=300)


def courses(name: str, hours: int, today: date) -> Iterator[TrainingRecord]:
    """Courses that give so many hours together, the latest of them a month ago.

    Units: hours, at most a hundred and twenty in one course; eight of them make a day.
    """
    place = 0
    while hours > 0:
        given = min(hours, LONGEST)
        days = given // 8
        ended_on = today - timedelta(days=30) - place * BETWEEN
        yield TrainingRecord(
            number=f"{name}/{place + 1}",
            title=TITLES[place % len(TITLES)],
            kind="in_service",
            method="off_job",
            began_on=ended_on - timedelta(days=days),
            ended_on=ended_on,
            hours=given,
            attended_hours=given,
            days=days,
            score=84,
            passed=True,
        )
        hours, place = hours - given, place + 1


async def has_studied(house: House, school: Actor, person: PersonId, name: str, hours: int, at: datetime) -> None:
    """So many hours are on somebody's training file; the same example again records nothing."""
    terms = TrainingTerms.of([(await house.packs.get(await house.packs.latest("standard", at))).training_rules])
    for record in courses(name, hours, at.date()):
        command = RecordTraining(person_id=person, record=record)
        command_id = uuid5(NAMESPACE_URL, f"investiture/example/training/{record.number}")
        wish = Wish(training_file_stream(person), command, school, command_id, at)
        await record_in_training_file(
            house.store,
            house.keys,
            person,
            wish,
            lambda file, said=command: record_training(file, said, actor=school, at=at, terms=terms),  # type: ignore[misc]
        )
