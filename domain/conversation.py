"""A conversation with somebody who has no account: files and messages both ways, none of which is ever taken back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from domain.appointment import Case, LiveCase, underlying
from domain.attachment import AttachmentFiled, FileAttachment, SizeClass
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner
from domain.event import Confidential, Event, StreamId
from domain.identity import CaseId, Role, short_id
from domain.objection import RanTheCase
from domain.occasion import Occasion
from domain.recusal import hands_without_conflict
from domain.refusal import CaseNotFound, Refusal
from domain.sending_in import by_the_public, may_be_sent_in
from domain.taking_part_rule import EntryKind

MOST_FILES = 10
MOST_MESSAGES = 200


class SendMessage(Command):
    """Say something more, as whoever sent the entry in."""

    text: str = Field(min_length=1, max_length=4000, description="sealed for the two who write to each other")


class AskObjector(Command):
    """Ask whoever sent the entry in something, and wait for the answer."""

    text: str = Field(min_length=3, max_length=4000, description="sealed for the two who write to each other")


class AnswerObjector(Command):
    """Tell whoever sent the entry in something, and wait for nothing."""

    text: str = Field(min_length=3, max_length=4000, description="sealed for the two who write to each other")


class MessageSent(Event):
    """Whoever sent the entry in said something more."""

    message_id: str
    case_id: CaseId
    sent_on: date
    text: Annotated[str | None, Confidential(to="correspondence")] = None


class ObjectorAsked(Event):
    """They were asked something, and have not answered yet."""

    message_id: str
    case_id: CaseId
    asked_on: date
    text: Annotated[str | None, Confidential(to="correspondence")] = None


class ObjectorAnswered(Event):
    """They were told something."""

    message_id: str
    case_id: CaseId
    answered_on: date
    text: Annotated[str | None, Confidential(to="correspondence")] = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as its events have made it: how much is in it, and whether a question waits."""

    files: int = 0
    messages: int = 0
    question_waits: bool = False


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The entry that a conversation is about, and whether that is answered; one that is yet to come has no kind."""

    entry_id: str
    case: Case
    kind: EntryKind | None = None
    ended_on: date | None = None

    @property
    def live(self) -> LiveCase:
        """The case, in whatever state it is.

        Refuses: CaseNotFound.
        """
        live = underlying(self.case)
        if live is None:
            raise CaseNotFound("There is no such case. Check the case id.")
        return live

    @property
    def held_by(self) -> Role:
        """Who writes for the office: supervision about objections, personnel about all else."""
        return Role.SUPERVISION if self.kind is EntryKind.OBJECTION else Role.PERSONNEL


class NothingWasSentIn(Refusal):
    rule = "house.a_conversation_is_about_an_entry"


class ConversationIsOver(Refusal):
    rule = "taking_part.conversation_after"


class ConversationIsFull(Refusal):
    rule = "house.a_conversation_can_be_read"


def conversation_stream(entry_id: str) -> StreamId:
    """The stream of a conversation."""
    return StreamId(f"conversation/{entry_id}")


def fold_conversation(events: Iterable[Event]) -> Conversation:
    """The conversation that a stream of events has made; nothing in it ever becomes less."""
    found = Conversation()
    for event in events:
        match event:
            case AttachmentFiled():
                found = replace(found, files=found.files + 1)
            case MessageSent():
                found = replace(found, messages=found.messages + 1, question_waits=False)
            case ObjectorAsked():
                found = replace(found, messages=found.messages + 1, question_waits=True)
            case ObjectorAnswered():
                found = replace(found, messages=found.messages + 1)
    return found


def file_attachment(found: Conversation, command: FileAttachment, on: Occasion, about: Correspondence) -> list[Event]:
    """The public files something, while its entry may be sent in or is talked about. A file goes before its entry,
    so that a crash between them leaves no entry that speaks of what is not there.

    Refuses: WrongOrgan, ConversationIsFull, ConversationIsOver, and whatever `may_be_sent_in` refuses.
    """
    by_the_public(command, on)
    if about.kind is None:
        may_be_sent_in(command.kind, about.case, on)
    else:
        _still_open(on, about)
    if found.files >= MOST_FILES:
        raise ConversationIsFull(
            f"{found.files} files were filed for this, and {MOST_FILES} is the most. Write in words what is missing.",
            limit=MOST_FILES,
        )
    length = len(command.content) * 3 // 4
    return [
        AttachmentFiled(
            attachment_id=short_id(about.entry_id, "attachment", on.command_id),
            entry_id=about.entry_id,
            case_id=about.live.id,
            kind=about.kind or command.kind,
            size_class=SizeClass.of(length),
            filed_on=on.today,
            file_name=command.file_name,
            media_type=command.media_type,
            content=command.content,
        )
    ]


def send_message(found: Conversation, command: SendMessage, on: Occasion, about: Correspondence) -> list[Event]:
    """Whoever holds the receipt says something more, until the stated time after the answer.

    Source: the pack's `taking_part.conversation_after`.
    Refuses: WrongOrgan, NothingWasSentIn, ConversationIsOver, ConversationIsFull.
    """
    by_the_public(command, on)
    _may_go_on(found, on, about)
    return [MessageSent(message_id=_message_id(on, about), case_id=about.live.id, sent_on=on.today, text=command.text)]


def ask_objector(found: Conversation, command: AskObjector, on: Occasion, about: Correspondence) -> list[Event]:
    """Supervision asks whoever objected; personnel ask whoever sent in anything else.

    Refuses: WrongOrgan, ActsInOwnCase, ConflictedOfficer, ConflictUndecided, RanTheCase, NothingWasSentIn,
    ConversationIsOver, ConversationIsFull.
    """
    _by_whom_it_is_for(command, on, about)
    _may_go_on(found, on, about)
    message_id = _message_id(on, about)
    return [ObjectorAsked(message_id=message_id, case_id=about.live.id, asked_on=on.today, text=command.text)]


def answer_objector(found: Conversation, command: AnswerObjector, on: Occasion, about: Correspondence) -> list[Event]:
    """Supervision tells whoever objected; personnel tell whoever sent in anything else.

    Refuses: as `ask_objector`.
    """
    _by_whom_it_is_for(command, on, about)
    _may_go_on(found, on, about)
    message_id = _message_id(on, about)
    return [ObjectorAnswered(message_id=message_id, case_id=about.live.id, answered_on=on.today, text=command.text)]


def _by_whom_it_is_for(command: Command, on: Occasion, about: Correspondence) -> None:
    held_by(about.held_by, command, on)
    nobody_acts_for_themselves(about.live, command, on)
    hands_without_conflict(about.live, command, on)
    if about.kind is EntryKind.OBJECTION:
        not_by_its_runner(about.live, on, RanTheCase, "write to whoever objected to it")


def _may_go_on(found: Conversation, on: Occasion, about: Correspondence) -> None:
    if about.kind is None:
        raise NothingWasSentIn(f"Nothing was sent in under “{about.entry_id}”. Check the id.")
    _still_open(on, about)
    if found.messages >= MOST_MESSAGES:
        raise ConversationIsFull(
            f"{found.messages} messages were written, and {MOST_MESSAGES} is the most. Read them, and close the entry.",
            limit=MOST_MESSAGES,
        )


def open_until(about: Correspondence, on: Occasion) -> date | None:
    """The last day on which somebody may write; None while the entry is not answered.

    Source: the pack's `taking_part.conversation_after`.
    """
    if about.ended_on is None:
        return None
    return on.due(on.pack.taking_part.conversation_after.value, start=about.ended_on).closes_on


def _still_open(on: Occasion, about: Correspondence) -> None:
    last = open_until(about, on)
    if last is not None and on.today > last:
        raise ConversationIsOver(
            f"This was answered, and the conversation about it closed on {last:%-d %B %Y}. Read it, or send in a new "
            "entry while the notice stands.",
            citation=on.cite("taking_part.conversation_after"),
            closed_on=last,
        )


def _message_id(on: Occasion, about: Correspondence) -> str:
    return short_id(about.entry_id, "message", on.command_id)


CONVERSING: dict[type[Command], Callable[[Conversation, Any, Occasion, Correspondence], list[Event]]] = {
    FileAttachment: file_attachment,
    SendMessage: send_message,
    AskObjector: ask_objector,
    AnswerObjector: answer_objector,
}
"""Every command of a conversation with its decide function. None of them changes or removes what stands in it."""
