"""An event becomes an entry and comes back as it was; what is sealed stays sealed, and where it was put."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import orjson
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import EVENTS
from domain.event import CommandId, Event, PackReference, StreamId
from domain.identity import SYSTEM, Actor, OfficerId, OrganId, Role
from domain.nomination import CandidateNominated
from domain.objection import ObjectionLodged
from domain.officer import OfficerIdentified
from domain.pack_adoption import PackAdopted
from eventstore.codec import (
    EntryTooLarge,
    Envelope,
    UnknownEventType,
    canonical,
    decode,
    encode,
    sealed_owners,
)
from eventstore.raw_reading import SealedPart
from eventstore.store import NewEvent, StoredEvent
from eventstore.transparency.merkle import leaf_hash
from tests.eventstore.event_strategies import INSTANTS, TEXTS, events
from tests.eventstore.writing import FACT, MORNING
from tests.examples import PERSONNEL
from tests.stored_events.samples import sample

STREAM = StreamId("appointment/case00000001")
KEY = b"k" * 32
ENVELOPE = Envelope(STREAM, MORNING, PERSONNEL, CommandId("9e0aa7f1-0000-4000-8000-000000000001"))

actors = st.one_of(
    st.just(SYSTEM),
    st.builds(
        Actor,
        officer=TEXTS.map(OfficerId),
        organ=TEXTS.map(OrganId),
        roles=st.lists(st.sampled_from(Role), min_size=1).map(tuple),
        on_behalf_of=st.none() | TEXTS.map(OfficerId),
    ),
)
envelopes = st.builds(
    Envelope,
    stream=st.just(STREAM),
    recorded_at=INSTANTS,
    actor=actors,
    command_id=st.uuids().map(lambda found: CommandId(str(found))),
    pack=st.none() | st.builds(PackReference, id=TEXTS, version=st.integers(1, 99), digest=st.just("d" * 64)),
    causation=st.none() | TEXTS,
)
anything = st.sampled_from(sorted(EVENTS)).flatmap(lambda alias: events(EVENTS[alias]))


def keys_of(event: Event) -> dict[str, bytes]:
    return dict.fromkeys(sealed_owners(event, STREAM), KEY)


def stored(new: NewEvent, version: int = 1, stream: StreamId = STREAM) -> StoredEvent:
    return StoredEvent(7, stream, version, new.type, new.recorded_at, new.entry, leaf_hash(new.entry))


def opened(new: NewEvent, parts: Sequence[SealedPart] | None = None, **moved: Any) -> Event:
    parts = new.sealed if parts is None else parts
    return decode(stored(new, **moved), parts, dict.fromkeys((part.owner for part in parts), KEY)).event


@pytest.mark.parametrize("alias", sorted(EVENTS))
def test_every_event_comes_back_as_it_was(alias: str) -> None:
    event = sample(EVENTS[alias])
    new, digest = encode(event, ENVELOPE, 1, b"", keys_of(event))
    assert opened(new) == event
    assert digest == leaf_hash(new.entry)
    assert decode(stored(new)).event == event.without_sealed()


@pytest.mark.parametrize("alias", sorted(EVENTS))
def test_what_may_be_nothing_may_be_left_out_since_an_entry_holds_no_nulls(alias: str) -> None:
    for name, said in EVENTS[alias].model_fields.items():
        assert not (type(None) in get_args(said.annotation) and said.is_required()), name


@settings(max_examples=60)
@given(event=anything, envelope=envelopes, version=st.integers(1, 10_000), previous=st.binary(min_size=32, max_size=32))
def test_any_event_under_any_envelope_comes_back_as_it_was(
    event: Event, envelope: Envelope, version: int, previous: bytes
) -> None:
    new, _ = encode(event, envelope, version, previous, keys_of(event))
    recorded = decode(stored(new, version), new.sealed, keys_of(event))
    assert recorded.event == event
    assert (recorded.actor, recorded.command_id, recorded.pack) == (envelope.actor, envelope.command_id, envelope.pack)
    assert (recorded.recorded_at, recorded.causation) == (envelope.recorded_at, envelope.causation)
    assert recorded.rules == event.rules_applied()
    assert set(recorded.sealed) == set(keys_of(event))


@settings(max_examples=60)
@given(event=anything, envelope=envelopes)
def test_the_entry_is_canonical_as_another_implementation_writes_it(event: Event, envelope: Envelope) -> None:
    new, _ = encode(event, envelope, 3, b"\x05" * 32, keys_of(event))
    assert new.entry == rfc8785.dumps(json.loads(new.entry))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    )
)
def test_canonical_json_is_what_another_implementation_writes(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_an_integer_that_others_could_not_read_exactly_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"hours": 2**53})


def test_the_time_of_an_entry_is_in_utc_to_the_microsecond() -> None:
    new, _ = encode(FACT, ENVELOPE, 1, b"", {})
    assert orjson.loads(new.entry)["at"] == "2026-03-02T01:00:00.250000Z"
    whole, _ = encode(FACT, replace(ENVELOPE, recorded_at=MORNING.replace(microsecond=0)), 1, b"", {})
    assert orjson.loads(whole.entry)["at"] == "2026-03-02T01:00:00.000000Z"


@pytest.mark.parametrize("alias", sorted(alias for alias, kind in EVENTS.items() if kind.sealed_fields))
def test_an_entry_holds_nothing_of_what_is_sealed(alias: str) -> None:
    planted = "Ольга-陈秘密-secret"
    kind = EVENTS[alias]
    event = kind.model_validate(_planted(sample(kind).model_dump(), planted, set(kind.sealed_fields)))
    new, _ = encode(event, ENVELOPE, 1, b"", keys_of(event))
    assert event.without_sealed() != event
    for name in kind.sealed_fields:
        assert (planted in str(getattr(event, name))) == ("字段" in str(getattr(sample(kind), name)))
        assert name not in orjson.loads(new.entry)["data"]
    for spelling in (planted.encode(), planted.encode("unicode_escape"), json.dumps(planted)[1:-1].encode()):
        assert spelling not in new.entry
        assert all(spelling not in part.ciphertext for part in new.sealed)


def _planted(value: Any, secret: str, within: set[str] | None = None) -> Any:
    """The value with the secret in place of every free text, in the named fields alone if some are named."""
    if isinstance(value, dict):
        return {
            name: _planted(inner, secret) if within is None or name in within else inner
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_planted(inner, secret) for inner in value]
    return secret if type(value) is str and "字段" in value else value


def test_a_sealed_part_cannot_be_moved_to_another_event() -> None:
    event = sample(CandidateNominated)
    new, _ = encode(event, ENVELOPE, 1, b"", keys_of(event))
    assert opened(new) == event
    assert opened(new, version=2) == event.without_sealed()
    assert opened(new, stream=StreamId("appointment/other")) == event.without_sealed()
    other = sample(OfficerIdentified).model_copy(update={"officer": event.person_id})
    moved, _ = encode(other, ENVELOPE, 2, b"", keys_of(other))
    assert opened(moved, new.sealed, version=2) == other.without_sealed()


def test_a_sealed_part_is_opened_by_its_own_key_alone() -> None:
    event = sample(CandidateNominated)
    new, _ = encode(event, ENVELOPE, 1, b"", keys_of(event))
    (owner,) = keys_of(event)
    assert decode(stored(new), new.sealed, {owner: b"x" * 32}).event == event.without_sealed()


def test_what_was_forgotten_reads_as_none() -> None:
    event = sample(ObjectionLodged)
    new, _ = encode(event, ENVELOPE, 1, b"", keys_of(event))
    for read in (decode(stored(new), new.sealed, {}), decode(stored(new), (), keys_of(event)), decode(stored(new))):
        assert isinstance(read.event, ObjectionLodged)
        assert read.event.grounds is None and read.event.objector is None
        assert read.event.objection_id == event.objection_id
        assert read.sealed == (f"{STREAM}#personnel", f"{STREAM}#supervision")


def test_the_same_text_sealed_twice_looks_different() -> None:
    event = sample(CandidateNominated)
    first, _ = encode(event, ENVELOPE, 1, b"", keys_of(event))
    second, _ = encode(event, ENVELOPE, 1, b"", keys_of(event))
    assert first.sealed[0].ciphertext != second.sealed[0].ciphertext


def test_an_event_of_a_type_that_is_not_known_is_not_guessed_at() -> None:
    new, _ = encode(FACT, ENVELOPE, 1, b"", {})
    unknown = replace(new, entry=new.entry.replace(b"stage_completed", b"stage_abolished"))
    with pytest.raises(UnknownEventType, match="stage_abolished"):
        decode(stored(unknown))


def test_an_event_longer_than_an_entry_may_be_is_refused() -> None:
    with pytest.raises(EntryTooLarge, match="pack_adopted"):
        encode(sample(PackAdopted).model_copy(update={"text": "x" * 65_500}), ENVELOPE, 1, b"", {})
