"""What the supervision of a case has left in it: who is on duty, which points were attended, what is held and asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from domain.identity import CandidateId, OfficerId, Role
from domain.replacing import put, replace


@dataclass(frozen=True, slots=True)
class Hold:
    """A reviewer's hold on a case, or on one candidate of it."""

    id: str
    code: str
    placed_by: OfficerId
    placed_on: date
    candidate: CandidateId | None = None

    def stops(self, about: frozenset[CandidateId] | None) -> bool:
        """Whether a step about these candidates, or about the whole case, must wait for the reviewer."""
        return self.candidate is None or about is None or self.candidate in about


@dataclass(frozen=True)  # without slots, for `replacing`
class Query:
    """A question of a reviewer, whose answer is somebody's duty until it is given."""

    id: str
    asked_of: Role
    asked_on: date
    due_on: date
    answered: bool = False
    overdue: bool = False


@dataclass(frozen=True)  # without slots, for `replacing`
class Supervised:
    """The supervision of one case so far. `on_duty` has the officer whom an organ assigned, by stage."""

    on_duty: Mapping[str, OfficerId] = field(default_factory=lambda: MappingProxyType({}))
    attended: frozenset[tuple[str, str]] = frozenset()
    holds: Mapping[str, Hold] = field(default_factory=lambda: MappingProxyType({}))
    queries: Mapping[str, Query] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def open_queries(self) -> tuple[Query, ...]:
        return tuple(query for query in self.queries.values() if not query.answered)

    def with_officer(self, stage: str, officer: OfficerId) -> "Supervised":
        return replace(self, on_duty=put(self.on_duty, stage, officer))

    def with_attended(self, stage: str, point: str) -> "Supervised":
        return replace(self, attended=self.attended | {(stage, point)})

    def with_hold(self, hold: Hold) -> "Supervised":
        return replace(self, holds=put(self.holds, hold.id, hold))

    def without_hold(self, hold_id: str) -> "Supervised":
        left = {known: hold for known, hold in self.holds.items() if known != hold_id}
        return replace(self, holds=MappingProxyType(left))

    def with_query(self, query: Query) -> "Supervised":
        return replace(self, queries=put(self.queries, query.id, query))
