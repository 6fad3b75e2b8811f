"""The training file of one person: where they serve, and each training that a school has put on record.

Everything in it is sealed with the person's own key. It is folded opened, by whoever may decide upon it; of somebody
who was forgotten nothing can be read, and nothing is decided any more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.course_progress import CourseProgress
from domain.event import Event, Personal, StreamId
from domain.identity import CourseId, OrganId, PersonId
from domain.law import Hours
from domain.replacing import put
from domain.training_rules import TrainingId

Words = Annotated[str, Field(min_length=1, max_length=200)]


class TrainingRecord(BaseModel):
    """What a school states of one person's training: study, attendance, examination and assessment.

    Units: `hours` that the course had, of which `attended_hours` were attended and for `leave_hours` leave was taken;
    `days` of training; `score` of a hundred.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    number: str = Field(min_length=1, max_length=80, description="the school's own number of this record")
    title: Words = Field(description="what was studied")
    kind: TrainingId
    method: TrainingId
    began_on: date
    ended_on: date
    hours: Hours
    attended_hours: Hours
    leave_hours: Hours = 0
    days: Annotated[int, Field(ge=0, le=2000)] = 0
    score: Annotated[int, Field(ge=0, le=100)] | None = None
    passed: bool
    assessment: str | None = Field(None, max_length=2000, description="the school's assessment, in a sentence or two")
    course_id: str | None = Field(None, max_length=40)


class FileEvent(Event):
    """An event of a training file, which says itself what it makes of the file."""

    person_id: PersonId

    def apply(self, file: "TrainingFile") -> "TrainingFile":
        """The file after this event. It never raises: what is recorded has happened."""
        return file


class TrainingRecorded(FileEvent):
    """A training was put on record by a school, under its place in the person's file."""

    entry: int
    school: OrganId
    record: Annotated[TrainingRecord | None, Personal(of="person_id")] = None

    def apply(self, file: "TrainingFile") -> "TrainingFile":
        return file.with_entry(FiledRecord(self.entry, self.school, self.record))


class TrainingRecordCorrected(FileEvent):
    """A record was corrected, and why; both stay in the log."""

    entry: int
    school: OrganId
    record: Annotated[TrainingRecord | None, Personal(of="person_id")] = None
    reason: Annotated[str | None, Personal(of="person_id")] = None

    def apply(self, file: "TrainingFile") -> "TrainingFile":
        before = file.entries.get(self.entry)
        if before is None:
            return file
        return file.with_entry(before.corrected(self.record))


@dataclass(frozen=True, slots=True)
class FiledRecord:
    """A record in its place; `record` is None once it can no longer be opened."""

    entry: int
    school: OrganId
    record: TrainingRecord | None
    corrections: int = 0
    former_numbers: frozenset[str] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """Every number that the school has kept it under: a corrected one stays taken, so nothing counts twice."""
        return self.former_numbers | ({self.record.number} if self.record else frozenset())

    def corrected(self, record: TrainingRecord | None) -> "FiledRecord":
        return replace(self, record=record, corrections=self.corrections + 1, former_numbers=self.numbers)


@dataclass(frozen=True, slots=True)
class Service:
    """Where somebody serves, and at which rank of which pack."""

    unit: str
    pack: str
    rank: str
    since_on: date
    until_on: date | None = None

    def on(self, day: date) -> bool:
        return self.since_on <= day and (self.until_on is None or day <= self.until_on)


@dataclass(frozen=True, slots=True)
class TrainingFile:
    """What is known of one person's training. `served_since`: the first day of the service that they have left."""

    person: PersonId
    entries: Mapping[int, FiledRecord] = field(default_factory=lambda: MappingProxyType({}))
    service: Service | None = None
    in_service_since: date | None = None
    served_since: date | None = None
    courses: Mapping[CourseId, CourseProgress] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def records(self) -> tuple[FiledRecord, ...]:
        return tuple(self.entries.values())

    def with_entry(self, filed: FiledRecord) -> "TrainingFile":
        return replace(self, entries=put(self.entries, filed.entry, filed))

    def progress(self, course_id: CourseId) -> CourseProgress:
        """What is on record of a course that is, or was, under way."""
        return self.courses.get(course_id, CourseProgress())

    def with_progress(self, course_id: CourseId, progress: CourseProgress) -> "TrainingFile":
        return replace(self, courses=put(self.courses, course_id, progress))

    def numbered(self, school: OrganId, number: str) -> FiledRecord | None:
        """The record that a school keeps under its own number, or kept before it corrected the number."""
        own = (filed for filed in self.entries.values() if filed.school == school)
        return next((filed for filed in own if number in filed.numbers), None)


def training_file_stream(person: PersonId) -> StreamId:
    """The stream of a person's training file."""
    return StreamId(f"training_file/{person}")


def fold_training_file(person: PersonId, events: Iterable[Event]) -> TrainingFile:
    """The file that a stream of opened events has made."""
    file = TrainingFile(person)
    for event in events:
        if isinstance(event, FileEvent):
            file = event.apply(file)
    return file


@dataclass(frozen=True, slots=True)
class FileAsKept:
    """A training file and where the log has it: its version, and the hash of its last event."""

    file: TrainingFile
    version: int = 0
    head: bytes = b""
