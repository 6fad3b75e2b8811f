"""Adopting a version of a pack: its whole text goes on the log, so that old cases never lose their law."""

from datetime import date

from domain.event import Event, StreamId


class PackAdopted(Event):
    """A version of a pack may be opened under from its date on."""

    pack_id: str
    pack_version: int
    digest: str
    effective_from: date
    text: str


def pack_stream(pack_id: str) -> StreamId:
    return StreamId(f"pack/{pack_id}")
