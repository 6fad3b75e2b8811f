"""What is on record of a notice's publication: which text stood on its page, and which checkpoint holds the notice."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.event import Event, StreamId

PUBLICATIONS = uuid5(NAMESPACE_URL, "investiture/notice-publication")


class PublicNoticePublished(Event):
    """A version of a notice stood on its page with a text of this hash, and a signed checkpoint held its event.

    The text has a part that only whoever read it knows: once it is gone, its hash tells nobody who was named.
    """

    notice_id: str
    number: int
    of_position: int
    text_sha256: str
    size: int
    root: str
    cosigned_by: tuple[str, ...]
    cosigned_at: datetime | None = None
    by_own_witness: bool
    proof: str


def notice_stream(notice_id: str) -> StreamId:
    """The stream of a notice's publications."""
    return StreamId(f"notice/{notice_id}")


def publication_command_id(notice_id: str, number: int) -> UUID:
    """The command id of a version's publication: the same from every process and after every crash."""
    return uuid5(PUBLICATIONS, f"{notice_id}/{number}")
