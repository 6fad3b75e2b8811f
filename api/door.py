"""The HTTP door: who asks, under which key, and how an answer looks."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import Depends, Header, Query, Request, Response

from api.authorisation import authorise
from api.identity import Claims, TokenVerifier, bearer
from api.problem import STATUS, NotAllowed
from domain.access import AccessRefused, access_stream
from domain.appointment import ClosedCase, underlying
from domain.command import Command
from domain.event import Event
from domain.identity import Actor, CaseId, OfficerId, OrganId, PersonId
from domain.next_step import next_steps
from domain.officer import OfficerIdentified, officer_stream
from domain.refusal import Refusal
from domain.timer import timers
from eventstore.keys import KeyStore, keyed_id, new_subject
from eventstore.noting import latest, note
from eventstore.packs import PackLibrary
from eventstore.recording import Receipt, Recorder
from eventstore.store import EventStore
from eventstore.stream_recording import Kept
from projections.case_board import status_of
from projections.reading import Pool

JSON = "application/json"
CASE_ID = "[0-9a-z]{12}"


@dataclass(frozen=True, slots=True)
class Services:
    """What the API works with; made by the process that runs it."""

    recorder: Recorder
    store: EventStore
    keys: KeyStore
    packs: PackLibrary
    pool: "Pool[Any]"
    verifier: TokenVerifier
    clock: Callable[[], datetime]
    public_url: str


class Directory:
    """Under which name and organ this process last knew each officer to stand on the log."""

    def __init__(self) -> None:
        self._known: dict[OfficerId, tuple[str, str | None]] = {}

    async def identify(self, services: Services, claims: Claims, actor: Actor) -> None:
        """Has the log know an officer by name and organ before they act."""
        mark = (claims.organ, claims.name)
        if self._known.get(actor.officer) == mark:
            return
        stream = officer_stream(actor.officer)
        last = await latest(services.store, services.keys, stream)
        wanted = OfficerIdentified(officer=actor.officer, organ=actor.organ, name=claims.name)
        if last is None or last.event != wanted:
            # The name is no part of it: whoever reads a public entry could try names until one fits.
            command_id = keyed_id(services.keys, "identify", stream, str(last.version if last else 0))
            at = services.clock()
            noted = await note(services.store, services.keys, stream, wanted, actor=actor, command_id=command_id, at=at)
            if noted.repeated:
                return  # another process was quicker, perhaps with another name: the next step of the officer looks
        self._known[actor.officer] = mark


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a token: what it says, and the pseudonym that they act under."""

    claims: Claims
    actor: Actor
    services: Services
    directory: Directory

    async def identify(self) -> None:
        """The log knows the visitor by name and organ."""
        await self.directory.identify(self.services, self.claims, self.actor)

    async def may(self, action: str, target: str, *, noted: bool = True) -> None:
        """Lets pass whom the policies let; an attempt that they forbid goes on the log, unless it was a dry run.

        Refuses: NotAllowed.
        """
        decision = authorise(self.claims.roles, action)
        if decision.allowed:
            return
        if noted:
            await self.note_attempt(action, target, decision.policy_ids)
        raise NotAllowed(action, decision.why, decision.policy_ids)

    async def note_attempt(self, action: str, target: str, forbidden_by: Sequence[str]) -> None:
        """It is on the log that the visitor was turned away, and by what."""
        officer = self.actor.officer
        attempt = AccessRefused(officer=officer, attempted=action, target=target, policy=", ".join(forbidden_by))
        await self.note_access(attempt, action, target)

    async def note_access(self, event: Event, *told_apart_by: str) -> None:
        """What the visitor read, or tried, is on the log, and who they are as well."""
        await self.identify()
        services, at, stream = self.services, self.services.clock(), access_stream(self.actor.officer)
        command_id = keyed_id(services.keys, "access", stream, event.alias, *told_apart_by, at.isoformat())
        await note(services.store, services.keys, stream, event, actor=self.actor, command_id=command_id, at=at)


async def visitor(request: Request) -> Visitor:
    """Who asks, by their bearer token.

    Refuses: Unauthenticated.
    """
    services: Services = request.app.state.services
    token = bearer(request.headers.get("authorization"))
    now = services.clock()
    claims = services.verifier.cached(token, now) or await services.verifier.verify(token, now)
    officer = OfficerId(await services.keys.subject_for(claims.subject))
    actor = Actor(officer=officer, organ=OrganId(claims.organ), roles=tuple(sorted(claims.roles)))
    return Visitor(claims, actor, services, request.app.state.directory)


