"""What a pack says of taking part: what may be sent in beside objections, and by when it is looked at and answered."""

from enum import StrEnum

from pydantic import field_validator

from domain.law import Frozen, Rule, own_choice
from domain.working_days import Period, Unit


class EntryKind(StrEnum):
    """What somebody without an account may send in. Nothing of it holds a case but an objection."""

    OBJECTION = "objection"
    COMMENT = "comment"
    RECOMMENDATION = "recommendation"
    ERROR_REPORT = "error_report"


class TakingPart(Frozen):
    """What may be sent in about a notice beside objections, and the days for each step."""

    kinds: Rule[tuple[EntryKind, ...]]
    moderated: Rule[Period]
    answered: Rule[Period]
    conversation_after: Rule[Period]

    @field_validator("kinds")
    @classmethod
    def objections_have_rules_of_their_own(cls, kinds: Rule[tuple[EntryKind, ...]]) -> Rule[tuple[EntryKind, ...]]:
        if EntryKind.OBJECTION in kinds.value:
            raise ValueError("taking_part.kinds: whoever may read a notice may object to it; leave `objection` out")
        return kinds


OF_THE_HOUSE = TakingPart.model_validate(
    {
        "kinds": own_choice(
            (EntryKind.COMMENT, EntryKind.ERROR_REPORT),
            "The public may comment on a notice and report an error in it.",
            "公众可以对公示发表意见，也可以指出公示内容的差错。",
        ),
        "moderated": own_choice(
            Period(n=1, unit=Unit.WORKING_DAY),
            "A moderator looks at what was sent in within one working day.",
            "审看人员在一个工作日内审看公众提交的内容。",
        ),
        "answered": own_choice(
            Period(n=30, unit=Unit.DAY),
            "The department answers what was sent in within thirty days.",
            "主管部门在三十日内答复公众提交的内容。",
        ),
        "conversation_after": own_choice(
            Period(n=30, unit=Unit.DAY),
            "Whoever sent something in may write for thirty days after the answer.",
            "答复后三十日内，提交人仍可继续留言。",
        ),
    }
)
"""What holds under a pack that says nothing of it."""
