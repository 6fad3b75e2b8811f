"""A survey: proposed under a published method, opened and closed by the clock, counted once, and put to use.

What is voted is no event: the place of an event in the log, and its moment, would say who answered what.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.followed import Ending, running
from domain.identity import OrganId, Role, short_id
from domain.occasion import Occasion
from domain.problem_mending import OpenProblem
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.supervision_problem import Origin, ProblemType, Severity, Subject, SubjectKind
from domain.survey_ballot import Report
from domain.survey_method import MethodId, Name, SurveyMethod, SurveyMethodNotFound, by_supervision
from domain.timer import Timer

SurveyId = Annotated[str, Field(pattern="^[0-9a-z]{12}$")]
LONGEST_DAYS = 92
MOST_CODES = 20_000


class SurveyStatus(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    CLOSED = "closed"
    COUNTED = "counted"


class IndexUse(StrEnum):
    """What is done with a result. Source: domain rules 1.5 (consequences)."""

    PRAISE = "praise"
    RECTIFY = "rectify"
    TALK = "talk"
    EXPLAIN = "explain"


class ProposeSurvey(Command):
    """Set a survey under the last version of a method, which everybody can read before it opens."""

    method_id: MethodId
    opens_on: date
    closes_on: date = Field(description="the last day on which ballots are taken")
    follows: SurveyId | None = Field(None, description="the survey before it, whose problems it asks about")


class IssueSurveyCodes(Command):
    """Make codes for a class. They are shown once, in the answer, in no order, and are nowhere kept."""

    voter_class: Name
    codes: int = Field(ge=1, le=MOST_CODES)
    instead_of: SurveyId | None = Field(None, description="a batch that nobody received; its codes stop to count")


class CountSurvey(Command):
    """Open the box of a closed survey, add up what is in it, and destroy it with its keys."""


class RecordIndexUse(Command):
    """Say what is done with a result."""

    use: IndexUse
    index: Name = Field(description="`work_index` or `person_recognition`")
    says: str = Field(min_length=10, max_length=2000, description="public: no names of people")


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


class SurveyNotFound(Refusal):
    rule = "house.a_survey_is_proposed_first"


class SurveyWindowUnfit(Refusal):
    rule = "house.a_method_is_published_before_its_survey_opens"
    unlawful = False


class SurveyNotOpen(Refusal):
    rule = "house.a_ballot_is_taken_while_the_survey_is_open"


class SurveyNotClosed(Refusal):
    rule = "house.a_box_is_sealed_until_it_closes"


class SurveyAlreadyCounted(Refusal):
    rule = "house.a_survey_is_counted_once"


class TooManyCodes(Refusal):
    rule = "house.one_code_for_each_of_a_class"


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
        return self.status is SurveyStatus.COUNTED

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
        case SurveyOpened():
            return replace(survey, status=SurveyStatus.OPEN)
        case SurveyClosed():
            return replace(survey, status=SurveyStatus.CLOSED)
        case SurveyCounted():
            return replace(survey, status=SurveyStatus.COUNTED, report=event.report)
    return survey


@dataclass(frozen=True, slots=True)
class Before:
    """What is known before a survey is proposed: the last version of its method, and the problems of the last one."""

    number: int
    method: SurveyMethod | None
    mended: int = 0
    open: int = 0
    follows_counted: bool = True


def propose_survey(
    survey: Survey | None, command: ProposeSurvey, on: Occasion, survey_id: str, before: Before
) -> list[Event]:
    """Supervision sets a survey that opens tomorrow at the earliest, so that its method can be read before it.

    Source: features F37.
    Refuses: WrongOrgan, SurveyMethodNotFound, SurveyWindowUnfit, SurveyNotFound, BeyondTheCalendar.
    """
    if survey is not None:
        return []
    by_supervision(command, on.actor)
    if before.method is None:
        raise SurveyMethodNotFound(
            f"There is no method “{command.method_id}”. Check its id, or publish it first; then propose the survey.",
            field="method_id",
        )
    if not before.follows_counted:
        raise SurveyNotFound(f"The survey “{command.follows}” was not counted. Check its id.", field="follows")
    if not on.today < command.opens_on <= command.closes_on <= command.opens_on + timedelta(days=LONGEST_DAYS):
        raise SurveyWindowUnfit(
            f"A survey opens tomorrow ({on.today + timedelta(days=1):%-d %B %Y}) at the earliest, so that its method "
            f"is read before, and is open for {LONGEST_DAYS} days at most. State other days.",
            field="opens_on",
        )
    said = {"opens_on": command.opens_on, "closes_on": command.closes_on, "timezone": on.timezone}
    last = {"follows": command.follows, "last_mended": before.mended, "last_open": before.open}
    method = {"method_id": command.method_id, "method_number": before.number, "method": before.method}
    return [SurveyProposed.model_validate({"survey_id": survey_id, **method, **said, **last})]


def issue_survey_codes(survey: Survey | None, command: IssueSurveyCodes, on: Occasion, survey_id: str) -> list[Event]:
    """Supervision makes codes for a class, never more than it has people; a batch that was lost can be made anew.

    Refuses: WrongOrgan, SurveyNotFound, SurveyNotOpen, UnknownChoice, TooManyCodes.
    """
    by_supervision(command, on.actor)
    known = _known(survey, survey_id)
    if known.status not in (SurveyStatus.PROPOSED, SurveyStatus.OPEN):
        raise SurveyNotOpen(f"Survey {known.id} has closed, so codes for it are of no use. Open another survey.")
    if command.voter_class not in {each.id for each in known.method.classes}:
        raise UnknownChoice(
            f"The method has no class “{command.voter_class}”. "
            f"Choose one of {', '.join(each.id for each in known.method.classes)}.",
            field="voter_class",
        )
    lost = next((batch for batch in known.batches if batch[0] == command.instead_of), None)
    if command.instead_of and (lost is None or lost[1] != command.voter_class or known.status is SurveyStatus.OPEN):
        raise UnknownChoice(
            f"Batch “{command.instead_of}” cannot be replaced: it must be of this class, and nobody may have voted "
            "yet. Check its id.",
            field="instead_of",
        )
    size, issued = known.method.size_of(command.voter_class), known.issued_to(command.voter_class)
    if issued - (lost[2] if lost else 0) + command.codes > size:
        raise TooManyCodes(
            f"Class {command.voter_class} has {size} people and {issued} codes; {command.codes} more would be more "
            "codes than people. State fewer.",
            field="codes",
            size=size,
            issued=issued,
        )
    batch = short_id("survey_codes", on.command_id)
    said = command.model_dump()
    return [SurveyCodesIssued(batch_id=batch, **said)]


def count_survey(
    survey: Survey | None, command: CountSurvey, on: Occasion, survey_id: str, counted: "Counted | None"
) -> list[Event]:
    """What was in the box goes on record, once; `counted` is None as long as nobody may look.

    Refuses: WrongOrgan, SurveyNotFound, SurveyNotClosed, SurveyAlreadyCounted.
    """
    by_supervision(command, on.actor)
    known = _known(survey, survey_id)
    if known.status in (SurveyStatus.PROPOSED, SurveyStatus.OPEN):
        raise SurveyNotClosed(
            f"Survey {known.id} takes ballots until the end of {known.closes_on:%-d %B %Y}, and its box is sealed "
            "until then. Wait until that day is over.",
            closes_on=known.closes_on,
        )
    if known.status is SurveyStatus.COUNTED:
        raise SurveyAlreadyCounted(
            f"Survey {known.id} was counted, and its ballots are destroyed. Read its results instead."
        )
    if counted is None:
        return []
    said = {"digest": counted.digest, "report": counted.report}
    return [SurveyCounted(counted_on=on.today, house_report=counted.house_report, texts=counted.texts, **said)]


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting gave."""

    digest: str
    report: Report
    house_report: Report
    texts: tuple[str, ...] | None