@dataclass(frozen=True, slots=True)
class Door:
    """One write: who, under which idempotency key, against which version, and whether only to try."""

    visitor: Visitor
    key: str
    if_version: int | None
    dry_run: bool
    causation: str | None = None

    @property
    def services(self) -> Services:
        return self.visitor.services

    @property
    def command_id(self) -> UUID:
        """The idempotency key as the log keeps it; two officers' keys never meet."""
        return keyed_id(self.services.keys, "wish", self.visitor.actor.officer, self.key)

    async def person(self, reference: str) -> PersonId:
        """The pseudonym of somebody who is named; trying makes none that lasts."""
        keys = self.services.keys
        if self.dry_run:
            return await keys.find_subject(reference) or PersonId(new_subject())
        return await keys.subject_for(reference)

    async def record(self, case_id: CaseId, command: Command, status: int = 200) -> Response:
        """Decide a command, record what follows, and answer.

        Refuses: NotAllowed, and whatever the rules refuse.
        Idempotent by: the Idempotency-Key header.
        """
        return await self._answer(await self.decided(case_id, command), 200 if self.dry_run else status)

    async def decided(self, case_id: CaseId, command: Command) -> Receipt:
        """A command decided, and what follows recorded, for whom the policies let through.

        Refuses: NotAllowed, and whatever the rules refuse; who was turned away is noted.
        """
        await self.visitor.may(command.name(), f"case/{case_id}", noted=not self.dry_run)
        if not self.dry_run:
            await self.visitor.identify()
        try:
            return await self.services.recorder.record(
                case_id,
                command,
                actor=self.visitor.actor,
                command_id=self.command_id,
                if_version=self.if_version,
                dry_run=self.dry_run,
                causation=self.causation,
            )
        except Refusal as refusal:
            if STATUS.get(type(refusal)) == 403 and not self.dry_run:
                await self.visitor.note_attempt(command.name(), f"case/{case_id}", (refusal.rule_path,))
            raise

    @asynccontextmanager
    async def deciding(self, action: str, target: str) -> AsyncIterator[None]:
        """Around the recording of a command in a stream that is no case: the log knows who tried, and who was refused.

        Refuses: NotAllowed.
        """
        await self.visitor.may(action, target, noted=not self.dry_run)
        if not self.dry_run:
            await self.visitor.identify()
        try:
            yield
        except Refusal as refusal:
            if STATUS.get(type(refusal)) == 403 and not self.dry_run:
                await self.visitor.note_attempt(action, target, (refusal.rule_path,))
            raise

    def kept(self, kept: Kept, named: dict[str, str], status: int) -> Response:
        """The answer to a command about a stream that is no case."""
        recorded = kept.position >= 0
        body = {
            **named,
            "recorded": recorded,
            "repeated": kept.repeated,
            "dry_run": self.dry_run,
            "version": kept.version,
            "position": kept.position if recorded else None,
            "events": [_said(event) for event in kept.events],
        }
        headers = {"ETag": f'"{kept.version}"'}
        if recorded:
            headers["Investiture-Position"] = str(kept.position)
        code = 200 if self.dry_run else status
        return Response(orjson.dumps(body), status_code=code, media_type=JSON, headers=headers)

    async def _answer(self, receipt: Receipt, status: int) -> Response:
        body = answer_body(receipt) | await next_step(self.services.packs, receipt, self.services.clock())
        headers = {"ETag": f'"{receipt.version}"'}
        if receipt.position >= 0:
            headers["Investiture-Position"] = str(receipt.position)
        return Response(orjson.dumps(body), status_code=status, media_type=JSON, headers=headers)


def answer_body(receipt: Receipt) -> dict[str, Any]:
    """What was recorded, without what is sealed."""
    return {
        "case_id": receipt.case_id,
        "recorded": not receipt.dry_run and bool(receipt.events),
        "repeated": receipt.repeated,
        "dry_run": receipt.dry_run,
        "version": receipt.version,
        "position": receipt.position if receipt.position >= 0 else None,
        "events": [_said(event) for event in receipt.events],
    }


def _said(event: Event) -> dict[str, Any]:
    said = event.model_dump(mode="json", exclude=set(type(event).sealed_fields), exclude_none=True)
    return {"type": event.alias} | said


async def next_step(packs: PackLibrary, receipt: Receipt, at: datetime) -> dict[str, Any]:
    """Where the case stands now, what would take it on and whose it is, who watches, and which clocks run."""
    status = status_of(receipt.case)
    case = underlying(receipt.case)
    if case is None:
        return {"status": status}
    if isinstance(receipt.case, ClosedCase):
        return {"status": status, "stage": case.stage, "outcome": receipt.case.outcome}
    pack = await packs.get(case.pack)
    duty = pack.stage(case.stage).duty
    steps = [
        {
            "by": step.by,
            "step": step.step,
            "organ": step.organ,
            "by_on": step.by_on,
            "what": step.what,
            "rule": step.rule,
        }
        for step in next_steps(receipt.case, pack, at.astimezone(ZoneInfo(case.timezone)).date())
    ]
    clocks = [
        {"timer": clock.name, "due_on": clock.due_on.isoformat(), "due_at": clock.due_at.isoformat()}
        for clock in timers(receipt.case, pack)
    ]
    following = {
        "duty_holder": duty.holder,
        "watched_by": duty.watched_by,
        "tells": [duty.holder, duty.watched_by],
        "steps": steps,
    }
    return {"status": status, "stage": case.stage, "next": following, "clocks": clocks}


IDEMPOTENCY_KEY = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="a key of your choice, the same for every repetition of this one wish",
    ),
]


async def door(
    request: Request,
    idempotency_key: IDEMPOTENCY_KEY,
    visitor: Annotated[Visitor, Depends(visitor)],
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", pattern=r'^"\d{1,9}"$', description="the version (ETag) that you speak of"),
    ] = None,
    dry_run: Annotated[bool, Query(description="say what would happen, and record nothing")] = False,
) -> Door:
    """The door for one write, for whom the policies let through.

    Refuses: NotAllowed.
    """
    # Before the body is read: whoever may not write is told so whatever they sent, and leaves no pseudonym behind.
    await visitor.may(request.scope["route"].operation_id, _target(request), noted=not dry_run)
    version = int(if_match.strip('"')) if if_match else None
    return Door(visitor, idempotency_key, version, dry_run)


def _target(request: Request) -> str:
    case_id = request.path_params.get("case_id", "")
    if re.fullmatch(CASE_ID, case_id):
        return f"case/{case_id}"
    return "packs" if "/packs" in request.scope["route"].path else "cases"


Writes = Annotated[Door, Depends(door)]
Reads = Annotated[Visitor, Depends(visitor)]
