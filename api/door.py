"""The door for a write: who wishes it, under which key, against which version, and what it led to."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Header, Query, Request, Response

from api.answers import JSON
from api.command_answer import answer_body, kept_body, next_step
from api.problem import STATUS
from api.visitor import Services, Visitor, visitor
from api.writing import API
from domain.command import Command
from domain.event import StreamId
from domain.identity import CaseId, PersonId
from domain.refusal import Refusal
from eventstore.followed_recording import Asked
from eventstore.keys import keyed_id, new_subject
from eventstore.recording import Receipt, Recorder
from eventstore.stream_recording import Kept

CASE_ID = "[0-9a-z]{12}"
RecordBeside = Callable[[Recorder, str, Asked], Awaitable[Kept]]
"""Records a command about a stream beside cases, which is named by its id."""


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
        receipt = await self.decided(case_id, command)
        body = answer_body(receipt) | await next_step(self.services.packs, receipt.case, self.services.clock())
        return self._answer(body, receipt.version, receipt.position, status)

    async def decided(self, case_id: CaseId, command: Command) -> Receipt:
        """A command decided, and what follows recorded, for whom the policies let through.

        Refuses: NotAllowed, and whatever the rules refuse; who was turned away is noted.
        """
        async with self.deciding(command.name(), f"case/{case_id}"):
            return await self.services.recorder.record(
                case_id,
                command,
                actor=self.visitor.actor,
                command_id=self.command_id,
                if_version=self.if_version,
                dry_run=self.dry_run,
                causation=self.causation,
            )

    async def asked(self, stream: StreamId, command: Command, pack: str = "standard") -> Asked:
        """A command about a stream beside cases that has clocks; one that is begun by it goes under that pack's newest.

        Refuses: UnknownChoice.
        """
        at = self.services.clock()
        newest = await self.services.packs.latest(pack, at)
        return Asked(stream, command, self.visitor.actor, self.command_id, at, newest, self.if_version, self.dry_run)

    @asynccontextmanager
    async def deciding(self, action: str, target: str) -> AsyncIterator[None]:
        """Around the recording of a command: the log knows who tried, and who was turned away.

        Refuses: NotAllowed.
        """
        await self.visitor.may(action, target, noted=not self.dry_run)
        if not self.dry_run:
            await self.visitor.identify()
        try:
            yield
        except Refusal as refusal:
            await self.turned_away(refusal, action, target)
            raise

    async def turned_away(self, refusal: Refusal, action: str, target: str) -> None:
        """It is on the log that somebody tried what is not theirs; what a rule refuses of their own is no attempt."""
        if STATUS.get(type(refusal)) == 403 and not self.dry_run:
            await self.visitor.note_attempt(action, target, (refusal.rule_path,))

    async def recorded(self, asked: Asked, record: RecordBeside, name: str, status: int = 200) -> Response:
        """What such a command led to, with the id of its stream under a name.

        Refuses: NotAllowed, and whatever the rules refuse.
        """
        of = asked.stream.partition("/")[2]
        async with self.deciding(asked.command.name(), asked.stream):
            kept = await record(self.services.recorder, of, asked)
        return self.kept(kept, {name: of}, status)

    def kept(self, kept: Kept, named: Mapping[str, Any], status: int) -> Response:
        """The answer to a command about a stream that is no case."""
        return self._answer({**named, **kept_body(kept, self.dry_run)}, kept.version, kept.position, status)

    def _answer(self, body: dict[str, Any], version: int, position: int, status: int) -> Response:
        headers = {"ETag": f'"{version}"'}
        if position >= 0:
            headers["Investiture-Position"] = str(position)
        code = 200 if self.dry_run else status
        return Response(orjson.dumps(body), status_code=code, media_type=JSON, headers=headers)


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
    return str(request.scope["route"].path).removeprefix(API).split("/")[1]


Writes = Annotated[Door, Depends(door)]
