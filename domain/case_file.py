"""What a case holds: its post, its candidates, and what was published, asked, recorded and started in it."""

from dataclasses import dataclass
from datetime import date

from pydantic import Field

from domain.identity import CandidateId, ObjectionId, OfficerId, OrganId, PersonId
from domain.law import Frozen
from domain.pack import OnExpiry
from domain.working_days import Window


class Post(Frozen):
    """The office that is to be filled. All of it stands in the public record: it names an office, and nobody.

    `vacancies` is how many such posts are filled from one list; `vacant_on` the day from which it is, or falls, vacant.
    """

    post_id: str
    title: str
    unit: str
    rank: str
    vacancies: int = Field(1, ge=1, le=1000)
    vacant_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody nominated; `training` is None until the school has verified it."""

    id: CandidateId
    person: PersonId
    nominated_by: OfficerId
    training: str | None = None
    training_counted: tuple[int, ...] = ()
    hours_owed: int = 0
    out_because: str | None = None

    @property
    def stands(self) -> bool:
        return self.out_because is None


@dataclass(frozen=True, slots=True)
class Notice:
    """A public notice and whether its days have run; each correction makes another version of it."""

    id: str
    window: Window
    elapsed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection holds its case until somebody who did not run it has disposed of it."""

    id: ObjectionId
    candidate: CandidateId | None
    lodged_on: date
    answer_due_on: date
    outcome: str | None = None
    overdue: bool = False
    acknowledge_due_on: date | None = None
    acknowledged_on: date | None = None
    awaits_admission: bool = False
    disposed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """An opinion asked of an organ; silence past its date means what the pack says.

    `asked_by` is the officer who asked, where what is answered must go on record by another hand.
    """

    organ: OrganId
    due_on: date
    on_expiry: OnExpiry
    finding: str | None = None
    overdue: bool = False
    asked_by: OfficerId | None = None

    @property
    def answered(self) -> bool:
        return self.finding is not None


@dataclass(frozen=True, slots=True)
class ProposedException:
    """An exception that was proposed, for one candidate or for the case."""

    kind: str
    candidate: CandidateId | None
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A stage's limit, as it was worked out when the stage began."""

    due_on: date
    on_expiry: OnExpiry
    expired: bool = False


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A record as it was entered last, and whose signatures it still waits for."""

    dated_on: date
    in_order: bool
    valid_until: date | None = None
    awaits: frozenset[str] = frozenset()
    signed_by: frozenset[OfficerId] = frozenset()

    @property
    def complete(self) -> bool:
        return self.in_order and not self.awaits


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock of the pack that was started: until it is stopped it runs, is paused, or has run out.

    `deemed`: what it waited for counts as come, by silence.
    """

    due_on: date
    on_expiry: OnExpiry
    paused_on: date | None = None
    goes_on_on: date | None = None
    due_after_pause: date | None = None
    counted_after_pause: Window | None = None
    expired: bool = False
    stopped: bool = False
    deemed: bool = False

    @property
    def runs(self) -> bool:
        return not self.stopped and not self.expired and self.paused_on is None


@dataclass(frozen=True, slots=True)
class Appointed:
    """Who was appointed, and the duties that the time in office has opened; without a probation it has no end."""

    candidate: CandidateId
    effective_on: date
    probation_ends_on: date | None = None
    make_up_due_on: date | None = None
    hours_owed: int = 0
    made_up: bool = False
    make_up_reminded: bool = False
    make_up_expired: bool = False
    make_up_lapsed: bool = False
    probation_ended: bool = False
