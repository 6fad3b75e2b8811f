"""Who was due when members of a deciding body acted, who came, and who had to withdraw."""

from collections.abc import Sequence

from pydantic import Field

from domain.appointment import LiveCase
from domain.identity import OfficerId
from domain.law import Frozen
from domain.occasion import Occasion
from domain.refusal import Refusal


class Member(Frozen):
    """A member of the deciding body who was due."""

    member: OfficerId
    present: bool = True
    recused: bool = False
    chief: bool = False
    absent_because: str | None = Field(None, max_length=300)

    @property
    def votes(self) -> bool:
        return self.present and not self.recused


class ChiefNotNamed(Refusal):
    rule = "decision.chief_speaks_last"


class BodyHasChanged(Refusal):
    rule = "house.a_body_keeps_its_number"


class MemberMustWithdraw(Refusal):
    rule = "house.nobody_decides_on_their_own_nomination"


def each_once(members: Sequence[Member]) -> None:
    """Refuses: ValueError, when a member stands twice."""
    names = [member.member for member in members]
    if len(set(names)) != len(names):
        raise ValueError("members: each member may stand only once")


def the_body_is_whole(live: LiveCase, members: Sequence[Member], body: str | None, on: Occasion) -> None:
    """It is the body of the meetings before: with one chief where the chief speaks last, and as many members.

    Refuses: ChiefNotNamed, BodyHasChanged.
    """
    chiefs = sum(member.chief for member in members)
    if on.pack.decision.chief_is_last and chiefs != 1:
        raise ChiefNotNamed(
            f"{chiefs} of the members are marked as chief, and the body has one, who states last. "
            "Record one member with `chief`, even when absent.",
            citation=on.cite("decision.chief_speaks_last"),
            field="members",
            chiefs=chiefs,
        )
    due = len(members)
    if live.members_due not in (None, due):
        raise BodyHasChanged(
            f"{due} members were due by these minutes, and {live.members_due} at the meeting before in this case. "
            "Record everybody who was due, and those who did not come as absent.",
            field="members",
            members_due=due,
            members_due_before=live.members_due,
        )
    if body is not None and live.deciding_body not in (None, body):
        raise BodyHasChanged(
            f"These minutes are of “{body}”, and those of the meeting before in this case are of "
            f"“{live.deciding_body}”. One body decides a case: record the one that it is before.",
            field="body",
            body=body,
            body_before=live.deciding_body,
        )


def concerned_in(live: LiveCase) -> frozenset[str]:
    """Who stands in a case or nominated in it: none of them decides it."""
    return frozenset(
        {str(found.person) for found in live.standing} | {str(found.nominated_by) for found in live.standing}
    )


def members_withdraw_where_they_must(live: LiveCase, members: Sequence[Member]) -> None:
    """Refuses: MemberMustWithdraw."""
    concerned = concerned_in(live)
    if conflicted := [member.member for member in members if member.votes and member.member in concerned]:
        raise MemberMustWithdraw(
            f"{len(conflicted)} of the members stand in this case or nominated in it. They must withdraw: "
            "record them as recused, without a statement.",
            field="members",
            members=[str(member) for member in conflicted],
        )
