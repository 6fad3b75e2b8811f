"""Stories as the log would hold them: rows with positions, hashes and sealed parts."""

from collections.abc import Sequence

from domain.appointment import case_stream
from domain.event import CommandId, Event, Recorded
from eventstore.codec import Envelope, decode, encode, sealed_owners
from eventstore.packs import reference_of
from eventstore.raw_reading import SealedPart
from eventstore.store import NOTHING_BEFORE, StoredEvent
from tests.lives import live
from tests.spec import Story

FIRST_POSITION = 1000
KEY = b"k" * 32


def stored(story: Story) -> tuple[list[StoredEvent], dict[int, Sequence[SealedPart]]]:
    """The rows of a story's events, and their sealed parts by position."""
    stream, head = case_stream(live(story).id), NOTHING_BEFORE
    rows: list[StoredEvent] = []
    sealed: dict[int, Sequence[SealedPart]] = {}
    for version, (event, (actor, at)) in enumerate(zip(story.events, story.acts, strict=True), start=1):
        envelope = Envelope(stream, at, actor, CommandId(f"command-{version}"), reference_of(story.pack))
        new, head = encode(event, envelope, version, head, dict.fromkeys(sealed_owners(event, stream), KEY))
        position = FIRST_POSITION + 3 * version
        rows.append(StoredEvent(position, stream, version, new.type, at, new.entry, head))
        sealed[position] = new.sealed
    return rows, sealed


def recorded(story: Story) -> list[Recorded[Event]]:
    """The story's events as anybody reads them from the log."""
    return [decode(row) for row in stored(story)[0]]
