"""Who asks: the visitor behind a token, the pseudonym that they act under, and what they may try."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Request

from api.authorisation import authorise
from api.identity import Claims, TokenVerifier, bearer
from api.problem import NotAllowed
from domain.access import AccessRefused, access_stream
from domain.event import Event
from domain.identity import Actor, OfficerId, OrganId
from domain.officer import OfficerIdentified, officer_stream
from eventstore.keys import KeyStore, keyed_id
from eventstore.noting import latest, note
from eventstore.packs import PackLibrary
from eventstore.public_log import PublicLog
from eventstore.recording import Recorder
from eventstore.store import EventStore
from projections.reading import Pool

MailGoes = Literal["out", "into_a_folder", "nowhere"]
"""What becomes of a mail of this installation."""


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
    public_log: PublicLog
    open_data_licence: str
    mail_goes: MailGoes = "nowhere"
    webhooks_lead_anywhere: bool = False


class Directory:
    """Under which name and organ this process last knew each officer to stand on the log."""

    def __init__(self) -> None:
        self._known: dict[OfficerId, tuple[str, str | None]] = {}
        self._forgotten = 0

    async def identify(self, services: Services, claims: Claims, actor: Actor) -> None:
        """Has the log know an officer by name and organ before they act."""
        if services.keys.forgotten != self._forgotten:  # nobody's name outlives their key in here
            self._known, self._forgotten = {}, services.keys.forgotten
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


Reads = Annotated[Visitor, Depends(visitor)]
