"""The pages of a ballot: the form, what stands in its place before and after, and that it is in the box."""

from dataclasses import dataclass, field

from domain.law import Language
from domain.survey import Survey
from domain.survey_ballot import LONGEST_TEXT
from pages.translations import other, words
from pages.typesetting import set_page, template

_BALLOT = template("survey_ballot.html")
_SAID = template("survey_said.html")
WRONG = ("answers", "code", "used", "too_often", "text")
PLACES = {"code": "code", "used": "code", "text": "text"}


@dataclass(frozen=True, slots=True)
class BallotTyped:
    """What stands in the form: typed before, or nothing yet."""

    code: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    ticks: tuple[str, ...] = ()
    text: str = ""


def ballot_address(survey_id: str, language: Language) -> str:
    """Where a survey's ballot stands; no address ever holds a code."""
    return f"/{language}/surveys/{survey_id}/ballot"


def ballot_page(survey: Survey, typed: BallotTyped, language: Language, *, wrong: str = "", at: str = "") -> str:
    """The form. `wrong` names the question that lacks its answer, or what else is to be put right."""
    say = words(language)
    questions = {asked.id for asked in survey.method.questions}
    unanswered = [asked.id for asked in survey.method.questions if asked.id not in typed.choices] if wrong else []
    error = say(f"ballot.wrong.{'answers' if wrong in questions else wrong}", at=at) if wrong else ""
    return set_page(
        _BALLOT,
        language,
        survey=survey,
        method=survey.method,
        typed=typed,
        error=error,
        error_at=f"q-{wrong}" if wrong in questions else PLACES.get(wrong, ""),
        unanswered=unanswered,
        longest=LONGEST_TEXT,
        here=ballot_address(survey.id, language),
        there=ballot_address(survey.id, other(language)),
    )


def ballot_rest_page(survey: Survey, language: Language) -> str:
    """What stands at a ballot's address while it is not open."""
    return _said(survey, f"ballot.{survey.status}", language)


def ballot_cast_page(survey: Survey, language: Language) -> str:
    """The ballot is in the box, and what becomes of it."""
    return _said(survey, "ballot.cast", language)


def _said(survey: Survey, key: str, language: Language) -> str:
    return set_page(_SAID, language, survey=survey, key=key, there=ballot_address(survey.id, other(language)))
