"""What a command is, and the checks that every command of a case passes before its own."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from domain.appointment import Case, LiveCase, SuspendedCase, stage_of, under_way
from domain.declaration import declared_before
from domain.identity import PUBLIC, SYSTEM, CandidateId, OfficerId, Role
from domain.naming import snake_case
from domain.occasion import Occasion
from domain.pack import StageKind
from domain.refusal import ActsInOwnCase, HeldByReviewer, OutOfOrder, Refusal, WrongOrgan
from domain.stage_gate import stage_may_end

_ILLEGIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Command(BaseModel):
    """Somebody's wish. `stage` is where it belongs, `by` who may wish it when the stage does not say so.

    `while_resting`: it may be wished although the case is suspended; `concludes` marks the act that its stage ends by,
    which waits for everything that the pack wants there; `declares` the statement of one's own interests, which an
    open question about them does not hold back; `by_anybody` what the public may do itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    stage: ClassVar[StageKind | None] = None
    by: ClassVar[Role | None] = None
    while_resting: ClassVar[bool] = False
    concludes: ClassVar[bool] = False
    declares: ClassVar[bool] = False
    by_anybody: ClassVar[bool] = False

    @field_validator("*", mode="after")
    @classmethod
    def _legible(cls, value: Any) -> Any:
        return legible(value)

    def whom(self) -> frozenset[CandidateId] | None:
        """The candidates that this takes on; None when it is the case as a whole."""
        named: CandidateId | None = getattr(self, "candidate_id", None)
        return None if named is None else frozenset({named})

    @classmethod
    def name(cls) -> str:
        """The command's durable name: its class in snake_case, and the name of its decide function."""
        return snake_case(cls.__name__)


def legible(value: Any) -> Any:
    """The value, when all text in it can be kept for ever and read by everybody.

    Source: PostgreSQL's text and jsonb hold no NUL, and UTF-8 no half of a surrogate pair; other control characters
    would make the entry unreadable on a page and on paper.
    Refuses: PydanticCustomError, with the place in `at`.
    """
    for at, text in _texts(value, ()):
        if found := _ILLEGIBLE.search(text):
            raise PydanticCustomError(
                "illegible",
                "holds the character U+{code}, which cannot be kept or shown; take it out",
                {"code": f"{ord(found[0]):04X}", "at": at},
            )
    return value


def _texts(value: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, BaseModel):
        for name, inner in value:
            yield from _texts(inner, (*at, name))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*at, str(place)))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name, (*at, "name"))
            yield from _texts(inner, (*at, str(name)))


def at_its_stage(case: LiveCase, command: Command, on: Occasion) -> None:
    """The case must be in the stage that the command belongs to.

    Source: the order of `stages` in the pack.
    Refuses: OutOfOrder.
    """
    now = stage_of(case, on.pack)
    if command.stage is None or now.kind is command.stage:
        return
    wanted = next((stage for stage in on.pack.stages if stage.kind is command.stage), None)
    if wanted is None:
        raise OutOfOrder(
            f"`{command.name()}` belongs to no stage of `{on.pack.id}`: the case is in “{now.title.en}”, "
            f"where {now.duty.holder} must act next.",
            stage=now.id,
            duty_holder=str(now.duty.holder),
        )
    when = "is over" if wanted.id in case.completed else "has not begun"
    raise OutOfOrder(
        f"`{command.name()}` belongs to the stage “{wanted.title.en}”, which {when}: "
        f"the case is in “{now.title.en}”, where {now.duty.holder} must act next.",
        stage=now.id,
        wanted=wanted.id,
        duty_holder=str(now.duty.holder),
    )


def by_its_duty_holder(case: LiveCase, command: Command, on: Occasion) -> None:
    """The command must come from the organ whose duty it is.

    Source: `stages.duty` in the pack.
    Refuses: WrongOrgan.
    """
    if command.by_anybody and on.actor == PUBLIC:
        return
    held_by(command.by or stage_of(case, on.pack).duty.holder, command, on)


def held_by(holder: Role, command: Command, on: Occasion) -> None:
    """The command must come from its holder. An organ that is asked its opinion gives that, and supervises nothing.

    Source: `review.opinions` and `prior_reports` in the pack.
    Refuses: WrongOrgan.
    """
    asked = {*(rule.organ for rule in on.pack.review.opinions), *(rule.id for rule in on.pack.prior_reports)}
    if holder is Role.SUPERVISION and on.actor.organ in asked:
        raise WrongOrgan(
            f"The organ {on.actor.organ} is asked its opinion in cases under `{on.pack.id}`, so it cannot "
            f"`{command.name()}` in them. Ask another organ of supervision to do it.",
            duty_holder=str(holder),
            organ=on.actor.organ,
        )
    if on.acts_as(holder):
        return
    raise WrongOrgan(
        f"`{command.name()}` is the duty of {holder}, and you act as {', '.join(on.actor.roles) or 'anybody'} for "
        f"{on.actor.organ}. Ask {holder} to do it.",
        duty_holder=str(holder),
        organ=on.actor.organ,
    )


