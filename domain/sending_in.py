"""When something may be sent in about a notice, and by whom: the public, while its kind is taken."""

from domain.appointment import Case, LiveCase, SuspendedCase, stage_of, underlying
from domain.command import Command
from domain.identity import PUBLIC
from domain.objection import NoNoticeToObjectTo
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.refusal import CaseNotFound, Refusal, WrongOrgan
from domain.taking_part_rule import EntryKind


class NotTakenHere(Refusal):
    rule = "taking_part.kinds"


class NoticeIsOver(Refusal):
    rule = "house.what_is_said_of_a_notice_is_said_while_it_stands"


def may_be_sent_in(kind: EntryKind, case: Case, on: Occasion) -> LiveCase:
    """The case, when this may be sent in about its notice today.

    Until the case leaves the notice, also while it rests; an error of the record may be reported at any time after.

    Source: the pack's `taking_part.kinds`.
    Refuses: CaseNotFound, NotTakenHere, NoNoticeToObjectTo, NoticeIsOver.
    """
    live = underlying(case)
    if live is None:
        raise CaseNotFound("There is no such case. Check the case id.")
    taken = on.pack.taking_part.kinds.value
    if kind is not EntryKind.OBJECTION and kind not in taken:
        raise NotTakenHere(
            f"No {kind.replace('_', ' ')} is taken here. Choose one of {', '.join(('objection', *taken))}.",
            citation=on.cite("taking_part.kinds"),
            field="kind",
            known=["objection", *taken],
        )
    if live.notice is None:
        raise NoNoticeToObjectTo("No notice stands in this case yet. Wait until personnel have opened it.")
    stands = isinstance(case, LiveCase | SuspendedCase) and stage_of(live, on.pack).kind is StageKind.PUBLIC_NOTICE
    if not stands and kind is not EntryKind.ERROR_REPORT:
        raise NoticeIsOver(
            "The notice is over, and nothing more is said about it. Report an error in the record if there is one."
        )
    return live


def by_the_public(command: Command, on: Occasion) -> None:
    """What somebody without an account says is said by nobody in their place.

    Refuses: WrongOrgan.
    """
    if on.actor != PUBLIC:
        raise WrongOrgan(
            f"`{command.name()}` is for whoever holds the receipt, and you act for {on.actor.organ}. Leave it to them.",
            organ=on.actor.organ,
        )
