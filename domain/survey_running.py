"""Running a survey: supervision proposes it, gives out codes, withdraws or counts it, and a result is put to use."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.event import Event
from domain.identity import Role, short_id
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.survey import (
    IndexUse,
    IndexUseRecorded,
    Survey,
    SurveyCodesIssued,
    SurveyCounted,
    SurveyProposed,
    SurveyStatus,
    SurveyWithdrawn,
)
from domain.survey_ballot import Report
from domain.survey_method import MethodId, Name, SurveyMethod, SurveyMethodNotFound, by_supervision

SurveyId = Annotated[str, Field(pattern="^[0-9a-z]{12}$")]
LONGEST_DAYS = 92
MOST_CODES = 20_000


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


class WithdrawSurvey(Command):
    """Take a survey back before its first day. Once it is open, it runs to its end and is counted."""

    reason: str = Field(min_length=10, max_length=2000, description="public: no names of people")


class CountSurvey(Command):
    """Open the box of a closed survey, add up what is in it, and destroy it with its keys."""


class RecordIndexUse(Command):
    """Say what is done with a result."""

    use: IndexUse
    index: Name = Field(description="`work_index` or `person_recognition`")
    says: str = Field(min_length=10, max_length=2000, description="public: no names of people")


class SurveyNotFound(Refusal):
    rule = "house.a_survey_is_proposed_first"


class SurveyWindowUnfit(Refusal):
    rule = "house.a_method_is_published_before_its_survey_opens"
    unlawful = False


class SurveyNotOpen(Refusal):
    rule = "house.a_ballot_is_taken_while_the_survey_is_open"


class SurveyIsWithdrawn(Refusal):
    rule = "house.a_withdrawn_survey_rests"


class SurveyOpenAlready(Refusal):
    rule = "house.an_open_survey_runs_to_its_end"


class SurveyNotClosed(Refusal):
    rule = "house.a_box_is_sealed_until_it_closes"


class SurveyAlreadyCounted(Refusal):
    rule = "house.a_survey_is_counted_once"


class TooManyCodes(Refusal):
    rule = "house.one_code_for_each_of_a_class"


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

    Refuses: WrongOrgan, SurveyNotFound, SurveyIsWithdrawn, SurveyNotOpen, UnknownChoice, TooManyCodes.
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


def withdraw_survey(survey: Survey | None, command: WithdrawSurvey, on: Occasion, survey_id: str) -> list[Event]:
    """Supervision takes a survey back before its first day, with a reason; never one that somebody may answer.

    Refuses: WrongOrgan, SurveyNotFound, SurveyIsWithdrawn, SurveyOpenAlready, PublicAnswerNamesSomebody.
    """
    by_supervision(command, on.actor)
    known = _known(survey, survey_id)
    if known.status is not SurveyStatus.PROPOSED:
        raise SurveyOpenAlready(
            f"Survey {known.id} opened on {known.opens_on:%-d %B %Y}, and runs to its end. Wait, and count it.",
            opens_on=known.opens_on,
        )
    refuse_personal_data(command.reason, field="reason")
    return [SurveyWithdrawn(withdrawn_on=on.today, reason=command.reason)]


def count_survey(
    survey: Survey | None, command: CountSurvey, on: Occasion, survey_id: str, counted: "Counted | None"
) -> list[Event]:
    """What was in the box goes on record, once; `counted` is None as long as nobody may look.

    Refuses: WrongOrgan, SurveyNotFound, SurveyIsWithdrawn, SurveyNotClosed, SurveyAlreadyCounted.
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
    Refuses: WrongOrgan, SurveyNotFound, SurveyIsWithdrawn, SurveyNotClosed, UnknownChoice, PublicAnswerNamesSomebody.
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
    """The survey that a command is about.

    Refuses: SurveyNotFound, SurveyIsWithdrawn.
    """
    if survey is None:
        raise SurveyNotFound(f"There is no survey “{survey_id}”. Check its id, or propose one.")
    if survey.status is SurveyStatus.WITHDRAWN:
        raise SurveyIsWithdrawn(f"Survey {survey.id} was withdrawn before it opened. Choose or propose another one.")
    return survey


SURVEY_COMMANDS: tuple[type[Command], ...] = (
    ProposeSurvey,
    IssueSurveyCodes,
    WithdrawSurvey,
    CountSurvey,
    RecordIndexUse,
)
