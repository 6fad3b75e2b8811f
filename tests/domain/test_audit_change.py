"""What an event changed is the difference between two folds, by what is public of them."""

from datetime import date

import pytest

from domain.appointment import case_stream, evolve, fold
from domain.audit_change import FOLDS, changes_by, differences, has_state
from domain.audit_trail import SearchSaved, TrailFilter
from domain.case_opening import SuspendCase
from domain.event import Event
from domain.identity import CaseId, OfficerId, OrganId
from tests.examples import SUPERVISION, at
from tests.lives import at_stage, opened

START = at("2026-03-02")
STREAM = case_stream(CaseId("case00000001"))


@pytest.mark.parametrize(("pack_id", "stage"), [("standard", "appointment"), ("cn.sr2019", "public_notice")])
def test_each_event_of_a_case_changes_what_its_fold_says_and_nothing_else(pack_id: str, stage: str) -> None:
    events = [event.without_sealed() for event in at_stage(pack_id, stage, START).events]
    for place, event in enumerate(events):
        before = fold(events[:place])
        changes = changes_by(STREAM, events[:place], event)
        assert bool(changes) == (before != evolve(before, event)), event.alias
        assert all(change.before != change.after and change.field for change in changes)
    assert len(events) > 10


def test_a_case_that_is_suspended_shows_that_alone() -> None:
    story = opened("standard", START)
    rests = story.when(SuspendCase(reason="A court has to rule on the post first."), SUPERVISION, START)
    changes = {change.field: change.after for change in changes_by(STREAM, story.events, rests.latest[0])}
    assert changes == {"status": "SuspendedCase", "since": "2026-03-02"}


def test_a_stream_without_a_state_has_no_changes() -> None:
    saved: Event = SearchSaved(
        search_id="s", officer=OfficerId("o"), organ=OrganId("organ"), search=TrailFilter(), shared=True
    )
    assert not has_state("access/o") and changes_by("access/o", [], saved) == []
    assert has_state(STREAM) and all(has_state(f"{kind}/x") for kind in FOLDS)
    assert next(change.field for change in changes_by("audit_search/organ", [], saved)) == "s.search_id"


def test_values_are_compared_field_by_field() -> None:
    before = {"kept": 1, "gone": date(2026, 1, 1), "of": {"a": frozenset({"x"})}}
    after = {"kept": 1, "of": {"a": frozenset({"x", "y"}), "b": (1, 2)}}
    found = {change.field: (change.before, change.after) for change in differences(before, after)}
    assert found == {"gone": ("2026-01-01", None), "of.a": (["x"], ["x", "y"]), "of.b": (None, [1, 2])}
