"""The one door to the log: load, fold, decide, append, with a bounded retry on conflict.

Folded cases are kept in memory between commands. A stale one can never give a wrong answer: an append is guarded by
the version that it names, and a refusal is decided again on what the log says now before anybody hears it.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.appointment import Case, ClosedCase, LiveCase, Unopened, case_stream, fold, underlying
from domain.case_move import MoveCase
from domain.case_opening import OpenCase
from domain.command import Command
from domain.deciding import decide, whose_training
from domain.event import CommandId, Event, PackReference, StreamId
from domain.identity import SYSTEM, Actor, CaseId
from domain.occasion import NewLaw, Occasion
from domain.refusal import CaseHasEnded, CaseIsSuspended, CaseNotFound, Refusal
from domain.timer import LetTimerRunOut, Timer, TimerStillRunning, timer_command_id, timers
from domain.working_days import Calendar
from eventstore.codec import Envelope, canonical, decode
from eventstore.contention import ATTEMPTS, StaleVersion, TooBusy, must_repeat, stand_back
from eventstore.keys import KeyStore
from eventstore.known_cases import NOTHING_KNOWN, Known, KnownCases
from eventstore.packs import PackLibrary
from eventstore.sealing import sealed_after
from eventstore.store import Append, Appended, ClaimTaken, EventStore, VersionConflict
from eventstore.training_files import read_training_file


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded: durable, hash-chained, in its place. `repeated`: it had been recorded before."""

    case_id: CaseId
    version: int
    position: int
    events: tuple[Event, ...]
    case: Case
    repeated: bool = False
    dry_run: bool = False


class PostAlreadyInSelection(Refusal):
    """Another open case fills the same post."""

    rule = "house.one_open_case_a_post"


def post_is_taken(claim: str) -> PostAlreadyInSelection:
    """The post of a claim is being filled by a case that somebody else has opened."""
    return PostAlreadyInSelection(
        "Another open case fills this post. Go on with that one, or withdraw it first.", claim=claim
    )


