"""What stands on a ballot, and what ballots say together: figures that may be shown, flags that ask for a review."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field

from domain.refusal import Refusal
from domain.satisfaction_index import Estimate, Weighed, estimate, post_stratified, to_places
from domain.survey_disclosure import Minimum, Published, shown_classes, shows_choices, shows_share, shows_whole
from domain.survey_method import SurveyMethod

LONGEST_TEXT = 500
SHOWN_PLACES = 2


class Answers(BaseModel):
    """What one person answered. Every question has an answer, so that each figure is of the same people."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    choices: dict[str, str]
    ticks: tuple[str, ...] = ()
    text: str | None = None


class AnswersNotWhole(Refusal):
    rule = "house.every_question_is_answered"
    unlawful = False


class FlagKind(StrEnum):
    """What may be a sign of pressure. It asks for a review and changes no number."""

    UNANIMOUS = "unanimous"
    BURST = "burst"
    SAME_TEXT = "same_text"
    MISSING_CLASS = "missing_class"


class Flag(BaseModel):
    """Something that a person should look at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FlagKind
    voter_class: str | None = None
    question: str | None = None


class Figure(BaseModel):
    """What a class, or everybody, answered to a question. Units: points, to two places; `n` and `population`: people.

    `choices` is there only where each answer was given by enough people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    voter_class: str | None = Field(None, description="none: everybody, each class by its known size")
    n: int
    population: int
    mean: str
    low: str | None = None
    high: str | None = None
    choices: dict[str, int] | None = None


