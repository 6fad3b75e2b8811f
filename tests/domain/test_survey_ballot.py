"""What ballots say together: by class and for everybody, and nothing that tells of a few people."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.refusal import Refusal
from domain.survey_ballot import (
    LONGEST_TEXT,
    Answers,
    AnswersNotWhole,
    FlagKind,
    Report,
    Tally,
    flags_of,
    most_within,
    report_of,
    whole_answers,
)
from domain.survey_disclosure import Minimum
from tests.domain.refusals import refused_apart
from tests.survey_adversary import gives_nobody_away
from tests.surveys import (
    BASICALLY,
    METHOD,
    NOT,
    RATHER_NOT,
    SATISFIED,
    UNKNOWN,
    VERY,
    answered,
    survey_method,
    tally_of,
)


def refused(kind: type[Refusal], answers: Answers) -> Refusal:
    return refused_apart(kind, lambda: whole_answers(answers, METHOD))


WORKED = {VERY: 20, SATISFIED: 45, BASICALLY: 20, RATHER_NOT: 10, NOT: 5}
MORNING = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def test_worked_example_is_published_with_its_interval_and_its_people() -> None:
    method = survey_method({"staff": 150})
    figure = report_of(method, tally_of({"staff": WORKED}), method.in_public).figure("overall", "staff")
    assert figure is not None
    assert (figure.mean, figure.low, figure.high) == ("71.00", "68.09", "73.91")
    assert (figure.n, figure.population, figure.choices) == (100, 150, None), "five are too few to be counted in public"
    in_house = report_of(method, tally_of({"staff": WORKED}), method.in_house).figure("overall", "staff")
    assert in_house is not None and in_house.choices == {**WORKED, UNKNOWN: 0}


def test_an_answer_by_answer_count_is_told_when_each_was_given_by_enough() -> None:
    each = dict.fromkeys((VERY, SATISFIED, BASICALLY, RATHER_NOT, NOT, UNKNOWN), 10)
    method = survey_method({"staff": 100})
    figure = report_of(method, tally_of({"staff": each}), method.in_public).figure("overall", "staff")
    assert figure is not None and figure.choices == each
    assert figure.mean == "54.00", "who does not know is shown, and is not in the mean"


def test_each_class_has_its_own_index_and_the_whole_counts_each_by_its_size() -> None:
    tally = tally_of({"leadership": {VERY: 20}, "staff": {SATISFIED: 30}, "public": {BASICALLY: 30, NOT: 30}})
    report = report_of(METHOD, tally, METHOD.in_public)
    means = {figure.voter_class: figure.mean for figure in report.figures if figure.question == "overall"}
    assert means == {None: "39.17", "leadership": "100.00", "staff": "80.00", "public": "30.00"}


def test_a_class_of_nine_is_hidden_in_public_with_its_next_smallest_and_told_in_house() -> None:
    tally = tally_of({"leadership": {VERY: 9}, "staff": {SATISFIED: 30}, "public": {NOT: 90}})
    public = report_of(METHOD, tally, METHOD.in_public)
    assert {figure.voter_class for figure in public.figures} == {None, "public"}
    in_house = report_of(METHOD, tally, METHOD.in_house)
    assert {figure.voter_class for figure in in_house.figures} == {None, "leadership", "staff", "public"}


def test_a_mean_of_few_is_hidden_although_many_voted_and_did_not_know() -> None:
    tally = tally_of({"leadership": {VERY: 12}, "staff": {NOT: 4, UNKNOWN: 30}, "public": {SATISFIED: 90}})
    report = report_of(METHOD, tally, METHOD.in_public)
    assert {figure.voter_class for figure in report.figures if figure.question == "overall"} == {None, "public"}
    assert report.figure("recognition", "staff") is not None


def test_of_nine_ballots_nothing_is_told_at_all() -> None:
    assert report_of(METHOD, tally_of({"public": {VERY: 9}}), METHOD.in_public) == Report()


def test_ticked_problems_are_told_when_enough_did_and_enough_did_not() -> None:
    tally = Tally()
    for number in range(40):
        said = {"nepotism"} if number < 12 else {"procedure"} if number < 15 else set()
        tally.add("public", answered(SATISFIED, ticks=said))
    assert report_of(METHOD, tally, METHOD.in_public).ticks == {"nepotism": 12}


def test_flags_ask_for_a_review_and_change_no_number() -> None:
    tally = tally_of({"staff": {VERY: 60}, "public": {SATISFIED: 50, NOT: 50}})
    for _ in range(3):
        tally.add("public", answered(NOT, text="All is well!"))
    tally.add("public", answered(NOT, text=" all is  WELL"))
    minutes = {"public": {MORNING + timedelta(minutes=n): 30 for n in range(3)}, "staff": {MORNING: 10}}
    flags = flags_of(METHOD, tally, minutes)
    assert {(flag.kind, flag.voter_class) for flag in flags} == {
        (FlagKind.MISSING_CLASS, "leadership"),
        (FlagKind.UNANIMOUS, "staff"),
        (FlagKind.UNANIMOUS, "public"),
        (FlagKind.BURST, "public"),
        (FlagKind.SAME_TEXT, None),
    }
    flagged, plain = (report_of(METHOD, tally, METHOD.in_public, found) for found in (flags, ()))
    assert flagged.figures == plain.figures


def test_flags_of_a_class_that_is_not_told_of_are_not_told_either() -> None:
    tally = tally_of({"leadership": {VERY: 6}, "staff": {NOT: 8}, "public": {SATISFIED: 45, NOT: 45}})
    flags = flags_of(METHOD, tally, {})
    assert {flag.voter_class for flag in flags} >= {"leadership", "staff"}
    assert all(flag.voter_class == "public" for flag in report_of(METHOD, tally, METHOD.in_public, flags).flags)


def test_burst_is_looked_for_wherever_it_may_begin() -> None:
    minutes = {MORNING + timedelta(minutes=n): 1 + n for n in (0, 3, 4, 9)}
    assert most_within(minutes, timedelta(minutes=5)) == 10
    assert most_within({}, timedelta(minutes=5)) == 0


@pytest.mark.parametrize(
    "answers",
    [
        Answers(choices={}),
        Answers(choices={**answered(VERY).choices, "overall": "recognise"}),
        Answers(choices={**answered(VERY).choices, "other": VERY}),
        Answers(choices=answered(VERY).choices, ticks=("weather",)),
        Answers(choices=answered(VERY).choices, text="x" * (LONGEST_TEXT + 1)),
    ],
)
def test_a_ballot_answers_what_was_asked_and_all_of_it(answers: Answers) -> None:
    refused(AnswersNotWhole, answers)


def test_a_ballot_is_kept_in_one_form() -> None:
    said = whole_answers(answered(VERY, ticks=("spirit", "ability", "spirit"), text="  "), METHOD)
    assert said.ticks == ("ability", "spirit") and said.text is None


COUNTS = st.fixed_dictionaries(
    {
        name: st.fixed_dictionaries({choice: st.integers(0, 14) for choice in (VERY, SATISFIED, NOT, UNKNOWN)})
        for name in ("a", "b", "c")
    }
)


@given(COUNTS, st.sampled_from(["in_house", "in_public"]))
def test_nothing_told_of_a_survey_gives_a_small_cell_away_by_adding_and_subtracting(
    counts: Mapping[str, Mapping[str, int]], readers: str
) -> None:
    """An adversary with every figure, the sizes and linear algebra finds no few people, in a class or of an answer."""
    method = survey_method(dict.fromkeys(counts, 100))
    minimum: Minimum = getattr(method, readers)
    report = report_of(method, tally_of(counts), minimum)
    gives_nobody_away(counts, report.figures, report.ballots is not None, minimum)
