"""Recording what becomes of a joint meeting, and putting what it found and resolved on the register of problems."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from domain.event import Event
from domain.identity import Actor
from domain.joint_meeting import FindingMade, ResolutionAdopted, joint_meeting_stream
from domain.joint_meeting_sitting import AdoptResolution, MakeFinding, OnTheLog, problem_of
from domain.joint_meeting_standing import fold_joint_meeting
from domain.joint_meeting_steps import EVERY_STEP
from domain.occasion import Occasion
from domain.supervision_problem import problem_stream
from eventstore.contention import ATTEMPTS, TooBusy, stand_back
from eventstore.followed_recording import Asked, record_followed, standing_of
from eventstore.recording import Recorder
from eventstore.stream_recording import Kept
from eventstore.supervision_problem_recording import must_be_on_the_log, record_problem

PROBLEMS_OF_MEETINGS = uuid5(NAMESPACE_URL, "investiture/problem-of-a-joint-meeting")


class _MovedOn(Exception):
    """Something was recorded between reading where the meeting stands and deciding."""


async def record_joint_meeting(recorder: Recorder, meeting_id: str, asked: Asked) -> Kept:
    """Decide a command about a meeting and append what follows; a finding and a resolution go on the register next.

    What the register would refuse is refused before the meeting records anything. A crash between the two leaves an
    entry of the meeting that `carry_problem` carries later, in the relay.

    Refuses: UnknownChoice, for evidence that is not on the log; whatever the decide functions refuse; StaleVersion,
    CommandIdReused, TooBusy.
    Idempotent by: the command id.
    """
    await must_be_on_the_log(recorder, getattr(asked.command, "evidence", ()), "evidence")
    if isinstance(asked.command, MakeFinding | AdoptResolution):
        tried = await _record(recorder, meeting_id, replace(asked, dry_run=True))
        await _carry(recorder, meeting_id, asked, tried, dry_run=True)
    kept = await _record(recorder, meeting_id, asked)
    if not asked.dry_run:
        await _carry(recorder, meeting_id, asked, kept)
    return kept


async def _carry(recorder: Recorder, meeting_id: str, asked: Asked, kept: Kept, *, dry_run: bool = False) -> None:
    for event in kept.events:
        if isinstance(event, FindingMade | ResolutionAdopted):
            await carry_problem(recorder, meeting_id, event, asked.actor, asked.at, dry_run=dry_run)


async def carry_problem(
    recorder: Recorder,
    meeting_id: str,
    event: FindingMade | ResolutionAdopted,
    actor: Actor,
    at: datetime,
    *,
    dry_run: bool = False,
) -> Kept:
    """Puts what a meeting found or resolved on the register, under the meeting's own pack.

    Idempotent by: the problem's id.
    """
    pack = (await standing_of(recorder, joint_meeting_stream(meeting_id))).pack
    assert pack is not None
    command_id = uuid5(PROBLEMS_OF_MEETINGS, event.problem_id)
    stream, command = problem_stream(event.problem_id), problem_of(event, meeting_id)
    opening = Asked(stream, command, actor, command_id, at, pack, dry_run=dry_run)
    return await record_problem(recorder, event.problem_id, opening)


async def _record(recorder: Recorder, meeting_id: str, asked: Asked) -> Kept:
    for attempt in range(ATTEMPTS):
        try:
            return await _decided_where_it_stands(recorder, meeting_id, asked)
        except _MovedOn:
            await stand_back(attempt)
    raise TooBusy(asked.stream)


async def _decided_where_it_stands(recorder: Recorder, meeting_id: str, asked: Asked) -> Kept:
    stored = await recorder.store.read_stream(asked.stream)
    log = OnTheLog(meeting_id, len(stored), stored[-1].hash.hex() if stored else "")
    decide = EVERY_STEP[type(asked.command)]

    def decided(events: Sequence[Event], on: Occasion) -> list[Event]:
        if len(events) != log.version:
            raise _MovedOn
        return decide(fold_joint_meeting(events), asked.command, on, log)

    return await record_followed(recorder, asked, decided)
