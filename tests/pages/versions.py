"""Notices of the cast with the versions that the log gives them."""

from dataclasses import replace

from projections.visible_notice import Change, NoticeVersion, PublicNotice


def versioned(notice: PublicNotice, *later: NoticeVersion) -> PublicNotice:
    """The notice with its first version, and whatever became of it."""
    first = NoticeVersion(1, Change.OPENED, notice.opened_on, notice.position, notice.hash)
    return replace(notice, versions=(first, *later))
