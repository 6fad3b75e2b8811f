"""A school, and nobody else, puts training on record once it is over; what is corrected keeps its reason."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.identity import Actor, OrganId
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.training_file import (
    TrainingFile,
    TrainingRecord,
    TrainingRecordCorrected,
    TrainingRecorded,
    fold_training_file,
)
from domain.training_record import (
    AlreadyOnFile,
    AnotherSchoolsRecord,
    CorrectTrainingRecord,
    CourseFilesItsOwn,
    NoSuchRecord,
    RecordDoesNotAddUp,
    RecordTraining,
    RecordUnchanged,
    SchoolsOwnTraining,
    TrainingStillToCome,
    correct_training_record,
    record_training,
)
from domain.training_rules import TrainingTerms
from tests.domain.refusals import assert_whole
from tests.examples import CHEN, PERSONNEL, SCHOOL, at, pack
from tests.spec import studied

START = at("2026-03-02")
TERMS = TrainingTerms.of([pack("standard").training_rules, None])
FIRST = studied(40, date(2026, 2, 1))
REASON = "Four hours were counted twice."
OTHER_SCHOOL = SCHOOL.model_copy(update={"organ": OrganId("another-school")})


def recording(record: TrainingRecord = FIRST) -> RecordTraining:
    return RecordTraining(person_id=CHEN, record=record)


def correcting(record: TrainingRecord, entry: int = 1) -> CorrectTrainingRecord:
    return CorrectTrainingRecord(person_id=CHEN, entry=entry, record=record, reason=REASON)


def decided(file: TrainingFile, command: Any, actor: Actor = SCHOOL) -> list[Any]:
    decide: Any = record_training if isinstance(command, RecordTraining) else correct_training_record
    events: list[Any] = decide(file, command, actor=actor, at=START, terms=TERMS)
    return events


def refused(file: TrainingFile, kind: type[Refusal], command: Any, actor: Actor = SCHOOL) -> Refusal:
    with pytest.raises(kind) as caught:
        decided(file, command, actor)
    assert_whole(caught.value)
    return caught.value


EMPTY = TrainingFile(CHEN)
FILE = fold_training_file(CHEN, decided(EMPTY, recording()))


def test_a_school_puts_a_training_on_record_and_all_of_it_is_sealed() -> None:
    assert decided(EMPTY, recording()) == [
        TrainingRecorded(person_id=CHEN, entry=1, school=SCHOOL.organ, record=FIRST),
    ]
    assert decided(EMPTY, recording())[0].without_sealed().record is None


def test_the_same_number_is_one_record_of_a_school() -> None:
    assert decided(FILE, recording()) == []
    changed = FIRST.model_copy(update={"attended_hours": 36})
    assert refused(FILE, AlreadyOnFile, recording(changed)).facts["entry"] == 1
    (elsewhere,) = decided(FILE, recording(changed), OTHER_SCHOOL)
    assert (elsewhere.entry, elsewhere.school) == (2, "another-school")


def test_personnel_write_no_training_and_nobody_of_the_school_their_own() -> None:
    refused(EMPTY, WrongOrgan, recording(), PERSONNEL)
    themselves = SCHOOL.model_copy(update={"officer": CHEN})
    refused(EMPTY, SchoolsOwnTraining, recording(), themselves)
    refused(FILE, SchoolsOwnTraining, correcting(FIRST), SCHOOL.model_copy(update={"on_behalf_of": CHEN}))


def test_kinds_and_methods_are_those_of_the_pack() -> None:
    no = refused(EMPTY, UnknownChoice, recording(studied(8, date(2026, 2, 1), kind="juggling")))
    known = no.facts["known"]
    assert no.field == "record.kind" and isinstance(known, list) and "theory" in known
    no = refused(EMPTY, UnknownChoice, recording(studied(8, date(2026, 2, 1), method="by_post")))
    assert no.field == "record.method"


def test_training_is_recorded_when_it_is_over_wherever_the_day_is_latest() -> None:
    assert decided(EMPTY, recording(studied(8, date(2026, 3, 2))))
    refused(EMPTY, TrainingStillToCome, recording(studied(8, date(2026, 3, 3))))


@pytest.mark.parametrize("said", [{"began_on": date(2026, 2, 2)}, {"leave_hours": 1}])
def test_a_record_adds_up(said: dict[str, Any]) -> None:
    refused(EMPTY, RecordDoesNotAddUp, recording(studied(8, date(2026, 2, 1), **said)))


def test_a_correction_says_why_and_leaves_what_stood_there_in_the_log() -> None:
    right = FIRST.model_copy(update={"attended_hours": 36})
    (corrected,) = decided(FILE, correcting(right))
    assert isinstance(corrected, TrainingRecordCorrected)
    assert (corrected.entry, corrected.record, corrected.reason) == (1, right, REASON)
    assert corrected.without_sealed().reason is None and corrected.without_sealed().record is None
    assert corrected.apply(FILE).entries[1].corrections == 1


def test_only_the_school_that_recorded_it_corrects_a_record_that_there_is_and_says_something_new() -> None:
    right = FIRST.model_copy(update={"attended_hours": 36})
    refused(FILE, WrongOrgan, correcting(right), PERSONNEL)
    refused(FILE, NoSuchRecord, correcting(right, entry=2))
    refused(FILE, AnotherSchoolsRecord, correcting(right), OTHER_SCHOOL)
    refused(FILE, RecordUnchanged, correcting(FIRST))


def test_a_correction_takes_no_number_that_another_entry_has() -> None:
    second = studied(8, date(2026, 2, 2))
    both = fold_training_file(CHEN, [*decided(EMPTY, recording()), *decided(FILE, recording(second))])
    taken = second.model_copy(update={"number": FIRST.number})
    assert refused(both, AlreadyOnFile, correcting(taken, entry=2)).facts["entry"] == 1
    assert decided(both, correcting(second.model_copy(update={"number": "free"}), entry=2))


def test_a_record_that_was_forgotten_can_be_written_again_by_its_school() -> None:
    gone = FILE.with_entry(replace(FILE.entries[1], record=None))
    assert decided(gone, recording())[0].entry == 2
    assert decided(gone, correcting(FIRST))[0].entry == 1


def test_days_of_training_fit_into_the_days_that_it_took() -> None:
    for said in ({"days": 3}, {"days": 1, "attended_hours": 0}):
        refused(TrainingFile(CHEN), RecordDoesNotAddUp, recording(studied(40, date(2026, 2, 1), **said)))


def test_no_day_has_more_than_its_twenty_four_hours() -> None:
    one_day = {"began_on": date(2026, 2, 1)}
    assert decided(TrainingFile(CHEN), recording(studied(24, date(2026, 2, 1), **one_day)))
    found = refused(TrainingFile(CHEN), RecordDoesNotAddUp, recording(studied(25, date(2026, 2, 1), **one_day)))
    assert found.facts["limit"] == 24


def test_no_record_but_the_courses_own_speaks_for_a_course() -> None:
    refused(TrainingFile(CHEN), CourseFilesItsOwn, recording(studied(40, date(2026, 2, 1), course_id="course-1")))


def test_a_number_that_was_corrected_stays_taken() -> None:
    file = fold_training_file(CHEN, decided(TrainingFile(CHEN), recording()))
    other = FIRST.model_copy(update={"number": "another"})
    file = fold_training_file(CHEN, [*decided(TrainingFile(CHEN), recording()), *decided(file, correcting(other))])
    assert refused(file, AlreadyOnFile, recording()).facts["entry"] == 1