class Recorder:
    """Decides commands and records what follows."""

    def __init__(
        self,
        store: EventStore,
        keys: KeyStore,
        packs: PackLibrary,
        calendar_for: Callable[[str], Calendar],
        clock: Callable[[], datetime],
    ):
        self.store = store
        self.keys = keys
        self.packs = packs
        self.calendar_for = calendar_for
        self._clock = clock
        self._known = KnownCases(store)

    async def record(
        self,
        case_id: CaseId,
        command: Command,
        *,
        actor: Actor,
        command_id: UUID,
        at: datetime | None = None,
        if_version: int | None = None,
        dry_run: bool = False,
        causation: str | None = None,
    ) -> Receipt:
        """Decide a command on a case and record its events; the answer means: durable.

        Clocks that have ended by then are recorded first, as the engine would: what they mean holds, refused or not.

        Refuses: whatever the rules refuse; StaleVersion, CommandIdReused, PostAlreadyInSelection.
        Idempotent by: the command id.
        Survives: a lost connection and a crash of anything; repeating the command finds what was recorded.
        """
        asked = _Asked(case_stream(case_id), case_id, command, actor, command_id, at or self._clock(), causation)
        known, fresh = self._known.get(asked.stream), False
        if known is None and isinstance(command, OpenCase):
            known = NOTHING_KNOWN  # most likely; the append is guarded by version 0 all the same
        for attempt in range(ATTEMPTS):
            if known is None:
                known, fresh = await self.load(asked.stream), True
            try:
                if ended := await self._past_ended_clocks(asked, known, dry_run):
                    known, fresh = ended, True
                receipt = await self._decide_and_append(asked, known, if_version, dry_run)
                if receipt.events and not receipt.dry_run:
                    return receipt
                # Nothing was written, so no version guarded this answer: it counts only if what was known is fresh.
                if fresh:
                    return await self._already_recorded_or(asked, receipt)
            except Refusal as refusal:
                if fresh:
                    return await self._already_recorded_or(asked, refusal)
            except VersionConflict:
                await stand_back(attempt)
            known, fresh = None, False
        raise TooBusy(asked.stream)

    async def foresee(
        self, case_id: CaseId, command: Command, upon: Case, *, actor: Actor, command_id: UUID
    ) -> Receipt:
        """What a command would lead to in a case as it would be by then; nothing is recorded.

        Refuses: whatever the rules refuse.
        """
        asked = _Asked(case_stream(case_id), case_id, command, actor, command_id, self._clock())
        on, _ = await self._occasion(asked, upon)
        events = decide(upon, command, on)
        return Receipt(case_id, 0, -1, tuple(events), fold(events, upon), dry_run=True)

    async def _past_ended_clocks(self, asked: "_Asked", known: Known, dry_run: bool) -> Known | None:
        """The case after the clocks that have ended, whoever comes first to record them; None when none has."""
        passed: set[UUID] = set()
        fresh = None
        while clock := await self._ended_clock(asked, (fresh or known).case, passed):
            if fresh is None:
                fresh = await self.load(asked.stream)  # it may be recorded by now
                continue
            run_out = replace(
                asked, command=LetTimerRunOut(timer=clock.name), actor=SYSTEM, command_id=_id_of(asked, clock)
            )
            passed.add(run_out.command_id)
            if dry_run:
                on, _ = await self._occasion(run_out, fresh.case)
                fresh = replace(fresh, case=fold(decide(fresh.case, run_out.command, on), fresh.case))
                continue
            with contextlib.suppress(TimerStillRunning, CaseIsSuspended, CaseHasEnded):  # it was moved meanwhile
                await self.record(
                    asked.case_id, run_out.command, actor=SYSTEM, command_id=run_out.command_id, at=asked.at
                )
            fresh = await self.load(asked.stream)
        return fresh

    async def _ended_clock(self, asked: "_Asked", case: Case, passed: set[UUID]) -> Timer | None:
        if not isinstance(case, LiveCase) or isinstance(asked.command, LetTimerRunOut):
            return None
        running = timers(case, await self.packs.get(case.pack))
        return next(
            (clock for clock in running if clock.due_at <= asked.at and _id_of(asked, clock) not in passed), None
        )

    async def _decide_and_append(self, asked: "_Asked", known: Known, if_version: int | None, dry_run: bool) -> Receipt:
        if if_version is not None and if_version != known.version:
            raise StaleVersion(
                f"You speak of version {if_version} of the case, which is at version {known.version}. Read it again.",
                version=known.version,
            )
        on, pack = await self._occasion(asked, known.case)
        events = decide(known.case, asked.command, on)
        if dry_run or not events:
            after = fold(events, known.case)
            if (claim := _post_claim(known.case, after)[0]) and await self.store.claimed_by(claim):
                raise post_is_taken(claim)
            return Receipt(asked.case_id, known.version, -1, tuple(events), after, dry_run=dry_run)
        return await self._append(asked, known, events, pack)

    async def _occasion(self, asked: "_Asked", case: Case) -> tuple[Occasion, PackReference]:
        live = underlying(case)
        new_law = None
        if live is not None:
            reference, jurisdiction, timezone = live.pack, live.jurisdiction, live.timezone
            pack = await self.packs.get(reference)
            if isinstance(asked.command, MoveCase):
                found = await self.packs.version(reference.id, asked.command.to_version)
                new_law = NewLaw(found.reference, found.pack, found.effective_from)
                reference = found.reference  # the move, and what follows of it, stand under the law that it leads to
        elif isinstance(asked.command, OpenCase):
            reference = asked.command.pack
            pack = await self.packs.get(reference)
            place = pack.jurisdiction(asked.command.jurisdiction) or pack.jurisdictions[0]
            jurisdiction, timezone = place.id, place.timezone
        else:
            raise CaseNotFound(
                f"There is no case “{asked.case_id}”. Check the case id, or open a case first.", case_id=asked.case_id
            )
        calendar = self.calendar_for(jurisdiction)
        person = whose_training(case, asked.command)
        training = await read_training_file(self.store, self.keys, person) if person is not None else None
        on = Occasion(asked.at, asked.actor, pack, calendar, str(asked.command_id), timezone, new_law, training)
        return on, reference

    async def _append(self, asked: "_Asked", known: Known, events: Sequence[Event], pack: PackReference) -> Receipt:
        after = fold(events, known.case)
        claim, release = _post_claim(known.case, after)
        command_id = CommandId(str(asked.command_id))
        envelope = Envelope(asked.stream, asked.at, asked.actor, command_id, pack, asked.causation)
        sealed, head = await sealed_after(known.version, known.head, events, envelope, self.keys)
        append = Append(
            stream=asked.stream,
            expected_version=known.version,
            head=known.head,
            command_id=asked.command_id,
            fingerprint=self.keys.fingerprint(asked.wish),
            events=sealed,
            claim=claim,
            release=release,
        )
        try:
            appended = await self.store.append(append)
        except ClaimTaken as problem:
            raise post_is_taken(problem.claim) from problem
        if appended.repeated:
            return await self._first_answer(asked, appended)
        self._known.remember(asked.stream, Known(appended.version, head, after))
        return Receipt(asked.case_id, appended.version, appended.position, tuple(events), after)

    async def _already_recorded_or(self, asked: "_Asked", otherwise: Receipt | Refusal) -> Receipt:
        """A command that leads to nothing now may be one that was recorded: then its first answer is the answer."""
        earlier = await self.store.find_command(asked.command_id)
        if earlier is not None:
            return await self._first_answer(asked, earlier)
        if isinstance(otherwise, Refusal):
            raise otherwise
        return otherwise

    async def _first_answer(self, asked: "_Asked", earlier: Appended) -> Receipt:
        must_repeat(earlier, self.keys.fingerprint(asked.wish))
        stored = await self.store.read_stream(asked.stream)
        events = [decode(event).event for event in stored[: earlier.version]]
        return Receipt(
            asked.case_id,
            earlier.version,
            earlier.position,
            tuple(events[earlier.first_version - 1 :]),
            fold(events),
            repeated=True,
        )

    async def load(self, stream: StreamId) -> Known:
        """The case as the log has it now."""
        return await self._known.load(stream)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command on its way: what does not change between attempts."""

    stream: StreamId
    case_id: CaseId
    command: Command
    actor: Actor
    command_id: UUID
    at: datetime
    causation: str | None = None

    @property
    def wish(self) -> bytes:
        """What a repetition must repeat; it may hold personal data, so only a keyed hash of it is kept."""
        said = self.command.model_dump(mode="json")
        if isinstance(self.command, OpenCase):
            said["pack"] = self.command.pack.id  # which version that is changes when a new one is adopted
        return canonical([self.stream, self.command.name(), said])


def _id_of(asked: _Asked, clock: Timer) -> UUID:
    return timer_command_id(asked.case_id, clock.name, clock.due_on.isoformat())


def _post_claim(before: Case, after: Case) -> tuple[str | None, str | None]:
    """One open case a post: the claim that an opening takes, and that an end gives back."""
    if isinstance(before, Unopened) and isinstance(after, LiveCase):
        return f"post/{after.post.post_id}", None
    if isinstance(after, ClosedCase) and not isinstance(before, ClosedCase):
        return None, f"post/{after.case.post.post_id}"
    return None, None
