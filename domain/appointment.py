"""The case: one selection and appointment to one post, as its events have made it.

It knows states and how to fold them; what may be done next is known by the capability modules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar, assert_never

from domain.case_file import (
    Appointed,
    Candidate,
    Deadline,
    Notice,
    Objection,
    OnRecord,
    Opinion,
    Post,
    ProposedException,
    RunningClock,
)
from domain.event import Event, PackReference, StreamId
from domain.identity import CandidateId, CaseId, ObjectionId, OfficerId, OrganId
from domain.interests import Interests
from domain.pack import Pack, Stage
from domain.refusal import CaseHasEnded, CaseIsSuspended, CaseNotFound
from domain.replacing import put, replace
from domain.supervised import Supervised
from domain.working_days import Window


def case_stream(case_id: CaseId) -> StreamId:
    """The stream of a case; also the id of its workflow."""
    return StreamId(f"appointment/{case_id}")


@dataclass(frozen=True)  # without slots, for `replacing`
class LiveCase:
    """A case under way."""

    id: CaseId
    pack: PackReference
    post: Post
    jurisdiction: str
    timezone: str
    opened_by: OfficerId
    stage: str = ""
    stage_began_on: date = date.min
    deadline: Deadline | None = None
    opened_on: date | None = None
    completed: tuple[str, ...] = ()
    by_silence: frozenset[str] = frozenset()
    candidates: Mapping[CandidateId, Candidate] = field(default_factory=lambda: MappingProxyType({}))
    nominations_closed: bool = False
    notice: Notice | None = None
    objections: Mapping[ObjectionId, Objection] = field(default_factory=lambda: MappingProxyType({}))
    opinions: Mapping[OrganId, Opinion] = field(default_factory=lambda: MappingProxyType({}))
    review_outcome: str | None = None
    inquorate_meetings: int = 0
    meetings: tuple[str, ...] = ()
    members_due: int | None = None
    deciding_body: str | None = None
    decided_on: date | None = None
    not_passed: bool = False
    reconsider_by: date | None = None
    reconsiderations: int = 0
    chosen: CandidateId | None = None
    appointed: Appointed | None = None
    probation_outcome: str | None = None
    deviations: frozenset[str] = frozenset()
    records: Mapping[str, OnRecord] = field(default_factory=lambda: MappingProxyType({}))
    clocks: Mapping[str, RunningClock] = field(default_factory=lambda: MappingProxyType({}))
    concluded: frozenset[str] = frozenset()
    proposed_exceptions: Mapping[str, ProposedException] = field(default_factory=lambda: MappingProxyType({}))
    prior_reports: Mapping[str, Opinion] = field(default_factory=lambda: MappingProxyType({}))
    interests: Mapping[OfficerId, Interests] = field(default_factory=lambda: MappingProxyType({}))
    supervised: Supervised = field(default_factory=Supervised)
    criteria: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    provisional: Mapping[str, Window] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def standing(self) -> tuple[Candidate, ...]:
        """Candidates who are still in it."""
        return tuple(candidate for candidate in self.candidates.values() if candidate.stands)

    @property
    def run_by(self) -> frozenset[OfficerId]:
        """Officers whose own work the case is: they judge nothing in it."""
        return frozenset({self.opened_by, *(candidate.nominated_by for candidate in self.candidates.values())})

    @property
    def undisposed_objections(self) -> tuple[Objection, ...]:
        return tuple(objection for objection in self.objections.values() if objection.outcome is None)

    @property
    def undecided_relations(self) -> dict[str, OfficerId]:
        """Relations on which supervision has still to decide, and whose they are."""
        return {relation: officer for officer, found in self.interests.items() for relation in sorted(found.undecided)}

    @property
    def standing_exceptions(self) -> dict[str, ProposedException]:
        """Exceptions that were not taken back, and whose candidate is still in it."""
        return {
            name: found
            for name, found in self.proposed_exceptions.items()
            if found.candidate is None or self.candidates[found.candidate].stands
        }

    @property
    def exceptions(self) -> frozenset[str]:
        """Kinds of the exceptions that stand."""
        return frozenset(found.kind for found in self.standing_exceptions.values())

    def excepted(self, kind: str | None, candidate: CandidateId | None) -> bool:
        """Whether an exception, of a kind or of any, stands for a candidate; for the case, it must stand for all."""
        found = [each.candidate for each in self.standing_exceptions.values() if kind in (None, each.kind)]
        if None in found or candidate is not None:
            return None in found or candidate in found
        return bool(found) and all(each.id in found for each in self.standing)

    @property
    def reports_that_count(self) -> dict[str, Opinion]:
        """Prior reports, but for those of an exception that fell with its candidate."""
        fallen = self.proposed_exceptions.keys() - self.standing_exceptions.keys()
        return {matter: report for matter, report in self.prior_reports.items() if matter not in fallen}

    def with_candidate(self, candidate: Candidate) -> "LiveCase":
        return replace(self, candidates=put(self.candidates, candidate.id, candidate))

    def with_objection(self, objection: Objection) -> "LiveCase":
        return replace(self, objections=put(self.objections, objection.id, objection))

    def with_record(self, key: str, record: OnRecord) -> "LiveCase":
        return replace(self, records=put(self.records, key, record))

    def with_clock(self, clock: str, running: RunningClock) -> "LiveCase":
        return replace(self, clocks=put(self.clocks, clock, running))

    def with_interests(self, officer: OfficerId, interests: Interests) -> "LiveCase":
        return replace(self, interests=put(self.interests, officer, interests))

    def with_opinion(self, opinion: Opinion) -> "LiveCase":
        return replace(self, opinions=put(self.opinions, opinion.organ, opinion))

    def with_prior_report(self, matter: str, report: Opinion) -> "LiveCase":
        return replace(self, prior_reports=put(self.prior_reports, matter, report))

    def with_windows(self, windows: Mapping[str, Window]) -> "LiveCase":
        """The case that remembers, by their clocks, the windows that a calendar yet to be published may change."""
        others = {name: window for name, window in self.provisional.items() if name not in windows}
        provisional = {name: window for name, window in windows.items() if window.provisional}
        if others == self.provisional and not provisional:
            return self
        return replace(self, provisional=MappingProxyType(others | provisional))


@dataclass(frozen=True, slots=True)
class SuspendedCase:
    """A case that rests for a stated reason; only what the public may still say is taken down until it is resumed."""

    case: LiveCase
    since: date


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case that has ended, and how."""

    case: LiveCase
    outcome: str
    closed_on: date


