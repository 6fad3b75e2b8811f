"""What the public may read of a notice: nothing here is more than the pack allows."""

from dataclasses import dataclass
from datetime import date

from domain.law import Citation, Text
from domain.working_days import Window


@dataclass(frozen=True, slots=True)
class NoticeCandidate:
    """A candidate as the notice shows them: the pack's fields, in the pack's order, and no other."""

    candidate_id: str
    shown: tuple[tuple[str, str], ...]  # (field of Particulars, what it says); empty once the person was forgotten


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A notice, as its page shows it."""

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
    elapsed_on: date | None
    candidates: tuple[NoticeCandidate, ...]
    rules: tuple[Citation, ...]
    objections_to: Text
    open_objections: int
    position: int
    hash: str
