"""Steps that were taken together from one file: that they were, and how many had which outcome."""

from typing import Literal

from domain.event import Event, StreamId

Action = Literal[
    "open_case",
    "close_nominations",
    "verify_training",
    "open_public_notice",
    "hold_decision_meeting",
    "issue_appointment",
]
"""The steps that a file of many may hold."""


class BatchReceived(Event):
    """An officer sent a file, each of whose lines is one step of one case.

    The fingerprint is keyed: a plain hash of a short file would let a reader of the log try names until one fits.
    """

    batch_id: str
    action: str
    lines: int
    fingerprint: str


class BatchCompleted(Event):
    """Each line of a batch has its outcome. One that was tried again, with another outcome, completes again."""

    batch_id: str
    recorded: int
    refused: int
    invalid: int


def batch_stream(batch_id: str) -> StreamId:
    return StreamId(f"batch/{batch_id}")
