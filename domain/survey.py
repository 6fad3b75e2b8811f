"""A survey: what happens to it, how it stands after that, and which clocks run.

What is voted is no event: the place of an event in the log, and its moment, would say who answered what.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from domain.event import Confidential, Event, StreamId
from domain.followed import Ending, running
from domain.identity import OrganId, Role
from domain.survey_ballot import Report
from domain.survey_method import SurveyMethod
from domain.timer import Timer


class SurveyStatus(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"
    WITHDRAWN = "withdrawn"


class IndexUse(StrEnum):
    """What is done with a result. Source: domain rules 1.5 (consequences)."""

    PRAISE = "praise"
    RECTIFY = "rectify"
    TALK = "talk"
    EXPLAIN = "explain"


class SurveyProposed(Event):
    """The method stands in it whole, so that nothing about it can change any more."""

    survey_id: str
    method_id: str
    method_number: int
    method: SurveyMethod
    opens_on: date
    closes_on: date
    timezone: str
    follows: str | None = None
    last_mended: int = 0
    last_open: int = 0


class SurveyCodesIssued(Event):
    batch_id: str
    voter_class: str
    codes: int
    instead_of: str | None = None


class SurveyWithdrawn(Event):
    """It was taken back before it opened; nobody was asked, and its codes open nothing."""

    withdrawn_on: date
    reason: str


class SurveyOpened(Event):
    opened_on: date


class SurveyClosed(Event):
    closed_on: date


class SurveyCounted(Event):
    """What was in the box. `digest` is of the sealed ballots as they were read, `report` what everybody may know.

    Nothing else is left of them: not even supervision is told of fewer people than the house's minimum.
    """

    counted_on: date
    digest: str
    report: Report
    house_report: Annotated[Report | None, Confidential(to="supervision")] = None
    texts: Annotated[tuple[str, ...] | None, Confidential(to="supervision")] = None


class IndexUseRecorded(Event):
    use: IndexUse
    index: str
    says: str
    recorded_on: date
    organ: OrganId


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as its events have made it. `batches`: codes that count, by batch, with their class."""

    id: str
    method: SurveyMethod
    opens_on: date
    closes_on: date
    timezone: str
    follows: str | None
    last_mended: int
    last_open: int
    status: SurveyStatus = SurveyStatus.PROPOSED
    batches: tuple[tuple[str, str, int], ...] = ()
    report: Report | None = None

    @property
    def title(self) -> str:
        return f"Survey {self.id}"

    @property
    def organ(self) -> str:
        return Role.SUPERVISION

    @property
    def waits_for(self) -> str:
        match self.status:
            case SurveyStatus.PROPOSED:
                return "its first day"
            case SurveyStatus.OPEN:
                return "ballots, until its last day is over"
            case _:
                return "supervision counts it"

    @property
    def over(self) -> bool:
        return self.status in (SurveyStatus.COUNTED, SurveyStatus.WITHDRAWN)

    @property
    def clocks(self) -> tuple[Timer, ...]:
        return running(self._endings(), self.timezone)

    def _endings(self) -> Iterable[Ending]:
        if self.status is SurveyStatus.PROPOSED:
            yield "opening", self.opens_on - timedelta(days=1), SurveyOpened(opened_on=self.opens_on)
        if self.status is SurveyStatus.OPEN:
            yield "closing", self.closes_on, SurveyClosed(closed_on=self.closes_on)

    def issued_to(self, voter_class: str) -> int:
        return sum(codes for _, name, codes in self.batches if name == voter_class)


def survey_stream(survey_id: str) -> StreamId:
    """The stream of a survey, which is also the id of its workflow."""
    return StreamId(f"survey/{survey_id}")


def fold_survey(events: Iterable[Event]) -> Survey | None:
    """The survey that a stream of events has made."""
    survey: Survey | None = None
    for event in events:
        survey = _proposed(event) if isinstance(event, SurveyProposed) else survey and _after(survey, event)
    return survey


def as_of(survey: Survey, at: datetime) -> Survey:
    """The survey as it stands at a moment, also where nobody has recorded yet that a clock ran out."""
    for _ in SurveyStatus:
        for clock in survey.clocks:
            if clock.due_at <= at:
                survey = _after(survey, clock.event)
    return survey


def _proposed(event: SurveyProposed) -> Survey:
    return Survey(
        id=event.survey_id,
        method=event.method,
        opens_on=event.opens_on,
        closes_on=event.closes_on,
        timezone=event.timezone,
        follows=event.follows,
        last_mended=event.last_mended,
        last_open=event.last_open,
    )


def _after(survey: Survey, event: Event) -> Survey:
    match event:
        case SurveyCodesIssued():
            kept = tuple(batch for batch in survey.batches if batch[0] != event.instead_of)
            return replace(survey, batches=(*kept, (event.batch_id, event.voter_class, event.codes)))
        case SurveyWithdrawn():
            return replace(survey, status=SurveyStatus.WITHDRAWN)
        case SurveyOpened():
            return replace(survey, status=SurveyStatus.OPEN)
        case SurveyClosed():
            return replace(survey, status=SurveyStatus.CLOSED)
        case SurveyCounted():
            return replace(survey, status=SurveyStatus.COUNTED, report=event.report)
    return survey


SURVEY_EVENTS: tuple[type[Event], ...] = (
    SurveyProposed,
    SurveyCodesIssued,
    SurveyWithdrawn,
    SurveyOpened,
    SurveyClosed,
    SurveyCounted,
    IndexUseRecorded,
)
