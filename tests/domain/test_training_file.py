"""A training file is folded from its events: every record in its place, what was corrected, and what is forgotten."""

from datetime import date

from domain.identity import OrganId
from domain.in_service import ServiceEnded, ServiceRegistered
from domain.training_file import (
    FiledRecord,
    TrainingFile,
    TrainingRecordCorrected,
    TrainingRecorded,
    fold_training_file,
    training_file_stream,
)
from tests.examples import CHEN, SCHOOL
from tests.spec import studied

DAY = date(2026, 2, 1)
OTHER_SCHOOL = OrganId("another-school")
FIRST, SECOND = studied(40, DAY), studied(24, DAY, title="Public finance")
RECORDED = [
    TrainingRecorded(person_id=CHEN, entry=1, school=SCHOOL.organ, record=FIRST),
    TrainingRecorded(person_id=CHEN, entry=2, school=SCHOOL.organ, record=SECOND),
]


def test_a_file_has_each_record_in_its_place() -> None:
    file = fold_training_file(CHEN, RECORDED)
    assert file.records == (FiledRecord(1, SCHOOL.organ, FIRST), FiledRecord(2, SCHOOL.organ, SECOND))
    assert fold_training_file(CHEN, []) == TrainingFile(CHEN)
    assert training_file_stream(CHEN) == f"training_file/{CHEN}"


def test_a_corrected_record_says_the_new_and_how_often_it_was_corrected() -> None:
    right = FIRST.model_copy(update={"attended_hours": 36})
    said = {"person_id": CHEN, "school": SCHOOL.organ, "record": right, "reason": "Four hours were counted twice."}
    file = fold_training_file(CHEN, [*RECORDED, TrainingRecordCorrected(entry=1, **said)])
    assert file.records[0] == FiledRecord(1, SCHOOL.organ, right, 1, frozenset({FIRST.number}))
    assert fold_training_file(CHEN, [*RECORDED, TrainingRecordCorrected(entry=9, **said)]).entries.keys() == {1, 2}


def test_of_somebody_who_was_forgotten_only_places_are_left() -> None:
    registered = ServiceRegistered(person_id=CHEN, unit="Registry", pack_id="standard", rank="officer", since_on=DAY)
    ended = ServiceEnded(person_id=CHEN, until_on=DAY)
    file = fold_training_file(CHEN, [event.without_sealed() for event in (*RECORDED, registered, ended)])
    assert [filed.record for filed in file.records] == [None, None]
    assert (file.service, file.in_service_since) == (None, None)
    assert file.numbered(SCHOOL.organ, FIRST.number) is None


def test_a_school_finds_a_record_by_its_own_number_and_no_other_school_does() -> None:
    file = fold_training_file(CHEN, RECORDED)
    assert file.numbered(SCHOOL.organ, FIRST.number) == file.entries[1]
    assert file.numbered(OTHER_SCHOOL, FIRST.number) is None
