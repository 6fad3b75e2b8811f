"""A training file as the benchmarks' candidates have it: one course of so many hours."""

from datetime import date, timedelta

from domain.identity import OrganId, PersonId
from domain.training_file import FileAsKept, FiledRecord, TrainingFile, TrainingRecord


def studied(hours: int, ended_on: date) -> TrainingRecord:
    """A course that was attended in full and passed."""
    return TrainingRecord(
        number="2026/112",
        title="Administrative law",
        kind="in_service",
        method="off_job",
        began_on=ended_on - timedelta(days=max(hours - 1, 0) // 24),
        ended_on=ended_on,
        hours=hours,
        attended_hours=hours,
        passed=True,
    )


def file_with(person: PersonId, hours: int, ended_on: date) -> FileAsKept:
    """Somebody's file with that course in it, as the log would keep it."""
    filed = FiledRecord(1, OrganId("school"), studied(hours, ended_on))
    return FileAsKept(TrainingFile(person).with_entry(filed), 1, bytes(32))
