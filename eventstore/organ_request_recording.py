"""Recording what one organ asks of another, and what comes of it."""

from domain.appointment import case_stream
from domain.organ_request import REQUESTING, AnswerRequest, AskOrgan, fold_organ_request, organ_request_stream
from domain.refusal import UnknownChoice
from eventstore.followed_recording import Asked, record_followed
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept
from eventstore.supervision_problem_recording import must_be_on_the_log


async def record_organ_request(recorder: Recorder, request_id: str, asked: Asked) -> Kept:
    """Decide a command about a request and append what follows.

    Refuses: UnknownChoice, for a case or a proof that is not on the log; whatever the decide functions refuse;
    StaleVersion, CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    assert asked.stream == organ_request_stream(request_id)
    match asked.command:
        case AskOrgan(case_id=str() as case_id) if not await recorder.store.read_stream(case_stream(case_id)):
            raise UnknownChoice(f"There is no case “{case_id}”. Check its id, or leave it out.", field="case_id")
        case AnswerRequest(proof=proof):
            await must_be_on_the_log(recorder, proof, "proof")
    decide = REQUESTING[type(asked.command)]
    return await record_followed(
        recorder, asked, lambda events, on: decide(fold_organ_request(events), asked.command, on, request_id)
    )