def nobody_acts_for_themselves(case: LiveCase, command: Command, on: Occasion) -> None:
    """A candidate takes no step in their own case.

    Source: cn.sr2019 recusal at every act (Art. 53 in the older numbering); a rule of the house elsewhere.
    Refuses: ActsInOwnCase.
    """
    if any(candidate.person in on.actor.hands for candidate in case.candidates.values()):
        raise ActsInOwnCase(
            f"You are a candidate in this case, so you cannot `{command.name()}` in it. Another officer must do it.",
            officer=on.actor.officer,
        )


def not_by_its_runner(
    case: LiveCase, on: Occasion, refusal: type[Refusal], deed: str, by: str = "Another officer of supervision"
) -> None:
    """Whoever opened a case or nominated in it judges nothing in it; `deed` says what they would have done.

    Refuses: the `refusal` that is named.
    """
    if on.actor.hands & case.run_by:
        raise refusal(
            f"You opened this case or nominated in it, so you cannot {deed}. {by} must do it.", officer=on.actor.officer
        )


def not_held(case: LiveCase, command: Command, on: Occasion, *, holder: Role | None = None) -> None:
    """While a reviewer holds a case, or a candidate of it, nobody but supervision takes a step that it stops.

    This is the one place where a hold has its effect. What supervision does, what the public may say, a moderator's
    look at that and what time brings about go on; so do steps about other candidates than the one who is held.
    `holder` is whose step it is, where neither the command nor the stage says so.

    Refuses: HeldByReviewer.
    """
    if (holder or command.by or stage_of(case, on.pack).duty.holder) in (Role.SUPERVISION, Role.MODERATOR):
        return
    in_it = {case.chosen} if case.chosen else {candidate.id for candidate in case.standing}
    holds = [hold for hold in case.supervised.holds.values() if hold.candidate is None or hold.candidate in in_it]
    hold = next((found for found in holds if found.stops(command.whom())), None)
    if hold is None:
        return
    what = "The case" if hold.candidate is None else f"Candidate {hold.candidate}"
    raise HeldByReviewer(
        f"{what} has been held by a reviewer since {hold.placed_on:%-d %B %Y} ({hold.code}, hold {hold.id}), so "
        f"`{command.name()}` must wait. {_who_placed(hold.placed_by)} or {lifts_besides(case, on)} "
        "may lift it with `lift_hold`.",
        hold=hold.id,
        code=hold.code,
        placed_by=hold.placed_by,
        candidate=hold.candidate,
    )


def _who_placed(officer: OfficerId) -> str:
    """The officer of a hold in words; one that was placed by itself is supervision's."""
    return "Supervision" if officer == SYSTEM.officer else f"The officer who placed it ({officer})"


def decided_by_the_body(case: LiveCase, on: Occasion) -> bool:
    """Whether the present stage is the deciding body's own duty, which a hold stops like anybody else's."""
    return stage_of(case, on.pack).duty.holder is Role.DECISION_BODY


def lifts_besides(case: LiveCase, on: Occasion) -> str:
    """Who may lift a hold beside the officer who placed it, in words."""
    return "another officer of supervision" if decided_by_the_body(case, on) else "the deciding body"


def ready(case: Case, command: Command, on: Occasion) -> LiveCase:
    """The case, once it is sure that it is under way, at the command's stage, and the command's duty holder acts.

    Refuses: CaseNotFound, CaseIsSuspended, CaseHasEnded, ActsInOwnCase, OutOfOrder, WrongOrgan, DeclarationMissing,
    HeldByReviewer; what the stage still lacks, for the act that it ends by.
    """
    match case:
        case SuspendedCase(case=resting) if command.while_resting:
            live = resting
        case _:
            live = under_way(case)
    at_its_stage(live, command, on)
    by_its_duty_holder(live, command, on)
    nobody_acts_for_themselves(live, command, on)
    if (command.stage is not None and not command.by_anybody) or command.concludes:
        declared_before(live, live.stage, on.actor.hands, on)
    not_held(live, command, on)
    if command.concludes:
        stage_may_end(live, on)
    return live


def waiver_used(case: LiveCase, rule: str, *, holds: bool) -> str | None:
    """The rule, when it does not hold and a deviation from it was allowed: an event recorded under it names it."""
    return None if holds or rule not in case.deviations else rule


def gate(case: LiveCase, refusal: Refusal, *, holds: bool) -> str | None:
    """A gate that is open when its condition holds, or when a deviation from its rule was allowed and recorded.

    Gives the rule that was waived to pass it, for the event's `deviation`.
    Source: which rules a gate honours stands in `domain.pack.HONOURED_WAIVERS`.
    """
    waived = waiver_used(case, refusal.rule_path, holds=holds)
    if not holds and waived is None:
        raise refusal
    return waived
