"""What the log and the key store promise to whoever forgets somebody, of either kind."""

from datetime import date
from uuid import uuid4

import pytest

from domain.event import StreamId
from domain.forgetting import ForgettingApproved, ForgettingProposed, Ground, forgetting_stream
from domain.identity import PersonId
from domain.officer import OfficerIdentified
from eventstore.forgetting_scope import sealed_about
from eventstore.keys import KeyStore, OwnerForgotten, key_of
from eventstore.noting import note
from eventstore.store import EventStore, NotApproved
from tests.eventstore.saying import MORNING
from tests.eventstore.writing import FACT, scribe
from tests.examples import PERSONNEL, SUPERVISION

PERSON, OTHER = PersonId("0123456789abcdef"), PersonId("fedcba9876543210")
TODAY = date(2026, 3, 2)
PROPOSED = ForgettingProposed(
    person_id=PERSON, ground=Ground.REQUEST, proposed_on=TODAY, proposed_by=(PERSONNEL.officer,), reason="Asked for."
)
APPROVED = ForgettingApproved(person_id=PERSON, approved_on=TODAY, approved_by=(SUPERVISION.officer,))


async def noted(store: EventStore, keys: KeyStore, stream: StreamId, event: OfficerIdentified | object) -> int:
    assert isinstance(event, OfficerIdentified | ForgettingProposed | ForgettingApproved)
    kept = await note(store, keys, stream, event, actor=PERSONNEL, command_id=uuid4(), at=MORNING)
    return kept.position


async def named(store: EventStore, keys: KeyStore, person: PersonId) -> int:
    event = OfficerIdentified(officer=person, organ=PERSONNEL.organ, name="Zephyrine")
    return await noted(store, keys, StreamId(f"officer/{person}"), event)


async def test_streams_and_entries_are_found_by_whom_they_name(store: EventStore, shared_keys: KeyStore) -> None:
    await named(store, shared_keys, PERSON)
    assert await store.streams_under("officer/") == [f"officer/{PERSON}"]
    assert await store.streams_under("office/") == []
    assert await store.streams_sealed_for(key_of(PERSON)) == [f"officer/{PERSON}"]
    assert [row.stream for row in await store.entries_naming(PERSON, ["officer_identified"])] == [f"officer/{PERSON}"]
    assert await store.entries_naming(PERSON, ["stage_completed"]) == []
    await store.append(scribe("appointment/one").append(FACT, claim="post/1"))
    assert await store.claimants_naming("nomination") == ["appointment/one"]
    assert await store.claimants_naming(PERSON) == []


async def test_sealed_parts_go_once_on_an_approval_that_is_the_last_word(
    store: EventStore, shared_keys: KeyStore
) -> None:
    first, other = await named(store, shared_keys, PERSON), await named(store, shared_keys, OTHER)
    stream = forgetting_stream(PERSON)
    proposal = await noted(store, shared_keys, stream, PROPOSED)
    with pytest.raises(NotApproved):
        await store.destroy_sealed(proposal, [key_of(PERSON)], [])
    approval = await noted(store, shared_keys, stream, APPROVED)
    scope = await sealed_about(store, shared_keys, PERSON)
    assert scope.owners == (key_of(PERSON),) and scope.positions == ()
    assert await store.destroy_sealed(approval, scope.owners, scope.positions) == 2
    assert set(await store.read_sealed([first, other, proposal])) == {other}
    assert await store.destroy_sealed(approval, scope.owners, scope.positions) == 2, "counted once"


async def test_a_destroyed_key_is_gone_for_good_and_another_owners_comes_back_new(keys: KeyStore) -> None:
    person = await keys.subject_for("staff-1")
    before = await keys.keys_for([key_of(person), "appointment/a#supervision"])
    for _ in range(2):
        await keys.destroy(person, ["appointment/a#supervision"])
        await keys.rewrite()
    assert keys.forgotten >= 1
    assert await keys.open_keys(list(before)) == {}
    with pytest.raises(OwnerForgotten):
        await keys.keys_for([key_of(person)])
    again = await keys.keys_for(["appointment/a#supervision"])
    assert again["appointment/a#supervision"] != before["appointment/a#supervision"]
    assert await keys.find_subject("staff-1") is None
    assert await keys.subject_for("staff-1") != person