class Report(BaseModel):
    """What may be told of a survey to some readers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ballots: int | None = Field(None, description="none: too few to be told")
    figures: tuple[Figure, ...] = ()
    ticks: dict[str, int] = {}
    flags: tuple[Flag, ...] = ()

    def figure(self, question: str, voter_class: str | None = None) -> Figure | None:
        return next((it for it in self.figures if (it.question, it.voter_class) == (question, voter_class)), None)


@dataclass
class Tally:
    """The ballots of a survey, added up: by class, question and answer. Nothing in it says which came when."""

    ballots: Counter[str] = field(default_factory=Counter)
    choices: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ticks: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)

    def add(self, voter_class: str, answers: Answers) -> None:
        self.ballots[voter_class] += 1
        self.choices.update((voter_class, question, choice) for question, choice in answers.choices.items())
        self.ticks.update(answers.ticks)
        if answers.text:
            self.texts[answers.text] += 1


def whole_answers(answers: Answers, method: SurveyMethod) -> Answers:
    """The answers, when each question has one that it may be given, and nothing else is said.

    Refuses: AnswersNotWhole.
    """
    for asked in method.questions:
        allowed = {choice.id for choice in method.scale_of(asked.id).choices}
        if answers.choices.get(asked.id) not in allowed:
            raise AnswersNotWhole(
                f"The question “{asked.asks.en}” has no answer. Choose one of {', '.join(sorted(allowed))}.",
                field=asked.id,
            )
    known = {tick.id for tick in method.ticks}
    if set(answers.choices) - {asked.id for asked in method.questions} or set(answers.ticks) - known:
        raise AnswersNotWhole("The ballot answers what was not asked. Open the ballot again and choose from it.")
    legible = (sign if sign.isprintable() or sign == "\n" else " " for sign in answers.text or "")
    text = unicodedata.normalize("NFC", "".join(legible)).strip()
    if len(text) > LONGEST_TEXT:
        raise AnswersNotWhole(
            f"What you wrote has {len(text)} characters and may have {LONGEST_TEXT}. Write it shorter.", field="text"
        )
    return Answers(choices=answers.choices, ticks=tuple(sorted(set(answers.ticks))), text=text or None)


def report_of(method: SurveyMethod, tally: Tally, minimum: Minimum, flags: Sequence[Flag] = ()) -> Report:
    """What may be told to readers for whom this minimum holds.

    Each question is looked at by how many answered it with a weight: a mean of few is theirs, however many ballots
    there were. Everybody's figure comes first; a class's only where it may stand beside it.

    Source: domain rules 5.2 (each class and never only the mix; small cells).
    """
    answered = {found.id: tally.ballots[found.id] for found in method.classes}
    if not shows_whole(answered, minimum):
        return Report()
    ballots = sum(answered.values())
    telling = shown_classes(answered, minimum)
    figures = [figure for asked in method.questions for figure in _figures(method, asked.id, tally, telling, minimum)]
    ticks = {tick.id: tally.ticks[tick.id] for tick in method.ticks}
    said = {name: count for name, count in ticks.items() if shows_share(count, ballots, method.sensitive)}
    told = tuple(flag for flag in flags if flag.voter_class is None or flag.voter_class in telling)
    return Report(ballots=ballots, figures=tuple(figures), ticks=said, flags=told)


def _figures(
    method: SurveyMethod, question: str, tally: Tally, telling: frozenset[str], minimum: Minimum
) -> list[Figure]:
    found = {each.id: _estimate(method, question, tally, each.id) for each in method.classes}
    weighty = {name: one.n if one else 0 for name, one in found.items()}
    published = Published(minimum, weighty)
    mixed = post_stratified([(found[each.id], each.size) for each in method.classes])
    if mixed is None or not published.take(weighty):
        return []
    everybody = sum(each.size for each in method.classes)
    figures = [_figure(question, None, sum(tally.ballots.values()), everybody, mixed, None)]
    for name in [each.id for each in method.classes if each.id in telling & shown_classes(weighty, minimum)]:
        one = found[name]
        if one is None or not published.take({name}):
            continue
        counts = {choice.id: tally.choices[name, question, choice.id] for choice in method.scale_of(question).choices}
        choices = counts if shows_choices(counts.values(), minimum) else None
        figures.append(_figure(question, name, tally.ballots[name], method.size_of(name), one, choices))
    return figures


def _estimate(method: SurveyMethod, question: str, tally: Tally, voter_class: str) -> Estimate | None:
    """The mean of a class; what had no weight is not in it."""
    weighed = [
        Weighed(Fraction(choice.weight), tally.choices[voter_class, question, choice.id])
        for choice in method.scale_of(question).choices
        if choice.weight is not None
    ]
    return estimate(weighed, method.size_of(voter_class))


def _figure(
    question: str, voter_class: str | None, n: int, population: int, one: Estimate, choices: dict[str, int] | None
) -> Figure:
    return Figure(
        question=question,
        voter_class=voter_class,
        n=n,
        population=population,
        mean=str(to_places(one.mean, SHOWN_PLACES)),
        low=None if one.low is None else str(to_places(one.low, SHOWN_PLACES)),
        high=None if one.high is None else str(to_places(one.high, SHOWN_PLACES)),
        choices=choices,
    )


def flags_of(method: SurveyMethod, tally: Tally, minutes: Mapping[str, Mapping[datetime, int]]) -> tuple[Flag, ...]:
    """What asks for a review: one answer nearly everywhere, a burst, the same words, a class of nobody.

    `minutes`: how many ballots of each class came in each minute, and nothing of which.
    Source: domain rules 5.2 (flags).
    """
    found: list[Flag] = []
    for each in method.classes:
        ballots = tally.ballots[each.id]
        if not ballots:
            found.append(Flag(kind=FlagKind.MISSING_CLASS, voter_class=each.id))
            continue
        if ballots < method.in_house.cell:
            continue
        found += _unanimous(method, tally, each.id, ballots)
        rules = method.thresholds
        most = most_within(minutes.get(each.id, {}), timedelta(minutes=rules.burst_minutes.value))
        if ballots >= method.in_public.cell and 100 * most > rules.burst_percent.value * ballots:
            found.append(Flag(kind=FlagKind.BURST, voter_class=each.id))
    if any(count >= method.thresholds.same_text.value for count in _same(tally.texts).values()):
        found.append(Flag(kind=FlagKind.SAME_TEXT))
    return tuple(found)


def _unanimous(method: SurveyMethod, tally: Tally, voter_class: str, ballots: int) -> Iterable[Flag]:
    for asked in method.questions:
        most = max(tally.choices[voter_class, asked.id, choice.id] for choice in method.scale_of(asked.id).choices)
        if 100 * most > method.thresholds.unanimous_percent.value * ballots:
            yield Flag(kind=FlagKind.UNANIMOUS, voter_class=voter_class, question=asked.id)


def most_within(minutes: Mapping[datetime, int], length: timedelta) -> int:
    """The most ballots that came within so long."""
    return max(
        (sum(count for at, count in minutes.items() if start <= at < start + length) for start in minutes), default=0
    )


def _same(texts: Mapping[str, int]) -> Counter[str]:
    """Texts that differ in spaces, case and stops alone, counted as one."""
    same: Counter[str] = Counter()
    for text, count in texts.items():
        kept = (sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
        same["".join(kept)] += count
    return same
