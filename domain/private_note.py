"""A department's own notes beside what both departments see: its space, which the other one does not even know of."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.event import Confidential, Event
from domain.identity import Actor, OfficerId, OrganId, Role
from domain.refusal import Refusal, UnknownChoice, WrongOrgan

SPACES = (Role.PERSONNEL, Role.SUPERVISION, Role.DECISION_BODY)
"""Who has a space: the two departments that supervise together, and the deciding body."""

OF_A_SPACE = Actor(officer=OfficerId("space"), organ=OrganId("space"), roles=())
"""Under whose hand notes stand in the log, which everybody reads. Who wrote one is sealed with it."""


class NoteKind(StrEnum):
    """What a note can be about. Each is also the kind of the stream that shows that it exists, but for a case."""

    CASE = "case"
    JOINT_MEETING = "joint_meeting"
    PROBLEM = "problem"
    ORGAN_REQUEST = "organ_request"


class NoteSubject(BaseModel):
    """What a note is about: its kind, and its id there."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: NoteKind
    id: str = Field(min_length=1, max_length=60)

    @property
    def stream(self) -> str:
        """The stream that there must be for it to exist."""
        return f"{'appointment' if self.kind is NoteKind.CASE else self.kind}/{self.id}"


class WritePrivateNote(Command):
    """Write a note that one's own department alone reads."""

    about: NoteSubject
    text: str = Field(min_length=3, max_length=8000, description="sealed for your own department")


class PrivateNoteWritten(Event):
    """A department noted something for itself.

    Nothing of it is public. The log, which everybody reads, still tells that some department noted something at this
    instant, and which entries of this kind stand in one stream: which department, about what, and who, it does not.
    """

    about: Annotated[NoteSubject | None, Confidential(to="space")] = None
    department: Annotated[Role | None, Confidential(to="space")] = None
    officer: Annotated[OfficerId | None, Confidential(to="space")] = None
    organ: Annotated[OrganId | None, Confidential(to="space")] = None
    text: Annotated[str | None, Confidential(to="space")] = None


class PrivateNotesRead(Event):
    """Somebody of the department read its notes; the log tells no more of that than of a note."""

    officer: Annotated[OfficerId | None, Confidential(to="space")] = None


class EverybodyInItForgotten(Refusal):
    rule = "house.of_the_forgotten_nothing_more_is_noted"


class TwoSpacesAtOnce(Refusal):
    rule = "house.a_space_is_entered_by_one_department"


def department_of(actor: Actor) -> Role:
    """The department whose space somebody enters: that of their one role.

    Refuses: WrongOrgan, TwoSpacesAtOnce.
    """
    held = [role for role in SPACES if role in actor.roles]
    if not held:
        raise WrongOrgan(
            "Notes are kept by personnel, by supervision and by the deciding body. Ask one of them to keep yours.",
            organ=actor.organ,
        )
    if len(held) > 1:
        raise TwoSpacesAtOnce(
            f"You act as {' and '.join(held)}, whose notes are kept apart. Read and write with a token for one of them."
        )
    return held[0]


def write_private_note(
    command: WritePrivateNote, *, actor: Actor, is_known: bool, is_forgotten: bool = False
) -> list[Event]:
    """A department notes something about a case, a joint meeting, a problem or a request, for itself alone.

    Source: F48 of the mission (one shared timeline, separate private notes).
    `is_forgotten`: whether it is about a case in which nobody is remembered, whose notes were destroyed with them.

    Refuses: WrongOrgan, TwoSpacesAtOnce, UnknownChoice, EverybodyInItForgotten.
    """
    department = department_of(actor)
    if not is_known:
        raise UnknownChoice(
            f"There is no {command.about.kind.replace('_', ' ')} “{command.about.id}” to note something about. "
            "Check its id.",
            field="about",
        )
    if is_forgotten:
        raise EverybodyInItForgotten(
            f"Everybody who stood in case {command.about.id} was forgotten, and the notes about it were destroyed. "
            "Choose the problem or the meeting that it came up in, and name nobody."
        )
    return [
        PrivateNoteWritten(
            about=command.about,
            department=department,
            officer=actor.officer,
            organ=actor.organ,
            text=command.text,
        )
    ]


PRIVATE_NOTE_EVENTS: tuple[type[Event], ...] = (PrivateNoteWritten, PrivateNotesRead)
PRIVATE_NOTE_COMMANDS: tuple[type[Command], ...] = (WritePrivateNote,)
