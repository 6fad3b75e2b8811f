"""The yearly report on selection and appointment: worked out from the log, fixed once, and read beside two ballots."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.event import Confidential, Event, StreamId
from domain.identity import Actor, Role
from domain.law import Frozen, Text
from domain.refusal import Refusal, WrongOrgan
from domain.working_days import latest_today

FIRST_YEAR, LAST_YEAR = 1990, 9998


class Count(Frozen):
    """How many of something there were. `before`: in the year before, where that is told."""

    name: str
    detail: str = ""
    n: int
    before: int | None = None


class TitledCount(Count):
    """How many there were of something that packs have a title for: letters to a rank, entries under a code.

    `called`: that title on the day of the report, which says the same for ever.
    """

    called: Text | None = None


class PolicyAdopted(Frozen):
    """A version of a pack that was adopted in the year."""

    pack: str
    version: int
    effective_from: date
    reason: str


class ProblemOfYear(Frozen):
    """A problem as the register has it: what was found, whose it was, and how it stands."""

    problem_id: str
    type: str
    severity: str
    finding: str
    owner: str
    opened_on: date
    due_on: date
    state: str
    mended_on: date | None = None
    remedies: int = 0


class IndexOfYear(Frozen):
    """A published index of everybody who was asked. Units: points, as published; `n`, `population`: people."""

    name: str
    unit: str
    closed_on: date
    n: int
    population: int
    mean: str
    low: str | None = None
    high: str | None = None


class YearMatter(Frozen):
    """What a yearly report tells: numbers, policy, training, exceptions, last year's problems, this year's, the index.

    Source: 1R2R-2010 (S14): overall numbers; policy; new methods; action on bad practice including last year's
    rectification; main problems; other.
    """

    year: int
    opened: int
    endings: tuple[Count, ...]
    letters: tuple[TitledCount, ...]
    objections: tuple[Count, ...]
    policy: tuple[PolicyAdopted, ...]
    training: tuple[Count, ...]
    exceptions: tuple[TitledCount, ...]
    rectification: tuple[ProblemOfYear, ...]
    problems: tuple[ProblemOfYear, ...]
    meetings: tuple[Count, ...] = ()
    requests: tuple[Count, ...] = ()
    indices: tuple[IndexOfYear, ...] = ()

    @property
    def rectified(self) -> int:
        """How many of the problems of the years before are mended."""
        return sum(problem.state == "mended" for problem in self.rectification)


class DrawUpYearlyReport(Command):
    """Fix the report of a year that is over."""

    by: ClassVar[Role | None] = Role.PERSONNEL
    year: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    reason: str | None = Field(None, min_length=10, max_length=2000, description="why once more; public, no names")


class YearlyReportDrawnUp(Event):
    """The report of a year. What it tells is for those whom it is made for; its hash is for everybody."""

    schema_version: ClassVar[int] = 2

    year: int
    number: int
    digest: str
    drawn_up_on: date
    reason: str | None = None
    matter: Annotated[YearMatter | None, Confidential(to="decision_body")] = None


class YearStillRuns(Refusal):
    rule = "house.a_report_tells_of_a_year_that_is_over"
    unlawful = False


class AlreadyDrawnUp(Refusal):
    rule = "house.a_report_stands_until_another_one_says_why"


@dataclass(frozen=True, slots=True)
class DrawnUp:
    """What a report was drawn up from: its matter and the hash of that."""

    matter: YearMatter
    digest: str


def yearly_report_stream(year: int) -> StreamId:
    """The stream of a year's report."""
    return StreamId(f"yearly_report/{year}")


def draw_up_yearly_report(
    earlier: Iterable[Event], command: DrawUpYearlyReport, found: DrawnUp, *, actor: Actor, at: datetime
) -> list[Event]:
    """Personnel report on a year that is over, once; another one says why, and the first stays beside it.

    Source: SA-2019 (S10): each committee reports on selection each year; 1R2R-2010 (S14).
    Refuses: WrongOrgan, YearStillRuns, AlreadyDrawnUp.
    """
    if Role.PERSONNEL not in actor.roles:
        raise WrongOrgan("A yearly report is drawn up by personnel. Ask them to do it.", organ=actor.organ)
    today = latest_today(at)
    if command.year >= today.year:
        raise YearStillRuns(
            f"The year {command.year} is not over on {today:%-d %B %Y}. Wait until it is, or name an earlier one.",
            field="year",
        )
    before = [event for event in earlier if isinstance(event, YearlyReportDrawnUp)]
    if before and command.reason is None:
        raise AlreadyDrawnUp(
            f"The report of {command.year} was drawn up on {before[-1].drawn_up_on:%-d %B %Y}. "
            "Read that one, or state in `reason` why there must be another.",
            field="reason",
        )
    said = {"year": command.year, "number": len(before) + 1, "digest": found.digest, "drawn_up_on": today}
    return [YearlyReportDrawnUp(**said, reason=command.reason, matter=found.matter)]


YEARLY_REPORT_EVENTS: tuple[type[Event], ...] = (YearlyReportDrawnUp,)
