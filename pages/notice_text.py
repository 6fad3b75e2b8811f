"""The text of a notice as one small file, whose hash stands on the log when the notice was published."""

import hashlib

from eventstore.codec import canonical
from eventstore.keys import KeyStore, keyed_id
from projections.visible_notice import VisibleNotice


def notice_text(notice: VisibleNotice, keys: KeyStore) -> bytes:
    """What a notice says as long as it says it, in canonical form (RFC 8785).

    Its `salt` is told to whoever reads the notice and to nobody afterwards: without it nobody can try names until one
    fits the hash, which stays when the text is gone.
    """
    last = notice.versions[-1]
    candidates = [{"candidate_id": found.candidate_id, **dict(found.shown)} for found in notice.candidates]
    return canonical(
        {
            "notice_id": notice.notice_id,
            "number": notice.number,
            "version": last.number,
            "case_id": notice.case_id,
            "post": {"title": notice.post_title, "unit": notice.unit, "rank": notice.rank.model_dump()},
            "pack": notice.pack_reference,
            "opens_on": notice.window.opens_on.isoformat(),
            "closes_on": notice.window.closes_on.isoformat(),
            "candidates": candidates,
            "rules": [rule.rule for rule in notice.rules],
            "position": last.position,
            "hash": last.hash,
            "salt": keyed_id(keys, "notice text", notice.notice_id, str(last.number)).hex,
        }
    )


def text_hash(text: bytes) -> str:
    """The hash of a notice's text, as `sha256sum` gives it."""
    return hashlib.sha256(text).hexdigest()
