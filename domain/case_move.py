"""Moving a running case to a later version of its pack: a recorded act that shows what changes for the case."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves, not_by_its_runner
from domain.event import Event, PackReference
from domain.law_in_use import missing_from
from domain.occasion import NewLaw, Occasion
from domain.pack import Pack
from domain.pack_difference import differences, touching
from domain.prior_report import SuperiorSilent
from domain.refusal import Refusal, UnknownChoice
from domain.replacing import replace
from domain.rest import MovedClock, counted_windows, with_clock
from domain.timer import Timer, timers
from domain.working_days import Period, Window


class MoveCase(Command):
    """Have a case go on under a later version of its pack."""

    to_version: int = Field(ge=1, le=2**31 - 1, description="an adopted version of the case's pack that is in force")
    reason: str = Field(min_length=10, max_length=2000, description="stands in the public record: no personal data")
    clocks: Literal["stay", "recount"] = Field(
        "stay",
        description="`stay`: what runs ends when it would have; `recount`: duties are counted anew from their "
        "beginning by the new version, and end today at the earliest. A published notice and a probation always stay.",
    )


class CaseMoved(CaseEvent):
    """The case goes on under another version; what was done under the one before stays done."""

    schema_version: ClassVar[int] = 2
    from_pack: PackReference
    to_pack: PackReference
    moved_on: date
    reason: str
    touches: tuple[str, ...]
    clocks: tuple[MovedClock, ...]

    def windows(self) -> Mapping[str, Window]:
        return counted_windows(self.clocks)

    def apply(self, case: LiveCase) -> Case:
        case = replace(case, pack=self.to_pack)
        for moved in self.clocks:
            case = with_clock(case, moved.clock, moved.due_on)
        return case


class OwnCaseMove(Refusal):
    rule = "house.nobody_moves_their_own_case"


class CannotMoveBack(Refusal):
    """Cases go from a version to a later one: nobody seeks out the law that suits them."""

    rule = "house.cases_move_to_later_versions"


class CannotMoveYet(Refusal):
    """The version is adopted for a later day."""

    rule = "house.a_version_rules_from_its_day_on"


class CannotMoveWithItsPost(Refusal):
    """The version does not know the case's rank or jurisdiction."""

    rule = "house.a_moved_case_keeps_its_place"


class CannotMoveOutOfItsStage(Refusal):
    """The version does not have the stage that the case is in."""

    rule = "house.a_moved_case_keeps_its_place"


class CannotMovePastAStage(Refusal):
    """The version puts a stage before the present one that the case has not completed."""

    rule = "house.a_moved_case_keeps_its_place"


class CannotMoveInAnotherOrder(Refusal):
    """The version has the completed stages in another order."""

    rule = "house.a_moved_case_keeps_its_place"


class CannotMoveAwayFromAClock(Refusal):
    """A clock runs in the case that the version does not know."""

    rule = "house.no_clock_is_lost"


class CannotMoveAwayFromWhatItUses(Refusal):
    """The case rests on something that the version does not have."""

    rule = "house.a_moved_case_keeps_what_it_rests_on"


def move_case(case: Case, command: MoveCase, on: Occasion) -> list[Event]:
    """The approver of deviations, who did not run the case, may move it to a later version in force.

    Source: the pack's `deviations.approved_by`, as the version says that the case is under until now.
    Refuses: WrongOrgan, ActsInOwnCase, OwnCaseMove, CannotMoveBack, CannotMoveYet, CannotMoveWithItsPost,
    CannotMoveOutOfItsStage, CannotMovePastAStage, CannotMoveInAnotherOrder, CannotMoveAwayFromAClock,
    CannotMoveAwayFromWhatItUses.
    """
    live = under_way(case)
    new = _by_whom_it_may_be_moved(live, command, on)
    _is_later_and_in_force(live, new, on)
    _knows_its_post(live, new.pack)
    _keeps_its_place(live, on.pack, new.pack)
    _keeps_its_clocks(live, on.pack, new)
    _keeps_what_it_rests_on(live, new)
    return [
        CaseMoved(
            from_pack=live.pack,
            to_pack=new.reference,
            moved_on=on.today,
            reason=command.reason,
            touches=touching(differences(on.pack, new.pack), live, on.pack, new.pack),
            clocks=tuple(_recounted(live, new.pack, on)) if command.clocks == "recount" else (),
        )
    ]


def _by_whom_it_may_be_moved(live: LiveCase, command: MoveCase, on: Occasion) -> NewLaw:
    nobody_acts_for_themselves(live, command, on)
    approver = on.pack.deviations.approved_by
    held_by(approver, command, on)
    not_by_its_runner(live, on, OwnCaseMove, "say under which rules it goes on", f"Another officer of {approver}")
    if on.new_law is None:
        raise UnknownChoice(
            f"No version {command.to_version} of `{on.pack.id}` was adopted here. State one that was.",
            field="to_version",
        )
    return on.new_law


def _is_later_and_in_force(live: LiveCase, new: NewLaw, on: Occasion) -> None:
    if new.reference.version <= live.pack.version:
        raise CannotMoveBack(
            f"The case is under {live.pack}, and {new.reference} is no later version. State a later one, or go on "
            "under the version that it has.",
            field="to_version",
            version=live.pack.version,
        )
    if new.effective_from > on.today:
        raise CannotMoveYet(
            f"`{new.reference}` takes effect on {new.effective_from:%-d %B %Y}, and today is {on.today:%-d %B %Y}. "
            "Wait until that day, then move the case.",
            field="to_version",
            effective_from=new.effective_from,
        )


