"""A refused attempt to do what one's role does not allow: kept, because attempts are facts too."""

from domain.event import Event, StreamId
from domain.identity import OfficerId


class AccessRefused(Event):
    """Somebody known tried what their role forbids."""

    officer: OfficerId
    attempted: str
    target: str
    policy: str


def access_stream(officer: OfficerId) -> StreamId:
    return StreamId(f"access/{officer}")
