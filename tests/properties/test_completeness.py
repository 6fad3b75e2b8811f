"""A whole case lacks nothing; with one required fact taken out of it, just that fact is missing, in every pack."""

from collections.abc import Iterator

import pytest

from domain.completeness import Completeness, Required, Standing, completeness
from domain.event import Event, Recorded
from domain.pack import Pack
from tests.recorded import recorded
from tests.regimes.packs import EVERY_PACK
from tests.regimes.whole_case import Journey, opening


def stated(rows: list[Recorded[Event]], journey: Journey) -> Completeness:
    return completeness(rows, journey.law, journey.today)


def named(fact: Required) -> tuple[str, str, str | None, str | None]:
    return fact.kind, fact.what, fact.stage, fact.about


def taken_out(rows: list[Recorded[Event]], fact: Required, journey: Journey) -> Iterator[Completeness]:
    """The statement with what a fact rests on taken out, and then whatever takes its place."""
    while fact.standing is Standing.PRESENT:
        rows = [row for row in rows if row.position not in fact.positions]
        statement = stated(rows, journey)
        yield statement
        following = next((found for found in statement.facts if named(found) == named(fact)), None)
        if following is None:
            return
        fact = following


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_a_whole_case_lacks_nothing(law: Pack) -> None:
    ended = opening(law).ended()
    statement = stated(recorded(ended.story), ended)
    assert [named(fact) for fact in statement.missing] == []
    kinds = {fact.kind for fact in statement.facts}
    assert {"opening", "stage", "ending"} <= kinds
    assert statement.counts[Standing.NOT_DUE] == 0
    assert {rule.id for rule in law.records if rule.needed.value == "always"} <= {fact.what for fact in statement.facts}


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_a_required_fact_that_is_taken_out_is_missing_and_nothing_else_is(law: Pack) -> None:
    ended = opening(law).ended()
    rows = recorded(ended.story)
    whole = stated(rows, ended)
    tried = 0
    for fact in (found for found in whole.facts if found.standing is Standing.PRESENT):
        resting_on_it = {named(found) for found in whole.facts if set(found.positions) & set(fact.positions)}
        *_, last = taken_out(rows, fact, ended)
        missing = {named(found) for found in last.missing}
        assert named(fact) in missing, fact
        assert missing <= resting_on_it, fact
        tried += 1
    assert tried > 2 * len(law.stages)


@pytest.mark.parametrize("law", EVERY_PACK, ids=lambda law: law.id)
def test_a_case_on_its_way_lacks_nothing_that_is_due(law: Pack) -> None:
    for found in opening(law).way():
        statement = stated(recorded(found.story), found)
        assert statement.missing == (), found.case.stage
