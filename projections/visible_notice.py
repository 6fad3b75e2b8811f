"""What the public may see of a notice: the one place where that is decided, for every outlet there is.

Pages, feeds, data, calendars, papers, searches, streams and messages are given a `VisibleNotice` and never the row
that it was made of, so that none of them can show what another hides.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.law import Citation, Text
from domain.notice_filter import NoticeFilter, NoticeState
from domain.ordinary_course import LiveUntil
from domain.searched_words import as_searched, has_word, searched_words
from domain.taking_part_rule import EntryKind
from domain.working_days import Window
from projections.said_in_public import SaidInPublic

CLOSING_WORKING_DAYS = 2


class Standing(StrEnum):
    """The states of a notice that a reader must tell apart."""

    TO_OPEN = "to_open"
    OPEN = "open"
    CLOSES_TODAY = "closes_today"
    ENDED = "ended"
    CUT_SHORT = "cut_short"
    WITHDRAWN = "withdrawn"

    @property
    def runs(self) -> bool:
        return self in (Standing.OPEN, Standing.CLOSES_TODAY)

    @property
    def over(self) -> bool:
        return self is Standing.ENDED or self.ended_early

    @property
    def ended_early(self) -> bool:
        return self in (Standing.CUT_SHORT, Standing.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class NoticeCandidate:
    """A candidate as the notice shows them: the pack's fields, in the pack's order, and no other."""

    candidate_id: str
    shown: tuple[tuple[str, str], ...]  # (field of Particulars, what it says); empty once the person was forgotten


@dataclass(frozen=True, slots=True)
class Recounted:
    """A notice's days were counted anew when their calendar was published; it never closes earlier for it."""

    on: date
    calendar_version: str
    closed_on_before: date


class Change(StrEnum):
    """What made a version of a notice."""

    OPENED = "opened"
    RECOUNTED = "recounted"
    CORRECTED = "corrected"
    NAME_REMOVED = "name_removed"


@dataclass(frozen=True, slots=True)
class Published:
    """The hash of a version's text, the checkpoint that held its event first, and the proof of that."""

    text_sha256: str
    size: int
    root: str
    cosigned_by: tuple[str, ...]
    cosigned_at: datetime | None
    by_own_witness: bool
    proof: str


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """A version of a notice: when and why, and which event of the log made it."""

    number: int
    change: Change
    on: date
    position: int
    hash: str
    reason: str | None = None
    particular: str | None = None  # what a correction put right; what it said before is said no longer
    published: Published | None = None


