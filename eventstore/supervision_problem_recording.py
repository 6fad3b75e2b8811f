"""Recording what becomes of a problem."""

from domain.refusal import UnknownChoice
from domain.supervision_problem import MENDING, fold_problem, problem_stream
from eventstore.followed_recording import Asked, record_followed
from eventstore.recording import Recorder
from eventstore.store import EventStore
from eventstore.stream_recording import Kept


async def record_problem(recorder: Recorder, problem_id: str, asked: Asked) -> Kept:
    """Decide a command about a problem and append what follows.

    Refuses: UnknownChoice, for evidence that is not on the log; whatever the decide functions refuse; StaleVersion,
    CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    assert asked.stream == problem_stream(problem_id)
    for field in ("evidence", "proof"):
        await must_be_on_the_log(recorder.store, getattr(asked.command, field, ()), field)
    decide = MENDING[type(asked.command)]
    return await record_followed(
        recorder, asked, lambda events, on: decide(fold_problem(events), asked.command, on, problem_id)
    )


async def must_be_on_the_log(store: EventStore, positions: tuple[int, ...], field: str) -> None:
    """Evidence is what the log holds.

    Refuses: UnknownChoice.
    """
    if positions and not await store.read_log(max(positions) - 1, 1):
        raise UnknownChoice(
            f"The log has no event at position {max(positions)} yet. Choose one of those that the audit trail shows.",
            field=field,
        )
