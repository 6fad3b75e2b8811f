"""Words for everybody under a notice: what a moderator let through of an entry, and what the department answered."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.event import Event
from domain.objection import ObjectionDisposed
from domain.public_entry import EntryAdmitted, EntryAnswered, EntryReceived
from domain.taking_part_rule import EntryKind


@dataclass(frozen=True, slots=True)
class SaidInPublic:
    """An entry as everybody may read it: the moderator's wording, never the sender's, and the public answer."""

    entry_id: str
    kind: EntryKind
    on: date
    text: str | None = None
    answer: str | None = None
    answered_on: date | None = None


def said_of_entry(events: Iterable[Event]) -> SaidInPublic | None:
    """What may be read of an entry, by the events of its stream; nothing before somebody let it through."""
    said: SaidInPublic | None = None
    for event in events:
        match event:
            case EntryReceived():
                said = SaidInPublic(event.entry_id, event.kind, event.received_on)
            case EntryAdmitted() if said:
                said = replace(said, text=event.public_text)
            case EntryAnswered() if said:
                said = replace(said, answer=event.public_answer, answered_on=event.answered_on)
    return said if said and (said.text or said.answer) else None


def said_of_objection(event: ObjectionDisposed) -> SaidInPublic | None:
    """The public answer to an objection; what it said itself is nobody's to read."""
    if event.public_answer is None:
        return None
    on = event.disposed_on
    return SaidInPublic(event.objection_id, EntryKind.OBJECTION, on, answer=event.public_answer, answered_on=on)
