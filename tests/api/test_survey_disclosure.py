"""Whatever is read of surveys at the door, in every answer together, gives no few people away by subtraction."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from domain.survey import SurveyCounted, SurveyProposed, survey_stream
from domain.survey_ballot import Figure, report_of
from domain.survey_running import CountSurvey
from eventstore.stream_recording import Wish, record_in_stream
from runtime.survey import SurveyFollowUp
from tests.desk import A, Desk, V
from tests.examples import SUPERVISION
from tests.survey_adversary import WEIGHTS, gives_nobody_away
from tests.surveys import survey_method, tally_of

SURVEYS = 24
CLASSES = ("a", "b", "c")
Counts = Mapping[str, Mapping[str, int]]


def counts_of(chance: Random) -> Counts:
    """What three classes said, often a few people of them, sometimes nobody."""
    most = chance.choice((4, 14, 30))
    return {name: {choice: chance.choice((0, chance.randint(0, most))) for choice in WEIGHTS} for name in CLASSES}


async def put_on_record(desk: Desk, survey: str, counts: Counts) -> None:
    """A survey of a unit of its own, counted as the count does it."""
    method, today = survey_method(dict.fromkeys(CLASSES, 200), unit=f"Unit of {survey}"), desk.clock().date()
    tally = tally_of(counts)
    closes_on = today - timedelta(days=1)
    days = {"opens_on": today - timedelta(days=9), "closes_on": closes_on, "timezone": "Europe/London"}
    proposed = SurveyProposed(survey_id=survey, method_id="method000001", method_number=1, method=method, **days)
    reports = {
        "report": report_of(method, tally, method.in_public),
        "house_report": report_of(method, tally, method.in_house),
    }
    counted = SurveyCounted(counted_on=today, digest="5e" * 32, **reports)
    pack = await desk.house.packs.latest("standard", desk.clock())
    wish = Wish(survey_stream(survey), CountSurvey(), SUPERVISION, uuid4(), desk.clock(), pack)
    await record_in_stream(desk.house.store, desk.house.keys, wish, lambda _: [proposed, counted])


def figure(told: Mapping[str, Any], voter_class: str | None, mean: str) -> Figure:
    return Figure(
        question="overall", voter_class=voter_class, n=int(told["n"]), population=int(told["population"]), mean=mean
    )


async def everything_told(desk: Desk) -> dict[str, list[Figure]]:
    """Every figure on the work that any public answer or the yearly report has, by the survey's unit."""
    listed = (await desk.http.get("/api/v1/surveys?limit=100")).json()["surveys"]
    told: dict[str, list[Figure]] = {}
    for row in listed:
        one = (await desk.http.get(f"/api/v1/surveys/{row['survey_id']}")).json()
        figures = [*row["report"]["figures"], *one["report"]["figures"]]
        told[row["unit"]] = [Figure.model_validate(found) for found in figures]
    table = (await desk.http.get("/api/v1/open-data/index.csv")).text
    for line in csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))):
        if line["index"] == "work_index":
            of = None if line["voter_class"] == "everybody" else line["voter_class"]
            told[line["unit"]].append(figure(line, of, line["value"]))
    matter = (await desk.get("/api/v1/yearly-reports/2026", A)).json()["matter"]
    for index in matter["indices"]:
        if index["name"] == "work_index":
            told[index["unit"]].append(figure(index, None, index["mean"]))
    return told


async def test_no_sum_or_difference_of_all_answers_together_is_a_few_people(desk: Desk) -> None:
    chance = Random(2026)
    said = {f"survey{number:06}": counts_of(chance) for number in range(SURVEYS)}
    for survey, counts in said.items():
        await put_on_record(desk, survey, counts)
    await desk.project()
    await SurveyFollowUp(desk.house, desk.clock).sweep()
    desk.clock.at += timedelta(days=365)
    await desk.project()
    await desk.done("/yearly-reports", {"year": 2026})
    told = await everything_told(desk)
    minimum = survey_method().in_public
    for survey, counts in said.items():
        figures = told[f"Unit of {survey}"]
        gives_nobody_away(counts, figures, ballots_told=bool(figures), minimum=minimum)
    shown = [sum(bool(found.voter_class) for found in figures) for figures in told.values()]
    assert any(shown) and not all(shown), "some classes are told of, and some are not"
    await problems_say_nothing_more(desk, told)


async def problems_say_nothing_more(desk: Desk, told: Mapping[str, list[Figure]]) -> None:
    """A problem that an index opened names a class only where that class is told of."""
    problems = (await desk.get("/api/v1/problems?origin_kind=survey&limit=200", V)).json()["problems"]
    assert problems, "some of them are low"
    for problem in problems:
        classes = {found.voter_class for found in told[f"Unit of {problem['subject_id']}"] if found.voter_class}
        named = set(CLASSES) & set(re.findall(r"\w+", problem["finding"].partition(":")[2]))
        assert named <= classes, (problem["finding"], classes)
