"""Who tried what their role does not allow, and who read what is sealed: both are facts, and both are kept."""

from typing import ClassVar

from domain.event import Event, StreamId
from domain.identity import CaseId, CourseId, OfficerId, PersonId


class AccessRefused(Event):
    """Somebody known tried what their role forbids."""

    officer: OfficerId
    attempted: str
    target: str
    policy: str


class SealedPartsRead(Event):
    """Somebody who may read what is sealed in a case has read it."""

    officer: OfficerId
    case_id: CaseId
    audiences: tuple[str, ...]
    up_to_version: int


class SupervisionInputRead(Event):
    """Somebody of supervision has read what an input says."""

    officer: OfficerId
    input_id: str


class SupervisionWatchRead(Event):
    """Somebody has read what is sealed in a watch beyond cases."""

    officer: OfficerId
    watch_id: str


class PersonOverviewRead(Event):
    """Somebody has read what supervision has about one person."""

    officer: OfficerId
    person_id: PersonId


class ReviewerRecordRead(Event):
    """Somebody has read another officer's record: what they did, what waits for them and what they let pass."""

    officer: OfficerId
    of_officer: OfficerId


class TrainingFileRead(Event):
    """Somebody has read another's training file."""

    officer: OfficerId
    person_id: PersonId


class InspectionRemarksRead(Event):
    """Somebody has read what is sealed in the inspection of a school."""

    officer: OfficerId
    inspection_id: str


class SurveyHouseReportRead(Event):
    """Somebody of supervision has read what only supervision is told of a survey."""

    officer: OfficerId
    survey_id: str


class ProblemDetailsRead(Event):
    """Somebody has read what is sealed about a problem."""

    officer: OfficerId
    problem_id: str


class RequestParticularsRead(Event):
    """Somebody has read what is sealed in a request between organs."""

    officer: OfficerId
    request_id: str


class ForgettingRead(Event):
    """Somebody has read why another is to be forgotten, and what keeps them on record."""

    officer: OfficerId
    person_id: PersonId


class TrainingListRead(Event):
    """Somebody has read how the people of a unit or of a course stand by their training, or the whole register."""

    schema_version: ClassVar[int] = 2
    officer: OfficerId
    unit: str | None = None
    course_id: CourseId | None = None


def access_stream(officer: OfficerId) -> StreamId:
    """What an officer has read, and tried."""
    return StreamId(f"access/{officer}")
