"""Figures tell of nobody: no cell under the minimum, and none that can be had by subtracting tables."""

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from domain.public_figures import Fact, Figure, FigureTable, QuarterFacts, quarter_figures
from domain.small_group import SMALLEST_CELL, SMALLEST_PART

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
DAYS = st.integers(0, 60)


def some(*names: str) -> st.SearchStrategy[list[Fact]]:
    causes = st.sampled_from(["objection", "stated", None])
    made = st.builds(Fact, st.sampled_from(names), DAYS, st.none() | DAYS, causes)
    return st.lists(made, max_size=60)


QUARTERS = st.builds(
    QuarterFacts,
    st.just(FIRST),
    st.just(LAST),
    stages=some("nomination", "public_notice", "decision"),
    endings=some("appointed", "withdrawn"),
    exceptions=some("delay", "breach", "deviation"),
    objections=some("upheld", "dismissed"),
)


def shown(rows: list[Figure]) -> dict[str, int]:
    return {row.name: row.n for row in rows if row.n is not None}


@given(QUARTERS)
def test_no_cell_is_smaller_than_the_minimum_and_none_is_hidden_alone(facts: QuarterFacts) -> None:
    figures = quarter_figures(facts)
    counted = {
        FigureTable.STAGES: Counter(fact.name for fact in facts.stages),
        FigureTable.ENDINGS: Counter(fact.name for fact in facts.endings),
        FigureTable.EXCEPTIONS: Counter(fact.name for fact in facts.exceptions),
        FigureTable.OBJECTIONS: Counter(fact.name for fact in facts.objections),
        FigureTable.DELAYS: Counter(fact.cause or "not_stated" for fact in facts.stages if fact.in_time is False),
    }
    for table, counts in counted.items():
        rows = figures.table(table)
        assert all(row.n is None or SMALLEST_CELL <= row.n == counts[row.name] for row in rows)
        # Whoever knew the total of a table could work out what all hidden rows have together, and no less.
        kept_back = [counts[row.name] for row in rows if row.n is None]
        if shown(rows):
            assert not kept_back or (len(kept_back) > 1 and sum(kept_back) >= SMALLEST_CELL)
        assert all(row == Figure(table, row.name, None) for row in rows if row.n is None)


@given(QUARTERS)
def test_no_share_is_told_of_nearly_all_or_nearly_none_in_any_table_or_difference_of_tables(
    facts: QuarterFacts,
) -> None:
    figures = quarter_figures(facts)
    for table, of in ((FigureTable.STAGES, facts.stages), (FigureTable.OBJECTIONS, facts.objections)):
        for row in figures.table(table):
            late = sum(fact.in_time is False for fact in of if fact.name == row.name)
            if row.in_time is not None:
                assert row.with_limit is not None and row.n == row.with_limit
                assert min(late, row.with_limit - late) >= SMALLEST_PART
    if figures.table(FigureTable.DELAYS):
        # The causes of all stages together are told only where each stage's own late are told as well: nothing is left
        # to subtract.
        assert all(row.in_time is not None or row.with_limit == 0 for row in figures.table(FigureTable.STAGES))


def test_a_stage_is_told_with_its_median_days_its_limit_and_its_share_in_time() -> None:
    stages = [Fact("decision", days, 10, None if days <= 10 else "objection") for days in (4, 6, 8, 11, 12, 13, 14, 15)]
    (stage, delay) = quarter_figures(QuarterFacts(FIRST, LAST, stages=stages)).rows
    assert stage == Figure(FigureTable.STAGES, "decision", 8, 11.5, 10.0, 8, 0.375)
    assert delay == Figure(FigureTable.DELAYS, "objection", 5)


def test_a_quarter_without_cases_has_no_rows() -> None:
    assert quarter_figures(QuarterFacts(FIRST, LAST)).rows == ()
