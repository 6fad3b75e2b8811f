"""Opening a case, letting it rest, taking it up again, and giving it up."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from domain.appointment import Case, CaseEvent, ClosedCase, LiveCase, OpeningEvent, SuspendedCase, Unopened, under_way
from domain.case_file import Post
from domain.clock_rule import VACANCY
from domain.command import Command, by_its_duty_holder, nobody_acts_for_themselves, ready
from domain.event import Confidential, Event, PackReference
from domain.identity import CaseId, OfficerId, Role
from domain.occasion import Occasion
from domain.refusal import CaseAlreadyOpened, Refusal, UnknownChoice, WrongOrgan
from domain.rest import MovedClock, counted_windows, moved_clocks, with_clock
from domain.stage import begin
from domain.working_days import Window


class OpenCase(Command):
    """Open a case for one post, under one pack."""

    by: ClassVar[Role | None] = Role.PERSONNEL

    case_id: CaseId
    pack: PackReference
    post: Post
    jurisdiction: str | None = None


class SuspendCase(Command):
    """Let a case rest, for a stated reason."""

    by: ClassVar[Role | None] = Role.SUPERVISION
    reason: str = Field(min_length=10, max_length=2000)


class ResumeCase(Command):
    """Take a suspended case up again."""

    by: ClassVar[Role | None] = Role.SUPERVISION


class WithdrawCase(Command):
    """Give a case up, for a stated reason; it cannot be taken up again."""

    by: ClassVar[Role | None] = Role.PERSONNEL
    reason: str = Field(min_length=10, max_length=2000)


class CaseOpened(OpeningEvent):
    under: ClassVar[tuple[str, ...]] = ()

    case_id: CaseId
    pack: PackReference
    post: Post
    jurisdiction: str
    timezone: str
    opened_by: OfficerId

    def begin(self) -> LiveCase:
        return LiveCase(
            id=self.case_id,
            pack=self.pack,
            post=self.post,
            jurisdiction=self.jurisdiction,
            timezone=self.timezone,
            opened_by=self.opened_by,
        )


class CaseSuspended(CaseEvent):
    suspended_on: date
    reason: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return SuspendedCase(case, since=self.suspended_on)


class CaseResumed(CaseEvent):
    """The clocks of duties go on where they stopped; a notice's days ran on, since the public could read it."""

    schema_version: ClassVar[int] = 2
    resumes: ClassVar[bool] = True
    resumed_on: date
    rested_days: int
    clocks: tuple[MovedClock, ...]

    def windows(self) -> Mapping[str, Window]:
        return counted_windows(self.clocks)

    def apply(self, case: LiveCase) -> Case:
        for moved in self.clocks:
            case = with_clock(case, moved.clock, moved.due_on)
        return case


class CaseWithdrawn(CaseEvent):
    withdrawn_on: date
    reason: Annotated[str | None, Confidential(to="supervision")] = None

    def apply(self, case: LiveCase) -> Case:
        return ClosedCase(case, outcome="withdrawn", closed_on=self.withdrawn_on)


class VacancyUnknown(Refusal):
    rule = "clocks.within"
    unlawful = False


class CaseNotSuspended(Refusal):
    rule = "house.only_a_resting_case_resumes"


def open_case(case: Case, command: OpenCase, on: Occasion) -> list[Event]:
    """A case opens for a post of a rank that the pack knows, in a jurisdiction whose working days it counts.

    Refuses: CaseAlreadyOpened, WrongOrgan, UnknownChoice (rank, jurisdiction), VacancyUnknown.
    """
    if not isinstance(case, Unopened):
        raise CaseAlreadyOpened("This case is already open. Open another one with a new idempotency key.")
    if not on.acts_as(Role.PERSONNEL):
        raise WrongOrgan(
            f"Opening a case is the duty of personnel, and you act as {', '.join(on.actor.roles)}. "
            "Ask personnel to do it.",
            duty_holder=str(Role.PERSONNEL),
        )
    _known_rank(command, on)
    _known_vacancy(command, on)
    jurisdiction = on.pack.jurisdiction(command.jurisdiction)
    if jurisdiction is None:
        known = [found.id for found in on.pack.jurisdictions]
        raise UnknownChoice(
            f"`{on.pack.id}` does not apply in {command.jurisdiction}; choose one of {', '.join(known)}.",
            field="jurisdiction",
            known=known,
        )
    opened = CaseOpened(
        case_id=command.case_id,
        pack=command.pack,
        post=command.post,
        jurisdiction=jurisdiction.id,
        timezone=jurisdiction.timezone,
        opened_by=on.actor.officer,
    )
    return [opened, *begin(on.pack.stages[0], on)]


def _known_rank(command: OpenCase, on: Occasion) -> None:
    ranks = [rank.id for rank in on.pack.ranks]
    if command.post.rank not in ranks:
        raise UnknownChoice(
            f"The rank “{command.post.rank}” is not one of `{on.pack.id}`; choose one of {', '.join(ranks)}.",
            field="post.rank",
            known=ranks,
        )


def _known_vacancy(command: OpenCase, on: Occasion) -> None:
    """A pack that counts from the vacancy is not kept by leaving the day of it out."""
    clock = next((rule for rule in on.pack.clocks if rule.starts == VACANCY), None)
    if clock is not None and command.post.vacant_on is None:
        raise VacancyUnknown(
            f"`{on.pack.id}` counts “{clock.title.en}” from the day on which the post is vacant, which was not stated. "
            "State `vacant_on` of the post.",
            citation=on.cite(f"clocks.{clock.id}.within"),
            field="post.vacant_on",
        )


def suspend_case(case: Case, command: SuspendCase, on: Occasion) -> list[Event]:
    """Supervision may let a case rest; until it is resumed nothing in it moves.

    Refuses: CaseNotFound, CaseIsSuspended, CaseHasEnded, WrongOrgan.
    """
    ready(case, command, on)
    return [CaseSuspended(suspended_on=on.today, reason=command.reason)]


def resume_case(case: Case, command: ResumeCase, on: Occasion) -> list[Event]:
    """A resting case goes on where it stopped; duties get back the time that they had left.

    Refuses: CaseNotSuspended, WrongOrgan, ActsInOwnCase, BeyondTheCalendar.
    """
    if not isinstance(case, SuspendedCase):
        under_way(case)
        raise CaseNotSuspended("The case is not suspended: go on with its stage.")
    by_its_duty_holder(case.case, command, on)
    nobody_acts_for_themselves(case.case, command, on)
    return [CaseResumed(resumed_on=on.today, rested_days=(on.today - case.since).days, clocks=moved_clocks(case, on))]


def withdraw_case(case: Case, command: WithdrawCase, on: Occasion) -> list[Event]:
    """Personnel may give a case up until somebody is appointed.

    Refuses: CaseNotFound, CaseIsSuspended, CaseHasEnded, WrongOrgan, AlreadyAppointed.
    """
    live = ready(case, command, on)
    if live.appointed is not None:
        raise AlreadyAppointed(
            "Somebody has been appointed in this case; it can no longer be withdrawn. "
            "Record the end of the probation instead.",
            effective_on=live.appointed.effective_on,
        )
    return [CaseWithdrawn(withdrawn_on=on.today, reason=command.reason)]


class AlreadyAppointed(Refusal):
    rule = "house.an_appointment_is_not_withdrawn"
