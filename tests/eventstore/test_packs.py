"""A pack's text is on the log for good, and a version is adopted once, however its text is written."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from domain.event import CommandId
from domain.identity import SYSTEM
from domain.pack import Pack
from domain.pack_adoption import PackAdopted, pack_stream
from domain.refusal import UnknownChoice
from eventstore.codec import Envelope, canonical, encode
from eventstore.packs import PackLibrary, PackTextChanged, reference_of, text_of
from eventstore.store import Append, EventStore
from tests.eventstore.saying import MORNING
from tests.examples import at, pack

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
        text=text,
    )
    new, _ = encode(event, Envelope(stream, MORNING, SYSTEM, CommandId(str(command))), 1, b"", {})
    await store.append(Append(stream, 0, b"", command, command.bytes, (new,)))


async def test_a_version_that_says_the_same_in_another_text_counts_as_adopted(store: EventStore) -> None:
    await adopted_as(store, STANDARD.model_dump_json(exclude_none=True, exclude_defaults=True))
    found = await PackLibrary(store).adopt(STANDARD, MORNING)
    assert found.digest == "5e" * 32
    assert await store.size() == 1


async def test_a_version_that_says_something_else_is_refused(store: EventStore) -> None:
    packs = PackLibrary(store)
    assert await packs.adopt(STANDARD, MORNING) == reference_of(STANDARD)
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
