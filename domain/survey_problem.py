"""What a survey's result puts on the register of problems by itself: an index that is low, or fell."""

from collections.abc import Iterator

from domain.identity import short_id
from domain.law import Text
from domain.problem_mending import OpenProblem
from domain.supervision_problem import Origin, ProblemType, Severity, Subject, SubjectKind
from domain.survey_ballot import Report
from domain.survey_method import SurveyMethod

CALLED = {
    "work_index": Text(en="The index of the work", zh="选人用人工作满意度指数"),
    "person_recognition": Text(en="The recognition of the newly promoted", zh="新提拔任用干部认同度指数"),
}

LONGEST_NAME = 40
"""Of a class in a finding, which has room for twelve of them in both languages. Units: characters."""


def problem_id_of(survey_id: str, index: str, kind: ProblemType) -> str:
    """The id of the problem that a survey's index opens: the same each time, so that it is opened once."""
    return short_id("problem", "survey", survey_id, index, kind)


def problem_ids_of(survey_id: str) -> tuple[str, ...]:
    """Every problem that a survey may have opened."""
    return tuple(
        problem_id_of(survey_id, index, kind)
        for index in CALLED
        for kind in (ProblemType.INDEX_LOW, ProblemType.INDEX_FALLEN)
    )


def problems_of(survey_id: str, method: SurveyMethod, now: Report, last: Report | None) -> dict[str, OpenProblem]:
    """The problems that a result opens by itself, by their ids: an index that is low, or fell, anywhere.

    Only what is published opens one, since a problem tells of it.
    Source: domain rules 5.2 (application); features F38 (no class is averaged away), F39.
    """
    found: dict[str, OpenProblem] = {}
    for index, question in method.indices.items():
        for kind, what, where in (
            (ProblemType.INDEX_LOW, _is_low(index, method), _low(question, method, now)),
            (ProblemType.INDEX_FALLEN, _fell(index, method), _fallen(question, method, now, last)),
        ):
            if where:
                found[problem_id_of(survey_id, index, kind)] = _problem(survey_id, method, kind, what, where)
    return found


def _is_low(index: str, method: SurveyMethod) -> Text:
    limit, called = method.thresholds.low_below.value, CALLED[index]
    return Text(en=f"{called.en} is below {limit} of 100", zh=f"{called.zh}低于{limit}分")


def _fell(index: str, method: SurveyMethod) -> Text:
    by, called = method.thresholds.falls_by.value, CALLED[index]
    return Text(en=f"{called.en} fell by more than {by} points", zh=f"{called.zh}下降超过{by}分")


def _groups(method: SurveyMethod) -> Iterator[tuple[str | None, Text]]:
    yield None, Text(en="everybody", zh="总体")
    for each in method.classes:
        yield each.id, Text(en=each.says.en[:LONGEST_NAME], zh=each.says.zh[:LONGEST_NAME])


def _low(question: str, method: SurveyMethod, now: Report) -> list[Text]:
    shown = ((said, now.figure(question, group)) for group, said in _groups(method))
    return [
        Text(en=f"{said.en} {figure.mean}", zh=f"{said.zh}{figure.mean}")
        for said, figure in shown
        if figure is not None and float(figure.mean) < method.thresholds.low_below.value
    ]


def _fallen(question: str, method: SurveyMethod, now: Report, last: Report | None) -> list[Text]:
    if last is None:
        return []
    shown = ((said, last.figure(question, group), now.figure(question, group)) for group, said in _groups(method))
    return [
        Text(en=f"{said.en} from {before.mean} to {after.mean}", zh=f"{said.zh}由{before.mean}降至{after.mean}")
        for said, before, after in shown
        if before is not None
        and after is not None
        and float(before.mean) - float(after.mean) > method.thresholds.falls_by.value
    ]


def _problem(survey_id: str, method: SurveyMethod, kind: ProblemType, what: Text, where: list[Text]) -> OpenProblem:
    in_english = f"{what.en}: {', '.join(said.en for said in where)}."
    in_chinese = f"{what.zh}：{'，'.join(said.zh for said in where)}。"
    return OpenProblem(
        type=kind,
        severity=Severity.SERIOUS,
        subject=Subject(kind=SubjectKind.SURVEY, id=survey_id),
        finding=f"{in_english} {in_chinese}",
        owner=method.owner,
        accepting=method.accepting,
        origin=Origin(kind="survey", id=survey_id),
    )
