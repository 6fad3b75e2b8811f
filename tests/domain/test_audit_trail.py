"""A filter of the audit trail is one thing wherever it stands, and a saved search is its keeper's."""

from datetime import date

import pytest

from domain.audit_trail import (
    MOST_SEARCHES,
    AnotherOfficersSearch,
    RemoveAuditSearch,
    SaveAuditSearch,
    SearchNotFound,
    SearchRemoved,
    SearchSaved,
    TooManySearches,
    TrailFilter,
    audit_search_stream,
    fold_searches,
    remove_audit_search,
    save_audit_search,
)
from domain.catalogue import EVENTS
from domain.event import Event
from domain.identity import Actor, OfficerId, OrganId
from domain.refusal import Refusal
from domain.technical import DEPARTURES, TECHNICAL
from tests.domain.refusals import assert_whole
from tests.examples import PERSONNEL, SUPERVISION

SEARCH = TrailFilter(deviations=True, since=date(2026, 1, 1))


def kept(search_id: str = "s1", actor: Actor = SUPERVISION, *, shared: bool = False) -> list[Event]:
    command = SaveAuditSearch(title="Deviations", search=SEARCH, shared=shared)
    return save_audit_search(search_id, [], command, actor=actor)


def colleague(of: Actor) -> Actor:
    return of.model_copy(update={"officer": OfficerId("another-officer")})


def refused(events: list[Event], kind: type[Refusal], command: RemoveAuditSearch, actor: Actor) -> None:
    with pytest.raises(kind) as caught:
        remove_audit_search(events, command, actor=actor)
    assert_whole(caught.value)


def test_a_filter_reads_the_same_in_an_address_whoever_wrote_it() -> None:
    assert SEARCH.in_address() == "since=2026-01-01&deviations=true"
    assert TrailFilter.model_validate({"since": "2026-01-01", "deviations": "true", "case": None}) == SEARCH
    assert TrailFilter().in_address() == ""
    assert TrailFilter(from_position=0).in_address() == "from_position=0"


def test_a_saved_search_keeps_its_filter_and_seals_its_title() -> None:
    (saved,) = kept()
    assert isinstance(saved, SearchSaved)
    assert (saved.search, saved.title, saved.without_sealed().title) == (SEARCH, "Deviations", None)


def test_a_private_search_stands_in_its_keepers_list_alone_and_a_shared_one_in_the_organs() -> None:
    (private,) = fold_searches(kept()).values()
    (shared,) = fold_searches(kept(shared=True)).values()
    assert private.read_by(SUPERVISION) and not private.read_by(colleague(SUPERVISION))
    assert shared.read_by(colleague(SUPERVISION)) and not shared.read_by(PERSONNEL)


def test_whoever_saved_a_search_removes_it() -> None:
    events = kept()
    removed = remove_audit_search(events, RemoveAuditSearch(search_id="s1"), actor=SUPERVISION)
    assert removed == [SearchRemoved(search_id="s1", officer=SUPERVISION.officer)]
    assert fold_searches([*events, *removed]) == {}


def test_nobody_removes_anothers_search_nor_learns_of_a_private_one() -> None:
    wish = RemoveAuditSearch(search_id="s1")
    refused(kept(shared=True), AnotherOfficersSearch, wish, colleague(SUPERVISION))
    refused(kept(), SearchNotFound, wish, colleague(SUPERVISION))
    refused([], SearchNotFound, wish, SUPERVISION)


def test_a_list_of_searches_stays_readable() -> None:
    full = [event for number in range(MOST_SEARCHES) for event in kept(f"s{number}")]

    def refused(events: list[Event], kind: type[Refusal]) -> None:
        with pytest.raises(kind) as caught:
            save_audit_search("s", events, SaveAuditSearch(title="One more", search=SEARCH), actor=SUPERVISION)
        assert_whole(caught.value)

    refused(full, TooManySearches)
    assert save_audit_search(
        "s", full, SaveAuditSearch(title="A colleague's", search=SEARCH), actor=colleague(SUPERVISION)
    )


def test_searches_of_an_organ_stand_in_one_stream() -> None:
    assert audit_search_stream(OrganId("supervision-organ")) == "audit_search/supervision-organ"


def test_what_is_folded_away_is_known_and_decides_nothing() -> None:
    assert set(EVENTS) > TECHNICAL
    assert not TECHNICAL & {event.alias for event in DEPARTURES}
    assert not TECHNICAL & {"access_refused", "clock_expired", "stage_begun", "stage_completed", "decision_taken"}