@dataclass(frozen=True, slots=True)
class Unopened:
    """Nothing has happened yet."""


Case = Unopened | LiveCase | SuspendedCase | ClosedCase


class CaseEvent(Event):
    """An event of a case, which says itself what it makes of the case. Only one that `resumes` ends a case's rest."""

    resumes: ClassVar[bool] = False

    def apply(self, case: LiveCase) -> Case:
        """The case after this event. It never raises: what is recorded has happened."""
        return case

    def windows(self) -> Mapping[str, Window]:
        """The days that it counted out, by the durable name of the clock that runs over them."""
        return {}


class OpeningEvent(Event):
    """The event that begins a case."""

    def begin(self) -> LiveCase:
        raise NotImplementedError


def evolve(case: Case, event: Event) -> Case:
    """The case after one more event of its stream."""
    match case:
        case Unopened():
            return event.begin() if isinstance(event, OpeningEvent) else case
        case LiveCase():
            return _after(event, case) if isinstance(event, CaseEvent) else case
        case SuspendedCase():
            return _in_its_rest(case, event) if isinstance(event, CaseEvent) else case
        case ClosedCase():
            return case
        case _:
            assert_never(case)


def _in_its_rest(case: SuspendedCase, event: CaseEvent) -> Case:
    after = _after(event, case.case)
    return replace(case, case=after) if isinstance(after, LiveCase) and not event.resumes else after


def _after(event: CaseEvent, case: LiveCase) -> Case:
    after, windows = event.apply(case), event.windows()
    return after.with_windows(windows) if windows and isinstance(after, LiveCase) else after


def fold(events: Iterable[Event], case: Case | None = None) -> Case:
    """The case that a stream of events has made."""
    state: Case = Unopened() if case is None else case
    for event in events:
        state = evolve(state, event)
    return state


def underlying(case: Case) -> LiveCase | None:
    """What is known of a case whether it moves, rests or has ended."""
    match case:
        case Unopened():
            return None
        case LiveCase():
            return case
        case SuspendedCase(case=resting) | ClosedCase(case=resting):
            return resting
        case _:
            assert_never(case)


def under_way(case: Case) -> LiveCase:
    """The case, when it is one in which something may still be done.

    Refuses: a case that does not exist, rests, or has ended.
    """
    match case:
        case LiveCase():
            return case
        case Unopened():
            raise CaseNotFound("There is no such case. Check the case id, or open a case first.")
        case SuspendedCase(since=since):
            raise CaseIsSuspended(f"The case has been suspended since {since:%-d %B %Y}. Resume it first.", since=since)
        case ClosedCase(outcome=outcome, closed_on=closed_on):
            raise CaseHasEnded(
                f"The case ended on {closed_on:%-d %B %Y} ({outcome}) and takes no further step. "
                "Open a new case instead.",
                outcome=outcome,
                closed_on=closed_on,
            )
        case _:
            assert_never(case)


def stage_of(case: LiveCase, pack: Pack) -> Stage:
    """The stage that the case is in."""
    return pack.stage(case.stage)