def record_index_use(survey: Survey | None, command: RecordIndexUse, on: Occasion, survey_id: str) -> list[Event]:
    """Either department, or the deciding body, says what it does with a result.

    Source: features F39 (use list).
    Refuses: WrongOrgan, SurveyNotFound, SurveyNotClosed, UnknownChoice, PublicAnswerNamesSomebody.
    """
    if not any(on.acts_as(role) for role in (Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY)):
        raise WrongOrgan(
            "What is done with a result is said by one of the two departments or the deciding body. Ask one of them.",
            organ=on.actor.organ,
        )
    known = _known(survey, survey_id)
    if not known.over:
        raise SurveyNotClosed(f"Survey {known.id} is not counted yet. Wait until it is.")
    if command.index not in known.method.indices:
        raise UnknownChoice(
            f"There is no index “{command.index}”. Choose one of {', '.join(known.method.indices)}.", field="index"
        )
    refuse_personal_data(command.says, field="says")
    return [IndexUseRecorded(**command.model_dump(), recorded_on=on.today, organ=on.actor.organ)]


def _known(survey: Survey | None, survey_id: str) -> Survey:
    if survey is None:
        raise SurveyNotFound(f"There is no survey “{survey_id}”. Check its id, or propose one.")
    return survey


def problem_id_of(survey_id: str, index: str, kind: ProblemType) -> str:
    """The id of the problem that a survey's index opens: the same each time, so that it is opened once."""
    return short_id("problem", "survey", survey_id, index, kind)


