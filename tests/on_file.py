"""Trainings put on file by a school, through the door to the log."""

from datetime import datetime, timedelta
from uuid import uuid4

from domain.identity import PersonId
from domain.training_file import training_file_stream
from domain.training_record import RecordTraining, record_training
from domain.training_rules import TrainingTerms
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept, Wish
from eventstore.training_recording import record_in_training_file
from tests.examples import SCHOOL, pack
from tests.spec import studied


async def put_on_file(recorder: Recorder, person: PersonId, hours: int, at: datetime) -> Kept:
    """A school puts so many hours that ended yesterday in somebody's file, beside what was there."""
    record = studied(hours, at.date() - timedelta(days=1), number=str(uuid4()))
    command = RecordTraining(person_id=person, record=record)
    terms = TrainingTerms.of([pack("standard").training_rules])
    wish = Wish(training_file_stream(person), command, SCHOOL, uuid4(), at)
    return await record_in_training_file(
        recorder.store,
        recorder.keys,
        person,
        wish,
        lambda file: record_training(file, command, actor=SCHOOL, at=at, terms=terms),
    )
