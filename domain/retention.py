"""Retention: until which day the file of a case is kept, and that its sealed parts are destroyed when it is over."""

from dataclasses import dataclass
from datetime import date

from domain.appointment import ClosedCase
from domain.event import Event, StreamId
from domain.identity import CaseId
from domain.law import Citation
from domain.pack import Pack
from domain.training_file import TrainingFile
from domain.working_days import after


@dataclass(frozen=True, slots=True)
class Floor:
    """Something of somebody that is kept up to and with a day."""

    of: str
    kept_until: date
    citation: Citation


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The last day on which the file of a case may be kept, and the rule's path."""

    last_day: date
    rule: str


class CaseFileExpired(Event):
    """A case's file has reached its ceiling: from here on its sealed parts may be destroyed."""

    case_id: CaseId
    ended_on: date
    kept_until: date
    rule: str

    def rules_applied(self) -> tuple[str, ...]:
        return (self.rule,)


class CaseFileDestroyed(Event):
    """The sealed parts of a case are deleted, how many; what is public stays."""

    case_id: CaseId
    destroyed_on: date
    rule: str
    sealed_parts: int

    def rules_applied(self) -> tuple[str, ...]:
        return (self.rule,)


def retention_stream(case_id: CaseId) -> StreamId:
    """The stream of what became of a case's file."""
    return StreamId(f"retention/{case_id}")


def floor_of_case(case: ClosedCase, pack: Pack) -> Floor | None:
    """Until when the file of a case that has ended is kept at least.

    Source: the pack's `retention.….at_least`.
    """
    part = _part_of(case)
    rule = getattr(pack.retention, part).at_least if pack.retention else None
    if rule is None:
        return None
    until = after(case.closed_on, rule.value)
    return Floor(f"the file of case {case.case.id}", until, pack.cite(f"retention.{part}.at_least"))


def ceiling_of_case(case: ClosedCase, pack: Pack) -> Ceiling | None:
    """Until when the file of a case that has ended is kept at most.

    Source: the pack's `retention.….at_most`.
    """
    part = _part_of(case)
    rule = getattr(pack.retention, part).at_most if pack.retention else None
    return None if rule is None else Ceiling(after(case.closed_on, rule.value), f"retention.{part}.at_most")


def floor_of_training(file: TrainingFile, pack: Pack) -> Floor | None:
    """Until when the training file of somebody who has left is kept at least.

    Source: the pack's `retention.training_files`.
    """
    rule = pack.retention.training_files if pack.retention else None
    if rule is None or file.service is None or file.service.until_on is None:
        return None
    until = after(file.service.until_on, rule.value)
    return Floor(f"the training file of {file.person}", until, pack.cite("retention.training_files"))


def _part_of(case: ClosedCase) -> str:
    return "with_appointment" if case.case.appointed is not None else "without_appointment"
