"""For which reasons what the public sent in may be turned away: lists with a number, none of which ever changes."""

from dataclasses import dataclass

from domain.law import Text
from domain.refusal import UnknownChoice


@dataclass(frozen=True, slots=True)
class ModerationReason:
    """A reason in both languages. Only what is `no_objection` at all turns an objection away: the rest is weighed."""

    code: str
    says: Text
    no_objection: bool


_FIRST = (
    ModerationReason("advertising", Text(en="It advertises something.", zh="属于广告。"), True),
    ModerationReason("no_content", Text(en="It cannot be read, or says nothing.", zh="无法辨认或没有内容。"), True),
    ModerationReason(
        "abuse_alone",
        Text(en="It insults or threatens, and states no fact.", zh="只有辱骂或威胁，没有陈述事实。"),
        True,
    ),
    ModerationReason("sent_before", Text(en="The same was sent in before.", zh="与先前提交的内容相同。"), True),
    ModerationReason("not_about_the_notice", Text(en="It is not about this notice.", zh="与本公示无关。"), False),
    ModerationReason(
        "personal_data",
        Text(en="It tells of somebody's private life, and cannot be shown.", zh="涉及他人隐私，不能公开。"),
        False,
    ),
)

MODERATION_REASONS: dict[int, tuple[ModerationReason, ...]] = {1: _FIRST}
"""Every list by its number. A change is a new list: a rejection names the one that it was made under."""

PRESENT = max(MODERATION_REASONS)


def reason_to_reject(code: str, version: int, *, objection: bool) -> ModerationReason:
    """The reason of that code in the present list, when it may turn this away.

    Refuses: UnknownChoice, also for a list that is not in force any more.
    """
    if version != PRESENT:
        raise UnknownChoice(
            f"List {version} of reasons is not in force; list {PRESENT} is. Read it, and choose from it.",
            field="reasons_version",
            known=[str(PRESENT)],
        )
    usable = {found.code: found for found in MODERATION_REASONS[version] if found.no_objection or not objection}
    if code not in usable:
        raise UnknownChoice(
            f"“{code}” is no reason to reject this. Choose one of {', '.join(usable)}.",
            field="reason",
            known=list(usable),
        )
    return usable[code]
