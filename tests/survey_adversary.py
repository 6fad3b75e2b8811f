"""An adversary who has every figure that was told of a survey, the sizes of its classes, and linear algebra."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product

from domain.survey_ballot import Figure
from domain.survey_disclosure import Minimum
from tests.surveys import NOT, SATISFIED, UNKNOWN, VERY

WEIGHTS = {VERY: 100, SATISFIED: 80, NOT: 0, UNKNOWN: 0}


def gives_nobody_away(
    counts: Mapping[str, Mapping[str, int]], figures: Iterable[Figure], ballots_told: bool, minimum: Minimum
) -> None:
    """What was told finds no few people, in a class or of an answer, by adding and subtracting."""
    cells = list(product(counts, WEIGHTS))
    rows = [[Fraction(1)] * len(cells)] if ballots_told else []
    for figure in [found for found in figures if found.question == "overall"]:
        of = [name for name in counts if figure.voter_class in (None, name)]
        n = {name: sum(count for choice, count in counts[name].items() if choice != UNKNOWN) for name in of}
        rows.append([Fraction(WEIGHTS[c], n[k]) if k in of and n[k] else Fraction(0) for k, c in cells])
        rows.append([Fraction(k in of) for k, _ in cells])
        if figure.choices is not None:
            rows += [[Fraction((k, c) == (figure.voter_class, choice)) for k, c in cells] for choice in figure.choices]
    rank = _rank(rows)
    for name in counts:
        _hidden_if_small(rows, rank, [Fraction(k == name) for k, _ in cells], sum(counts[name].values()), minimum)
    for at, (name, choice) in enumerate(cells):
        one = [Fraction(place == at) for place in range(len(cells))]
        _hidden_if_small(rows, rank, one, counts[name][choice] or minimum.cell, minimum)


def _hidden_if_small(rows: list[list[Fraction]], rank: int, of: list[Fraction], people: int, minimum: Minimum) -> None:
    assert people >= minimum.cell or _rank([*rows, of]) > rank, (of, people)


def _rank(rows: list[list[Fraction]]) -> int:
    left, rank = [row[:] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[rank:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(rank, pivot)
        for place in range(rank + 1, len(left)):
            factor = left[place][column] / pivot[column]
            left[place] = [a - factor * b for a, b in zip(left[place], pivot, strict=True)]
        rank += 1
    return rank