def _knows_its_post(live: LiveCase, law: Pack) -> None:
    places = {place.id: place.timezone for place in law.jurisdictions}
    missing = [
        *([live.post.rank] if live.post.rank not in {rank.id for rank in law.ranks} else []),
        *([live.jurisdiction] if places.get(live.jurisdiction) != live.timezone else []),
    ]
    if missing:
        raise CannotMoveWithItsPost(
            f"`{law.id}@{law.version}` does not have {' and '.join(missing)}, which this case needs. "
            "Go on under the version that it has, or adopt one that has it.",
            missing=missing,
        )


def _keeps_its_place(live: LiveCase, old: Pack, law: Pack) -> None:
    ids = [stage.id for stage in law.stages]
    if live.stage not in ids or law.stage(live.stage).kind is not old.stage(live.stage).kind:
        raise CannotMoveOutOfItsStage(
            f"The case is in the stage `{live.stage}`, which {law.id}@{law.version} does not have. "
            "Complete the stage, then move the case.",
            stage=live.stage,
        )
    before = ids[: ids.index(live.stage)]
    if undone := [stage for stage in before if stage not in live.completed]:
        raise CannotMovePastAStage(
            f"`{law.id}@{law.version}` puts {', '.join(undone)} before `{live.stage}`, and the case has not completed "
            "it: it would be passed over. Go on under its version, or open a new case.",
            stage=live.stage,
            missing=undone,
        )
    still_known = [stage for stage in live.completed if stage in ids]
    if still_known != before:
        raise CannotMoveInAnotherOrder(
            f"The case has completed {', '.join(still_known)} in this order, and {law.id}@{law.version} has "
            f"{', '.join(before) or 'nothing'} before `{live.stage}`. Go on under its version.",
            completed=still_known,
            before=before,
        )


def _keeps_its_clocks(live: LiveCase, old: Pack, new: NewLaw) -> None:
    paused = [f"clock:{name}" for name, clock in live.clocks.items() if clock.paused_on is not None]
    silent = {timer.name: timer.event.organ for timer in timers(live, old) if isinstance(timer.event, SuperiorSilent)}
    running = [*paused, *(timer.name for timer in timers(live, old))]
    if lost := [clock for clock in running if not _knows(new.pack, clock, silent.get(clock))]:
        raise CannotMoveAwayFromAClock(
            f"The clocks {', '.join(lost)} were begun in this case, and {new.reference} does not know them: nobody "
            "could say what their end means. Wait until they have ended, then move the case.",
            clocks=lost,
        )


def _keeps_what_it_rests_on(live: LiveCase, new: NewLaw) -> None:
    if missing := missing_from(new.pack, live):
        raise CannotMoveAwayFromWhatItUses(
            f"The case rests on {', '.join(missing)}, which {new.reference} does not have: nobody could say what was "
            "done under it means. Go on under the version that it has, or adopt one that has it.",
            missing=list(missing),
        )


def _knows(law: Pack, clock: str, superior: str | None) -> bool:
    match clock.partition(":"):
        case ("clock", _, rule_id):
            return rule_id in {rule.id for rule in law.clocks}
        case ("opinion", _, organ):
            return organ in {rule.organ for rule in law.review.opinions}
        case ("prior_report", _, _):
            return superior in {rule.id for rule in law.prior_reports}
        case ("objection", _, _):
            return law.objection_rules is not None
        case ("make_up_training", _, _):
            return law.training_rules is not None and law.training_rules.on_make_up_expiry is not None
        case _:
            return True


def _recounted(live: LiveCase, law: Pack, on: Occasion) -> Iterator[MovedClock]:
    """Clocks of duties that end on another day by the new version; days of rest that they were given stay given."""
    for timer in timers(live, on.pack):
        began_on, old, new = _counted_from(live, timer, on.pack), _length(timer, on.pack), _length(timer, law)
        if began_on is None or old is None or new is None or old == new:
            continue
        given = timer.due_on - on.due(old, start=began_on).closes_on
        window = on.due(new, start=began_on)
        due_on = max(window.closes_on + given, on.today)
        as_counted = window if window.provisional and window.closes_on == due_on else None
        if due_on != timer.due_on:
            yield MovedClock(clock=timer.name, due_on=due_on, window=as_counted)


def _counted_from(live: LiveCase, timer: Timer, law: Pack) -> date | None:
    match timer.name.partition(":"):
        case ("stage", _, _):
            return live.stage_began_on
        case ("objection", _, objection_id):
            return next(found.lodged_on for found in live.objections.values() if found.id == objection_id)
        case ("make_up_training", _, _) if live.appointed is not None:
            return live.appointed.effective_on
        case _:
            return None


def _length(timer: Timer, law: Pack) -> Period | None:
    match timer.name.partition(":"):
        case ("stage", _, stage_id):
            limit = law.stage(stage_id).limit
            return limit.within.value if limit else None
        case ("objection", _, _):
            return law.objection_rules.answered.value if law.objection_rules else None
        case ("make_up_training", _, _):
            return law.training_rules.make_up.value if law.training_rules and law.training_rules.make_up else None
        case _:
            return None
