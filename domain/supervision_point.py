"""Supervision points: what the watching organ looks at, stage by stage, and that it has looked."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.appointment import Case, CaseEvent, LiveCase, SuspendedCase, under_way
from domain.command import Command, held_by, nobody_acts_for_themselves
from domain.event import Confidential, Event
from domain.occasion import Occasion
from domain.pack import Pack, Stage
from domain.refusal import Refusal, ReviewsOwnWork, UnknownChoice
from domain.replacing import replace

POINTS_ATTENDED = "supervision.every_point_attended"


class Observation(StrEnum):
    """What the watching organ has found at a point."""

    NONE = "none"
    REMARK = "remark"
    CONCERN = "concern"


class AttendSupervisionPoint(Command):
    """Say what was seen at one point of a stage that has begun."""

    stage_id: str
    point: str
    observation: Observation
    text: str | None = Field(None, min_length=3, max_length=4000, description="what was seen; sealed for supervision")


class SupervisionPointAttended(CaseEvent):
    attended_stage: str
    point: str
    observation: Observation
    attended_on: date
    text: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return replace(case, supervised=case.supervised.with_attended(self.attended_stage, self.point))


class PointNotYetReached(Refusal):
    rule = "house.a_stage_is_watched_once_it_has_begun"


class PointAlreadyAttended(Refusal):
    rule = "house.a_point_is_attended_once"


class ObservationUnsaid(Refusal):
    rule = "house.a_concern_says_what_it_is"
    unlawful = False


class PointsUnattended(Refusal):
    rule = POINTS_ATTENDED


def attend_supervision_point(case: Case, command: AttendSupervisionPoint, on: Occasion) -> list[Event]:
    """The organ that watches a stage signs each of its points off once, by an officer who did none of its work.

    Also while the case rests: watching moves nothing.

    Source: `stages.duty.watched_by` in the pack (F28).
    Refuses: UnknownChoice, WrongOrgan, ActsInOwnCase, PointNotYetReached, PointAlreadyAttended, ReviewsOwnWork,
    ObservationUnsaid.
    """
    live = case.case if isinstance(case, SuspendedCase) else under_way(case)
    nobody_acts_for_themselves(live, command, on)
    stage = _stage_with(command, on)
    held_by(stage.duty.watched_by, command, on)
    if stage.id not in (*live.completed, live.stage):
        raise PointNotYetReached(
            f"The stage “{stage.title.en}” has not begun, so there is nothing to see at it. Wait until it has.",
            stage=stage.id,
        )
    if (stage.id, command.point) in live.supervised.attended:
        raise PointAlreadyAttended(
            f"The point “{command.point}” of “{stage.title.en}” was attended already. Open an inquiry for more."
        )
    if on.actor.hands & {*live.run_by, live.supervised.on_duty.get(stage.id)}:
        raise ReviewsOwnWork(
            "You opened this case, nominated in it or are on duty at this stage, so you cannot watch it. "
            f"Another officer of {stage.duty.watched_by} must do it."
        )
    if command.observation is not Observation.NONE and command.text is None:
        raise ObservationUnsaid(
            f"A {command.observation} says what was seen. State it in `text`; it is sealed for supervision.",
            field="text",
        )
    return [
        SupervisionPointAttended(
            attended_stage=stage.id,
            point=command.point,
            observation=command.observation,
            attended_on=on.today,
            text=command.text,
        )
    ]


def _stage_with(command: AttendSupervisionPoint, on: Occasion) -> Stage:
    known = [f"{stage.id} {point.id}" for stage in on.pack.stages for point in stage.duty.points]
    if f"{command.stage_id} {command.point}" not in known:
        raise UnknownChoice(
            f"`{on.pack.id}` has no supervision point “{command.point}” at a stage “{command.stage_id}”; choose one "
            f"of {', '.join(known)} (stage, then point).",
            field="point",
            known=known,
        )
    return on.pack.stage(command.stage_id)


def unattended_points(live: LiveCase, pack: Pack) -> Iterator[tuple[str, str]]:
    """Stage and id of every point of a stage over or under way that the watching organ has not signed off."""
    begun = (*live.completed, live.stage)
    for stage in pack.stages:
        for point in stage.duty.points:
            if stage.id in begun and (stage.id, point.id) not in live.supervised.attended:
                yield stage.id, point.id


def points_awaited(live: LiveCase, pack: Pack, *, also_of_this_stage: bool = False) -> tuple[tuple[str, str], ...]:
    """Stage and id of every point that stands empty and that a letter, or a confirmation, waits for.

    Source: the pack's `supervision.every_point_attended` (F28).
    """
    rule = pack.supervision
    if rule is None or not rule.every_point_attended.value:
        return ()
    return tuple(found for found in unattended_points(live, pack) if also_of_this_stage or found[0] != live.stage)


def every_point_is_attended(live: LiveCase, on: Occasion, *, also_of_this_stage: bool = False) -> None:
    """No letter is issued, and nobody is confirmed, while a point of a stage that is over stands empty.

    Where the pack asks for it; an end that only time brings (a clock that lapses) waits for nobody, and shows in
    the case's list of unattended points instead.

    Source: the pack's `supervision.every_point_attended` (F28).
    Refuses: PointsUnattended.
    """
    empty = [
        f"{stage} {point}" for stage, point in points_awaited(live, on.pack, also_of_this_stage=also_of_this_stage)
    ]
    if empty:
        raise PointsUnattended(
            f"These supervision points stand empty: {', '.join(empty)} (stage, then point). The organ that watches "
            "each stage must attend them first.",
            citation=on.cite(POINTS_ATTENDED),
            unattended=empty,
        )
