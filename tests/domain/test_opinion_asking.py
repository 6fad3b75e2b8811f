"""Superiors, peers and subordinates are asked and shown each for themselves, and no small cell can be worked out."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.command import Command
from domain.event import Event
from domain.identity import Actor, OrganId
from domain.opinion_asking import (
    ASKING,
    AskedOf,
    AskOpinions,
    Direction,
    MoreAnswersThanAsked,
    Opinion,
    OpinionAsking,
    OpinionAskingNotFound,
    OpinionCount,
    OpinionsAlreadyCounted,
    RecordOpinionCount,
    fold_asking,
    shown_counts,
)
from domain.refusal import Refusal, UnknownChoice, WrongOrgan
from domain.small_group import SMALLEST_CELL
from domain.supervision_problem import Subject, SubjectKind
from tests.domain.refusals import refused_apart
from tests.examples import PERSONNEL, SCHOOL, SUPERVISION

UNIT = Subject(kind=SubjectKind.UNIT, id="Registry")
ASK = AskOpinions(
    subject=UNIT,
    asked=(AskedOf(direction=Direction.SUPERIOR, number=8), AskedOf(direction=Direction.PEER, number=30)),
)


def count(direction: Direction = Direction.PEER, **numbers: int) -> RecordOpinionCount:
    counts = tuple(OpinionCount(opinion=Opinion(name), number=number) for name, number in numbers.items())
    return RecordOpinionCount(direction=direction, counts=counts)


def said(before: Sequence[Event], command: Command, actor: Actor = SUPERVISION) -> list[Event]:
    return [*before, *ASKING[type(command)](fold_asking(before), command, actor, "asking000001")]


def refused(kind: type[Refusal], before: Sequence[Event], command: Command, actor: Actor = SUPERVISION) -> Refusal:
    return refused_apart(kind, lambda: said(before, command, actor))


def test_each_direction_stands_for_itself_and_none_is_counted_twice() -> None:
    story = said(said([], ASK), count(supports=20, has_reservations=6))
    found = fold_asking(story)
    assert found is not None and found.counted == {Direction.PEER} and set(found.counts) == {Direction.PEER}
    refused(OpinionsAlreadyCounted, story, count(supports=1))


def test_counts_are_sealed() -> None:
    counted = said(said([], ASK), count(supports=20))[-1]
    assert counted.without_sealed().model_dump(exclude_none=True) == {"direction": Direction.PEER}


def test_an_asking_is_about_a_case_or_a_unit_and_counted_by_whoever_asked() -> None:
    refused(UnknownChoice, [], AskOpinions(subject=Subject(kind=SubjectKind.SURVEY, id="1"), asked=ASK.asked))
    refused(WrongOrgan, [], ASK, SCHOOL)
    refused(WrongOrgan, said([], ASK), count(supports=1), PERSONNEL.model_copy(update={"organ": OrganId("elsewhere")}))
    refused(OpinionAskingNotFound, [], count(supports=1))
    refused(UnknownChoice, said([], ASK), count(Direction.SUBORDINATE, supports=1))
    refused(MoreAnswersThanAsked, said([], ASK), count(Direction.SUPERIOR, supports=9))


def test_a_direction_and_an_answer_are_stated_once() -> None:
    with pytest.raises(ValidationError, match="twice in `asked`"):
        AskOpinions(subject=UNIT, asked=(ASK.asked[0], ASK.asked[0]))
    one = OpinionCount(opinion=Opinion.OPPOSES, number=1)
    with pytest.raises(ValidationError, match="twice in `counts`"):
        RecordOpinionCount(direction=Direction.PEER, counts=(one, one))


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4), st.integers(0, 40))
def test_what_is_hidden_cannot_be_worked_out_from_what_is_shown(numbers: list[int], silent: int) -> None:
    asked = sum(numbers) + silent
    counts = dict(zip(Opinion, numbers, strict=True))
    asking = OpinionAsking(
        "a", UNIT, OrganId("o"), {Direction.PEER: asked}, frozenset({Direction.PEER}), {Direction.PEER: counts}
    )
    shown = shown_counts(asking, Direction.PEER)
    told = [number for number in shown.values() if number is not None]
    assert all(number >= SMALLEST_CELL for number in told)
    kept_back = len(shown) - len(told)
    assert kept_back != 1 and (kept_back == 0 or asked - sum(told) >= SMALLEST_CELL or not told)
