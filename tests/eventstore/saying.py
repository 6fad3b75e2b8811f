"""Commands said to a recorder of the one case, as the tests of the recorder say them."""

from datetime import datetime
from uuid import UUID, uuid4

from domain.appointment import LiveCase, case_stream
from domain.case_opening import OpenCase
from domain.command import Command
from domain.identity import Actor, CaseId
from domain.nomination import CloseNominations, NominateCandidate, Particulars
from domain.public_notice import OpenPublicNotice
from domain.timer import Timer, timers
from domain.training_verification import VerifyTraining
from eventstore.keys import KeyStore
from eventstore.packs import PackLibrary
from eventstore.recording import Receipt, Recorder
from eventstore.store import EventStore
from runtime.calendars import calendar_for
from tests.examples import CASE, CHEN, CLERK, PERSONNEL, SCHOOL, at, pack, reference
from tests.on_file import put_on_file

MORNING = at("2026-03-02")
STREAM = case_stream(CASE)
OPEN = OpenCase(case_id=CASE, pack=reference("standard"), post=CLERK)
NOMINATE = NominateCandidate(person_id=CHEN, particulars=Particulars(full_name="Chen Jing"))


def recorder_on(store: EventStore, keys: KeyStore) -> Recorder:
    return Recorder(store, keys, PackLibrary(store), calendar_for, lambda: MORNING)


async def say(
    recorder: Recorder,
    command: Command,
    *,
    actor: Actor = PERSONNEL,
    command_id: UUID | None = None,
    case_id: CaseId = CASE,
    at: datetime | None = None,
    if_version: int | None = None,
    dry_run: bool = False,
) -> Receipt:
    """The answer to a command of personnel in the one case, unless something else is said."""
    return await recorder.record(
        case_id,
        command,
        actor=actor,
        command_id=command_id or uuid4(),
        at=at,
        if_version=if_version,
        dry_run=dry_run,
    )


async def notice_opened(recorder: Recorder) -> Timer:
    """The clock of a notice, in an open case that this recorder brought there."""
    await say(recorder, NOMINATE)
    closed = await say(recorder, CloseNominations())
    assert isinstance(closed.case, LiveCase)
    (candidate,) = closed.case.candidates
    await put_on_file(recorder, CHEN, 600, MORNING)
    await say(recorder, VerifyTraining(candidate_id=candidate), actor=SCHOOL)
    opened = await say(recorder, OpenPublicNotice())
    assert isinstance(opened.case, LiveCase)
    return next(clock for clock in timers(opened.case, pack("standard")) if clock.name == "public_notice")
