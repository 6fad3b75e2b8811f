"""Recording what becomes of a problem."""

from domain.problem_mending import MENDING
from domain.refusal import UnknownChoice
from domain.supervision_input import fold_input, must_be_evidence
from domain.supervision_problem import fold_problem, problem_stream
from eventstore.followed_recording import Asked, record_followed
from eventstore.opening import opened
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept


async def record_problem(recorder: Recorder, problem_id: str, asked: Asked) -> Kept:
    """Decide a command about a problem and append what follows.

    Refuses: UnknownChoice, for evidence that is not on the log; LeadIsNoEvidence; whatever the decide functions
    refuse; StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    assert asked.stream == problem_stream(problem_id)
    for field in ("evidence", "proof"):
        await must_be_on_the_log(recorder, getattr(asked.command, field, ()), field)
    decide = MENDING[type(asked.command)]
    return await record_followed(
        recorder, asked, lambda events, on: decide(fold_problem(events), asked.command, on, problem_id)
    )


async def must_be_on_the_log(recorder: Recorder, positions: tuple[int, ...], field: str) -> None:
    """Evidence is what the log holds, and no lead that nobody has verified.

    Refuses: UnknownChoice, LeadIsNoEvidence.
    """
    store = recorder.store
    if positions and not await store.read_log(max(positions) - 1, 1):
        raise UnknownChoice(
            f"The log has no event at position {max(positions)} yet. Choose one of those that the audit trail shows.",
            field=field,
        )
    for position in sorted(set(positions)):
        (cited,) = await store.read_log(position - 1, 1)
        if cited.stream.startswith("supervision_input/"):
            rows = await opened(store, recorder.keys, await store.read_stream(cited.stream))
            if (found := fold_input(row.event for row in rows)) is not None:
                must_be_evidence(found, position)
