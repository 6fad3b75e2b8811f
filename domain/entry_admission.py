"""A moderator looks at what the public sent in about a notice, and states what of it everybody may read."""

from collections.abc import Callable
from typing import Any

from pydantic import Field

from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner
from domain.event import Event
from domain.identity import Role
from domain.moderation_reasons import PRESENT, reason_to_reject
from domain.occasion import Occasion
from domain.public_answer import refuse_personal_data
from domain.public_entry import (
    AboutEntry,
    AnswerEntry,
    EntryAdmitted,
    EntryRejected,
    FileEntry,
    PublicEntry,
    answer_entry,
    file_entry,
    open_entry,
)
from domain.refusal import Refusal, ReviewsOwnWork
from domain.taking_part_rule import EntryKind


class AdmitEntry(Command):
    """Pass an entry on, and state what everybody may read of it."""

    public_text: str | None = Field(None, min_length=3, max_length=4000, description="shown to all; names nobody")


class RejectEntry(Command):
    """Turn an entry away, for a reason of the present list."""

    reason: str = Field(max_length=60)
    reasons_version: int = PRESENT


class EntryWasAdmitted(Refusal):
    rule = "house.a_moderator_looks_once"


class NotForEverybody(Refusal):
    rule = "house.a_recommendation_names_somebody"


def admit_entry(found: PublicEntry | None, command: AdmitEntry, on: Occasion, about: AboutEntry) -> list[Event]:
    """A moderator who did not run the case passes an entry on, and states what everybody may read of it.

    Source: features F42; the pack's `taking_part.moderated`.
    Refuses: WrongOrgan, ActsInOwnCase, ReviewsOwnWork, EntryNotFound, EntryWasAdmitted, EntryIsEnded, NotForEverybody,
    PublicAnswerNamesSomebody.
    """
    entry = _awaiting(found, command, on, about)
    if command.public_text is not None:
        if entry.kind is EntryKind.RECOMMENDATION:
            raise NotForEverybody("A recommendation names somebody, so it is shown to nobody. Leave `public_text` out.")
        refuse_personal_data(command.public_text, field="public_text", names=about.names)
    return [EntryAdmitted(case_id=entry.case_id, admitted_on=on.today, public_text=command.public_text)]


def reject_entry(found: PublicEntry | None, command: RejectEntry, on: Occasion, about: AboutEntry) -> list[Event]:
    """A moderator who did not run the case turns an entry away, for a stated reason.

    Source: features F42; the reasons, `domain.moderation_reasons`.
    Refuses: WrongOrgan, ActsInOwnCase, ReviewsOwnWork, EntryNotFound, EntryWasAdmitted, EntryIsEnded, UnknownChoice.
    """
    entry = _awaiting(found, command, on, about)
    reason = reason_to_reject(command.reason, command.reasons_version, objection=False)
    version = command.reasons_version
    return [EntryRejected(case_id=entry.case_id, reason=reason.code, reasons_version=version, rejected_on=on.today)]


def _awaiting(found: PublicEntry | None, command: Command, on: Occasion, about: AboutEntry) -> PublicEntry:
    held_by(Role.MODERATOR, command, on)
    nobody_acts_for_themselves(about.live, command, on)
    not_by_its_runner(about.live, on, ReviewsOwnWork, "moderate what is said of it", by="Another moderator")
    entry = open_entry(found, about)
    if not entry.awaits_admission:
        raise EntryWasAdmitted(f"The entry {entry.id} awaits no moderator. Leave it to personnel, who answer it.")
    return entry


ENTERING: dict[type[Command], Callable[[PublicEntry | None, Any, Occasion, AboutEntry], list[Event]]] = {
    FileEntry: file_entry,
    AdmitEntry: admit_entry,
    RejectEntry: reject_entry,
    AnswerEntry: answer_entry,
}
"""Every command of an entry with its decide function. None of them changes or removes what was sent in."""
