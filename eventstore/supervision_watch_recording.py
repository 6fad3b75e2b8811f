"""Recording what becomes of a watch."""

from domain.refusal import ActsInOwnCase
from domain.supervision_watch import WATCHING, WatchOpened, fold_watch, supervision_watch_stream
from eventstore.followed_recording import Asked, record_followed
from eventstore.opening import opened
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept


async def record_watch(recorder: Recorder, watch_id: str, asked: Asked) -> Kept:
    """Decide a command about a watch and append what follows. Whom it is about, sealed, takes no step in it.

    Refuses: ActsInOwnCase; whatever the decide functions refuse; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    assert asked.stream == supervision_watch_stream(watch_id)
    if asked.actor.hands & await people_of(recorder, watch_id):
        raise ActsInOwnCase("This watch is about you. Another officer of supervision must do it.")
    decide = WATCHING[type(asked.command)]
    return await record_followed(
        recorder, asked, lambda events, on: decide(fold_watch(events), asked.command, on, watch_id)
    )


async def people_of(recorder: Recorder, watch_id: str) -> frozenset[str]:
    """Whom a watch is about, as its sealed record says."""
    stored = await recorder.store.read_stream(supervision_watch_stream(watch_id))
    rows = await opened(recorder.store, recorder.keys, stored[:1])
    return frozenset(who for row in rows if isinstance(row.event, WatchOpened) for who in row.event.people or ())
