"""Who an officer is: kept once, under their own key, so that the log itself carries only a pseudonym."""

from typing import Annotated

from domain.event import Event, Personal, StreamId
from domain.identity import OfficerId, OrganId


class OfficerIdentified(Event):
    """An officer acted for the first time, or under a new name or organ."""

    officer: OfficerId
    organ: OrganId
    name: Annotated[str | None, Personal(of="officer")] = None


def officer_stream(officer: OfficerId) -> StreamId:
    return StreamId(f"officer/{officer}")