@dataclass(frozen=True, slots=True)
class Objections:
    """How many objections were lodged while a notice stood, how many wait, and the outcomes of the others."""

    lodged: int = 0
    open: int = 0
    outcomes: tuple[tuple[str, int], ...] = ()
    settled_on: date | None = None  # when the last of them was


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """A notice as the projection keeps it: never handed to an outlet, which are given what is visible of it."""

    notice_id: str
    number: str  # "2026/153": the year, and the position of its opening in the log
    case_id: str
    post_title: str
    unit: str
    rank: Text
    pack: Text
    pack_reference: str
    jurisdiction: str
    timezone: str
    opened_on: date
    window: Window
    elapsed_on: date | None = None
    ended_on: date | None = None  # it was taken down, or its case ended, before it had run its days
    candidates: tuple[NoticeCandidate, ...]
    rules: tuple[Citation, ...]
    objections_to: Text
    position: int
    hash: str
    recounted: Recounted | None = None
    versions: tuple[NoticeVersion, ...] = ()
    objections: Objections = Objections()
    said: tuple[SaidInPublic, ...] = ()
    live_until: LiveUntil = LiveUntil.OBJECTIONS_DISPOSED
    indexed_while_live: bool = False
    takes: tuple[EntryKind, ...] = ()  # what the pack lets the public send in beside objections
    withdrawn: bool = False  # what ended it early: the decision that it spoke of was taken anew
    names_end_by: Citation | None = None
    changed_at_position: int = 0  # of the last event that changed anything of it

    @property
    def open_objections(self) -> int:
        return self.objections.open


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A notice that has done its work: whom it named is not said any longer."""

    since: date
    because: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleNotice(PublicNotice):
    """What anybody may read of a notice on a day."""

    today: date
    standing: Standing
    gone: Tombstone | None = None
    indexable: bool = True


def visible(notice: PublicNotice, at: datetime) -> VisibleNotice:
    """What anybody may read of a notice at an instant.

    Nobody is named before its first day, nor after its days have run and its objections are disposed of, nor once it
    was taken down. Whoever renders it late renders the same.

    Source: the pack's `notice.live_until`, `notice.indexed_while_live`; domain practice after the Italian regulator's
    fines (published names are ended by the clock, and kept out of searches).
    """
    today = at.astimezone(ZoneInfo(notice.timezone)).date()
    stands = standing(notice, today)
    gone = _gone(notice, stands)
    hidden = gone is not None or stands is Standing.TO_OPEN
    kept = {field.name: getattr(notice, field.name) for field in fields(PublicNotice)}
    seen = VisibleNotice(
        **kept,
        today=today,
        standing=stands,
        gone=gone,
        indexable=notice.indexed_while_live or not (notice.candidates and not hidden),
    )
    return replace(seen, candidates=(), said=()) if hidden else seen


def standing(notice: PublicNotice, today: date) -> Standing:
    """A notice stands from its first day to the end of its last."""
    if notice.ended_on is not None:
        return Standing.WITHDRAWN if notice.withdrawn else Standing.CUT_SHORT
    if notice.elapsed_on is not None or today > notice.window.closes_on:
        return Standing.ENDED
    if today < notice.window.opens_on:
        return Standing.TO_OPEN
    return Standing.CLOSES_TODAY if today == notice.window.closes_on else Standing.OPEN


def _gone(notice: PublicNotice, stands: Standing) -> Tombstone | None:
    if notice.ended_on is not None:
        return Tombstone(notice.ended_on, stands)
    waits = notice.objections.open and notice.live_until is LiveUntil.OBJECTIONS_DISPOSED
    if stands is not Standing.ENDED or waits:
        return None
    over = notice.window.closes_on + timedelta(days=1)
    return Tombstone(max(over, notice.objections.settled_on or over), stands)


def taken_from_the_public(notice: VisibleNotice) -> tuple[EntryKind, ...]:
    """What may be sent in about a notice online: while it stands objections and what its pack takes; once it is over,
    that its record has an error.

    Source: the pack's `taking_part.kinds`.
    """
    if notice.standing.runs:
        return (EntryKind.OBJECTION, *notice.takes)
    return tuple(kind for kind in notice.takes if kind is EntryKind.ERROR_REPORT and notice.standing.over)


def working_days_left(notice: VisibleNotice) -> int | None:
    """Days on which offices still work before the notice closes, today among them; none are told for other periods."""
    if not notice.window.counts_working_days:
        return None
    return sum(day.on >= notice.today for day in notice.window.counted_days)


def closing(notice: VisibleNotice) -> bool:
    """Whether a notice that runs closes soon: within two working days, or as many days where days are counted.

    Units: working days, today among them.
    """
    left = working_days_left(notice)
    if left is None:
        left = (notice.window.closes_on - notice.today).days + 1
    return notice.standing.runs and left <= CLOSING_WORKING_DAYS


def matches(notice: VisibleNotice, wanted: NoticeFilter) -> bool:
    """Whether what is visible of a notice is what a reader asked for; what is hidden is never found."""
    if not _has(notice.unit, searched_words(wanted.organ or "")):
        return False
    if not _has(notice.post_title, searched_words(wanted.post or "")):
        return False
    if wanted.place and wanted.place.casefold() != notice.jurisdiction.casefold():
        return False
    if wanted.from_on and notice.window.closes_on < wanted.from_on:
        return False
    if wanted.to_on and notice.window.opens_on > wanted.to_on:
        return False
    if wanted.state and not _stands_as(notice, wanted.state):
        return False
    return not wanted.words or _has(_said(notice), wanted.words)


def _stands_as(notice: VisibleNotice, state: NoticeState) -> bool:
    match state:
        case NoticeState.TO_COME:
            return notice.standing is Standing.TO_OPEN
        case NoticeState.OPEN:
            return notice.standing.runs
        case NoticeState.CLOSING:
            return closing(notice)
        case NoticeState.CLOSED:
            return notice.standing.over


def _said(notice: VisibleNotice) -> str:
    """Everything in a notice that a reader looks for."""
    said = [notice.number, notice.case_id, notice.post_title, notice.unit, notice.rank.en, notice.rank.zh]
    said += [value for candidate in notice.candidates for _, value in candidate.shown]
    return "\n".join(said)


def _has(text: str, words: Collection[str]) -> bool:
    said = as_searched(text) if words else ""
    return all(has_word(said, word) for word in words)
