"""What is wrong with one line of a file, in the words that its single route would have."""

from typing import Any

import orjson
import structlog
from fastapi import Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.batch_columns import LineMalformed
from api.problem import (
    NotAllowed,
    away_document,
    busy_document,
    fault_document,
    malformed_document,
    not_allowed_document,
    refusal_document,
    too_large_document,
)
from domain.refusal import Refusal
from eventstore.codec import EntryTooLarge
from eventstore.contention import TooBusy
from eventstore.store import AppendRefused
from projections.reading import AWAY


def line_problem(error: Exception) -> dict[str, Any]:
    """The problem document of a line."""
    found: dict[str, Any] = orjson.loads(_document(error).body)
    return found


def _document(error: Exception) -> Response:
    """The same problem document that the single route would give."""
    log = structlog.get_logger("api")
    match error:
        case Refusal():
            return refusal_document(error)
        case NotAllowed():
            return not_allowed_document(error)
        case LineMalformed():
            return malformed_document(error.found)
        case ValidationError():
            return malformed_document(error.errors(include_url=False, include_input=False))
        case RequestValidationError():
            return malformed_document(error.errors())
        case EntryTooLarge() | AppendRefused():
            return too_large_document(error)
        case TooBusy():
            return busy_document(error)
        case _ if isinstance(error, AWAY):
            return away_document(error, log)
        case _:
            return fault_document("batch", error, log)
