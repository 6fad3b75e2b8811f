"""That somebody read the audit trail is on the log too: who, by which filter, and how many rows."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Request

from api.visitor import Visitor
from domain.access import access_stream
from domain.audit_trail import AuditEventRead, AuditTrailRead, TrailFilter
from domain.event import Event
from domain.identity import OfficerId
from eventstore.keys import keyed_id
from eventstore.noting import note

FIRST_COUNTED = 1_000
"""Rows. A reading is noted when it begins, and again when it has grown to this and to each tenfold of it."""


class Readings:
    """How many rows each officer has read by each filter within an hour, as far as this process has shown them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[OfficerId, str, str], int] = {}
        self._noted: set[tuple[str, ...]] = set()
        self._hour = ""

    async def note(self, visitor: Visitor, search: TrailFilter, rows: int) -> None:
        """Somebody has been shown so many rows more.

        Survives: a restart, which counts from nothing again and notes no size twice.
        """
        officer, hour = visitor.actor.officer, self._this_hour(visitor)
        key = (officer, search.in_address(), hour)
        read = self._rows[key] = self._rows.get(key, 0) + rows
        grown = str(len(str(read // FIRST_COUNTED)) if read >= FIRST_COUNTED else 0)
        await self._once(visitor, AuditTrailRead(officer=officer, search=search, rows=read), (*key, grown))

    async def note_event(self, visitor: Visitor, position: int) -> None:
        """Somebody looked at one event."""
        officer, hour = visitor.actor.officer, self._this_hour(visitor)
        event = AuditEventRead(officer=officer, of_position=position)
        await self._once(visitor, event, (officer, str(position), hour))

    async def _once(self, visitor: Visitor, event: Event, told_apart_by: Iterable[str]) -> None:
        """The same reading is the same command: also of another process it is recorded once."""
        mark = (event.alias, *told_apart_by)
        if mark in self._noted:
            return
        await visitor.identify()
        services, stream = visitor.services, access_stream(visitor.actor.officer)
        command_id = keyed_id(services.keys, "access", stream, *mark)
        actor, at = visitor.actor, services.clock()
        await note(services.store, services.keys, stream, event, actor=actor, command_id=command_id, at=at)
        self._noted.add(mark)

    def _this_hour(self, visitor: Visitor) -> str:
        hour = visitor.services.clock().strftime("%Y-%m-%dT%H")
        if hour != self._hour:
            self._hour = hour
            self._rows.clear()
            self._noted.clear()
        return hour


def readings(request: Request) -> Readings:
    """The readings of this process."""
    found: Readings = request.app.state.audit_readings
    return found


Noted = Annotated[Readings, Depends(readings)]