def problem_ids_of(survey_id: str) -> tuple[str, ...]:
    """Every problem that a survey may have opened."""
    return tuple(
        problem_id_of(survey_id, index, kind)
        for index in ("work_index", "person_recognition")
        for kind in (ProblemType.INDEX_LOW, ProblemType.INDEX_FALLEN)
    )


def problems_of(survey_id: str, method: SurveyMethod, now: Report, last: Report | None) -> dict[str, OpenProblem]:
    """The problems that a result opens by itself, by their ids: an index that is low, or fell, anywhere.

    Only what is published opens one, since a problem tells of it.
    Source: domain rules 5.2 (application); features F38 (no class is averaged away), F39.
    """
    found: dict[str, OpenProblem] = {}
    for index, question in method.indices.items():
        groups = [None, *(each.id for each in method.classes)]
        shown = [(group, figure) for group in groups if (figure := now.figure(question, group)) is not None]
        low = [
            f"{group or 'everybody'} {figure.mean}"
            for group, figure in shown
            if float(figure.mean) < method.thresholds.low_below.value
        ]
        fallen = [
            f"{group or 'everybody'} from {before.mean} to {figure.mean}"
            for group, figure in shown
            if last is not None
            and (before := last.figure(question, group)) is not None
            and float(before.mean) - float(figure.mean) > method.thresholds.falls_by.value
        ]
        if low:
            limit = f"below {method.thresholds.low_below.value} of 100"
            name = problem_id_of(survey_id, index, ProblemType.INDEX_LOW)
            found[name] = _problem(survey_id, method, ProblemType.INDEX_LOW, f"The {index} is {limit}", low)
        if fallen:
            limit = f"by more than {method.thresholds.falls_by.value} points"
            name = problem_id_of(survey_id, index, ProblemType.INDEX_FALLEN)
            found[name] = _problem(survey_id, method, ProblemType.INDEX_FALLEN, f"The {index} fell {limit}", fallen)
    return found


def _problem(survey_id: str, method: SurveyMethod, kind: ProblemType, what: str, where: list[str]) -> OpenProblem:
    return OpenProblem(
        type=kind,
        severity=Severity.SERIOUS,
        subject=Subject(kind=SubjectKind.SURVEY, id=survey_id),
        finding=f"{what}: {', '.join(where)}.",
        owner=method.owner,
        accepting=method.accepting,
        origin=Origin(kind="survey", id=survey_id),
    )


SURVEY_EVENTS: tuple[type[Event], ...] = (
    SurveyProposed,
    SurveyCodesIssued,
    SurveyOpened,
    SurveyClosed,
    SurveyCounted,
    IndexUseRecorded,
)
SURVEY_COMMANDS: tuple[type[Command], ...] = (ProposeSurvey, IssueSurveyCodes, CountSurvey, RecordIndexUse)
