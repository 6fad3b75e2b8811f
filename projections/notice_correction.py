"""A notice after something in it was put right: the new text takes the place of the old, of which nothing is kept."""

from collections.abc import Sequence
from dataclasses import replace

from domain.notice_correction import PublicNoticeCorrected
from eventstore.store import StoredEvent
from projections.visible_notice import Change, NoticeCandidate, NoticeVersion, PublicNotice


def corrected(
    notice: PublicNotice, event: PublicNoticeCorrected, stored: StoredEvent, fields: Sequence[str]
) -> PublicNotice:
    """The notice as it reads from a correction on; what it said before is not kept."""
    version = NoticeVersion(
        number=len(notice.versions) + 1,  # days counted anew and names taken down are versions too
        change=Change.CORRECTED,
        on=event.corrected_on,
        position=stored.position,
        hash=stored.hash.hex(),
        reason=event.reason,
        particular=event.particular,
    )
    begun_anew = event.window != notice.window
    after = replace(
        notice,
        window=event.window,
        recounted=None if begun_anew else notice.recounted,
        versions=(*notice.versions, version),
        candidates=tuple(_says_now(candidate, event, fields) for candidate in notice.candidates),
    )
    if event.particular == "post_title":
        return replace(after, post_title=event.post_says or after.post_title)
    return replace(after, unit=event.post_says or after.unit)


def _says_now(candidate: NoticeCandidate, event: PublicNoticeCorrected, fields: Sequence[str]) -> NoticeCandidate:
    if candidate.candidate_id != event.candidate_id or event.says is None:
        return candidate
    said = dict(candidate.shown) | {event.particular: event.says}
    return replace(candidate, shown=tuple((name, said[name]) for name in fields if name in said))
