"""What a survey's result puts on the register of problems by itself: an index that is low, or fell."""

from domain.identity import short_id
from domain.problem_mending import OpenProblem
from domain.supervision_problem import Origin, ProblemType, Severity, Subject, SubjectKind
from domain.survey_ballot import Report
from domain.survey_method import SurveyMethod


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
