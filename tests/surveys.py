"""Surveys for tests: one method with three classes, and what its voters say."""

from collections.abc import Iterable, Mapping

from domain.law import Text
from domain.survey_ballot import Answers, Tally
from domain.survey_method import SurveyMethod, VoterClass
from tests.examples import PERSONNEL, SUPERVISION

VERY, SATISFIED, BASICALLY, RATHER_NOT, NOT, UNKNOWN = "very", "satisfied", "basically", "rather_not", "not", "unknown"
SIZES = {"leadership": 20, "staff": 60, "public": 400}


def survey_method(sizes: Mapping[str, int] = SIZES, unit: str = "Registry") -> SurveyMethod:
    """The house's questions, asked of these classes."""
    classes = tuple(VoterClass(id=name, says=Text(en=name, zh="类别"), size=size) for name, size in sizes.items())
    return SurveyMethod(unit=unit, classes=classes, owner=PERSONNEL.organ, accepting=SUPERVISION.organ)


METHOD = survey_method()


def answered(
    overall: str, recognition: str = "recognise", ticks: Iterable[str] = (), text: str | None = None
) -> Answers:
    """A ballot with the same answer to the three questions on the work."""
    work = dict.fromkeys(("overall", "daily", "rectification"), overall)
    return Answers(choices=work | {"recognition": recognition}, ticks=tuple(ticks), text=text)


def tally_of(counts: Mapping[str, Mapping[str, int]]) -> Tally:
    """Ballots by class and answer."""
    tally = Tally()
    for voter_class, answers in counts.items():
        for overall, count in answers.items():
            for _ in range(count):
                tally.add(voter_class, answered(overall))
    return tally
