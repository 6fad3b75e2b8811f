"""Recording checks of people: asked once, and used by both departments while they are valid."""

from domain.appointment import case_stream
from domain.refusal import UnknownChoice
from domain.reusable_check import CHECKING, RequestCheck, fold_check
from eventstore.followed_recording import Asked, record_under
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept


async def record_of_check(recorder: Recorder, asked: Asked) -> Kept:
    """Decide a command about a check under the pack that is named, and append what follows.

    A check outlives packs: each is asked and used under the one that is in force then.

    Refuses: UnknownChoice, for a case that is not on the log; whatever the decide functions refuse; StaleVersion,
    CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    match asked.command:
        case RequestCheck(case_id=str() as case_id) if not await recorder.store.read_stream(case_stream(case_id)):
            raise UnknownChoice(f"There is no case “{case_id}”. Check its id, or leave it out.", field="case_id")
    decide = CHECKING[type(asked.command)]
    return await record_under(recorder, asked, lambda events, on: decide(fold_check(events), asked.command, on))
