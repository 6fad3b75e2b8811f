"""Promotion against training: of the appointed, and apart from them of the others, how many were in order."""

from datetime import date

from domain.identity import PersonId
from domain.training_promotion import ALL, MakeUp, Promotion, Verified, promotion
from domain.training_verification import TrainingResult

MET, CONDITIONAL, NOT_MET = TrainingResult.MET, TrainingResult.CONDITIONAL, TrainingResult.NOT_MET


def verified(
    number: int,
    result: TrainingResult,
    year: int = 2026,
    rank: str = "officer",
    appointed: bool = True,
    make_up: MakeUp | None = None,
) -> list[Verified]:
    on = date(year, 5, 1)
    named = f"{year}{rank}{result}{appointed}{make_up}"
    return [Verified(PersonId(f"{named}{n}"), rank, on, result, appointed, make_up) for n in range(number)]


def rows(found: Promotion, *, appointed: bool = True) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {(row.by, row.name): (row.people, row.in_order) for row in found.rows if row.appointed is appointed}


def test_promotion_counted_by_hand_by_year_and_by_rank() -> None:
    found = promotion(
        [
            *verified(6, MET, 2025),
            *verified(4, CONDITIONAL, 2025, make_up=MakeUp.MADE_UP),
            *verified(9, MET, 2026, "senior"),
            *verified(3, NOT_MET, 2026, "senior"),
            *verified(5, MET, 2026, appointed=False),
        ]
    )
    assert rows(found) == {
        ("all", ALL): (22, 15),
        ("year", "2025"): (10, 6),
        ("year", "2026"): (12, 9),
        ("rank", "officer"): (10, 6),
        ("rank", "senior"): (12, 9),
    }
    assert rows(found, appointed=False)["year", "2026"] == (5, 5)
    assert [row.share for row in found.rows if row.by == "all"] == [round(15 / 22, 4), 1.0]


def test_what_became_of_conditional_passes_is_told_where_enough_are_counted() -> None:
    found = promotion(
        [
            *verified(20, MET),
            *verified(7, CONDITIONAL, make_up=MakeUp.MADE_UP),
            *verified(6, CONDITIONAL, make_up=MakeUp.OWED),
            *verified(5, CONDITIONAL, make_up=MakeUp.EXPIRED),
        ]
    )
    outcomes = {row.name: row.people for row in found.outcomes}
    assert outcomes == {"made_up": 7, "owed": 6, "expired": 5, "not_met": 0}


def test_a_single_training_not_made_up_cannot_be_had_from_the_others() -> None:
    found = promotion(
        [
            *verified(20, MET),
            *verified(7, CONDITIONAL, make_up=MakeUp.MADE_UP),
            *verified(6, CONDITIONAL, make_up=MakeUp.OWED),
            *verified(1, CONDITIONAL, make_up=MakeUp.EXPIRED),
        ]
    )
    outcomes = {row.name: row.people for row in found.outcomes}
    assert outcomes == {"made_up": 7, "owed": None, "expired": None, "not_met": 0}


def test_a_year_of_few_is_hidden_with_another_and_the_total_stands() -> None:
    found = promotion([*verified(6, MET, 2024), *verified(6, MET, 2025), *verified(2, MET, 2026)])
    assert rows(found) == {
        ("all", ALL): (14, 14),
        ("year", "2024"): (None, None),
        ("year", "2025"): (6, 6),
        ("year", "2026"): (None, None),
        ("rank", "officer"): (14, 14),
    }


def test_few_altogether_show_nothing() -> None:
    found = promotion(verified(3, CONDITIONAL, make_up=MakeUp.OWED))
    assert set(rows(found).values()) == {(None, None)}
    assert {row.name: row.people for row in found.outcomes}["owed"] is None
