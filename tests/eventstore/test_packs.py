"""A pack's text is on the log for good, and a version is adopted once, however its text is written."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain.event import CommandId
from domain.identity import SYSTEM
from domain.pack import Pack
from domain.pack_adoption import SHIPPED, PackAdopted, PackTextChanged, pack_stream
from domain.refusal import UnknownChoice
from eventstore.codec import Envelope, canonical, encode
from eventstore.packs import PackLibrary, reference_of, text_of
from eventstore.store import Append, EventStore
from tests.eventstore.saying import MORNING
from tests.examples import DECIDERS, at, pack

STANDARD = pack("standard")


def test_a_text_is_canonical_and_says_every_value() -> None:
    text = text_of(STANDARD)
    assert text.encode() == canonical(json.loads(text))
    assert Pack.model_validate_json(text) == STANDARD
    assert json.loads(text)["nomination"].keys() == {
        name for name in type(STANDARD.nomination).model_fields if getattr(STANDARD.nomination, name) is not None
    }


async def adopted_as(store: EventStore, text: str) -> None:
    """An earlier release has adopted the pack, written in its own way."""
    stream, command = pack_stream("standard"), uuid4()
    event = PackAdopted(
        pack_id="standard",
        pack_version=STANDARD.version,
        digest="5e" * 32,
        effective_from=STANDARD.effective_from,
        reason=SHIPPED,
        text=text,
    )
    new, _ = encode(event, Envelope(stream, MORNING, SYSTEM, CommandId(str(command))), 1, b"", {})
    await store.append(Append(stream, 0, b"", command, command.bytes, (new,)))


async def test_a_version_that_says_the_same_in_another_text_counts_as_adopted(store: EventStore) -> None:
    await adopted_as(store, STANDARD.model_dump_json(exclude_none=True, exclude_defaults=True))
    found = await PackLibrary(store).adopt(STANDARD, MORNING)
    assert found.reference.digest == "5e" * 32
    assert await store.size() == 1


async def test_a_version_that_says_something_else_is_refused(store: EventStore) -> None:
    packs = PackLibrary(store)
    assert (await packs.adopt(STANDARD, MORNING)).reference == reference_of(STANDARD)
    changed = STANDARD.model_copy(update={"effective_from": STANDARD.effective_from + timedelta(days=1)})
    with pytest.raises(PackTextChanged):
        await packs.adopt(changed, MORNING)
    assert await store.size() == 1


async def test_a_version_is_in_force_by_the_date_of_the_jurisdiction(memory_store: EventStore) -> None:
    packs = PackLibrary(memory_store)
    begins = at("2026-06-01").date()
    await packs.adopt(STANDARD.model_copy(update={"effective_from": begins}), MORNING)
    # In China the day has begun; in England, the pack's first jurisdiction, it is still the evening before.
    early = at("2026-06-01", 1)
    assert (await packs.latest("standard", early, "CN")).version == STANDARD.version
    for jurisdiction in (None, "GB-ENG", "nowhere"):
        with pytest.raises(UnknownChoice, match="in force"):
            await packs.latest("standard", early, jurisdiction)
    assert await packs.latest("standard", at("2026-06-01", 0, "Europe/London")) == await packs.latest(
        "standard", early, "CN"
    )


async def test_an_adoption_keeps_its_author_its_reason_and_its_date(store: EventStore) -> None:
    packs = PackLibrary(store)
    shipped = await packs.adopt(STANDARD, MORNING)
    assert (shipped.actor, shipped.reason, shipped.known) == (SYSTEM, SHIPPED, False)
    newer = STANDARD.model_copy(update={"version": 2})
    begins = MORNING.date() + timedelta(days=30)
    wish: dict[str, Any] = {"actor": DECIDERS, "reason": "The council raised the notice.", "effective_from": begins}
    tried = await packs.adopt(newer, MORNING, **wish, dry_run=True)
    assert tried.position is None and await store.size() == 1
    made = await packs.adopt(newer, MORNING, **wish)
    assert (made.actor, made.reason, made.effective_from, made.at) == (DECIDERS, wish["reason"], begins, MORNING)
    assert await PackLibrary(store).adopted("standard") == [replace(shipped, known=True), replace(made, known=True)]
    assert (await packs.latest("standard", MORNING)).version == 1
    assert (await packs.latest("standard", MORNING + timedelta(days=30))).version == 2


async def test_a_repetition_keeps_the_first_author(store: EventStore) -> None:
    packs = PackLibrary(store)
    first = await packs.adopt(STANDARD, MORNING, actor=DECIDERS, reason="We adopt the standard process.")
    again = await packs.adopt(STANDARD, MORNING + timedelta(days=1))
    assert again == replace(first, known=True) and await store.size() == 1


async def test_two_who_adopt_at_once_adopt_one_version_each_or_the_same_once(store: EventStore) -> None:
    one, other = PackLibrary(store), PackLibrary(store)
    both = await asyncio.gather(one.adopt(STANDARD, MORNING), other.adopt(STANDARD, MORNING))
    assert both[0].position == both[1].position and await store.size() == 1


async def test_a_version_that_was_not_adopted_is_refused_with_those_that_were(store: EventStore) -> None:
    packs = PackLibrary(store)
    await packs.adopt(STANDARD, MORNING)
    with pytest.raises(UnknownChoice) as refused:
        await packs.version("standard", 7)
    assert refused.value.facts["known"] == ["1"]
