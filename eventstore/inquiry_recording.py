"""Recording the steps of inquiries: decided under the law of the case that they are about, in streams of their own."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from domain.appointment import case_stream, underlying
from domain.command import Command
from domain.event import Event
from domain.identity import Actor, CaseId
from domain.inquiry import INQUIRING, Circumstances, InquiryOpened, fold_inquiry, inquiry_stream
from domain.inquiry import took_part as everybody_in
from domain.occasion import Occasion
from domain.refusal import CaseNotFound
from eventstore.codec import decode
from eventstore.recording import Recorder
from eventstore.store import EventStore
from eventstore.stream_recording import Kept, Wish, record_in_stream


async def opening_of(store: EventStore, inquiry_id: str) -> InquiryOpened | None:
    """How an inquiry was opened, if there is one of that id."""
    for row in await store.read_stream(inquiry_stream(inquiry_id)):
        if isinstance(opened := decode(row).event, InquiryOpened):
            return opened
    return None


async def hides_from(recorder: Recorder, opened: InquiryOpened, actor: Actor) -> bool:
    """Whether an inquiry is none for somebody: for whoever acted or stood in its case."""
    case = underlying((await recorder.load(case_stream(opened.case_id))).case)
    stood = {str(found.person) for found in case.candidates.values()} if case else set()
    return bool(actor.hands & (stood | {str(found.officer) for found in opened.took_part}))


async def record_inquiry(
    recorder: Recorder,
    case_id: CaseId,
    inquiry_id: str,
    command: Command,
    *,
    actor: Actor,
    command_id: UUID,
    at: datetime,
    if_version: int | None = None,
    dry_run: bool = False,
) -> Kept:
    """Decide a command on an inquiry and record what follows.

    Refuses: CaseNotFound, and whatever the inquiry's decide functions refuse.
    Idempotent by: the command id.
    """
    trail = [decode(row) for row in await recorder.store.read_stream(case_stream(case_id))]
    case = underlying((await recorder.load(case_stream(case_id))).case)
    if case is None:
        raise CaseNotFound(f"There is no case “{case_id}”. Check the case id.", case_id=case_id)
    pack = await recorder.packs.get(case.pack)
    calendar = recorder.calendar_for(case.jurisdiction)
    on = Occasion(at, actor, pack, calendar, str(command_id), case.timezone)
    about = Circumstances(inquiry_id, case, everybody_in(trail))
    wish = Wish(inquiry_stream(inquiry_id), command, actor, command_id, at, case.pack, if_version, dry_run)
    return await record_in_stream(recorder.store, recorder.keys, wish, partial(_decided, command, on, about))


def _decided(command: Command, on: Occasion, about: Circumstances, events: Sequence[Event]) -> list[Event]:
    return INQUIRING[type(command)](fold_inquiry(events), command, on, about)
